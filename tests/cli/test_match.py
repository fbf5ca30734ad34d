"""`arrest-alert match`: an office tries its list of watches against a file, with the product's own keys and grades."""

import json
import random

import pytest
from pydantic import TypeAdapter

from functions.cli.main import main
from shared.arrests.model import EventKind
from shared.matching.criteria import Criterion, is_about
from shared.matching.rules import reason_of
from shared.matching.rules.screen import Screen, ScreenHit
from tests.builders import SID_WATCH, an_arrest
from tests.cli.command_lines import ROOT
from tests.matching.invented import an_invented_arrest
from tests.matching.test_oracle import an_indexed_criterion

PROFILE, FILE = ROOT / "shared/feeds/profiles/roster.yaml", ROOT / "tests/feeds/demo/roster.csv"
DORIAN = {"watch": "person", "surname": "Quillfeather", "given": "Dorian", "date_of_birth": "1988-03-14"}


@pytest.fixture
def match(tmp_path, capsys):
    def run(*watches: str | dict, status: int = 0, options: tuple[str, ...] = ()) -> tuple[list[dict], str]:
        file = tmp_path / "watches.ndjson"
        file.write_text("\n".join(watch if isinstance(watch, str) else json.dumps(watch) for watch in watches))
        assert main(["match", "--profile", str(PROFILE), "--watches", str(file), *options, str(FILE)]) == status
        printed = capsys.readouterr()
        return [json.loads(line) for line in printed.out.splitlines()], printed.err

    return run


def test_each_hit_is_a_line_with_both_line_numbers_the_grade_and_the_reasons(match):
    hits, complaints = match("", DORIAN)
    assert complaints == ""
    assert [hit | {"score": 0} for hit in hits] == [
        {
            "watch": 2,
            "record": 2,
            "number": "BK26-04100",
            "grade": "strong",
            "score": 0,
            "reasons": ["Name and date of birth match (QUILLFEATHER, DORIAN AMES, born Mar 14, 1988)."],
        }
    ]
    assert hits[0]["score"] > 19


@pytest.mark.parametrize(
    ("watch", "mend"),
    [
        ("{", "line 1: The line is no JSON. Write one criterion, whole, on each line."),
        ({"watch": "person", "surname": "Quillfeather"}, "line 1: The criterion is refused. person.given"),
        ({"watch": "person", "surname": "Smith", "given": "John"}, "add the day or the year of birth"),
        (DORIAN | {"date_of_birth": "2088-02-03"}, "date_of_birth is a day to come"),
        ({"watch": "horoscope"}, "needs the field watch"),
    ],
)
def test_a_watch_that_the_api_would_refuse_is_named_by_its_line_and_the_others_are_tried(match, watch, mend):
    hits, complaints = match(watch, DORIAN, status=1)
    assert [hit["watch"] for hit in hits] == [2]
    assert mend in complaints


def test_a_file_of_few_persons_says_that_it_cannot_tell_how_common_names_are(match):
    hits, complaints = match(DORIAN, status=1, options=("--own-names",))
    assert hits == []
    assert "At least 5,000 are needed" in complaints


def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(tmp_path, capsys):
    blank = tmp_path / "roster.csv"
    blank.write_bytes(b"")
    watches = ROOT / "tests/demo/watches.ndjson"
    assert main(["match", "--profile", str(PROFILE), "--watches", str(watches), str(blank)]) == 1
    assert capsys.readouterr().err.strip()


def test_the_screen_hits_exactly_what_the_rules_match():
    count = 0
    for seed in range(300):
        by = random.Random(seed)
        criterion, _ = an_indexed_criterion(by)
        screen = Screen[int]()
        screen.add(7, criterion)
        for number in range(10):
            arrest = an_invented_arrest(by, number)
            reason = reason_of(criterion, arrest) if is_about(criterion, arrest.kind) else None
            expected = [] if reason is None or arrest.juvenile else [ScreenHit(7, reason)]
            assert [*screen.hits(arrest)] == expected
            count += len(expected)
    assert count > 20


@pytest.mark.parametrize("change", [{"kind": EventKind.RELEASE}, {"juvenile": True}])
def test_a_minor_and_an_event_that_was_not_asked_for_hit_nothing(change):
    screen = Screen[int]()
    screen.add(1, TypeAdapter(Criterion).validate_python(SID_WATCH))
    assert [hit.key for hit in screen.hits(an_arrest())] == [1]
    assert not [*screen.hits(an_arrest().model_copy(update=change))]
