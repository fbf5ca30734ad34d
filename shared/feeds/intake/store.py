"""From what was read to the tables."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.items import WriteOutcome
from shared.arrests.model import NotifyMode, Provenance
from shared.arrests.seals.apply import seal, seal_late
from shared.arrests.seals.seal import Seal, keys_of_arrest
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.matching.agency_reference import LocalKnowledge


def fill_from_reference(reading: ParsedDrop, knowledge: LocalKnowledge | None) -> ParsedDrop:
    """With what the agency's own tables know where the feed says nothing."""
    if knowledge is None:
        return reading
    return replace(
        reading, found=[parsed._replace(arrest=knowledge.complete(parsed.arrest)) for parsed in reading.found]
    )


def store(reading: ParsedDrop, agency: str, deps: IntakeDeps, by: Provenance, now: datetime) -> dict[str, WriteOutcome]:
    """What became of each arrest. The file's own seals come first; what is sealed is not stored again."""
    apply_commands([*reading.seals(), *reading.identity_events()], agency, deps, by, now)
    known = deps.seals.of_agency(agency)
    arrests = [parsed.arrest for parsed in reading.found]
    sealed = (
        {arrest.arrest_id for arrest in arrests if keys_of_arrest(arrest, deps.pseudonyms) & known} if known else set()
    )
    unsealed = [arrest for arrest in arrests if arrest.arrest_id not in sealed]
    outcomes = deps.arrests.store(unsealed, by, now) | dict.fromkeys(sealed, WriteOutcome.SEALED)
    seal_late(unsealed, known, agency, deps.seal_deps, by, now)
    return outcomes


def apply_commands(
    orders: Iterable[Seal | IdentityEvent], agency: str, deps: IntakeDeps, by: Provenance, now: datetime
) -> None:
    orders = list(orders)
    if seals := [one for one in orders if isinstance(one, Seal)]:
        seal(seals, agency, deps.seal_deps, by, now)
    for one in (
        orders if by.manner in (NotifyMode.TOLD, NotifyMode.AGAIN) else ()
    ):  # watches follow them: they are told of too
        if isinstance(one, IdentityEvent):
            deps.identity_events.tell(one, by, now)
