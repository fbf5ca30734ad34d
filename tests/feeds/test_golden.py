import json
from pathlib import Path

import pytest

from shared.arrests.identity_events.event import IdentityChange
from shared.arrests.model import EventKind
from shared.feeds.formats import FORMATS
from tests.feeds.cases import HERE, PROFILES, expected_file, golden_cases, outcome_of, profile_of, shipped


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_golden_drop_is_read_as_expected(case: Path) -> None:
    expected = json.loads(expected_file(case).read_text())
    profile = profile_of(case, expected)
    expected.pop("profile", None)
    assert outcome_of(case, profile) == expected


def test_the_worked_example_of_the_readme_is_a_golden_case() -> None:
    readme = (PROFILES / "README.md").read_text()
    for name in ("millbrook.profile.yaml", "millbrook.csv"):
        assert (HERE / "golden" / "delimited" / name).read_text() in readme


def test_every_kind_of_event_stands_in_a_golden_drop() -> None:
    expected = json.loads(expected_file(HERE / "golden" / "delimited" / "events.csv").read_text())
    assert {arrest.get("kind", "arrest") for arrest in expected["arrests"]} == set(EventKind)
    assert {order["identity"]["change"] for order in expected["orders"] if "identity" in order} == set(IdentityChange)
    assert sum("seal" in order for order in expected["orders"]) == 2


@pytest.mark.parametrize("name", sorted(path.stem for path in PROFILES.glob("*.yaml")))
def test_a_shipped_profile_is_valid_and_bears_its_agencys_name(name: str) -> None:
    assert shipped(name).agency == name
    assert shipped(name).format in FORMATS
