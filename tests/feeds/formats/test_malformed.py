"""Files as broken systems write them: no crash, no good row lost, every other line accounted for."""

import gzip
import random
from collections.abc import Callable
from typing import NamedTuple

import pytest

from shared.feeds.layout import TextLayout
from tests.feeds.small_drops import HEADER, a_profile, a_row, read

GOOD = 12
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1")
DEFECTS: dict[str, Callable[[random.Random], bytes]] = {
    "a quote is never closed": lambda by: b'T-99,09/01/2026,"Lone,Quote,04/05/1981,PL 1,Assault,M',
    "a quote stands in a cell": lambda by: b'T-99,09/01/2026,Lo"ne,Quo"te,04/05/1981,PL 1,Assault,M',
    "text follows a quoted cell": lambda by: b'T-99,09/01/2026,"Lone" Quote,X,04/05/1981,PL 1,Assault,M',
    "too few cells": lambda by: b",".join([b"x"] * by.randrange(1, 8)),
    "too many cells": lambda by: b",".join([b"x"] * by.randrange(9, 40)),
    "no such date": lambda by: by.choice([b"T-99,02/30/2026,A,B,,PL 1,C,M", b"T-99,0000-00-00,A,B,,PL 1,C,M"]),
    "control characters": lambda by: b"T-99,09/01/2026,N" + by.choice([b"\0", b"\r", b"\0\r\0"]) + b"x,,,PL 1,C,M",
    "bytes that are no text": lambda by: bytes(by.choices(range(128, 256), k=by.randrange(1, 60))),
    "any bytes": lambda by: bytes(by.choices(sorted({*range(256)} - {10, 34}), k=by.randrange(1, 120))),
    "a very long cell": lambda by: b"T-99,09/01/2026," + b"x" * by.randrange(300, 60_000) + b",,,PL 1,C,M",
    "a total or a note": lambda by: by.choice([b"Total: 12 arrests", b"-- end --", b"(12 rows)", b"{}"]),
    "nothing": lambda by: by.choice([b"", b" ", b",,,,,,,", b"\t", HEADER.encode()]),
}  # fmt: skip


class Malformed(NamedTuple):
    drop: bytes
    encoding: str
    numbers: list[str]
    records: int  # at most: a defect may be read as one record or more, never as none


def a_malformed_drop(by: random.Random) -> Malformed:
    """Good rows with defects between them, in any encoding and with any line end; now and then cut short or packed."""
    encoding, end = by.choice(ENCODINGS), by.choice([b"\n", b"\r\n"])
    rows = [a_row(n, Last=by.choice(["Müller", "Núñez", "Plain"])).encode(encoding.removesuffix("-sig"))
            for n in range(GOOD)]  # fmt: skip
    hurt = [DEFECTS[by.choice(list(DEFECTS))](by) for _ in range(by.randrange(1, 6))]
    lines = rows[:]
    for defect in hurt:
        lines.insert(by.randrange(len(lines) + 1), defect)
    drop = HEADER.encode(encoding) + end + b"".join(line + end for line in lines)
    numbers = [f"T-{n}" for n in range(GOOD)]
    if by.random() < 0.2:  # cut within the last line
        size = len(lines[-1]) + len(end)
        drop = drop[: len(drop) - by.randrange(1, size + 1)]
        numbers = numbers[:-1] if lines[-1] == rows[-1] else numbers
    if by.random() < 0.1:
        drop = gzip.compress(drop, 1)
    return Malformed(drop, encoding.removesuffix("-sig"), numbers, len(lines))


def check(seed: int) -> None:
    made = a_malformed_drop(random.Random(seed))
    outcome = read(made.drop, a_profile(text=TextLayout(encoding=made.encoding)))
    read_numbers = [parsed.arrest.number for parsed in outcome.arrests]
    assert set(made.numbers) <= set(read_numbers), seed
    assert len(read_numbers) == len(set(read_numbers)), seed
    accounted = sum(parsed.rows for parsed in outcome.arrests) + len(outcome.rejects) + outcome.skipped.total()
    assert outcome.rows == accounted <= made.records, seed
    assert all(reject.line > 1 and reject.code and reject.reason and reject.fix for reject in outcome.rejects), seed


@pytest.mark.parametrize(
    "seeds", [range(100), pytest.param(range(100, 400), marks=pytest.mark.thorough)], ids=["hundred", "four hundred"]
)
def test_malformed_files_lose_no_good_row(seeds: range) -> None:
    for seed in seeds:
        check(seed)


@pytest.mark.exhaustive
def test_ten_thousand_malformed_files_lose_no_good_row() -> None:
    for seed in range(400, 10_400):
        check(seed)
