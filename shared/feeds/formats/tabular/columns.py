"""Where the words of a profile lie in the rows of a table, be it text or a workbook."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import repeat
from operator import itemgetter
from typing import Generic, TypeVar

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter, fold_name
from shared.feeds.profiles.model import DELIMITERS, NTH, Cut, Profile
from shared.feeds.record import ChargeText, EventText, NameText, PersonText, PlaceText, RawRecord, Reject, Skip

Cells = Sequence[str]
Charges = tuple[tuple[ChargeText, ...], bool]
"""The charges of a row, and whether the cells of their parts do not go together."""

Text = TypeVar("Text", EventText, NameText, PersonText, PlaceText)
Made = TypeVar("Made")
Cell = TypeVar("Cell")

_new = tuple.__new__  # five times as fast as `_make`
_REMEMBERED = 16_384  # texts of each kind, so that memory does not grow with the file
_TWO = ("statute", "charge")  # either makes a charge; the other words only say more of one


class _Group(Generic[Made]):
    """Words that are read together, and what is made of their cells, in one row or in whole columns."""

    def __init__(self, make: Callable[[tuple[str, ...]], Made], places: list[int]) -> None:
        self._make = make
        self.cells_of: Callable[[Cells], tuple[str, ...]] = _getter(places)
        self.columns_of: Callable[[Sequence[Cells]], tuple[Cells, ...]] = _getter(places)

    def of(self, row: Cells) -> Made:
        return self._make(self.cells_of(row))

    def of_each(self, columns: Sequence[Cells]) -> Iterable[Made]:
        return map(self._make, zip(*self.columns_of(columns), strict=True))


class Columns:
    """Compiled for one header. Raises Rejected when the header and the profile do not go together."""

    def __init__(self, header: Sequence[str], profile: Profile) -> None:
        self.names = [fold_name(name) for name in header]
        self.said = list(header)
        self._profile = profile
        barring = FieldFilter(profile.drop)
        self.barred = [at for at, name in enumerate(header) if barring.is_forbidden(name)]
        self._nth = _Numbered(self.names, profile) if profile.charges == "numbered columns" else None
        self._check()
        self._extra: list[Callable[[Cells], str]] = []
        self.with_person = any(word in profile.columns for word in NameText._fields)
        self._event, self._names = self._each(EventText), self._each(NameText)
        self._person = self._each(PersonText) if self.with_person else self._repeated(PersonText)
        self._place = self._repeated(PlaceText)
        self._charges = self._charged()
        kept = [at for at in range(len(header)) if at not in self.barred]
        self.facts = _getter([self._at(name) for name in profile.arrest_key] or kept)
        named = [*profile.arrest_key, *profile.columns.get("number", ())]
        self.last_cell_names_the_arrest = not named or self.names[-1] in {fold_name(name) for name in named}

    def draft(self, line: int, text: str, cells: Cells, unfinished: bool) -> RawRecord | Skip:
        """`text`: the row as it may be kept."""
        row = [*cells, *[made(cells) for made in self._extra], ""] if self._extra else [*cells, ""]
        if cells == self.said:
            return Skip(line, "header repeated")
        event = self._event.of(row)
        numbered = bool(event.number.strip())
        if not numbered and not any(map(str.strip, cells)):
            return Skip(line, "blank line")
        charges, unpaired = self._charges.of(row)
        names = (self._names.of(row),) if self.with_person else ()
        facts = () if numbered else self.facts(row)
        return _new(
            RawRecord,
            (
                line,
                text,
                event,
                names,
                self._person.of(row),
                self._place.of(row),
                charges,
                facts,
                None,
                unfinished,
                unpaired,
            ),
        )

    def drafts(self, lines: Iterable[int], texts: Iterable[str], rows: Sequence[Cells]) -> Iterator[RawRecord] | None:
        """What `draft` says of each of these rows, but made a column at a time, without a step of Python for a row.
        None where `draft` must look at each: one of them repeats the header, or has no number."""
        extra = [[made(row) for row in rows] for made in self._extra]
        columns: list[Cells] = [*zip(*rows, strict=True), *extra, [""] * len(rows)]
        numbers, *_ = self._event.columns_of(columns)
        if self.said in rows or not all(map(str.strip, numbers)):
            return None
        names = zip(self._names.of_each(columns), strict=True) if self.with_person else repeat(())
        charges, unpaired = zip(*self._charges.of_each(columns), strict=True)
        return map(
            partial(_new, RawRecord),
            zip(
                lines,
                texts,
                self._event.of_each(columns),
                names,
                self._person.of_each(columns),
                self._place.of_each(columns),
                charges,
                repeat(()),
                repeat(None),
                repeat(False),
                unpaired,
                strict=False,
            ),
        )

    def of_another_width(self, line: int, text: str, kept: str, found: int) -> Reject | Skip:
        if not text.strip():
            return Skip(line, "blank line")
        code = "too-few-cells" if found < len(self.names) else "too-many-cells"
        return Reject(
            line,
            code,
            f"The row has {found} cells, the header {len(self.names)}.",
            "Quote cells that hold the delimiter, and send every column in every row.",
            kept,
        )

    def _at(self, name: str) -> int:
        return self.names.index(fold_name(name))

    def _place_of(self, word: str) -> int:
        """A missing word points at the last cell, which is empty; joined and cut cells are added before it."""
        names, cut = self._profile.columns.get(word, ()), self._profile.cut.get(word)
        if not names or any(NTH in name for name in names):
            return -1
        if len(names) == 1 and cut is None:
            return self._at(names[0])
        self._extra.append(_joined([self._at(name) for name in names], cut))
        return len(self.names) + len(self._extra) - 1

    def _places_of(self, kind: type[Text | ChargeText]) -> list[int]:
        return [self._place_of(word) for word in kind._fields]

    def _each(self, kind: type[Text]) -> _Group[Text]:
        """Of what is seldom said twice."""
        return _Group(partial(_new, kind), self._places_of(kind))

    def _repeated(self, kind: type[Text]) -> _Group[Text]:
        """Of what is said again and again: equal cells give the very same text. Few cells are compared sooner."""
        places = self._places_of(kind)
        said = [place for place in places if place >= 0]
        whole: Callable[[Cells], tuple[str, ...]] = _getter(
            [said.index(place) if place >= 0 else -1 for place in places]
        )
        made = lru_cache(_REMEMBERED)(lambda cells: _new(kind, whole((*cells, ""))))
        return _Group(made, said or [-1])

    def _charged(self) -> _Group[Charges]:
        if self._nth:
            return _Group(lru_cache(_REMEMBERED)(_by_number), [at for places in self._nth.places for at in places])
        read: Callable[[tuple[str, ...]], Charges] = _alone
        if self._profile.charges == "joined in a cell":
            said = tuple(word in self._profile.columns for word in ChargeText._fields)
            read = partial(_parted, self._profile.charge_separator, said)
        return _Group(lru_cache(_REMEMBERED)(read), self._places_of(ChargeText))

    def _check(self) -> None:
        profile = self._profile
        named = dict.fromkeys([*(name for names in profile.columns.values() for name in names), *profile.arrest_key])
        wanted = [name for name in named if not (self._nth and NTH in name)]
        missing = [name for name in wanted if fold_name(name) not in self.names]
        missing += [name for name in named if self._nth and NTH in name and not self._nth.has(name)]
        if missing:
            raise Rejected(
                "header",
                f"The header lacks the columns {', '.join(missing)}.{self._hint(profile)}",
                "Send the file with these columns, or name the new ones in the profile.",
            )
        twice = [name for name in wanted if self.names.count(fold_name(name)) > 1]
        if twice:
            raise Rejected(
                "header",
                f"The header has more than one column named {', '.join(twice)}.",
                "Give each column its own name.",
            )
        numbered = self._nth.every if self._nth else ()
        barred = [name for name in wanted if self._at(name) in self.barred]
        barred += [self.said[at].strip() for at in numbered if at in self.barred]
        if barred:
            raise Rejected(
                "header",
                f"The profile reads the columns {', '.join(barred)}, which may not be kept.",
                "Take them out of `columns` and `arrest_key`.",
            )

    def _hint(self, profile: Profile) -> str:
        others = [word for word, sign in DELIMITERS.items() if sign != profile.text.delimiter]
        seen = [word for word in others if len(self.names) == 1 and DELIMITERS[word] in self.names[0]]
        return f" Its columns seem to be parted by a {seen[0]}." if seen else ""


class _Numbered:
    """Charges in columns such as `Charge 1`, `Class 1`, `Charge 2` ...: a row of `places` for each number."""

    def __init__(self, names: Sequence[str], profile: Profile) -> None:
        found: dict[int, dict[str, int]] = {}
        self._seen: set[str] = set()
        for word in ChargeText._fields:
            for wanted in profile.columns.get(word, ()):
                for number, at in _numbered(names, wanted):
                    self._seen.add(wanted)
                    found.setdefault(number, {})[word] = at
        self.places = [[found[nth].get(word, -1) for word in ChargeText._fields] for nth in sorted(found)]
        self.every = [at for places in self.places for at in places if at >= 0]

    def has(self, wanted: str) -> bool:
        return wanted in self._seen


def _numbered(names: Sequence[str], wanted: str) -> Iterator[tuple[int, int]]:
    """(number, place) of the columns that a name with `{n}` means; `01` is 1."""
    before, _, after = fold_name(wanted).partition(NTH)
    name_of = re.compile(f"{re.escape(before)}([0-9]{{1,3}}){re.escape(after)}")
    for at, name in enumerate(names):
        if said := name_of.fullmatch(name):
            yield int(said[1]), at


def _alone(cells: tuple[str, ...]) -> Charges:
    return (_new(ChargeText, cells),), False


def _by_number(cells: tuple[str, ...]) -> Charges:
    """The cells of the first charge, those of the second ..."""
    each = len(ChargeText._fields)
    return tuple(_new(ChargeText, cells[at : at + each]) for at in range(0, len(cells), each)), False


def _parted(separator: str, said: tuple[bool, ...], cells: tuple[str, ...]) -> Charges:
    """The charges that are joined in cells, part by part. Where the cells have different numbers of parts, nobody can
    tell what goes with what: each code and each text is a charge of its own, and the rest is left out."""
    parts = [_stripped(cell.split(separator)) if there else [] for cell, there in zip(cells, said, strict=True)]
    lengths = {len(some) for some, there in zip(parts, said, strict=True) if there and some}
    if len(lengths) <= 1:
        count = max(lengths, default=0)
        even = [some or [""] * count for some in parts]
        return tuple(ChargeText(*each) for each in zip(*even, strict=True)), False
    known = dict(zip(ChargeText._fields, parts, strict=True))
    return tuple(ChargeText(**{word: part}) for word in _TWO for part in known[word]), True


def _stripped(parts: list[str]) -> list[str]:
    """Without the blank parts at the end: many systems write the separator there too."""
    parts = [part.strip() for part in parts]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _joined(places: list[int], cut: Cut | None) -> Callable[[Cells], str]:
    """The cells with a space between them, or the parts of them that are meant."""
    keep = cut.of if cut else str
    return lambda cells: " ".join(filter(None, (keep(cells[at]).strip() for at in places)))


def _getter(places: list[int]) -> Callable[[Sequence[Cell]], tuple[Cell, ...]]:
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return itemgetter(*places)
