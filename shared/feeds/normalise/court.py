"""Outcomes, dockets, bail, warrants and court dates, each parsed from its text. What repeats comes from a cache."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from shared.arrests.court import LONGEST_CODE, LONGEST_SENTENCE, CourtCase, Disposition
from shared.arrests.model import Flag
from shared.arrests.numbers import number_in
from shared.errors import Rejected
from shared.feeds.normalise.bail import parse_bail
from shared.feeds.normalise.dates import Moment
from shared.feeds.normalise.flags import number_flag
from shared.feeds.normalise.plain_text import plain_line
from shared.feeds.profiles.court_codes import BAIL_KINDS, OUTCOMES
from shared.feeds.profiles.model import Profile
from shared.feeds.record import CaseText, ChargeText

_REMEMBERED = 16_384  # cases, so that memory does not grow with the file
_NOTHING_SAID = CourtCase()


class ParsedCases(NamedTuple):
    """`cases` is empty where the record says nothing of a court. `unknown_words` are as in `ParsedCharges`."""

    cases: tuple[CourtCase, ...] = ()
    flags: tuple[Flag, ...] = ()
    unknown_words: tuple[tuple[str, str], ...] = ()


_NO_CASE = ParsedCases()


class CourtParser:
    """Compiled for one drop. `moment_of` reads a day and a time; it raises Rejected for a day that cannot be read."""

    def __init__(self, profile: Profile, moment_of: Callable[[str, str], Moment | None]) -> None:
        self._blanks, self._moment_of = profile.blanks, moment_of
        self._outcomes = {**OUTCOMES, **profile.codes.outcome}
        self._bail_kinds = {**BAIL_KINDS, **profile.codes.bail}
        self.cases = lru_cache(_REMEMBERED)(self._cases)

    def disposition(self, text: ChargeText) -> Disposition | None:
        """None where the text tells of no decision. `DECLINED` is an outcome here, and a placeholder elsewhere."""
        if not (text.outcome or text.disposed_statute or text.sentence):
            return None
        word = plain_line(text.outcome)
        outcome = self._outcomes.get(word.upper())
        disposition = Disposition(
            outcome=outcome,
            outcome_raw="" if outcome else self._blanks.without(word)[:LONGEST_CODE],
            statute=self._line(text.disposed_statute),
            sentence=_shortened(self._line(text.sentence)),
        )
        return disposition if disposition != _NO_DECISION else None

    def is_cut(self, text: ChargeText) -> bool:
        """Whether the sentence is longer than what is kept of it."""
        return len(text.sentence) > LONGEST_SENTENCE and len(self._line(text.sentence)) > LONGEST_SENTENCE

    def _cases(self, text: CaseText) -> ParsedCases:
        if not any(text):
            return _NO_CASE
        bail, is_unread = parse_bail(plain_line(text.bail), plain_line(text.bail_kind), self._bail_kinds, self._blanks)
        docket, docket_flags = self._number(text.docket)
        warrant, warrant_flags = self._number(text.warrant)
        moment, date_flags = self._next_date(text)
        case = CourtCase(
            court=self._line(text.court),
            docket=docket,
            bail=bail,
            warrant=warrant,
            warrant_court=self._line(text.warrant_court),
            next_on=moment and moment.day,
            next_at=moment and moment.instant,
        )
        flags = (*docket_flags, *warrant_flags, *date_flags, *([Flag.UNREADABLE_BAIL] if is_unread else []))
        unknown = (("bail kind", bail.kind_raw),) if bail and bail.kind_raw else ()
        return ParsedCases((case,) if case != _NOTHING_SAID else (), tuple(dict.fromkeys(flags)), unknown)

    def _line(self, text: str) -> str:
        return self._blanks.without(plain_line(text)) if text else ""

    def _number(self, text: str) -> tuple[str, tuple[Flag, ...]]:
        """A docket or warrant number in one form, and why it is left out."""
        number = number_in(text, self._blanks)
        flag = number_flag(text) if number else None
        return ("", (flag,)) if flag else (number, ())

    def _next_date(self, text: CaseText) -> tuple[Moment | None, tuple[Flag, ...]]:
        """A next date that cannot be read costs only itself: the arrest counts without it."""
        try:
            moment = self._moment_of(text.court_date, text.court_time)
        except Rejected:
            return None, (Flag.UNREADABLE_COURT_DATE,)
        return moment, (Flag.UNREADABLE_TIME,) if moment and moment.time_unread else ()


_NO_DECISION = Disposition()


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[: LONGEST_SENTENCE - 1].rstrip()}…"
