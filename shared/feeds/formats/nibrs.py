"""NIBRS fixed width: a segment a line, which begins with its length and its kind. Arrestees are in the segments 6
(Group A) and 7 (Group B). Source: FBI, "NIBRS Technical Specification", data submission record layouts.

A Group A arrestee is identified by agency, incident and sequence, because arrest numbers repeat between incidents.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from shared.errors import Rejected
from shared.feeds.formats.layout_keys import LayoutKeys
from shared.feeds.formats.streams.lines import UnfinishedLine, lines
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.formats.ucr_codes import is_adult, offense_of
from shared.feeds.layout import FileLayout
from shared.feeds.record import ChargeText, DroppedColumns, EventText, PersonText, RawRecord, ReadResult, Reject, Skip

LARGEST = LARGEST_DROP
DATE_FORMS: tuple[str, ...] = ()
KIND = FileKind.TEXT
KEYS = LayoutKeys(frozenset({"text.encoding"}))

_KINDS = "01234567"
_VICTIM = "4"
_HEAD = 37  # characters: length 4, kind 1, action 1, month 2, year 4, city 4, ORI 9, incident or arrest number 12
_MOST_TRIMMED = 60  # blanks that systems cut off at the end of a segment
_DELETE_ACTION = "D"
_INFANT_AGES = ("NN", "NB", "BB")
_UNKNOWN_AGE = "00"
_SEGMENT = (
    "segment",
    "The line is no whole NIBRS segment: its length is not what its first four digits say.",
    "Send the submission file again, whole.",
)
_WITHHELD = "(withheld: a segment of a victim may not be kept)"
_DELETION = (
    "deletion",
    "The segment takes back what was reported before, which a feed cannot do.",
    "Ask for the arrest to be sealed.",
)


class SegmentLayout(NamedTuple):
    """Positions of an arrestee's fields, in characters from 0. Their lengths are equal in both segments.

    `length` is that of a segment without what may be left out at its end.
    """

    sequence: int
    date: int
    code: int
    age: int
    sex: int
    disposition: int
    length: int


_ARRESTEE_SEGMENTS = {"6": SegmentLayout(37, 51, 61, 70, 74, 78, 78), "7": SegmentLayout(37, 39, 48, 57, 61, 65, 65)}


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when no line of the file is a segment."""
    has_segments = has_victims = False
    for number, line in enumerate(lines(stream, layout.text.encoding), 1):
        if isinstance(line, Reject):
            yield line
        elif not line.strip():
            yield Skip(number, "blank line")
        elif not _is_segment(line):
            yield Reject(number, *_SEGMENT, _row_of(line))
        else:
            has_segments, has_victims = True, has_victims or line[4] == _VICTIM
            yield _read_segment(number, line)
    if has_victims:
        yield DroppedColumns(("segment 4 (victims)",))
    if not has_segments:
        raise Rejected(
            "not-an-arrest-feed",
            "No line of the file is a NIBRS segment.",
            "Send the submission file, not the list of its errors.",
        )


def _read_segment(number: int, line: str) -> ReadResult:
    segment = _ARRESTEE_SEGMENTS.get(line[4])
    if line[5] == _DELETE_ACTION:
        return Reject(number, *_DELETION, _row_of(line))
    if segment is None:
        return Skip(number, "segment without an arrestee")
    if len(line) < segment.length:
        return Reject(number, *_SEGMENT, str(line))
    return _arrestee_of(number, line, segment)


def _arrestee_of(number: int, line: str, segment: SegmentLayout) -> RawRecord:
    def field(start: int, length: int) -> str:
        return line[start : start + length]

    ori, incident, sequence = field(16, 9).strip(), field(25, 12).strip(), field(segment.sequence, 2).strip()
    code, age = field(segment.code, 3).strip(), field(segment.age, 2)
    return RawRecord(
        line=number,
        row=str(line),
        event=EventText(
            number=f"{ori}/{incident}/{sequence}" if incident else "", arrested=field(segment.date, 8), ori=ori
        ),
        person=PersonText(
            sex=field(segment.sex, 1),
            age="" if age == _UNKNOWN_AGE else age,
            age_group="JUVENILE" if _is_minor(field(segment.disposition, 1).strip(), age) else "",
        ),
        charges=(ChargeText(statute=code, charge=offense_of(code)),),
        facts=(str(line),),
    )


def _row_of(line: str) -> str:
    return _WITHHELD if line[4:5] == _VICTIM else str(line)


def _is_minor(disposition: str, age: str) -> bool:
    """Only minors have a disposition under 18; beside an adult's age it is a slip."""
    return age in _INFANT_AGES or bool(disposition and not is_adult(age))


def _is_segment(line: str) -> bool:
    """Whether the line has the length that it declares, or lacks only blanks that were cut off at its end.

    An unfinished line must have the declared length.
    """
    declared = line[:4]
    if not (declared.isascii() and declared.isdigit()) or line[4:5] not in _KINDS or len(line) < _HEAD:
        return False
    missing = int(declared) - len(line)
    return missing == 0 or (0 < missing <= _MOST_TRIMMED and not isinstance(line, UnfinishedLine))
