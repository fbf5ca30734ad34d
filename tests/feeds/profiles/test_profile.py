import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from shared.errors import Rejected
from shared.feeds.profiles.json_schema import schema
from shared.feeds.profiles.parse import parse_profile
from tests.feeds.cases import PROFILES
from tests.feeds.small_drops import PROFILE, a_drop, a_profile, a_row, read


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("time_zone: America/New_York", "time_zone: Eastern"), "`time_zone` is no time zone"),
        (("time_zone: America/New_York", ""), "`time_zone` is missing; add it"),
        (("  number: No", "  nummer: No"), "`columns.nummer` is none of our words: number, arrested"),
        (("  number: No", "  number: No\n  number: Nr"), "line 7: `number` is said twice"),
        (("format: delimited", "format: papyrus"), "`format` is no format that is known; write one of"),
        (("format: delimited", "format: delimited\nformats: x"), "`formats` is not a field here; remove it"),
        (("{F: felony,", "{F: bad,"), "`codes.charge_class.F` is none of the choices; write 'felony'"),
        (("format: delimited", "format: delimited\ntext: {encoding: utf-32}"), "`text.encoding` cannot be read line"),
        (("format: delimited", "format: delimited\ntext: {encoding: hz}"), "`text.encoding` cannot be read line"),
        (("format: delimited", "format: delimited\ntext: {delimiter: '||'}"), "`text.delimiter` is too long"),
        (("agency: testville", "agency: Test Ville"), "`agency` does not have the right form; write it like nypd"),
        (("agency: testville", "agency: &a testville\ntitle: *a"), "an alias is not allowed"),
        (("columns:", "columns: ["), "line"),
        (("format: delimited", "format: delimited\ncharges: numbered columns"), "no charge column has {n}"),
        (('["%m/%d/%Y"]', "MM/DD/YYYY"), "has the form 'MM/DD/YYYY', which has no %; write it like %m/%d/%Y"),
        (('["%m/%d/%Y"]', '["%m/%d/%Q"]'), "has the form '%m/%d/%Q', which cannot be read"),
        (("format: delimited", "format: delimited\ntimes: HH:MM"), "`times.0` has the form 'HH:MM', which has no %"),
        (("  number: No", "  number: SS No"), "reads SS No, which may not be kept"),
        (("  number: No", "  number: No\n  sid: person.victim.id"), "reads person.victim.id, which may not be kept"),
        (("format: delimited", "format: delimited\ndrop: No"), "reads No, which may not be kept"),
    ],
)  # fmt: skip
def test_a_wrong_profile_is_told_key_by_key(change: tuple[str, str], told: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse_profile(PROFILE.replace(*change))
    assert refused.value.code == "profile"
    assert told in refused.value.reason


@pytest.mark.parametrize("text", ["", "42", "[a, b]", "{"])
def test_what_is_no_profile_at_all_is_told_too(text: str) -> None:
    with pytest.raises(Rejected):
        parse_profile(text)


def test_every_word_of_a_profile_is_text() -> None:
    profile = parse_profile(
        PROFILE.replace("{F: felony, M: misdemeanor}", "{NO: felony, 007: misdemeanor, 1.0: violation}")
    )
    assert list(profile.codes.charge_class) == ["NO", "007", "1.0"]


def test_an_unknown_format_is_told_with_the_known_ones() -> None:
    with pytest.raises(Rejected, match="delimited, ebts, fixed-width, json"):
        read(a_drop(a_row(1)), a_profile(format="parquet"))


def test_the_published_schema_is_that_of_the_profile() -> None:
    assert (PROFILES / "profile.schema.json").read_text() == schema()


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_profile_names_and_meets_the_schema(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("# yaml-language-server: $schema=profile.schema.json\n")
    jsonschema.validate(yaml.safe_load(text), json.loads(schema()), jsonschema.Draft202012Validator)


@pytest.mark.parametrize("wrong", [{"format": "parquet"}, {"columns": {"nummer": "No"}}, {"colums": {}}, {"dates": 5}])
def test_the_schema_refuses_what_the_profile_refuses(wrong: dict[str, object]) -> None:
    said = {"agency": "testville", "format": "delimited", "time_zone": "America/New_York"} | wrong
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(said, json.loads(schema()), jsonschema.Draft202012Validator)
