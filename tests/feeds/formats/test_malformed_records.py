"""Records as broken systems write them, in formats that are not delimited: no crash, no good record lost, all counted.

`test_malformed.py` has the delimited ones.
"""

import gzip
import json
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

from shared.feeds.layout import Position, RecordTypes
from shared.feeds.profiles.model import Profile
from tests.feeds.small_drops import a_profile, read

GOOD = 10
Chance = random.Random


class Corpus(NamedTuple):
    """`good` writes the record with a number, `defects` what may stand between them, `frame` the file."""

    profile: Profile
    good: Callable[[int], bytes]
    defects: Sequence[Callable[[Chance], bytes]]
    frame: Callable[[Sequence[bytes]], bytes]


def _json(number: int) -> bytes:
    charges = [{"law": "PL 120.00", "text": "Assault 3"}]
    return json.dumps({"id": f"T-{number}", "at": "2026-09-01", "last": "Müller", "charges": charges}).encode()


JSON_DEFECTS: tuple[Callable[[Chance], bytes], ...] = (
    lambda by: b"",
    lambda by: b"{}",
    lambda by: b"null",
    lambda by: b'"text"',
    lambda by: b'{"id": {"deep": 1}}',
    lambda by: b'{"id": "D", "id": "E"}',
    lambda by: b'{"id": NaN}',
    lambda by: b'{"id": "\\ud800"}',
    lambda by: b'{"id": "D", "charges": "Assault"}',
    lambda by: b'{"id": "D", "charges": [["Assault"], 3]}',
    lambda by: b'{"id": "D", "at": "' + by.choice([b"never", b"31/31/2026", b"2026-13-01"]) + b'"}',
    lambda by: b'{"ssn": "900-11-2222", "id": "D", "charges": [], "at": 5e999, "last": true}',
    lambda by: b'{"id": "D", "note": "' + b"x" * by.randrange(300, 60_000) + b'"}',
    lambda by: b'{"id": "' + bytes(by.choices(range(128, 256), k=9)) + b'"}',
)
JSON_LINE_DEFECTS = (
    *JSON_DEFECTS,
    lambda by: b'{"ssn": "900-11-2222", "id": "D", "x": ' + b"[" * by.randrange(1, 400) + b"}",
    lambda by: b'{"id": "D"',
    lambda by: b'{"id": "D}',
    lambda by: b"]",
    lambda by: bytes(by.choices(sorted({*range(256)} - {10, 13}), k=by.randrange(1, 90))),
)
JSON_COLUMNS = {
    "number": ("id",),
    "arrested": ("at",),
    "surname": ("last",),
    "statute": ("charges[].law",),
    "charge": ("charges[].text",),
}


def _xml(number: int) -> bytes:
    return f'<r id="T-{number}"><at>2026-09-01</at><last>Müller</last><c law="PL 1">Assault</c></r>'.encode()


XML_DEFECTS: tuple[Callable[[Chance], bytes], ...] = (
    lambda by: b"<r/>",
    lambda by: b"<r> <!-- nothing --> </r>",
    lambda by: b'<r id="D"/>',
    lambda by: b'<r id="D"><at>' + by.choice([b"never", b"2026-13-01", b"<day/>"]) + b"</at></r>",
    lambda by: b'<r id="D"><SSN>900-11-2222</SSN><c/><c law=""/><c>x</c></r>',
    lambda by: b"<r><r><id>inner</id></r></r>",
    lambda by: b'<r id="D"><note>' + b"x" * by.randrange(300, 60_000) + b"</note></r>",
    lambda by: b'<r id="D"><![CDATA[<r id="none"/>]]></r>',
    lambda by: b'<o:r xmlns:o="urn:o" o:id="D"/>',
)
XML_COLUMNS = {
    "number": ("@id",),
    "arrested": ("at",),
    "surname": ("last",),
    "statute": ("c[].@law",),
    "charge": ("c[]",),
}


def _fixed(number: int) -> bytes:
    return f"T-{number:<6}2026-09-01{'Müller':<12}PL 120.00".encode()


POSITIONS = {
    "No": Position(start=1, width=8),
    "Date": Position(start=9, width=10),
    "Last": Position(start=19, width=12),
    "Law": Position(start=31, width=12),
}
COLUMNS = {"number": ("No",), "arrested": ("Date",), "surname": ("Last",), "statute": ("Law",)}
LINE_DEFECTS: tuple[Callable[[Chance], bytes], ...] = (
    lambda by: b"",
    lambda by: b" " * by.randrange(1, 90),
    lambda by: b"D",
    lambda by: b"D-1     " + by.choice([b"never", b"2026-02-30", b"\0" * 10]),
    lambda by: b"-- END OF REPORT --",
    lambda by: b"D-2     2026-09-01N\rx",
    lambda by: b"D-3     2026-09-01" + b"x" * by.randrange(300, 60_000),
    lambda by: bytes(by.choices(range(128, 256), k=by.randrange(1, 60))),
    lambda by: bytes(by.choices(sorted({*range(256)} - {10}), k=by.randrange(1, 120))),
)
TYPES = RecordTypes(
    column="Kind",
    arrests=("A",),
    charges=("C",),
    ignored=("X",),
    headers={"A": ("Kind", "No", "Date", "Last"), "C": ("Kind", "No", "Law")},
)
TYPE_DEFECTS: tuple[Callable[[Chance], bytes], ...] = (
    *LINE_DEFECTS,
    lambda by: by.choice([b"X", b"X,1,2,3", b"Q,1", b",,,", b"A", b"A,T-1", b"C", b"C,T-99,PL 1", b"C,,PL 1"]),
    lambda by: b"Kind,No,Date,Last",
    lambda by: b'A,"D-4,2026-09-01,X',
)


def _typed(number: int) -> bytes:
    return f"A,T-{number},2026-09-01,Müller".encode()


def _lines(records: Sequence[bytes]) -> bytes:
    return b"".join(record + b"\n" for record in records)


def _array(records: Sequence[bytes]) -> bytes:
    return b"[" + b",\n".join(records) + b"]"


def _wrapped(records: Sequence[bytes]) -> bytes:
    return b'{"count": 3, "other": [{"at": [1, "]"]}], "data": {"at": ' + _array(records) + b'}, "next": null}'


def _document(records: Sequence[bytes]) -> bytes:
    return b"<list>" + b"".join(records) + b"</list>"


def a_json_profile(form: str, **changes: object) -> Profile:
    return a_profile(format=form, columns=JSON_COLUMNS, dates=("iso",), **changes)


CORPORA = {
    "ndjson": Corpus(a_json_profile("ndjson"), _json, JSON_LINE_DEFECTS, _lines),
    "json": Corpus(a_json_profile("json"), _json, JSON_DEFECTS, _array),
    "json in an object": Corpus(a_json_profile("json", records="data.at"), _json, JSON_DEFECTS, _wrapped),
    "xml": Corpus(
        a_profile(format="xml", columns=XML_COLUMNS, records="list.r", dates=("iso",)),
        _xml,
        XML_DEFECTS,
        _document,
    ),
    "fixed-width": Corpus(
        a_profile(format="fixed-width", columns=COLUMNS, positions=POSITIONS, dates=("iso",)),
        _fixed,
        LINE_DEFECTS,
        _lines,
    ),
    "rows of several types": Corpus(
        a_profile(columns=COLUMNS, record_types=TYPES, charges="row per charge", dates=("iso",)),
        _typed,
        TYPE_DEFECTS,
        _lines,
    ),
}


def check(corpus: Corpus, seed: int) -> None:
    by = Chance(seed)
    records = [corpus.good(number) for number in range(GOOD)]
    for _ in range(by.randrange(1, 6)):
        records.insert(by.randrange(1, len(records)), by.choice(corpus.defects)(by))
    drop = corpus.frame(records)
    outcome = read(gzip.compress(drop, 1) if by.random() < 0.1 else drop, corpus.profile)
    persons = {parsed.arrest.number: parsed.arrest.person for parsed in outcome.arrests}
    surnames = {persons[f"T-{number}"].names[0].surname for number in range(GOOD)}
    assert surnames == {"Müller"}, seed
    accounted = sum(parsed.rows for parsed in outcome.arrests) + len(outcome.rejects) + outcome.skipped.total()
    assert outcome.rows == accounted == len(records), seed
    assert all(reject.line and reject.code and reject.reason and reject.fix for reject in outcome.rejects), seed
    assert "900-11-2222" not in repr(outcome), seed


@pytest.mark.parametrize("name", CORPORA)
@pytest.mark.parametrize(
    "seeds",
    [
        range(40),
        pytest.param(range(40, 200), marks=pytest.mark.thorough),
        pytest.param(range(200, 2000), marks=pytest.mark.exhaustive),
    ],
    ids=["forty", "two hundred", "two thousand"],
)
def test_malformed_records_cost_no_good_one(name: str, seeds: range) -> None:
    for seed in seeds:
        check(CORPORA[name], seed)
