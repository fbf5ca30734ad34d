"""Stores a parsed drop: its commands (seals, identity events) first, then its arrests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.items import WriteOutcome
from shared.arrests.model import NotifyMode, Provenance
from shared.arrests.seals.apply import apply_late_seals, apply_seals, lock_arrests, lock_records
from shared.arrests.seals.certificate import SealCertificate
from shared.arrests.seals.effect import SealEffect
from shared.arrests.seals.seal import Seal, keys_of_arrest
from shared.arrests.seals.settle import AppliedSeals
from shared.feeds.drops.model import Drop, DropRecord
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.intake.short_notice import with_first_notices
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile
from shared.matching.agency_reference import AgencyReference


def provenance_of(drop: Drop, record: DropRecord, profile: Profile) -> Provenance:
    """Returns which drop its arrests come from, and which of them are notified."""
    return Provenance(
        drop_id=record.drop_id,
        dropped_at=drop.dropped_at,
        sequencer=drop.sequencer,
        notify_mode=record.notify_mode,
        notify_from=profile.notify_from(drop.day(profile.zone)),
    )


def complete_drop(parsed: ParsedDrop, agency: str, deps: IntakeDeps) -> ParsedDrop:
    """Returns the drop as it is stored: with what the agency's reference data add, and with the flag of late notice at
    releases only where this drop is the first to name the day."""
    return with_first_notices(_fill_from_reference(parsed, deps.reference_of(agency)), deps.arrests)


def _fill_from_reference(parsed: ParsedDrop, reference: AgencyReference | None) -> ParsedDrop:
    """Returns the drop with empty fields filled from the agency's reference data, such as the class of a charge."""
    if reference is None:
        return parsed
    arrests = [
        parsed_arrest._replace(arrest=reference.complete(parsed_arrest.arrest)) for parsed_arrest in parsed.arrests
    ]
    return replace(parsed, arrests=arrests)


def store_drop(
    parsed: ParsedDrop, agency: str, deps: IntakeDeps, provenance: Provenance, now: datetime
) -> dict[str, WriteOutcome]:
    """Returns the outcome of each arrest by its id. A sealed arrest is not stored, one whose seal waits for its statute
    is stored locked, and one that a statute leaves to law enforcement is stored with its mark.

    The file's own seals are applied first. The agency's seals are read before the arrests are stored and once more
    afterwards, so that a seal which comes in between is applied by one of the two.
    """
    apply_commands([*parsed.seals(), *parsed.identity_events()], agency, deps, provenance, now)
    register = deps.seals.register(agency)
    arrests = [parsed_arrest.arrest for parsed_arrest in parsed.arrests]
    verdicts = {
        arrest.arrest_id: register.verdict(keys_of_arrest(arrest, deps.pseudonyms))
        for arrest in (arrests if register else ())  # no seals: no hashes to compute
    }
    effects = {arrest_id: verdict.effect for arrest_id, verdict in verdicts.items()}
    marks = {id_: verdict.statute for id_, verdict in verdicts.items() if verdict.effect is SealEffect.MARK}
    unread = {id_ for id_, effect in effects.items() if effect in (SealEffect.ERASE, SealEffect.LOCK)}
    to_lock = [arrest for arrest in arrests if effects.get(arrest.arrest_id) is SealEffect.LOCK]
    adults = [
        (arrest, deps.arrests.item_of(arrest, provenance, now), verdicts[arrest.arrest_id])
        for arrest in to_lock
        if not arrest.juvenile
    ]
    juveniles = [arrest for arrest in to_lock if arrest.juvenile]
    lock_arrests(adults, deps.seal_deps, provenance, now)
    stored = [*(arrest for arrest in arrests if arrest.arrest_id not in unread), *juveniles]
    outcomes = deps.arrests.store(stored, provenance, now, marks) | dict.fromkeys(unread, WriteOutcome.SEALED)
    records = [(arrest, verdicts[arrest.arrest_id]) for arrest in juveniles]
    lock_records(records, deps.seal_deps, provenance, now)
    apply_late_seals(stored, register, agency, deps.seal_deps, provenance, now)
    return outcomes


def _certificate_of(
    applied: AppliedSeals, rows: int, agency: str, provenance: Provenance, now: datetime
) -> SealCertificate:
    groups = {
        "arrests erased": applied.erased,
        "arrests locked": applied.locked,
        "arrests marked": applied.marked,
        "arrests readable again": applied.readable,
    }
    hashes = {name: tuple(sorted(ids)) for name, ids in groups.items() if ids}
    return SealCertificate(
        agency=agency,
        day=now.date(),
        drop_id=provenance.drop_id,
        statutes=applied.statutes,
        hashes=hashes,
        rows=rows,
    )


def apply_commands(
    commands: Sequence[Seal | IdentityEvent], agency: str, deps: IntakeDeps, provenance: Provenance, now: datetime
) -> None:
    """Applies seals, to the stored arrests and to the copies of drops, then stores identity events for the matchers.

    Subscriptions follow an identity event and their owners are notified of it. So events of a drop that is held or
    silent are not stored. Seals always are.
    """
    if seals := [command for command in commands if isinstance(command, Seal)]:
        applied = apply_seals(seals, agency, deps.seal_deps, provenance, now)
        rows = 0
        for owner, keys in sorted(applied.copy_keys.items()):
            if deps.copies:
                rows += deps.copies.erase(owner, keys, ids=applied.erased)
        for owner, keys in sorted(applied.locked_keys.items()):
            if deps.copies:
                deps.copies.withdraw(owner, keys, applied.locked)
        if deps.seal_certificates and applied.statutes:
            deps.seal_certificates.add(_certificate_of(applied, rows, agency, provenance, now), now)
    if provenance.notify_mode in (NotifyMode.NOTIFY, NotifyMode.REMATCH):
        for command in commands:
            if isinstance(command, IdentityEvent):
                deps.identity_events.store(command, provenance, now)
