"""`arrest-alert suggest`: the profile on stdout, what it reads and what to ask on stderr."""

from pathlib import Path

import pytest

from functions.cli.main import main
from shared.feeds.profiles.parse import parse_profile
from tests.feeds.cases import HERE

MILLBROOK = str(HERE / "golden" / "delimited" / "millbrook.csv")


def test_the_profile_is_printed_alone_and_the_rest_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", "--agency", "millbrook", "--time-zone", "America/Chicago", MILLBROOK]) == 0
    printed = capsys.readouterr()
    profile = parse_profile(printed.out)
    assert (profile.agency, profile.time_zone) == ("millbrook", "America/Chicago")
    for words in ("The receipt of a dry run", '"accepted": 2', "The first 5 arrests", "PIERCE", "answer these"):
        assert words in printed.err
    assert "PIERCE" not in printed.out


def test_what_a_person_says_of_a_column_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "millbrook.yaml"
    words = ["--column", "Offense=statute", "--column", "Lvl=", "--out", str(out), MILLBROOK]
    assert main(["suggest", *words]) == 0
    columns = parse_profile(out.read_text(encoding="utf-8")).columns
    assert columns["statute"] == ("Offense",)
    assert "charge_class" not in columns
    assert "Is this `statute`?" not in capsys.readouterr().err


def test_a_file_of_another_kind_is_named_with_what_to_ask_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "roster.pdf"
    path.write_bytes(b"%PDF-1.7\n...")
    assert main(["suggest", str(path)]) == 1
    assert "a PDF" in capsys.readouterr().err


def test_a_field_that_is_none_of_ours_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["suggest", "--column", "Offense=crime", MILLBROOK])
    assert "write it like" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "value"), [("--agency", "Mill Brook"), ("--time-zone", "Chicago")])
def test_an_option_that_no_profile_takes_is_named(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", option, value, MILLBROOK]) == 1
    printed = capsys.readouterr()
    assert option.removeprefix("--").replace("-", "_") in printed.err
    assert not printed.out
