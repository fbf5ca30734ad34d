"""The normaliser: raw records of any format go in; valid arrests and commands come out, or rejects.

Records are normalised by column where each of a batch is an ordinary arrest: what a feed repeats is then found in
caches without a step of Python for each record. Otherwise each record is normalised by itself, with the same result.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain, repeat
from typing import NamedTuple, cast

from pydantic import ValidationError

from shared.arrests.charges import Charge
from shared.arrests.identity_events.event import IdentityChange, IdentityEvent
from shared.arrests.model import (
    CUSTODY_BEGINS,
    LONGEST_INCIDENT,
    WARRANTS,
    Arrest,
    EventKind,
    Flag,
    arrest_id,
    arrest_ids,
    event_id,
)
from shared.arrests.numbers import are_plain_numbers, is_number, is_scientific, normal_numbers, number_in
from shared.arrests.release import LONGEST_ADDRESS, LONGEST_COUNTY, LONGEST_LINE, PlannedRelease
from shared.arrests.seals.seal import Seal
from shared.arrests.states import state_code
from shared.arrests.statutes.notation import STATES_READ, is_read
from shared.errors import Rejected
from shared.feeds.normalise.arrest_columns import ArrestColumns, Arrestee, ArrestFacts, ParsedCharges
from shared.feeds.normalise.charge_lists import MOST_CHARGES, first_charges, split_lists
from shared.feeds.normalise.commands import identity_events_of, seal_of
from shared.feeds.normalise.dates import SENTINELS, DateParser, Moment
from shared.feeds.normalise.derived_id import derive_id, policy_of
from shared.feeds.normalise.duplicates import DuplicatePolicy
from shared.feeds.normalise.fast_construct import unchecked_constructor
from shared.feeds.normalise.fields import REMEMBERED, FieldParser
from shared.feeds.normalise.flags import event_flags, may_be_juvenile, record_flags
from shared.feeds.normalise.mended_text import is_suspicious, mend_record
from shared.feeds.normalise.plain_text import plain_line
from shared.feeds.normalise.rejects import (
    bad_date,
    check_somebody,
    reject_of,
    reject_of_invalid,
    rounded_number,
    unknown_event,
)
from shared.feeds.profiles.enrolment import seals_not_permitted
from shared.feeds.profiles.model import Profile
from shared.feeds.record import (
    EVENTS,
    ChargeText,
    EventText,
    FeedCommand,
    NameText,
    PersonText,
    RawRecord,
    RecordKind,
    Reject,
)
from shared.pseudonyms import Pseudonyms

TAKING_AWAY = frozenset({*FeedCommand, IdentityChange.EXPUNGED})
_REMEMBERED_MOMENTS = 65_536
_REMEMBERED_WORDS = 4_096

_INCIDENT = EventText._fields.index("incident") - EventText._fields.index("event_date")
_new_arrest = unchecked_constructor(Arrest)


_EXAMPLE_DAY = datetime(2026, 11, 20, 17, 5, tzinfo=UTC)


class NormalisedArrest(NamedTuple):
    arrest: Arrest
    duplicate_policy: DuplicatePolicy


class NormalisedCommand(NamedTuple):
    """What a record orders."""

    actions: tuple[Seal | IdentityEvent, ...]


Outcome = NormalisedArrest | NormalisedCommand | Reject


class Normaliser:
    """Compiled for one drop. `today` is the day of the drop in the agency's zone.

    Unless `may_seal`, a record that seals or expunges is rejected: the agency must permit that (`permits_seals`).
    `unknown_codes` counts (kind, word) for the words that no code map explains.
    """

    def __init__(self, profile: Profile, pseudonyms: Pseudonyms, today: date, *, may_seal: bool = False) -> None:
        self._may_seal = may_seal
        self._profile, self._pseudonyms, self._today = profile, pseudonyms, today
        self._blanks = profile.blanks
        self._days = " or ".join(map(_example, profile.dates))
        self._policy, self._state = policy_of(profile), state_code(profile.ori[:2])
        self._dates = DateParser(profile, today)
        self._kind = lru_cache(_REMEMBERED_WORDS)(self._kind_of)
        self._flags = lru_cache(_REMEMBERED_WORDS)(self._flags_of)
        self._moment = lru_cache(_REMEMBERED_MOMENTS)(self._moment_of)
        self._incident = lru_cache(REMEMBERED)(self._incident_in)
        self._fields = FieldParser(profile, self._dates, today, self._moment)
        self._charges = lru_cache(REMEMBERED)(self._charges_of)
        self._nameless_arrestee = lru_cache(REMEMBERED)(self._arrestee_of)
        self.unknown_codes: Counter[tuple[str, str]] = Counter()

    def normalise(self, records: Sequence[RawRecord]) -> Iterable[Outcome]:
        """Returns one outcome for each record, in their order."""
        return (records and self._normalise_by_column(records)) or map(self.normalise_record, records)

    def normalise_record(self, record: RawRecord) -> Outcome:
        """A reject's reason names fields, never values."""
        if is_suspicious(record):
            mended, is_mended = mend_record(record)
            outcome = self._outcome(mended)
            if is_mended and isinstance(outcome, NormalisedArrest):
                flags = (*outcome.arrest.flags, Flag.MENDED_LETTERS)
                return outcome._replace(arrest=outcome.arrest.model_copy(update={"flags": flags}))
            return outcome
        return self._outcome(record)

    def _outcome(self, record: RawRecord) -> Outcome:
        try:
            kind = self._kind(record.event.event, record.kind)
            if isinstance(kind, EventKind):
                return self._normalise_arrest(record, kind)
            return self._normalise_command(record, kind)
        except Rejected as rejection:
            return reject_of(record, rejection, self._profile)
        except ValidationError as error:
            return reject_of_invalid(record, error, self._profile)

    def _normalise_by_column(self, records: Sequence[RawRecord]) -> Iterable[NormalisedArrest] | None:
        """Vectorised fast path: the same result as `normalise_record` for each record.

        None if a record needs `normalise_record`: it is no arrest or booking, has no number, is rejected, or may have
        wrong letters.
        """
        if any(map(is_suspicious, records)):
            return None
        try:
            columns = self._columns_of(records)
            arrests = columns and [*map(self._arrest, columns.rows())]
        except (Rejected, ValidationError):
            return None
        if columns is None or arrests is None:
            return None
        sex_words = (arrestee.unknown_sex for arrestee in columns.arrestees if arrestee.unknown_sex)
        self.unknown_codes.update(("sex", word) for word in sex_words)
        self.unknown_codes.update(chain.from_iterable(charges.unknown_words for charges in columns.charges))
        self.unknown_codes.update(chain.from_iterable(cases.unknown_words for cases in columns.cases))
        return map(NormalisedArrest, arrests, repeat(self._policy))

    def _columns_of(self, records: Sequence[RawRecord]) -> ArrestColumns | None:
        """Raises Rejected when a value cannot be read."""
        _, _, events, names, persons, places, charges, _, format_kinds, unfinished, unpaired, cases = zip(
            *records, strict=True
        )
        raw_numbers, day_texts, time_texts, oris, event_words, *others = zip(*events, strict=True)
        kinds = [*map(self._kind, event_words, format_kinds)]
        if not (are_plain_numbers(raw_numbers, self._blanks) and CUSTODY_BEGINS.issuperset(kinds)):
            return None
        numbers = normal_numbers(raw_numbers)
        moments = [*map(self._moment, day_texts, time_texts)]
        days = [moment and moment.day for moment in moments]
        times_unread = [moment is not None and moment.time_unread for moment in moments]
        arrestee_of = self._arrestee_of if any(names) else self._nameless_arrestee
        return ArrestColumns(
            arrest_ids=arrest_ids(self._pseudonyms, self._profile.agency, numbers),
            numbers=numbers,
            kinds=cast("list[EventKind]", kinds),
            oris=oris,
            moments=moments,
            event_moments=[None] * len(numbers),
            arrestees=[*map(arrestee_of, names, persons, days)],
            places=[*map(self._fields.place, places)],
            charges=[*map(self._charges, charges)],
            flags=[*map(self._flags, days, unfinished, unpaired, repeat(True), times_unread)],
            cases=[*map(self._fields.court.cases, cases)],
            incidents=[*map(self._incident, others[_INCIDENT])],
            releases=[None] * len(numbers),
        )

    def _normalise_arrest(self, record: RawRecord, kind: EventKind) -> NormalisedArrest:
        event, number = record.event, self._number_of(record)
        moment, event_moment = self._moment(event.arrested, event.arrested_time), self._event_moment(record, kind)
        if kind is EventKind.RELEASE and event_moment and event_moment.day > self._today:
            kind = EventKind.RELEASE_SCHEDULED
        day = moment and moment.day
        arrestee_of = self._arrestee_of if record.names else self._nameless_arrestee
        arrestee = arrestee_of(record.names, record.person, day)
        if arrestee.unknown_sex:
            self.unknown_codes["sex", arrestee.unknown_sex] += 1
        place, cases = self._fields.place(record.place), self._fields.court.cases(record.case)
        warrant = cases.cases[0].warrant if cases.cases and kind in WARRANTS else ""
        if number := number or warrant:
            event_day, policy = event_moment and event_moment.day, self._policy
            identity = warrant or number
            arrest_id, is_weak = event_id(self._pseudonyms, self._profile.agency, kind, identity, event_day), False
        else:
            arrest_id, policy, is_weak = derive_id(
                record, kind, arrestee.person, event_moment or moment, self._profile, self._pseudonyms
            )
        charges = self._charges(record.charges)
        self.unknown_codes.update((*charges.unknown_words, *cases.unknown_words))
        time_unread = moment is not None and moment.time_unread
        flags = self._flags(day, record.unfinished, record.unpaired, bool(number), time_unread)
        if is_weak:
            flags = (*flags, Flag.WEAK_KEY)
        facts = ArrestFacts(
            arrest_id=arrest_id,
            number=number,
            kind=kind,
            ori=event.ori,
            moment=moment,
            event_moment=event_moment,
            arrestee=arrestee,
            place=place,
            charges=charges,
            flags=flags,
            cases=cases,
            incident=self._incident(event.incident),
            release=self._release_of(event, kind),
        )
        return NormalisedArrest(self._arrest(facts), policy)

    def _event_moment(self, record: RawRecord, kind: EventKind) -> Moment | None:
        """When an event is that is no arrest. A court date may stand in its own column or in that of the next one."""
        event, case = record.event, record.case
        if kind in CUSTODY_BEGINS:
            return None
        if kind is EventKind.COURT_DATE and not event.event_date.strip():
            return self._moment(case.court_date, case.court_time, "court_date")
        return self._moment(event.event_date, event.event_time, "event_date")

    def _normalise_command(self, record: RawRecord, kind: IdentityChange | FeedCommand) -> NormalisedCommand:
        """Raises Rejected, also when the agency has not permitted what the record orders."""
        if kind in TAKING_AWAY and not self._may_seal:
            raise seals_not_permitted()
        agency, event = self._profile.agency, record.event
        if isinstance(kind, FeedCommand):
            moment = self._moment(event.arrested, event.arrested_time)
            seal = seal_of(record, kind, self._number_of(record), agency, moment, self._fields)
            return NormalisedCommand((seal,))
        day_field = "event_date" if event.event_date.strip() else "arrested"
        moment = self._moment(event.event_date or event.arrested, event.event_time, day_field)
        events = identity_events_of(record, kind, agency, moment, self._fields, self._pseudonyms)
        return NormalisedCommand(tuple(events))

    def _arrest(self, facts: ArrestFacts) -> Arrest:
        arrest_id, number, kind, ori, moment, event_moment, arrestee, placed, *_ = facts
        (place, place_flags), charges, flags, cases = placed, facts.charges, facts.flags, facts.cases
        if moment is None and not charges.charges and kind in CUSTODY_BEGINS:
            check_somebody(arrestee.person)
        day, instant, _ = moment or (None, None, False)
        own_flags = event_flags(kind, day, event_moment, self._today) if event_moment else ()
        return _new_arrest(
            {
                "arrest_id": arrest_id,
                "agency": self._profile.agency,
                "number": number,
                "kind": kind,
                "ori": ori.strip() or self._profile.ori,
                "arrested_on": day,
                "arrested_at": instant,
                "event_on": event_moment and event_moment.day,
                "event_at": event_moment and event_moment.instant,
                "person": arrestee.person,
                "charges": charges.charges,
                "place": place,
                "juvenile": arrestee.juvenile,
                "flags": flags + arrestee.flags + place_flags + charges.flags + cases.flags + own_flags,
                "cases": cases.cases,
                "incident": facts.incident,
                "release": facts.release,
                "disputed": (),
            }
        )

    def _incident_in(self, text: str) -> str:
        is_lost = not text or is_scientific(text)
        return "" if is_lost else number_in(text, self._blanks)[:LONGEST_INCIDENT]

    def _release_of(self, event: EventText, kind: EventKind) -> PlannedRelease | None:
        """What the notice of a release says. None for other events, and where it says nothing."""
        if kind is not EventKind.RELEASE_SCHEDULED:
            return None
        fields = (event.proposed_address, event.prosecution_county, event.remaining_term, event.supervising_office)
        address, county, term, office = (self._blanks.without(plain_line(text)) for text in fields)
        if not (address or county or term or office):
            return None
        return PlannedRelease(
            proposed_address=address[:LONGEST_ADDRESS],
            county=county[:LONGEST_COUNTY],
            remaining_term=term[:LONGEST_LINE],
            supervising_office=office[:LONGEST_LINE],
        )

    def _kind_of(self, event_word: str, format_kind: RecordKind | None) -> RecordKind:
        """Raises Rejected for an unknown word. A guess would alert people to an arrest that did not happen."""
        if format_kind:
            return format_kind
        word = event_word.strip().upper()
        event = self._profile.codes.event.get(word, word.lower()) if word else self._profile.event
        if event not in EVENTS:
            raise unknown_event(event_word)
        return EVENTS[event]

    def _arrestee_of(self, names: tuple[NameText, ...], text: PersonText, day: date | None) -> Arrestee:
        """Cached only for persons without a name: a named person seldom occurs twice in a drop."""
        person, flags, unknown_sex, minor = self._fields.person(names, text)
        if person.date_of_birth and not self._fields.births.is_possible(person.date_of_birth, day or self._today):
            person = person.model_copy(update={"date_of_birth": None})
            flags = (*flags, Flag.IMPOSSIBLE_DATE_OF_BIRTH)
        juvenile = may_be_juvenile(minor, person, day, self._today)
        if minor is None and Flag.IMPOSSIBLE_DATE_OF_BIRTH in flags:  # an unreadable date may be a minor's
            juvenile, flags = True, (*flags, Flag.MAY_BE_A_MINOR)
        return Arrestee(person, flags, unknown_sex, juvenile)

    def _moment_of(self, day_text: str, time_text: str, day_field: str = "arrested") -> Moment | None:
        """None for a text that says nothing. Raises Rejected for a day that fits no form."""
        day_text = self._blanks.without(day_text)
        moment = self._dates.moment(day_text, time_text.strip()) if day_text else None
        if moment and moment.day not in SENTINELS:
            return moment
        if not day_text or self._dates.is_sentinel(day_text):
            return None
        raise bad_date(day_field, day_text, self._days)

    def id_of_rejected(self, record: RawRecord) -> str:
        """The id of the arrest that a rejected record would have reported; empty where its number cannot be read."""
        text = record.event.number
        if is_scientific(text) or not is_number(text, self._blanks):
            return ""
        return arrest_id(self._pseudonyms, self._profile.agency, text)

    def _number_of(self, record: RawRecord) -> str:
        """Empty where the record has none. Raises Rejected for one that a spreadsheet rounded."""
        text = record.event.number
        if is_scientific(text):
            raise rounded_number()
        return number_in(text, self._blanks)

    def _charges_of(self, texts: tuple[ChargeText, ...]) -> ParsedCharges:
        texts, unpaired = split_lists(texts)
        charges = tuple(filter(None, map(self._fields.charge, texts)))
        flags = (Flag.UNPAIRED_CHARGES,) if unpaired else ()
        flags = (*flags, Flag.CUT_SENTENCE) if any(map(self._fields.court.is_cut, texts)) else flags
        if len(charges) > MOST_CHARGES:
            charges, flags = first_charges(charges), (*flags, Flag.CUT_CHARGES)
        return ParsedCharges(charges, tuple(chain.from_iterable(map(self._unknown_words, charges))), flags)

    def _unknown_words(self, charge: Charge) -> Iterator[tuple[str, str]]:
        """A statute that its state's notation does not explain meets only watches that are written alike."""
        if charge.charge_class_raw:
            yield "charge class", charge.charge_class_raw
        if charge.disposition and charge.disposition.outcome_raw:
            yield "outcome", charge.disposition.outcome_raw
        if charge.statute and self._state in STATES_READ and not is_read(charge.statute, self._state):
            yield "statute", charge.statute

    def _flags_of(
        self, day: date | None, unfinished: bool, unpaired: bool, has_number: bool, time_unread: bool
    ) -> tuple[Flag, ...]:
        return record_flags(
            day,
            self._today,
            unfinished=unfinished,
            unpaired=unpaired,
            has_number=has_number,
            time_unread=time_unread,
        )


def _example(form: str) -> str:
    """A day in a form of the profile, so that a clerk sees what to write."""
    return _EXAMPLE_DAY.date().isoformat() if form == "iso" else _EXAMPLE_DAY.strftime(form)
