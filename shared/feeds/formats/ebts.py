"""EBTS: ANSI/NIST-ITL transactions with FBI EBTS Type-2 records, the booking that goes with a set of fingerprints.
Source: FBI, "Electronic Biometric Transmission Specification"; ANSI/NIST-ITL 1, traditional encoding.

A transaction is a Type-1 record, which lists the others, a Type-2 record with the descriptive text, and images, which
are skipped by their lengths. A tagged record has fields such as `2.045:20260901` (long tags `2.0045` and short ones
`2.45` alike), separated by GS and ended by FS; a field has items separated by RS, and an item has parts separated by
US. The records of types 3 to 8 are binary: four bytes of length, then what is never read.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, NamedTuple

from shared.arrests.model import EventKind
from shared.errors import Rejected
from shared.feeds.formats.layout_keys import LayoutKeys
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.layout import FileLayout
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

LARGEST = 64 << 20  # bytes; the whole drop is held
DATE_FORMS: tuple[str, ...] = ()
KIND = FileKind.FINGERPRINTS
KEYS = LayoutKeys(frozenset({"text.encoding"}))


FS, GS, RS, US = "\x1c", "\x1d", "\x1e", "\x1f"
_BINARY_TYPES = {3, 4, 5, 6, 7, 8}
_DESCRIPTION_TYPE = 2
_PHOTO_TYPE = 10
_JUVENILE_ARREST = "CARJDR"
_OF_NEW_YORK = {"CARAAR", _JUVENILE_ARREST}
_ARREST_TRANSACTIONS = {"CAR", "CNA", "CPDR", "CPNU", *_OF_NEW_YORK}
"""Types of transaction that submit an arrest. Those of New York add who is arrested to the FBI's: an adult (CARAAR), a
juvenile (CARJDR). Source: New York State Division of Criminal Justice Services, NYS EBTS."""
_FORBIDDEN = {16: "2.016 SOC", 17: "2.017 MNU", 21: "2.021 CTZ"}  # social security, passport and such, citizenship
_CUT = (
    "ebts-cut",
    "The file is cut short or damaged: from this record on, its records cannot be told apart.",
    "Send the file again, whole.",
)
_NOBODY = (
    "no-description",
    "The transaction describes no person who was arrested.",
    "Send the Type-2 record with a name and the arrest.",
)

TaggedFields = Mapping[int, str]
"""The fields of one tagged record: number of the field -> its text."""


class DamagedFileError(ValueError):
    """The records from this byte on cannot be told apart."""


class Transaction(NamedTuple):
    header: TaggedFields  # Type-1
    description: TaggedFields  # Type-2, without forbidden fields
    dropped: tuple[str, ...]  # the names of forbidden fields that it had


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the file does not begin with a Type-1 record."""
    data = stream.read()
    if not data.startswith(b"1."):
        raise Rejected("not-an-arrest-feed", "The file does not begin with a Type-1 record.", "Send an EBTS file.")
    start, number, dropped = 0, 0, dict[str, None]()
    forbidden = _FORBIDDEN | _dropped_fields(layout.drop)
    while data[start:].strip():
        number += 1
        try:
            transaction, start = _read_transaction(data, start, layout.text.encoding, forbidden)
        except DamagedFileError:
            yield Reject(number, *_CUT)
            break
        dropped |= dict.fromkeys(transaction.dropped)
        yield _raw_record(number, transaction)
    if dropped:
        yield DroppedColumns(tuple(dropped))


def _raw_record(number: int, transaction: Transaction) -> ReadResult:
    """Field numbers are those of EBTS: 1.04 type of transaction, 1.09 control number, 2.018 name, 2.045 date of arrest,
    2.047 charges; and those of New York: 2.1217 tracking number."""
    header, fields = transaction.header, transaction.description
    transaction_type = header.get(4, "").strip().upper()
    if transaction_type not in _ARREST_TRANSACTIONS:
        return Reject(
            number,
            "not-an-arrest",
            "The type of the transaction is none that submits an arrest.",
            f"Send transactions of the types {', '.join(sorted(_ARREST_TRANSACTIONS))}.",
        )
    if not (fields.get(18, "").strip() and (fields.get(45, "").strip() or fields.get(47, "").strip())):
        return Reject(number, *_NOBODY)
    control = header.get(9, "").strip()
    ori = _first_item(fields, 73) or header.get(8, "").strip()
    return RawRecord(
        line=number,
        row="",
        event=EventText(number=control, arrested=fields.get(45, ""), ori=ori),
        names=(NameText(name=fields[18]),),
        person=PersonText(
            alias=";".join(_items(fields, 19)),
            born=_first_item(fields, 22),
            sex=fields.get(24, ""),
            age_group="JUVENILE" if transaction_type == _JUVENILE_ARREST else "",
            sid=";".join(_items(fields, 15)),
            sid_issuer=_first_item(fields, 15)[:2],  # the state's letters begin it
            fbi=_first_item(fields, 14),
            booking_number=fields.get(9, ""),
            cjtn=_first_item(fields, 1217) if transaction_type in _OF_NEW_YORK else "",
        ),
        charges=tuple(ChargeText(charge=text) for item in _items(fields, 47) if (text := item.split(US)[-1].strip())),
        facts=(control, *(fields.get(tag, "") for tag in (9, 18, 22, 45, 47))),
        kind=EventKind.ARREST,
    )


def _items(fields: TaggedFields, number: int) -> list[str]:
    return [item.strip() for item in fields.get(number, "").split(RS) if item.strip()]


def _first_item(fields: TaggedFields, number: int) -> str:
    return next(iter(_items(fields, number)), "")


def _dropped_fields(drop: Iterable[str]) -> dict[int, str]:
    """The Type-2 fields that a profile drops, each written as its tag: `2.019`."""
    tags = ((name, name.split(maxsplit=1)[0].rpartition(".")[2]) for name in drop if name.strip())
    return {int(number): name for name, number in tags if _is_number(number)}


def _read_transaction(data: bytes, start: int, encoding: str, forbidden: Mapping[int, str]) -> tuple[Transaction, int]:
    """Returns the transaction that begins at this byte, and where it ends. Raises DamagedFileError.

    Type-1 lists the types of the records that follow, in their order.
    """
    header, end = _read_tagged(data, start, encoding)
    description: dict[int, str] = {}
    record_types = _record_types(header)
    for record_type in record_types:
        if record_type in _BINARY_TYPES:
            end = _end_of_binary(data, end)
        elif record_type == _DESCRIPTION_TYPE:
            fields, end = _read_tagged(data, end, encoding)
            description = fields | description  # the first of two descriptions counts
        else:
            end = _end_of_tagged(data, end)
    dropped = [name for number, name in forbidden.items() if description.pop(number, None) is not None]
    if _PHOTO_TYPE in record_types:
        dropped.append("Type-10 (photos)")
    return Transaction(header, description, tuple(dropped)), end


def _record_types(header: TaggedFields) -> list[int]:
    """From field 1.03: each item but the first is a type of record and the record's number."""
    types = [item.split(US)[0].strip() for item in header.get(3, "").split(RS)[1:]]
    if not types or not all(map(_is_number, types)):
        raise DamagedFileError
    return [int(text) for text in types]


def _read_tagged(data: bytes, start: int, encoding: str) -> tuple[dict[int, str], int]:
    end = _end_of_tagged(data, start)
    try:
        text = data[start : end - 1].decode(encoding)
    except UnicodeDecodeError as error:
        raise DamagedFileError from error
    fields: dict[int, str] = {}
    for field in text.split(GS):
        tag, colon, value = field.partition(":")
        number = tag.rpartition(".")[2].strip()
        if not (colon and _is_number(number)):
            raise DamagedFileError
        fields.setdefault(int(number), value)
    return fields, end


def _is_number(text: str) -> bool:
    """A longer one is no type and no tag, and Python refuses to read thousands of digits."""
    return len(text) < 10 and text.isascii() and text.isdigit()


def _end_of_tagged(data: bytes, start: int) -> int:
    """The record declares its length in its first field, `2.001:186`, and ends with FS."""
    colon = data.find(b":", start, start + 16)
    stop = colon + 1
    while colon >= 0 and data[stop : stop + 1].isdigit():
        stop += 1
    length = int(data[colon + 1 : stop]) if 0 <= colon < stop - 1 and stop - colon < 12 else 0
    end = start + length
    if length == 0 or end > len(data) or data[end - 1 : end] != FS.encode():
        raise DamagedFileError
    return end


def _end_of_binary(data: bytes, start: int) -> int:
    length = int.from_bytes(data[start : start + 4], "big")
    if length < 5 or start + length > len(data):
        raise DamagedFileError
    return start + length
