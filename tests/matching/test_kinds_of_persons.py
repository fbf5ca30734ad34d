"""Which grade each kind of likeness has: strong only where hardly anybody else fits. Everybody here is invented.

The labelled pairs beside the checkout are judged, too, where they are; we did not write them.
"""

import csv
from datetime import date

import pytest

from shared.arrests.model import Arrest, arrest_id
from shared.arrests.person import Person, PersonName, Sex
from shared.matching.criteria import Reason
from shared.matching.criteria.person import PersonWatch
from shared.matching.linkage.doubts import Doubt
from shared.matching.rules import ArrestFeatures, reason_of, selective_terms, terms_of
from shared.matching.rules.index_terms import TooBroadError
from tests.builders import PSEUDONYMS
from tests.conftest import SAMPLES

BORN = "1988-03-14"
PAIRS = SAMPLES / "pairs" / "persons.csv"
_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}


def named(text: str) -> PersonName:
    """`surname, given, middle, suffix`."""
    surname, given, middle, suffix = (*(word.strip() for word in text.split(",")), "", "", "")[:4]
    return PersonName(surname=surname, given=given, middle=middle, suffix=suffix)


def watch_of(text: str, born: str) -> PersonWatch:
    """`born` is a day, a year, or empty."""
    births = {"date_of_birth": born} if "-" in born else {"birth_year": int(born)} if born else {}
    return PersonWatch.model_validate({"watch": "person", **named(text).model_dump(), **births})


def arrest_of(*texts: str, born: str = BORN, sex: Sex = Sex.UNKNOWN) -> Arrest:
    person = Person(names=tuple(map(named, texts)), date_of_birth=date.fromisoformat(born) if born else None, sex=sex)
    number = arrest_id(PSEUDONYMS, "nypd", "1")
    return Arrest(arrest_id=number, agency="nypd", number="1", arrested_on=date(2026, 11, 19), person=person)


def grade_between(watched: str, reported: str, born: str = BORN, reported_born: str = BORN) -> str:
    reason = reason_of(watch_of(watched, born), arrest_of(reported, born=reported_born))
    return reason.grade.value if reason else "none"


def doubts_between(watched: str, reported: str, born: str = BORN, reported_born: str = BORN) -> list[str]:
    reason = reason_of(watch_of(watched, born), arrest_of(reported, born=reported_born))
    assert reason is not None
    return reason.facts.get("doubts", "").split(",")


@pytest.mark.parametrize(
    ("watched", "reported", "doubt"),
    [
        ("Quillfeather, Jayden", "Quillfeather, Kayden", Doubt.SIBLING),
        ("Quillfeather, Marcus", "Quillfeather, Marcel", Doubt.SIBLING),
        ("Quillfeather, Daniel", "Quillfeather, Daniela", Doubt.SIBLING),
        ("Quillfeather, Maria Luz", "Quillfeather, Maria Paz", Doubt.SIBLING),
        ("Wang, Xiao Ming", "Wang, Xiao Hong", Doubt.SIBLING),
        ("Quillfeather, Dorian", "Quillfeather, Winifred", Doubt.SIBLING),
        ("Smith, John", "Smith, J", Doubt.GIVEN_NAME),
        ("Quillfeather, Dorian", "Quillfeather, ", Doubt.GIVEN_NAME),
        ("Quillfeather, Dorian,, Jr", "Quillfeather, Dorian,, III", Doubt.SUFFIX),
        ("Sidorov, Ivan, Petrovich", "Sidorov, Ivan, Sergeevich", Doubt.MIDDLE_NAME),
        ("Quillfeather, Winifred, Oriel", "Thistlewood, Winifred, Oriel", Doubt.SURNAME),
    ],
)
def test_whoever_a_twin_a_son_or_a_namesake_may_be_is_possible_with_the_reason(
    watched: str, reported: str, doubt: Doubt
) -> None:
    assert grade_between(watched, reported) == "possible"
    assert doubt.value in doubts_between(watched, reported)


def test_father_and_son_with_a_rare_surname_and_one_birthday_are_possible() -> None:
    assert grade_between("Quillfeather, Dorian", "Quillfeather, Dorian", "1960-05-02", "1988-05-02") == "possible"
    assert grade_between("Quillfeather, Dorian", "Quillfeather, Dorian", "1968-05-02", "1988-05-02") == "possible"
    assert grade_between("Quillfeather, Dorian", "Quillfeather, Dorian", "1987-05-02", "1988-05-02") == "strong"


@pytest.mark.parametrize(
    ("watched", "reported"),
    [
        ("Lavrov, Sergei", "Лавров, Сергей"),
        ("Papadopoulos, Ioannis", "Παπαδόπουλος, Ιωάννης"),
        ("Zhang, Wei", "张, 伟"),
        ("Quillfeather, Vladimir", "VladimirQuillfeather"),
        ("Quillfeather, John", "Quillfeather, J0hn"),
        ("Quillfeather, William", "Qu1llfeather, W1lliam"),
        ("Quillfeather, Jesus", "Quillfeather, Chuy"),
        ("Quillfeather, Francisco", "Quillfeather, Pancho"),
        ("Quillfeather, Aleksandr", "Quillfeather, Sasha"),
        ("Quillfeather, Dmitry", "Quillfeather, Dima"),
        ("Quillfeather, William", "Quillfeather, Wm"),
        ("Rahman Quillfeather, Abd el-Karim", "Rahman Quillfeather, Abdelkarim"),
        ("Quillfeather, Marcellus", "Quillfeather, Marcellsu"),
        ("Quillfeather, Dorian, Ezra", "Quillfeather, Dorian, E"),
        ("Quillfeather, Dorian", "Quillfeather, Dorian,, Jr"),
        ("Quillfeather, Dorian", "Dorian, Quillfeather"),
    ],
)
def test_other_scripts_glued_names_misread_digits_and_short_forms_are_strong(watched: str, reported: str) -> None:
    assert grade_between(watched, reported) == "strong"


@pytest.mark.parametrize("born", ["1988", ""])
def test_a_watch_without_a_day_of_birth_is_never_strong(born: str) -> None:
    reason = reason_of(watch_of("Quillfeather, Dorian", born), arrest_of("Quillfeather, Dorian"))
    assert isinstance(reason, Reason)
    assert (reason.grade.value, reason.facts["doubts"]) == ("possible", "birth")


def test_a_watch_with_a_year_of_birth_passes_over_whoever_was_born_in_another_year() -> None:
    assert grade_between("Moore, John", "Moore, John", "1988", "1988-01-01") == "possible"
    assert grade_between("Moore, John", "Moore, John", "1988", "1971-01-01") == "none"


def test_a_common_name_needs_a_day_or_a_year_of_birth() -> None:
    with pytest.raises(TooBroadError, match="day or the year of birth"):
        selective_terms(watch_of("Smith, John", ""))
    assert selective_terms(watch_of("Smith, John", "1988"))
    assert selective_terms(watch_of("Quillfeather, Dorian", ""))


@pytest.mark.parametrize("born", ["1988", ""])
@pytest.mark.parametrize("reported_born", [BORN, ""])
def test_a_watch_without_a_day_of_birth_is_found_through_the_index(born: str, reported_born: str) -> None:
    watch, arrest = watch_of("Quillfeather, Dorian", born), arrest_of("Quilfeather, Dorien", born=reported_born)
    assert selective_terms(watch).intersection(terms_of(ArrestFeatures(arrest)))


@pytest.mark.parametrize("fields", [{"birth_year": 1987}, {"birth_year": 88}, {"birth_year": 3000}])
def test_a_year_of_birth_that_cannot_be_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"birth_year|disagree"):
        PersonWatch.model_validate(
            {"watch": "person", "surname": "Quillfeather", "given": "Dorian", "date_of_birth": BORN, **fields}
        )


@pytest.mark.skipif(not PAIRS.is_file(), reason="the labelled pairs are not beside this checkout")
def test_every_labelled_pair_has_one_of_its_right_grades() -> None:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = {row["kind"]: grade for row in rows if (grade := _grade_of(row)) not in row["right_grade"].split("/")}
    assert (len(rows), wrong) == (56, {})


def _grade_of(row: dict[str, str]) -> str:
    names, births, sexes, aliases = (
        {side: {part: row[f"{side}_{part}"] for part in parts} for side in ("watched", "reported")}
        for parts in (("surname", "given", "middle", "suffix"), ("born",), ("sex",), ("aliases",))
    )
    watch = PersonWatch.model_validate(
        {
            "watch": "person", **names["watched"], "date_of_birth": births["watched"]["born"],
            "sex": _SEXES.get(sexes["watched"]["sex"], Sex.UNKNOWN), "aliases": _aliases(aliases["watched"]["aliases"]),
        }
    )  # fmt: skip
    person = Person(
        names=(PersonName(**names["reported"]), *_aliases(aliases["reported"]["aliases"])),
        date_of_birth=date.fromisoformat(births["reported"]["born"]),
        sex=_SEXES.get(sexes["reported"]["sex"], Sex.UNKNOWN),
    )
    reason = reason_of(watch, arrest_of("Quill, Dorian").model_copy(update={"person": person}))
    return reason.grade.value if reason else "none"


def _aliases(text: str) -> tuple[PersonName, ...]:
    """`Given Surname`, separated by semicolons."""
    names = [alias.strip().rpartition(" ") for alias in text.split(";") if alias.strip()]
    return tuple(PersonName(surname=surname, given=given) for given, _, surname in names)
