"""The page that maps the CJIS Security Policy names controls that we read of, and tests that exist."""

import ast
import re
from typing import NamedTuple

import pytest

from infra.bundle import ROOT

PAGE = (ROOT / "CJIS.md").read_text(encoding="utf-8")
# Read in the catalogue of version 6.0: those with a number or a clock that concern a system like this one.
READ = (
    "AC-2", "AC-6(7)", "AC-2(2)", "AC-2(3)", "AC-2(13)", "AC-7", "AC-8", "AC-11", "AC-12", "SC-10", "AC-21", "AC-22",
    "CA-3", "AT-2", "AT-3", "AT-4", "AU-2", "AU-3", "AU-5", "AU-6", "AU-8", "AU-9", "AU-11", "IA-2", "IA-4", "IA-5",
    "IA-11", "IR-6", "MP-6", "PL-4", "PS-6", "PS-3", "PS-4", "PS-5", "PS-7", "PS-8", "SC-8", "SC-12", "SC-13", "SC-28",
    "SI-2", "SI-4", "SI-11",
)  # fmt: skip
CONTROL = r"[A-Z]{2}-\d{1,2}(?:\(\d{1,2}\))?"


class Row(NamedTuple):
    controls: tuple[str, ...]
    product: str
    agency: str
    tests: tuple[str, ...]


def rows() -> list[Row]:
    lines = [line.strip("|").split("|") for line in PAGE.splitlines() if re.match(rf"\| {CONTROL}", line)]
    return [
        Row(tuple(controls.strip().split(", ")), product.strip(), agency.strip(), tuple(re.findall("`([^`]+)`", tests)))
        for controls, product, agency, tests in lines
    ]


def test_every_control_that_we_read_is_on_the_page_once() -> None:
    controls = [control for row in rows() for control in row.controls]
    assert len(controls) == len(set(controls))
    assert set(READ) - set(controls) == set()
    assert all(re.fullmatch(CONTROL, control) for control in controls)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.controls[0])
def test_what_shows_a_control_is_a_test_that_exists(row: Row) -> None:
    for name in row.tests:
        path, _, function = name.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name


def test_nothing_is_claimed_and_left_without_a_test_but_for_what_is_named_here() -> None:
    """What no test of ours can show: a service of AWS does it, or it is a manner of writing."""
    unshown = {row.controls[0] for row in rows() if not row.tests and not row.product.startswith("**Not done**")}
    assert unshown == {"IA-4", "IA-5", "SI-2"}


def test_the_page_says_what_is_lacking() -> None:
    lacking = {row.controls[0] for row in rows() if "**Not done**" in row.product}
    assert lacking == {"IA-5"}
    assert all(row.agency != "-" for row in rows() if row.controls[0] in lacking), "then the agency has to do it"
