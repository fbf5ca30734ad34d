"""Where the words of a profile lie in the rows of a table, be it text or a workbook."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter

from shared.domain.errors import Rejected
from shared.feeds.contract import ChargeText, Draft, EventText, NameText, PersonText, PlaceText, Reject, Skip
from shared.feeds.profile import DELIMITERS, NTH, Cut, Profile
from shared.feeds.sensitive import Barring, folded

Cells = Sequence[str]
Charges = tuple[tuple[ChargeText, ...], bool]
"""The charges of a row, and whether the cells of their parts do not go together."""

_new = tuple.__new__  # five times as fast as `_make`
_TEXTS = (EventText, NameText, PersonText, PlaceText)
_EVENT, _NAME, _PERSON, _PLACE = (
    slice(sum(len(text._fields) for text in _TEXTS[:at]), sum(len(text._fields) for text in _TEXTS[: at + 1]))
    for at in range(len(_TEXTS))
)
"""Where each of them lies among all their words."""

_TWO = ("statute", "charge")  # either makes a charge; the other words only say more of one


class Columns:
    """Compiled for one header. Raises Rejected when the header and the profile do not go together."""

    def __init__(self, header: Sequence[str], profile: Profile) -> None:
        self.names = [folded(name) for name in header]
        self.said = list(header)
        self._profile = profile
        barring = Barring(profile.drop)
        self.barred = [at for at, name in enumerate(header) if barring.bars(name)]
        self._nth = _Numbered(self.names, profile) if profile.charges == "numbered columns" else None
        self._check()
        self._extra: list[Callable[[Cells], str]] = []
        self._words = _getter([self._place_of(word) for text in _TEXTS for word in text._fields])
        self._charges_of = self._charges()
        kept = [at for at in range(len(header)) if at not in self.barred]
        self.facts = _getter([self._at(name) for name in profile.arrest_key] or kept)
        named = [*profile.arrest_key, *profile.columns.get("number", ())]
        self.last_cell_names_the_arrest = not named or self.names[-1] in {folded(name) for name in named}
        self.with_person = any(word in profile.columns for word in NameText._fields)

    def draft(self, line: int, text: str, cells: Cells, unfinished: bool) -> Draft | Skip:
        """`text`: the row as it may be kept."""
        row = [*cells, *[made(cells) for made in self._extra], ""] if self._extra else [*cells, ""]
        if cells == self.said:
            return Skip(line, "header repeated")
        words = self._words(row)
        event = _new(EventText, words[_EVENT])
        numbered = bool(event.number.strip())
        if not numbered and not any(map(str.strip, cells)):
            return Skip(line, "blank line")
        charges, unpaired = self._charges_of(row)
        return Draft(
            line,
            text,
            event,
            (_new(NameText, words[_NAME]),) if self.with_person else (),
            _new(PersonText, words[_PERSON]),
            _new(PlaceText, words[_PLACE]),
            charges,
            () if numbered else self.facts(row),
            None,
            unfinished,
            unpaired,
        )

    def of_another_width(self, line: int, text: str, kept: str, found: int) -> Reject | Skip:
        if not text.strip():
            return Skip(line, "blank line")
        code = "too-few-cells" if found < len(self.names) else "too-many-cells"
        return Reject(line, code, f"The row has {found} cells, the header {len(self.names)}.",
                      "Quote cells that hold the delimiter, and send every column in every row.", kept)  # fmt: skip

    def _at(self, name: str) -> int:
        return self.names.index(folded(name))

    def _place_of(self, word: str) -> int:
        """A missing word points at the last cell, which is empty; joined and cut cells are added before it."""
        names, cut = self._profile.columns.get(word, ()), self._profile.cut.get(word)
        if not names or any(NTH in name for name in names):
            return -1
        if len(names) == 1 and cut is None:
            return self._at(names[0])
        self._extra.append(_joined([self._at(name) for name in names], cut))
        return len(self.names) + len(self._extra) - 1

    def _charges(self) -> Callable[[Cells], Charges]:
        cells_of = _getter([self._place_of(word) for word in ChargeText._fields])
        one: Callable[[Cells], ChargeText] = lambda row: _new(ChargeText, cells_of(row))  # noqa: E731
        if self._profile.charges == "joined in a cell":
            said = tuple(word in self._profile.columns for word in ChargeText._fields)
            return partial(_parted, one, self._profile.charge_separator, said)
        if self._nth:
            each = [_getter(places) for places in self._nth.places]
            return lambda row: (tuple(_new(ChargeText, cells(row)) for cells in each), False)
        return lambda row: ((_new(ChargeText, cells_of(row)),), False)

    def _check(self) -> None:
        profile = self._profile
        named = dict.fromkeys([*(name for names in profile.columns.values() for name in names), *profile.arrest_key])
        wanted = [name for name in named if not (self._nth and NTH in name)]
        missing = [name for name in wanted if folded(name) not in self.names]
        missing += [name for name in named if self._nth and NTH in name and not self._nth.has(name)]
        if missing:
            raise Rejected("header", f"The header lacks the columns {', '.join(missing)}.{self._hint(profile)}",
                           "Send the file with these columns, or name the new ones in the profile.")  # fmt: skip
        twice = [name for name in wanted if self.names.count(folded(name)) > 1]
        if twice:
            raise Rejected("header", f"The header has more than one column named {', '.join(twice)}.",
                           "Give each column its own name.")  # fmt: skip
        numbered = self._nth.every if self._nth else ()
        barred = [name for name in wanted if self._at(name) in self.barred]
        barred += [self.said[at].strip() for at in numbered if at in self.barred]
        if barred:
            raise Rejected("header", f"The profile reads the columns {', '.join(barred)}, which may not be kept.",
                           "Take them out of `columns` and `arrest_key`.")  # fmt: skip

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
    before, _, after = folded(wanted).partition(NTH)
    name_of = re.compile(f"{re.escape(before)}([0-9]{{1,3}}){re.escape(after)}")
    for at, name in enumerate(names):
        if said := name_of.fullmatch(name):
            yield int(said[1]), at


def _parted(one: Callable[[Cells], ChargeText], separator: str, said: tuple[bool, ...], row: Cells) -> Charges:
    """The charges that are joined in cells, part by part. Where the cells have different numbers of parts, nobody can
    tell what goes with what: each code and each text is a charge of its own, and the rest is left out."""
    cells = one(row)
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


def _getter(places: list[int]) -> Callable[[Cells], tuple[str, ...]]:
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return itemgetter(*places)
