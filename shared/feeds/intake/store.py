"""Stores a parsed drop: its commands (seals, identity events) first, then its arrests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.items import WriteOutcome
from shared.arrests.model import NotifyMode, Provenance
from shared.arrests.seals.apply import apply_late_seals, apply_seals, erasing
from shared.arrests.seals.seal import Seal, keys_of_arrest, keys_of_seal
from shared.feeds.drops.model import Drop, DropRecord
from shared.feeds.intake.dependencies import IntakeDeps
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


def fill_from_reference(parsed: ParsedDrop, reference: AgencyReference | None) -> ParsedDrop:
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
    """Returns the outcome of each arrest by its id. A sealed arrest is not stored.

    The file's own seals are applied first. The agency's seals are read before the arrests are stored and once more
    afterwards, so that a seal which comes in between is applied by one of the two.
    """
    apply_commands([*parsed.seals(), *parsed.identity_events()], agency, deps, provenance, now)
    seal_keys = deps.seals.of_agency(agency)
    arrests = [parsed_arrest.arrest for parsed_arrest in parsed.arrests]
    sealed_ids = {
        arrest.arrest_id
        for arrest in arrests
        if seal_keys and keys_of_arrest(arrest, deps.pseudonyms) & seal_keys  # no seals: no hashes to compute
    }
    unsealed = [arrest for arrest in arrests if arrest.arrest_id not in sealed_ids]
    outcomes = deps.arrests.store(unsealed, provenance, now) | dict.fromkeys(sealed_ids, WriteOutcome.SEALED)
    apply_late_seals(unsealed, seal_keys, agency, deps.seal_deps, provenance, now)
    return outcomes


def apply_commands(
    commands: Sequence[Seal | IdentityEvent], agency: str, deps: IntakeDeps, provenance: Provenance, now: datetime
) -> None:
    """Applies seals, to the stored arrests and to the copies of drops, then stores identity events for the matchers.

    Subscriptions follow an identity event and their owners are notified of it. So events of a drop that is held or
    silent are not stored. Seals always are.
    """
    if seals := [command for command in commands if isinstance(command, Seal)]:
        apply_seals(seals, agency, deps.seal_deps, provenance, now)
        if deps.copies:
            deps.copies.erase(agency, {key for seal in erasing(seals) for key in keys_of_seal(seal, deps.pseudonyms)})
    if provenance.notify_mode in (NotifyMode.NOTIFY, NotifyMode.REMATCH):
        for command in commands:
            if isinstance(command, IdentityEvent):
                deps.identity_events.store(command, provenance, now)
