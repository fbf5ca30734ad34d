"""The answers of the layouts, and what really stands in their samples."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from shared.bounded_reader import Limits
from shared.feeds.layout import DELIMITERS
from shared.feeds.profiles.strict_yaml import read_yaml
from tests.feeds.suggest.samples import FIRST_SET, LAYOUTS, SECOND_SET

SETS = {
    name: sorted(path.partition("/")[0] for path in samples)
    for name, samples in (("first", FIRST_SET), ("second", SECOND_SET))
}
AGENCIES = sorted(path.name for path in LAYOUTS.iterdir())
FORBIDDEN, NOT_USED, KEY_ONLY = "forbidden", "not used", "key only"
_ENCODINGS = {"utf-8 with a byte order mark": "utf-8-sig"}


def answer_of(agency: str) -> dict[str, Any]:
    """Every value is text, or a list or dict of texts."""
    answer: dict[str, Any] = read_yaml(
        (LAYOUTS / agency / "answer.yaml").read_text(encoding="utf-8"), Limits(max_bytes=20_000)
    )
    return answer


def sample_of(agency: str, answer: dict[str, Any]) -> Path:
    return LAYOUTS / agency / str(answer["sample"])


def fields_by_column(answer: dict[str, Any]) -> dict[str, list[str]]:
    """Our fields, or the word why there is none, of each column."""
    return {column: [word] if isinstance(word, str) else word for column, word in answer["columns"].items()}


def columns_of_sample(agency: str, answer: dict[str, Any]) -> list[str]:
    """The names of the columns as the file has them; numbered where it has no header, paths in JSON."""
    path = sample_of(agency, answer)
    match answer["format"]:
        case "xlsx":
            row = load_workbook(path)[answer["sheet"]][int(answer["header_line"])]
            return [str(cell.value) for cell in row]
        case "json":
            document = json.loads(path.read_text(encoding="utf-8"))
            return _paths(document[answer["records"]] if isinstance(document, dict) else document)
        case "ndjson":
            return _paths([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
        case _:
            return _delimited_columns(path, answer)


def _delimited_columns(path: Path, answer: dict[str, Any]) -> list[str]:
    text = path.read_bytes().decode(_ENCODINGS.get(answer["encoding"], answer["encoding"]))
    header_line = 1 if answer["header_line"] == "none" else int(answer["header_line"])
    line = text.splitlines()[header_line - 1]
    cells = next(csv.reader([line], delimiter=DELIMITERS[answer["delimiter"]]))
    return [f"column {place}" for place, _ in enumerate(cells, 1)] if answer["header_line"] == "none" else cells


def _paths(records: list[Any]) -> list[str]:
    return list(dict.fromkeys(path for record in records for path in _leaves(record, "")))


def _leaves(value: Any, path: str) -> Iterator[str]:
    match value:
        case dict():
            for name, member in value.items():
                yield from _leaves(member, f"{path}.{name}" if path else name)
        case [dict(), *_]:
            for element in value:
                yield from _leaves(element, f"{path}[]")
        case list():
            yield f"{path}[]"
        case _:
            yield path
