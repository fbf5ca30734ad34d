"""NIBRS fixed width: a segment a line, with its length and its kind in front. Who was arrested stands in segment 6
(Group A) and segment 7 (Group B). FBI, "NIBRS Technical Specification", data submission record layouts.

A Group A arrestee is known by agency, incident and sequence: arrest numbers are not unique in it.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from shared.arrests.model import ADULT_FROM
from shared.errors import Rejected
from shared.feeds.formats.streams.lines import Unfinished, lines
from shared.feeds.formats.ucr_codes import offense
from shared.feeds.profiles.model import Profile
from shared.feeds.record import ChargeText, DroppedColumns, EventText, PersonText, RawRecord, ReadResult, Reject, Skip

_KINDS = "01234567"
_VICTIMS = "4"
_HEAD = 37  # length 4, kind 1, action 1, month 2, year 4, city 4, ORI 9, incident or arrest number 12
_SEGMENT = ("segment", "The line is no whole NIBRS segment: its length is not what its first four digits say.",
            "Send the submission file again, whole.")  # fmt: skip
_WITHHELD = "(withheld: a segment of a victim may not be kept)"
_DELETION = ("deletion", "The segment takes back what was reported before, which a feed cannot do.",
             "Ask for the arrest to be sealed.")  # fmt: skip


class _Layout(NamedTuple):
    """Where the parts of an arrestee begin; lengths are the same in both segments, ages of two figures may have two
    more for the upper end of a range."""

    sequence: int
    date: int
    code: int
    age: int
    sex: int
    disposition: int
    length: int  # without what may be left out at the end


_ARRESTEES = {"6": _Layout(37, 51, 61, 70, 74, 78, 78), "7": _Layout(37, 39, 48, 57, 61, 65, 65)}


def read(stream: BinaryIO, profile: Profile) -> Iterator[ReadResult]:
    any_segment = victims = False
    for number, line in enumerate(lines(stream, profile.text.encoding), 1):
        if isinstance(line, Reject):
            yield line
        elif not line.strip():
            yield Skip(number, "blank line")
        elif not _is_segment(line):
            yield Reject(number, *_SEGMENT, _shown(line))
        else:
            any_segment, victims = True, victims or line[4] == _VICTIMS
            yield _read(number, line)
    if victims:
        yield DroppedColumns(("segment 4 (victims)",))
    if not any_segment:
        raise Rejected(
            "not-an-arrest-feed",
            "No line of the file is a NIBRS segment.",
            "Send the submission file, not the list of its errors.",
        )


def _read(number: int, line: str) -> ReadResult:
    layout = _ARRESTEES.get(line[4])
    if line[5] == "D":
        return Reject(number, *_DELETION, _shown(line))
    if layout is None:
        return Skip(number, "segment without an arrestee")
    if len(line) < layout.length:
        return Reject(number, *_SEGMENT, str(line))
    ori, named, sequence = (line[at : at + size].strip() for at, size in ((16, 9), (25, 12), (layout.sequence, 2)))
    code, age = line[layout.code : layout.code + 3].strip(), line[layout.age : layout.age + 2]
    return RawRecord(
        line=number,
        row=str(line),
        event=EventText(
            number=f"{ori}/{named}/{sequence}" if named else "", arrested=line[layout.date : layout.date + 8], ori=ori
        ),
        person=PersonText(
            sex=line[layout.sex : layout.sex + 1],
            age="" if age == "00" else age,
            age_group="JUVENILE" if _is_minors(line, layout, age) else "",
        ),
        charges=(ChargeText(statute=code, charge=offense(code)),),
        facts=(str(line),),
    )


def _shown(line: str) -> str:
    return _WITHHELD if line[4:5] == _VICTIMS else str(line)


def _is_minors(line: str, layout: _Layout, age: str) -> bool:
    """Infants' ages are letters (`BB`); a disposition is of minors only, and beside an adult's age a slip."""
    disposition = line[layout.disposition : layout.disposition + 1].strip()
    return age in ("NN", "NB", "BB") or bool(disposition and not (age.isdigit() and int(age) >= ADULT_FROM))


def _is_segment(line: str) -> bool:
    """The length is that of the line, or of the line without the blanks that systems cut at its end. An unfinished line
    is taken only when it is whole."""
    said = line[:4]
    if not (said.isascii() and said.isdigit()) or line[4:5] not in _KINDS or len(line) < _HEAD:
        return False
    missing = int(said) - len(line)
    return missing == 0 or (0 < missing <= 60 and not isinstance(line, Unfinished))
