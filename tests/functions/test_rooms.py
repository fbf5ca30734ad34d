"""Every function stands where functions are listed: the table of their room, and the rules of what may import what."""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDERS = {path.parent.name for path in (ROOT / "functions").glob("*/__init__.py")}
HANDLERS = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}


def contract(words: str) -> dict[str, Any]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    [entry] = [entry for entry in contracts if words in entry["name"]]
    return dict(entry)


def test_the_table_of_the_room_has_every_function_once() -> None:
    page = (ROOT / "functions" / "README.md").read_text(encoding="utf-8")
    [table] = re.findall(r"\| function \| from \| to \|\n(.+?)\n\n", page, re.DOTALL)
    rows = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(rows) == sorted(FOLDERS)


def test_every_handler_is_under_the_contract_that_keeps_wiring_out() -> None:
    named = set(contract("a handler contains no wiring")["source_modules"])
    assert {f"functions.{name}.handler" for name in HANDLERS} - named == set()


def test_no_function_may_reach_into_another() -> None:
    assert set(contract("one function never reaches into another")["modules"]) == {
        f"functions.{name}" for name in FOLDERS
    }
