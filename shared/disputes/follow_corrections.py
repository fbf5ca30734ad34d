"""Follow corrections: a new version of an arrest ends what was disputed of it, and has everybody outside told.

Readers of alerts are told by `shared/alerts/correct_alerts.py`. Here are the rest: disputes about a fact that the
version changes are corrected, and each disclosure that was made of the arrest gets a notice "tell the recipient by
...". Gather: references, disputes, disclosures, rules. Decide: `decide.py`, pure. Apply: conditional puts, which may
run twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from shared.arrests.days import days_after
from shared.arrests.disputed import ArrestFact
from shared.arrests.facts import changed_facts, corrected_facts
from shared.arrests.model import Arrest
from shared.aws.optimistic_lock import ConflictError
from shared.disclosures.references_table import References, ReferencesTable
from shared.disclosures.table import DisclosuresTable
from shared.disputes.decide import after_correction, correction_notices, with_hidden, without_texts
from shared.disputes.default_rules import default_rules
from shared.disputes.model import ArrestDisputes, DisputeRules
from shared.disputes.table import DisputesTable
from shared.errors import TryLater
from shared.offices.model import Office
from shared.offices.table import OfficesTable

_ATTEMPTS = 8


@dataclass(frozen=True)
class CorrectionDeps:
    disputes: DisputesTable
    disclosures: DisclosuresTable
    references: ReferencesTable
    offices: OfficesTable


class ChangedArrest(NamedTuple):
    """A version that changes facts of an arrest. `content` is its hash."""

    arrest_id: str
    content: str
    changed: frozenset[ArrestFact]
    corrected: frozenset[ArrestFact]


def changed_arrest(before: Arrest, after: Arrest) -> ChangedArrest:
    return ChangedArrest(after.arrest_id, after.content, changed_facts(before, after), corrected_facts(before, after))


def follow_corrections(versions: Iterable[tuple[Arrest, Arrest]], deps: CorrectionDeps, now: datetime) -> int:
    """`versions` are pairs of the arrest before and after. Returns how many notices there are. May run twice.

    Raises TryLater if disputes of an arrest kept changing, or an office cannot be read; the others were followed then.
    """
    changes = [change for before, after in versions if (change := changed_arrest(before, after)).changed]
    references = deps.references.of(change.arrest_id for change in changes)
    concerned = {
        change: _offices_of(references[change.arrest_id]) for change in changes if change.arrest_id in references
    }
    offices, broken_ids = deps.offices.offices({office_id for ids in concerned.values() for office_id in ids})
    count = sum(
        _follow(change, references[change.arrest_id], offices[office_id], deps, now)
        for change, office_ids in concerned.items()
        for office_id in sorted(office_ids & offices.keys())
    )
    if broken_ids:
        raise TryLater("an office whose document cannot be read has recipients to tell of a correction")
    return count


def rules_of(office: Office, disputes: DisputesTable) -> DisputeRules:
    """The office's own rules, or those of its state."""
    return disputes.rules(office.office_id) or default_rules(office.ori)


def _offices_of(references: References) -> frozenset[str]:
    return references.disputing | {office_id for office_id, _ in references.disclosures}


def _follow(change: ChangedArrest, references: References, office: Office, deps: CorrectionDeps, now: datetime) -> int:
    """In one office. Notices come first: a run that died between the two finds the dispute still open."""
    own = [key for key in references.disclosures if key[0] == office.office_id]
    disputed = deps.disputes.find(office.office_id, change.arrest_id)
    ended = {dispute.fact for dispute in disputed.disputes if dispute.state.marks_the_fact} & change.changed
    tell_by = days_after(office.local_day(now), rules_of(office, deps.disputes).tell_within.days)
    notices = correction_notices(
        deps.disclosures.read(own), change.arrest_id, change.content, change.corrected | ended, tell_by, now
    )
    for notice in notices:
        deps.disputes.add_notice(notice)
    if ended:
        change_disputes(disputed, lambda stored: after_correction(stored, change.changed, now), deps.disputes)
    return len(notices)


def end_disputes(arrest_ids: Iterable[str], deps: CorrectionDeps, now: datetime) -> int:
    """The arrests are erased by a seal, purged, or a juvenile's, whose record is kept apart: what was disputed of them
    goes too. Returns of how many arrests. May run twice.

    Raises TryLater if disputes of an arrest kept changing.
    """
    return _change_all(arrest_ids, lambda held: without_texts(held, now), deps)


def hide_disputes(arrest_ids: Iterable[str], deps: CorrectionDeps, *, hidden: bool) -> int:
    """A seal locks the arrests, or locks them no more. Returns of how many arrests. May run twice. Raises TryLater if
    disputes of an arrest kept changing."""
    return _change_all(arrest_ids, lambda held: with_hidden(held, hidden=hidden), deps)


def _change_all(
    arrest_ids: Iterable[str], change: Callable[[ArrestDisputes], ArrestDisputes], deps: CorrectionDeps
) -> int:
    references = deps.references.of(arrest_ids)
    keys = [(office_id, id_) for id_, named in references.items() for office_id in named.disputing]
    return sum(change_disputes(stored, change, deps.disputes) for stored in deps.disputes.read(keys).values())


def change_disputes(
    stored: ArrestDisputes, change: Callable[[ArrestDisputes], ArrestDisputes], table: DisputesTable
) -> bool:
    """Returns whether anything was changed. `change` returns its argument itself if there is nothing to do."""
    for _ in range(_ATTEMPTS):
        after = change(stored)
        if after is stored:
            return False
        try:
            table.save(after.model_copy(update={"revision": stored.revision + 1}))
        except ConflictError:
            stored = table.find(stored.office_id, stored.arrest_id)
        else:
            return True
    raise TryLater("disputes of an arrest changed again while one was ended")
