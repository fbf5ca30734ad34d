"""Makes one export: gathers what the office holds about its records, packs it, stores it. May run twice.

What is sealed, a minor's, another agency's without an agreement, or not for this kind of recipient is not gathered, and
nothing is said of it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.alerts.disclosures.events import delivery_event, disclosure_event
from shared.alerts.view import (
    ShownReview,
    current_alerts_about,
    current_reviews,
    show_alert,
    show_arrest,
    show_history,
    show_review,
    without_other_charges,
)
from shared.arrests.disputed import DisputedFact
from shared.arrests.minimisation import WithheldFields
from shared.arrests.seals.seal import keys_of_arrest
from shared.audit.event import AuditEvent
from shared.disclosures.model import Disclosure
from shared.disclosures.recipients import eligibility_of
from shared.offices.model import Office
from shared.records_requests.exports.archive import ExportTooLargeError, pack
from shared.records_requests.exports.contents import ExportFiles, GatheredRecord, files_of
from shared.records_requests.exports.decide import is_still_allowed, may_release_notes
from shared.records_requests.exports.dependencies import ExportDeps
from shared.records_requests.exports.givable import GivableArrest, GivingRules, givable_arrests
from shared.records_requests.exports.model import MOST_EVENTS, Export, ExportState, ExportTask
from shared.records_requests.model import RecordsRequest
from shared.subscriptions.model import SubscriptionKey
from shared.words.stamp import stamp

NOTHING_LEFT = "Nothing that may be given is left. Look at the request, and ask again."
CHANGED = "A record changed while the export was made. Ask for it again."
TOO_LARGE = (
    "It is larger than 20 MB, or has more than 5,000 audit events of a record. Record a disclosure of fewer records."
)
NOT_ALLOWED = "The request is closed or waits for an agency, or the disclosure is not allowed any more. Look at both."
_EVENTS_AT_ONCE = 500


class ExportFailedError(Exception):
    """Why there is no export, and what to do."""


def export_records(task: ExportTask, deps: ExportDeps, now: datetime) -> Export | None:
    """Returns the export as it is now; None where nobody waits for it any more.

    Raises TryLater when AWS stays busy: the message comes again.
    """
    export = deps.exports.find(task.office_id, task.export_id)
    request = deps.requests.find(task.office_id, export.request_id) if export else None
    if export is None or request is None or export.state is not ExportState.QUEUED:
        return None
    try:
        changes = _make(export, request, deps, now)
    except ExportFailedError as failure:
        changes = {"state": ExportState.FAILED, "failure": str(failure)}
    made = export.model_copy(update=changes | {"ready_at": now, "revision": export.revision + 1})
    deps.exports.save(made)
    return made


def _make(export: Export, request: RecordsRequest, deps: ExportDeps, now: datetime) -> dict[str, object]:
    disclosure = deps.disclosures.find(export.office_id, export.disclosure_id)
    office = deps.offices.offices([export.office_id])[0].get(export.office_id)
    if office is None:
        raise ExportFailedError(NOTHING_LEFT)
    agreements = deps.subscriptions.agreements.of(office.office_id)
    grounds = deps.disclosures.rules_in_force(office.office_id)
    is_allowed = is_still_allowed(request, disclosure, agreements, grounds, office.local_day(now))
    if disclosure is None or not is_allowed:
        raise ExportFailedError(NOT_ALLOWED)
    rules = GivingRules(deps.rules.kinds[request.kind], eligibility_of(disclosure.request, grounds))
    arrests = _givable(export, office, rules, deps, now)
    if not arrests:
        raise ExportFailedError(NOTHING_LEFT)
    disputed = deps.subscriptions.disputes.marked(office.office_id)
    gathered = [_gather(givable, disputed.get(givable.arrest.arrest_id, ()), office, deps, now) for givable in arrests]
    made = files_of(
        gathered,
        request.kind,
        rules.request,
        export.left_out,
        notes_released=may_release_notes(request, export.asked_by),
    )
    stamped = stamp(export.asked_by, office.name, export.purpose, now, office.zone)
    content = _packed(made._replace(files=made.files | {"stamp.txt": f"{stamped}\n".encode()}))
    keys = frozenset().union(*(keys_of_arrest(arrest, deps.pseudonyms()) for arrest, *_ in arrests))
    ids = _ids(arrests)
    deps.copies.put_export(export.office_id, export.export_id, content, keys.union(ids))
    if _ids(_givable(export, office, rules, deps, now)) != ids:
        # A seal or a purge that ran in between found no export to delete.
        deps.copies.delete_export(export.office_id, export.export_id)
        raise ExportFailedError(CHANGED)
    return {
        "state": ExportState.READY,
        "arrest_ids": ids,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "notes_to_review": made.notes_to_review,
    }


def _ids(arrests: Iterable[GivableArrest]) -> tuple[str, ...]:
    return tuple(arrest.arrest_id for arrest, *_ in arrests)


def _packed(made: ExportFiles) -> bytes:
    try:
        return pack(made.files)
    except ExportTooLargeError as error:
        raise ExportFailedError(TOO_LARGE) from error


def _givable(
    export: Export, office: Office, rules: GivingRules, deps: ExportDeps, now: datetime
) -> list[GivableArrest]:
    versions = deps.arrests.versions(export.arrest_ids)
    agreements = deps.subscriptions.agreements.of(office.office_id)
    return givable_arrests(export, versions, rules, office, agreements, office.local_day(now))


def _gather(
    givable: GivableArrest, disputed: Sequence[DisputedFact], office: Office, deps: ExportDeps, now: datetime
) -> GatheredRecord:
    arrest, withheld, eligible = givable
    shown = show_arrest(arrest, withheld, disputed, office.local_day(now))
    if shown is None:
        raise TypeError("only records that may be given are gathered")
    about = deps.alerts.records_of_arrest(arrest.arrest_id)
    stored = [alert for alert in deps.alerts.read(about.alert_ids).values() if alert.office_id == office.office_id]
    stored.sort(key=lambda alert: (alert.created_at, alert.alert_id))
    current = list(current_alerts_about(stored, {arrest.arrest_id: arrest}, office, deps.subscriptions, now).values())
    if not eligible:
        current = [without_other_charges(alert) for alert in current if alert.reasons or alert.stored.withdrawn_at]
        stored = [alert.stored for alert in current]
    deliveries = [delivery for alert in stored for delivery in deps.alerts.deliveries.of_alert(alert.alert_id)]
    tellings = [*map(disclosure_event, stored), *filter(None, map(delivery_event, deliveries))]
    return GatheredRecord(
        arrest=shown,
        revisions=show_history(deps.arrests.history(arrest.arrest_id), withheld, None, None if eligible else arrest),
        alerts=[show_alert(alert, withheld, disputed, now).alert for alert in current],
        tellings=tellings,
        answers=deps.responses.read(alert.alert_id for alert in stored),
        reviews=_reviews(arrest.arrest_id, about.review_ids, office, withheld, deps),
        disclosures=_disclosures(arrest.arrest_id, office.office_id, deps),
        audit=_audit_events(arrest.arrest_id, office.office_id, deps),
    )


def _reviews(
    arrest_id: str, ids: Iterable[str], office: Office, withheld: WithheldFields | None, deps: ExportDeps
) -> list[ShownReview]:
    """Those about this arrest, without naming others of the same person."""
    reviews = [review for review in deps.alerts.reviews.read(ids).values() if review.office_id == office.office_id]
    keys = [SubscriptionKey(review.office_id, review.subscription_id) for review in reviews]
    watches, _ = deps.subscriptions.read(keys)
    pairs = [
        (review.model_copy(update={"arrests": (arrest_id,)}), watches[key])
        for review, key in zip(reviews, keys, strict=True)
        if key in watches and arrest_id in review.arrests
    ]
    return [show_review(current, withheld) for current in current_reviews(pairs, deps.arrests, deps.pseudonyms())]


def _disclosures(arrest_id: str, office_id: str, deps: ExportDeps) -> list[Disclosure]:
    """Those about this arrest, without naming others that one of them was about as well."""
    about = sorted(deps.disclosures.of_arrest(office_id, arrest_id), key=lambda logged: logged.disclosure_id)
    return [
        disclosure.model_copy(update={"request": disclosure.request.model_copy(update={"arrest_ids": (arrest_id,)})})
        for disclosure in about
    ]


def _audit_events(arrest_id: str, office_id: str, deps: ExportDeps) -> list[AuditEvent]:
    """The oldest first, each with this arrest alone as its subject: an event may name hundreds of others."""
    events: list[AuditEvent] = []
    after: str | None = None
    subject = f"arrest:{arrest_id}"
    while True:
        page, after = deps.audit.events_about(office_id, subject, _EVENTS_AT_ONCE, after)
        events += page
        if len(events) > MOST_EVENTS:
            raise ExportFailedError(TOO_LARGE)
        if after is None:
            return [_about_only(event, subject) for event in reversed(events)]


def _about_only(event: AuditEvent, subject: str) -> AuditEvent:
    subjects = tuple(name for name in event.subjects if name == subject)
    return event.model_copy(update={"subjects": subjects, "denied": ()})
