"""The layouts hold: an answer names the columns that its sample has, and a profile reads what the sample says."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.arrests.model import Arrest, EventKind
from shared.arrests.person import IdentifierKind
from shared.feeds.forbidden_fields import is_forbidden_name
from shared.feeds.formats.tabular.xlsx import sheet_rows
from shared.feeds.layout import DELIMITERS
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import PROFILE_LIMITS, parse_profile
from shared.feeds.profiles.strict_yaml import read_yaml
from shared.feeds.record import FIELD_NAMES
from tests.feeds.cases import read_file
from tests.feeds.suggest.answers import (
    AGENCIES,
    FORBIDDEN,
    KEY_ONLY,
    NOT_USED,
    SETS,
    answer_of,
    columns_of_sample,
    fields_by_column,
    sample_of,
)
from tests.feeds.suggest.invented import Booking
from tests.feeds.suggest.samples import LAYOUTS, SAMPLES

MILLISECONDS = "milliseconds since 1970"  # which no form of a profile reads

every_layout = pytest.mark.parametrize("agency", AGENCIES)
READABLE = [agency for agency in AGENCIES if answer_of(agency)["expressible"] != "no"]


def profile_of(agency: str) -> Profile:
    return parse_profile((LAYOUTS / agency / "profile.yaml").read_text(encoding="utf-8"))


def drop_of(agency: str, profile: Profile) -> ParsedDrop:
    return read_file(sample_of(agency, answer_of(agency)), profile)


def own_name(column: str) -> str:
    """A forbidden field in JSON is known by its own name, wherever it stands."""
    return column.removesuffix("[]").rpartition(".")[2] if "." in column and " " not in column else column


def test_there_are_two_sets_of_ten_layouts_and_each_has_a_sample() -> None:
    assert sorted(path.partition("/")[0] for path in SAMPLES) == AGENCIES
    assert [len(agencies) for agencies in SETS.values()] == [10, 10]


@pytest.mark.parametrize("path", SAMPLES)
def test_a_sample_is_what_its_script_writes(path: str) -> None:
    stored, written = LAYOUTS / path, SAMPLES[path]().content
    if stored.suffix == ".xlsx":  # the bytes say when it was written
        assert [*sheet_rows(io.BytesIO(stored.read_bytes()), "")] == [*sheet_rows(io.BytesIO(written), "")]
    else:
        assert stored.read_bytes() == written


@every_layout
def test_a_sample_has_between_60_and_200_rows(agency: str) -> None:
    reads = answer_of(agency)["reads"]
    drop = drop_of(agency, profile_of(agency))
    assert 60 <= drop.rows - sum(map(int, reads["rejects"].values())) <= 200


@every_layout
def test_an_answer_names_exactly_the_columns_of_its_sample(agency: str) -> None:
    answer = answer_of(agency)
    assert list(answer["columns"]) == columns_of_sample(agency, answer)


@every_layout
def test_an_answer_gives_each_column_our_fields_or_says_why_it_has_none(agency: str) -> None:
    words = {word for fields in fields_by_column(answer_of(agency)).values() for word in fields}
    assert words <= {*FIELD_NAMES, FORBIDDEN, NOT_USED, KEY_ONLY}


@every_layout
def test_what_the_answer_forbids_is_never_read(agency: str) -> None:
    fields = fields_by_column(answer_of(agency))
    assert all(fields[column] == [FORBIDDEN] for column in fields if is_forbidden_name(own_name(column)))
    forbidden = {own_name(column) for column, words in fields.items() if words == [FORBIDDEN]}
    assert set(drop_of(agency, profile_of(agency)).dropped_columns) == forbidden


@every_layout
def test_a_profile_maps_the_columns_as_the_answer_does(agency: str) -> None:
    """But for the fields that the answer says today's keys cannot read."""
    answer, profile = answer_of(agency), profile_of(agency)
    in_profile = {(name, field) for field, names in profile.columns.items() for name in names}
    in_answer = {
        (_pattern(column, profile), word)
        for column, words in fields_by_column(answer).items()
        for word in words
        if word in FIELD_NAMES
    }
    unreadable = {field for field, form in answer["dates"].items() if form == MILLISECONDS}
    assert in_profile == {(column, field) for column, field in in_answer if field not in unreadable}
    assert list(profile.arrest_key) == answer.get("arrest_key", [])
    assert profile.charges == answer["charges"]


@every_layout
def test_a_profile_says_of_texts_dates_and_codes_what_the_answer_says(agency: str) -> None:
    answer, profile = answer_of(agency), profile_of(agency)
    stated_profile: dict[str, Any] = read_yaml(
        (LAYOUTS / agency / "profile.yaml").read_text(encoding="utf-8"), PROFILE_LIMITS
    )
    for key in ("codes", "cut"):
        assert stated_profile.get(key, {}) == answer.get(key, {})
    assert set(stated_profile.get("dates", [])) == {form for form in answer["dates"].values() if form != MILLISECONDS}
    assert set(stated_profile.get("times", [])) == set(answer["times"].values())
    assert profile.event == answer.get("event", "arrest")
    assert profile.text.skip_lines == int(answer.get("title_lines", "0"))
    assert profile.text.delimiter == DELIMITERS[answer.get("delimiter", "comma")]
    assert profile.names.order == answer.get("names", {}).get("order", "given name first")
    assert {key: getattr(profile, key) for key in answer["truth"]} == answer["truth"]


@every_layout
def test_a_doubt_is_about_columns_of_the_sample(agency: str) -> None:
    answer = answer_of(agency)
    for doubt in answer["ambiguous"]:
        assert set(doubt["about"]) <= answer["columns"].keys()
        assert len(doubt["answers"]) > 1


def _pattern(column: str, profile: Profile) -> str:
    pattern = re.sub(r"\d+", "{n}", column)
    return pattern if pattern in profile.column_names else column


@every_layout
def test_a_profile_reads_the_stated_numbers_of_arrests_charges_and_rejects(agency: str) -> None:
    stated, drop = answer_of(agency)["reads"], drop_of(agency, profile_of(agency))
    assert len(drop.arrests) == int(stated["arrests"])
    assert sum(len(parsed.arrest.charges) for parsed in drop.arrests) == int(stated["charges"])
    assert Counter(reject.code for reject in drop.rejects) == {
        code: int(count) for code, count in stated["rejects"].items()
    }
    assert drop.skipped == {reason: int(count) for reason, count in stated["skipped"].items()}
    assert not drop.unknown_codes


@pytest.mark.parametrize("agency", READABLE)
def test_a_profile_reads_what_was_written(agency: str) -> None:
    profile = profile_of(agency)
    bookings = SAMPLES[f"{agency}/{answer_of(agency)['sample']}"]().bookings
    arrests = [parsed.arrest for parsed in drop_of(agency, profile).arrests]
    begun = [arrest for arrest in arrests if arrest.kind is not EventKind.RELEASE]
    assert sorted(map(repr, (_read(arrest, profile) for arrest in begun))) == sorted(
        map(repr, (_written(booking, profile) for booking in bookings))
    )


def _read(arrest: Arrest, profile: Profile) -> dict[str, object]:
    name, columns = arrest.person.names[0], profile.columns
    numbers = {identifier.kind: identifier.value for identifier in arrest.person.identifiers}
    local = arrest.arrested_at.astimezone(profile.zone) if arrest.arrested_at else None
    facts: dict[str, object] = {
        "name": (name.surname.upper(), name.given.upper()),
        "sex": arrest.person.sex.value,
        "charges": sorted(
            (
                charge.statute if "statute" in columns else "",
                charge.text,
                charge.charge_class and charge.charge_class.value,
            )
            for charge in arrest.charges
        ),
        "number": arrest.number,
        "born": arrest.person.date_of_birth,
        "arrested": local,
        "address": arrest.place.address.upper(),
        "city": arrest.place.city,
        "middle": name.middle.upper(),
        "alias": sorted(f"{alias.given} {alias.surname}".upper() for alias in arrest.person.names[1:]),
        "sid": numbers.get(IdentifierKind.SID, ""),
        "fbi": numbers.get(IdentifierKind.FBI, ""),
    }
    return {field: fact for field, fact in facts.items() if field in {"name", "sex", "charges", *columns}}


def _written(booking: Booking, profile: Profile) -> dict[str, object]:
    columns = profile.columns
    facts: dict[str, object] = {
        "name": (booking.surname.upper(), booking.given.upper()),
        "sex": booking.sex,
        "charges": sorted(
            (offence.statute, offence.text, offence.charge_class or None) for offence in booking.offences
        ),
        "number": booking.number,
        "born": booking.born,
        "arrested": booking.arrested.replace(tzinfo=ZoneInfo(profile.time_zone)),
        "address": booking.place.upper(),
        "city": booking.city,
        "middle": booking.middle.upper(),
        "alias": sorted(alias.upper() for alias in booking.aliases),
        "sid": booking.sid,
        "fbi": booking.fbi,
    }
    return {field: fact for field, fact in facts.items() if field in {"name", "sex", "charges", *columns}}


def _ambiguous_dates() -> Iterator[tuple[str, str]]:
    for agency in AGENCIES:
        for doubt in answer_of(agency)["ambiguous"]:
            yield from ((agency, form) for form in doubt["answers"] if "%" in form)


@pytest.mark.parametrize(("agency", "form"), [*_ambiguous_dates()])
def test_no_row_tells_which_of_two_forms_of_dates_is_right(agency: str, form: str) -> None:
    profile = profile_of(agency)
    drop = drop_of(agency, profile.model_copy(update={"dates": (form,)}))
    assert not drop.rejects
    assert all(isinstance(parsed.arrest.arrested_at, datetime) for parsed in drop.arrests)
    assert not any(parsed.arrest.flags for parsed in drop.arrests)


@every_layout
def test_what_is_not_exact_says_what_a_profile_lacks(agency: str) -> None:
    answer = answer_of(agency)
    assert (answer["expressible"] == "exactly") == (not answer["missing"])
    assert answer["truth"].keys() == set(answer["ask"])
