"""ANSI/NIST-ITL transactions with FBI EBTS Type-2 records: the booking that goes with a set of fingerprints.

A transaction is a Type-1 record, which lists the others, a Type-2 record with the descriptive text, and images, which
are passed over by their lengths. Tagged records are fields `2.045:20260901`, long tags `2.0045` and short ones `2.45`
alike, parted by GS and ended by FS; a field has items parted by RS, an item has parts parted by US. The records of
types 3 to 6 and 8 are binary: four bytes of length, then what we never look at.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, NamedTuple

from shared.arrests.model import EventKind
from shared.errors import Rejected
from shared.feeds.profiles.model import Profile
from shared.feeds.record import (
    ChargeText,
    DroppedColumns,
    EventText,
    NameText,
    PersonText,
    RawRecord,
    ReadResult,
    Reject,
)

LARGEST = 64 << 20  # bytes of a drop
FS, GS, RS, US = "\x1c", "\x1d", "\x1e", "\x1f"
_BINARY = {3, 4, 5, 6, 7, 8}
_ARRESTS = {"CAR", "CNA", "CPDR", "CPNU"}  # types of transaction that submit somebody's arrest
_BARRED = {16: "2.016 SOC", 17: "2.017 MNU", 21: "2.021 CTZ"}  # social security, passport and such, citizenship
_PHOTOS = 10  # type of record
_CUT = ("ebts-cut", "The file is cut short or damaged: from this record on, its records cannot be told apart.",
        "Send the file again, whole.")  # fmt: skip
_NOBODY = ("no-description", "The transaction describes no person who was arrested.",
           "Send the Type-2 record with a name and the arrest.")  # fmt: skip


class _Damaged(ValueError):  # noqa: N818 - it is read as "the file is damaged"
    pass


Fields = Mapping[int, str]
"""Number of the field -> its text, of one tagged record."""


class _Transaction(NamedTuple):
    first: Fields
    described: Fields
    barred: tuple[str, ...]  # names of what was there and was not kept


def read(stream: BinaryIO, profile: Profile) -> Iterator[ReadResult]:
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Rejected("too-large", f"The file holds more than {LARGEST >> 20} MiB.", "Send one transaction a file.")
    if not data.startswith(b"1."):
        raise Rejected("not-an-arrest-feed", "The file does not begin with a Type-1 record.", "Send an EBTS file.")
    at, line, dropped, barred = 0, 0, dict[str, None](), _BARRED | _named(profile.drop)
    while data[at:].strip():
        line += 1
        try:
            transaction, at = _next(data, at, profile.text.encoding, barred)
        except _Damaged:
            yield Reject(line, *_CUT)
            break
        dropped |= dict.fromkeys(transaction.barred)
        yield _read(line, transaction)
    if dropped:
        yield DroppedColumns(tuple(dropped))


def _read(line: int, transaction: _Transaction) -> ReadResult:
    kind, fields = transaction.first.get(4, "").strip().upper(), transaction.described
    if kind not in _ARRESTS:
        return Reject(
            line,
            "not-an-arrest",
            "The type of the transaction is none that submits an arrest.",
            f"Send transactions of the types {', '.join(sorted(_ARRESTS))}.",
        )
    if not (fields.get(18, "").strip() and (fields.get(45, "").strip() or fields.get(47, "").strip())):
        return Reject(line, *_NOBODY)
    control = transaction.first.get(9, "").strip()
    return RawRecord(
        line=line,
        row="",
        event=EventText(
            number=control, arrested=fields.get(45, ""), ori=_first(fields, 73) or transaction.first.get(8, "").strip()
        ),
        names=(NameText(name=fields[18]),),
        person=PersonText(
            alias=";".join(_items(fields, 19)),
            born=_first(fields, 22),
            sex=fields.get(24, ""),
            sid=_first(fields, 15),
            fbi=_first(fields, 14),
            booking_number=fields.get(9, ""),
        ),
        charges=tuple(ChargeText(charge=text) for item in _items(fields, 47) if (text := item.split(US)[-1].strip())),
        facts=(control, *(fields.get(number, "") for number in (9, 18, 22, 45, 47))),
        kind=EventKind.ARREST,
    )


def _items(fields: Fields, number: int) -> list[str]:
    return [item.strip() for item in fields.get(number, "").split(RS) if item.strip()]


def _first(fields: Fields, number: int) -> str:
    return next(iter(_items(fields, number)), "")


def _named(drop: Iterable[str]) -> dict[int, str]:
    """The fields of Type-2 that a profile drops, each written as its number: `2.019`."""
    numbers = ((name, name.split(maxsplit=1)[0].rpartition(".")[2]) for name in drop if name.strip())
    return {int(number): name for name, number in numbers if number.isascii() and number.isdigit()}


def _next(data: bytes, at: int, encoding: str, barred: Mapping[int, str]) -> tuple[_Transaction, int]:
    """The transaction that begins at this byte, and where it ends. Type-1 lists the types of its records in order."""
    first, at = _tagged(data, at, encoding)
    described: dict[int, str] = {}
    kinds = _kinds(first)
    for kind in kinds:
        if kind in _BINARY:
            at = _after_binary(data, at)
        elif kind == 2:
            fields, at = _tagged(data, at, encoding)
            described |= {number: text for number, text in fields.items() if number not in described}
        else:
            at = _after_tagged(data, at)
    names = [name for number, name in barred.items() if described.pop(number, None) is not None]
    return _Transaction(first, described, (*names, *["Type-10 (photos)"] * (_PHOTOS in kinds))), at


def _kinds(first: Fields) -> list[int]:
    """Of the records that follow, from field 1.03: each item is a type and the record's number."""
    said = [item.split(US)[0].strip() for item in first.get(3, "").split(RS)[1:]]
    if not said or not all(kind.isascii() and kind.isdigit() for kind in said):
        raise _Damaged
    return [int(kind) for kind in said]


def _tagged(data: bytes, at: int, encoding: str) -> tuple[dict[int, str], int]:
    end = _after_tagged(data, at)
    try:
        text = data[at : end - 1].decode(encoding)
    except UnicodeDecodeError as error:
        raise _Damaged from error
    fields: dict[int, str] = {}
    for field in text.split(GS):
        tag, colon, value = field.partition(":")
        number = tag.rpartition(".")[2].strip()
        if not (colon and number.isascii() and number.isdigit()):
            raise _Damaged
        fields.setdefault(int(number), value)
    return fields, end


def _after_tagged(data: bytes, at: int) -> int:
    """The record says its length in its first field, `2.001:186`, and ends with FS."""
    colon = data.find(b":", at, at + 16)
    stop = colon + 1
    while colon >= 0 and data[stop : stop + 1].isdigit():
        stop += 1
    length = int(data[colon + 1 : stop]) if 0 <= colon < stop - 1 and stop - colon < 12 else 0
    if length == 0 or at + length > len(data) or data[at + length - 1 : at + length] != FS.encode():
        raise _Damaged
    return at + length


def _after_binary(data: bytes, at: int) -> int:
    length = int.from_bytes(data[at : at + 4], "big")
    if length < 5 or at + length > len(data):
        raise _Damaged
    return at + length
