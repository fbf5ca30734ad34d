"""Run as a program of its own: reads a workbook from standard input and writes its sheets as lines of JSON.

Calamine is native code: on a hostile file it may take all memory or abort, and with it the process. So it has a process
with limits, without any secret in its environment, which may fail alone. Without an argument it writes the titles of
the sheets and whether each is visible; with the index of a sheet, the texts of each row.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MOST_MEMORY = 768 << 20  # bytes of addresses
MOST_SECONDS = 60  # of computing
IS_DAMAGED, HAS_PASSWORD, MET_LIMIT = 3, 4, 5
"""What it returns. Native code that meets a limit ends by a signal."""


def main() -> int:
    _set_limits()
    from python_calamine import CalamineWorkbook, PasswordError  # noqa: PLC0415 - within the limits

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        lines = _rows(workbook, int(sys.argv[1])) if len(sys.argv) > 1 else _titles(workbook)
        for line in lines:
            sys.stdout.write(json.dumps(line) + "\n")
    except PasswordError:
        return HAS_PASSWORD
    except MemoryError:
        return MET_LIMIT
    except BaseException:  # noqa: BLE001 - a panic of native code is one
        return IS_DAMAGED
    return 0


def _set_limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):  # it writes no file
        resource.setrlimit(kind, (0, 0))


def _titles(workbook: Any) -> Iterator[list[Any]]:
    for sheet in workbook.sheets_metadata:
        yield [sheet.name, sheet.visible == type(sheet.visible).Visible]


def _rows(workbook: Any, index: int) -> Iterator[list[str]]:
    for row in workbook.get_sheet_by_index(index).to_python(skip_empty_area=False):
        yield [text_of(value) for value in row]


def text_of(value: Any) -> str:
    """The text that a person would write, as for .xlsx; number formats such as leading zeros are not known here."""
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.isoformat(timespec="seconds") if value.time() != time() else value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value)


if __name__ == "__main__":
    sys.exit(main())
