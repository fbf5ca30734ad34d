"""The one door: text of any format goes in, a valid Arrest comes out, or the sender is told what to mend."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from pydantic import ValidationError

from shared.arrests.charges import Charge
from shared.arrests.identity_events.event import IdentityChange, IdentityEvent
from shared.arrests.model import ADULT_FROM, CUSTODY_BEGINS, Arrest, EventKind, Flag, arrest_ids, event_id, is_juvenile
from shared.arrests.person import Person
from shared.arrests.places import Place
from shared.arrests.seals.seal import Seal
from shared.errors import Rejected
from shared.feeds.normalise.commands import identity_events_of, seal_of
from shared.feeds.normalise.dates import Calendar, Moment
from shared.feeds.normalise.fast_construct import unchecked_constructor
from shared.feeds.normalise.fields import REMEMBERED, FieldParser
from shared.feeds.profiles.model import Profile
from shared.feeds.record import EVENTS, ChargeText, Command, NameText, PersonText, RawRecord, Reject
from shared.pseudonyms import Pseudonyms

MOST_CHARGES = 100  # of 2 KB each at most, so that a document stays below the 400 KB of a DynamoDB item

_NOTICE = timedelta(days=2)

_made_arrest = unchecked_constructor(Arrest)


class DuplicatePolicy(Enum):
    """What two records with the same `arrest_id` in one file are to each other."""

    VERSIONS = "the later one holds"
    CHARGES = "each brings charges of the one arrest"
    STRANGERS = "each is an arrest of its own"


class Normalised(NamedTuple):
    arrest: Arrest
    duplicate_policy: DuplicatePolicy


class NormalisedCommand(NamedTuple):
    """What a record tells us to do."""

    actions: tuple[Seal | IdentityEvent, ...]


class _Arrestee(NamedTuple):
    person: Person
    flags: tuple[Flag, ...]
    unknown_sex: str
    juvenile: bool


_Kind = EventKind | IdentityChange | Command
_Placed = tuple[Place, tuple[Flag, ...]]
_Charged = tuple[tuple[Charge, ...], tuple[str, ...]]
"""And the words for a class that no code map knows."""


class Normaliser:
    """Compiled for one drop. `today` is the day of the drop in the agency's zone; `unknown` counts, by kind, the words
    that no code map knows."""

    def __init__(self, profile: Profile, pseudonyms: Pseudonyms, today: date) -> None:
        self._profile, self._pseudonyms, self._today = profile, pseudonyms, today
        self._kin = DuplicatePolicy.CHARGES if profile.charges == "row per charge" else DuplicatePolicy.VERSIONS
        self._calendar = Calendar(profile, today)
        self._parts = FieldParser(profile, self._calendar, today)
        self._kind = lru_cache(4096)(self._kind_of)
        self._flags = lru_cache(4096)(self._flags_of)
        self._moment = lru_cache(65_536)(self._moment_of)
        self._charges = lru_cache(REMEMBERED)(self._charges_of)
        self._nameless = lru_cache(REMEMBERED)(self._arrestee_of)
        self.unknown_codes: Counter[tuple[str, str]] = Counter()

    def normalise(self, drafts: Sequence[RawRecord]) -> Iterable[Normalised | NormalisedCommand | Reject]:
        """One for each draft, in their order."""
        return (drafts and self._together(drafts)) or map(self._one, drafts)

    def _together(self, drafts: Sequence[RawRecord]) -> Iterable[Normalised] | None:
        """What `_one` says of each, asked a column at a time: most of what a feed says is remembered, and found without
        a step of Python. None where `_one` must look at each: one is no arrest, has no number or is wrong."""
        _, _, events, names, persons, places, charges, _, said, unfinished, unpaired = zip(*drafts, strict=True)
        numbered, days, times, oris, words, _, _ = zip(*events, strict=True)
        numbers = [*map(str.strip, numbered)]
        try:
            kinds = [*map(self._kind, words, said)]
            if not (all(numbers) and CUSTODY_BEGINS.issuperset(kinds)):
                return None
            keys = arrest_ids(self._pseudonyms, self._profile.agency, numbers)
            moments = [*map(self._moment, days, times)]
            on = [moment and moment.day for moment in moments]
            people = [*map(self._arrestee_of if any(names) else self._nameless, names, persons, on)]
            placed, charged = map(self._parts.place, places), [*map(self._charges, charges)]
            flags = map(self._flags, on, unfinished, unpaired, repeat(True))
            arrests = [
                *map(self._made, keys, numbers, kinds, oris, moments, repeat(None), people, placed, charged, flags)
            ]
        except (Rejected, ValidationError):
            return None
        self.unknown_codes.update(("sex", arrestee.unknown_sex) for arrestee in people if arrestee.unknown_sex)
        self.unknown_codes.update(("charge class", word) for _, unknown in charged for word in unknown)
        return map(Normalised, arrests, repeat(self._kin))

    def _one(self, draft: RawRecord) -> Normalised | NormalisedCommand | Reject:
        """The reasons name places, never values."""
        try:
            kind = self._kind(draft.event.event, draft.kind)
            return self._admitted(draft, kind) if isinstance(kind, EventKind) else self._ordered(draft, kind)
        except Rejected as fault:
            return Reject(draft.line, fault.code, fault.reason, fault.fix, draft.row)
        except ValidationError as error:
            one = error.errors(include_url=False, include_context=False, include_input=False)[0]
            place = ".".join(str(part) for part in (error.title, *one["loc"]))
            return Reject(draft.line, "invalid", f"{place}: {one['msg']}.", "Mend the value.", draft.row)

    def _ordered(self, draft: RawRecord, kind: IdentityChange | Command) -> NormalisedCommand:
        agency, event = self._profile.agency, draft.event
        if kind is Command.SEAL:
            return NormalisedCommand(
                (seal_of(draft, agency, self._moment(event.arrested, event.arrested_time), self._parts),)
            )
        moment = self._moment(event.event_date or event.arrested, event.event_time)
        return NormalisedCommand(tuple(identity_events_of(draft, kind, agency, moment, self._parts, self._pseudonyms)))

    def _kind_of(self, said: str, known_already: _Kind | None) -> _Kind:
        """Never guessed: what is called an arrest and is none would alert people to what did not happen."""
        if known_already:
            return known_already
        word = said.strip().upper()
        known = self._profile.codes.event.get(word, word.lower()) if word else self._profile.event
        if known not in EVENTS:
            raise Rejected(
                "unknown-event",
                "The record tells of an event that the profile does not know.",
                f"Name its word in `codes.event` as one of: {', '.join(EVENTS)}.",
            )
        return EVENTS[known]

    def _admitted(self, draft: RawRecord, kind: EventKind) -> Normalised:
        event, number = draft.event, draft.event.number.strip()
        moment = self._moment(event.arrested, event.arrested_time)
        day = moment and moment.day
        happens = self._moment(event.event_date, event.event_time) if kind not in CUSTODY_BEGINS else None
        if kind is EventKind.RELEASE and happens and happens.day > self._today:
            kind = EventKind.RELEASE_SCHEDULED
        arrestee = (self._arrestee_of if draft.names else self._nameless)(draft.names, draft.person, day)
        if arrestee.unknown_sex:
            self.unknown_codes["sex", arrestee.unknown_sex] += 1
        placed = self._parts.place(draft.place)
        if number:
            agency, said_on = self._profile.agency, happens and happens.day
            key, kin = event_id(self._pseudonyms, agency, kind, number, said_on), self._kin
        else:
            key, kin = self._key(draft, kind, arrestee.person, happens or moment)
        charged = self._charges(draft.charges)
        self.unknown_codes.update(("charge class", word) for word in charged[1])
        flags = self._flags(day, draft.unfinished, draft.unpaired, bool(number))
        return Normalised(
            self._made(key, number, kind, event.ori, moment, happens, arrestee, placed, charged, flags), kin
        )

    def _made(  # noqa: PLR0913, PLR0917 - the columns of `_together`, one row of each
        self,
        key: str,
        number: str,
        kind: EventKind,
        ori: str,
        moment: Moment | None,
        happens: Moment | None,
        arrestee: _Arrestee,
        placed: _Placed,
        charged: _Charged,
        flags: tuple[Flag, ...],
    ) -> Arrest:
        day, at = moment or (None, None)
        return _made_arrest(
            {
                "arrest_id": key,
                "agency": self._profile.agency,
                "number": number,
                "kind": kind,
                "ori": ori.strip() or self._profile.ori,
                "arrested_on": day,
                "arrested_at": at,
                "event_on": happens and happens.day,
                "event_at": happens and happens.at,
                "person": arrestee.person,
                "charges": charged[0],
                "place": placed[0],
                "juvenile": arrestee.juvenile,
                "flags": flags + arrestee.flags + placed[1] + (self._notice(kind, happens) if happens else ()),
            }
        )

    def _arrestee_of(self, names: tuple[NameText, ...], text: PersonText, day: date | None) -> _Arrestee:
        """Who has a name is seldom seen twice in a drop, and is not remembered."""
        person, flags, unknown_sex, minor = self._parts.person(names, text)
        if person.date_of_birth and not self._parts.is_possible(person.date_of_birth, day or self._today):
            person = person.model_copy(update={"date_of_birth": None})
            flags = (*flags, Flag.IMPOSSIBLE_DATE_OF_BIRTH)
        juvenile = self._is_juvenile(minor, person, day)
        if minor is None and Flag.IMPOSSIBLE_DATE_OF_BIRTH in flags:  # what cannot be read is not taken for an adult's
            juvenile, flags = True, (*flags, Flag.MAY_BE_A_MINOR)
        return _Arrestee(person, flags, unknown_sex, juvenile)

    def _notice(self, kind: EventKind, happens: Moment) -> tuple[Flag, ...]:
        soon = kind is EventKind.RELEASE_SCHEDULED and happens.day < self._today + _NOTICE
        return (Flag.SHORT_NOTICE,) if soon else ()

    def _key(
        self, draft: RawRecord, kind: EventKind, person: Person, moment: Moment | None
    ) -> tuple[str, DuplicatePolicy]:
        """Of a record without a number: the columns that the profile names, else person and time, else all its facts.
        Equal keys of the last two sorts may still be two arrests, so nothing of them is ever lost in a collision."""
        of = self._pseudonyms.of
        agency = self._profile.agency if kind in CUSTODY_BEGINS else f"{self._profile.agency} {kind}"
        facts = [fact.strip() for fact in draft.facts]
        if self._profile.arrest_key and any(facts):
            return of("arrest by key columns", agency, *facts), self._kin
        born = person.date_of_birth or person.birth_year
        if born and moment and person.names and all(person.names[0].key):
            key = of("arrest by person", agency, *person.names[0].key, str(born), str(moment.at or moment.day))
            return key, DuplicatePolicy.CHARGES if self._kin is DuplicatePolicy.CHARGES else DuplicatePolicy.STRANGERS
        return of("arrest by facts", agency, *facts), DuplicatePolicy.STRANGERS

    def _moment_of(self, day: str, time: str) -> Moment | None:
        day = day.strip()
        if not day:
            return None
        if moment := self._calendar.arrested(day, time.strip()):
            return moment
        raise Rejected(
            "bad-date",
            "The date or time of the arrest or the event cannot be read.",
            f"Write it as {' or '.join(self._profile.dates)}, or add its form to `dates`.",
        )

    def _charges_of(self, texts: tuple[ChargeText, ...]) -> _Charged:
        if len(texts) > MOST_CHARGES:
            raise Rejected(
                "too-many-charges",
                f"The arrest has more than {MOST_CHARGES} charges.",
                "Check that the columns of `arrest_key` name one arrest.",
            )
        charges = tuple(filter(None, map(self._parts.charge, texts)))
        return charges, tuple(charge.charge_class_raw for charge in charges if charge.charge_class_raw)

    def _flags_of(self, day: date | None, unfinished: bool, unpaired: bool, numbered: bool) -> tuple[Flag, ...]:
        flags = []
        if day is None:
            flags.append(Flag.NO_ARREST_DATE)
        elif day > self._today:
            flags.append(Flag.FUTURE_ARREST_DATE)
        if unfinished:
            flags.append(Flag.UNFINISHED_ROW)
        if unpaired:
            flags.append(Flag.UNPAIRED_CHARGES)
        if not numbered:
            flags.append(Flag.DERIVED_NUMBER)
        return tuple(flags)

    def _is_juvenile(self, minor: bool | None, person: Person, day: date | None) -> bool:
        """Any sign of being under 18 at arrest counts. Of a year of birth alone, 18 years on may still be 17."""
        if minor:
            return True
        if person.birth_year and minor is None:
            return (day or self._today).year - person.birth_year <= ADULT_FROM
        return is_juvenile(day, person.date_of_birth, self._today)
