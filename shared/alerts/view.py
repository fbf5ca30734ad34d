"""The one view: what a reader may be shown of an arrest, an alert, a review or a subscription now.

Every way out comes through here: routes, lists, reports, mails, texts, webhooks, digests, escalations, links. What was
decided when an arrest was matched is decided again on the version that is shown, because the agency may have corrected
it since. Whether the reader may read such a record at all is for the access policy (`shared/access`); the fields that
an agreement withholds come from the caller, who knows the reader's office and purpose.

`ShownArrest`, `ShownAlert`, `ShownReview` and `ShownSubscription` are made in this module alone. Answers and messages
take nothing else (`tests/office_api/test_ways_out.py`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, NewType

from shared.alerts.audience import reasons_for_recipient, resolve_audience, subscriptions_of
from shared.alerts.matches.current_reasons import current_reasons, needs_evaluation
from shared.alerts.matches.reason_words import reason_sentence, with_sentence, with_sentences
from shared.alerts.model import Alert, AlertReason, CustodyLink, WithdrawalCause, redact_alert
from shared.alerts.reviews.model import Review, is_of_person
from shared.alerts.revisions import blank_alert, changes_in
from shared.arrests.diff import tells_only_charges_of
from shared.arrests.disputed import ArrestFact, DisputedFact
from shared.arrests.facts import changed_facts
from shared.arrests.history import Revision
from shared.arrests.minimisation import (
    ALL_FIELDS,
    NO_FIELDS,
    WithheldField,
    WithheldFields,
    redact,
    redact_differences,
)
from shared.arrests.model import Arrest, ArrestChange, Flag
from shared.arrests.no_conviction import differences_without_convictions, without_convictions
from shared.arrests.nonconviction import nonconviction
from shared.arrests.table import ArrestsTable
from shared.matching.criteria import Reason, ReasonKind
from shared.offices.agreements import PURPOSE_OF_BASIS
from shared.offices.criminal_justice import held_for, may_have_nonconviction
from shared.offices.model import Office
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.model import Subscription
from shared.subscriptions.table import SubscriptionsTable

ShownArrest = NewType("ShownArrest", Arrest)
ShownAlert = NewType("ShownAlert", Alert)
ShownReview = NewType("ShownReview", Review)
ShownSubscription = NewType("ShownSubscription", Subscription)
ShownRevision = NewType("ShownRevision", Revision)


class CurrentAlert(NamedTuple):
    """A stored alert, the reasons that hold for its arrest now, and that arrest. Nobody in particular reads it yet.

    `arrest` is None if it can be read no more. Without reasons the alert is withdrawn, or is about to be; then nothing
    of the arrest is shown.
    """

    stored: Alert
    reasons: tuple[AlertReason, ...]
    arrest: Arrest | None

    @property
    def is_withdrawn(self) -> bool:
        return self.stored.withdrawn_at is not None or not self.reasons


class AlertDisclosure(NamedTuple):
    """An alert and its arrest as one reader may see them. `arrest` is None where nothing of it may be shown."""

    alert: ShownAlert
    arrest: ShownArrest | None


def current_alerts(
    alerts: Iterable[Alert], office: Office, arrests: ArrestsTable, subscriptions: SubscriptionsTable, now: datetime
) -> dict[str, CurrentAlert]:
    """Reads the arrests of these alerts of one office, and the subscriptions of those that have changed. Keyed by
    alert_id, in order.

    Of an arrest that has changed since, a reason counts only while its subscription is in force and names the
    recipient: nobody is shown a version of which nobody would notify them. Five batch reads, whatever the number of
    alerts, and one for each reason of an alert that went to a stand-in.
    """
    stored = list(alerts)
    versions = arrests.versions(alert.arrest_id for alert in stored)
    arrest_of = {version.arrest.arrest_id: version.arrest for version in versions}
    return current_alerts_about(stored, arrest_of, office, subscriptions, now)


def current_alerts_about(
    alerts: Sequence[Alert],
    arrests: Mapping[str, Arrest],
    office: Office,
    subscriptions: SubscriptionsTable,
    now: datetime,
) -> dict[str, CurrentAlert]:
    """Like `current_alerts`, for arrests that were read already: what is shown is the version that was judged.

    `arrests` are keyed by arrest_id.
    """
    changed = [
        alert for alert in alerts if (arrest := arrests.get(alert.arrest_id)) and needs_evaluation(alert, arrest)
    ]
    watches = subscriptions_of(changed, subscriptions)
    named = _named_reasons(changed, watches, office, subscriptions, now) if changed else {}
    return {
        alert.alert_id: current_alert(alert, arrests.get(alert.arrest_id), watches, named.get(alert.alert_id))
        for alert in alerts
    }


def _named_reasons(
    alerts: Sequence[Alert],
    watches: Mapping[str, Subscription],
    office: Office,
    subscriptions: SubscriptionsTable,
    now: datetime,
) -> dict[str, frozenset[str]]:
    """Maps each alert_id to the ids of the subscriptions that notify its recipient today."""
    agencies = {alert.agency for alert in alerts}
    audience = resolve_audience(watches.values(), {office.office_id: office}, agencies, subscriptions, now)
    named = {}
    for alert in alerts:
        reasons = reasons_for_recipient(alert, watches, audience, office, subscriptions, now)
        named[alert.alert_id] = frozenset(reason.subscription_id for reason in reasons)
    return named


def current_alert(
    alert: Alert,
    arrest: Arrest | None,
    subscriptions: Mapping[str, Subscription],
    named: frozenset[str] | None = None,
) -> CurrentAlert:
    """Decides from plain values. `subscriptions` are keyed by their id. `named` are the ids of those that count; None
    means all."""
    if alert.withdrawn_at:
        return CurrentAlert(alert, (), None if arrest is None or arrest.juvenile else arrest)
    reasons = current_reasons(alert, arrest, subscriptions)
    if named is not None:
        reasons = tuple(reason for reason in reasons if reason.subscription_id in named)
    return CurrentAlert(alert, reasons, arrest if reasons else None)


def show_alert(
    current: CurrentAlert, withheld: WithheldFields | None, disputed: Sequence[DisputedFact], now: datetime
) -> AlertDisclosure:
    """The alert with the reasons that hold now, and the arrest. A withdrawn one shows that it is withdrawn, and why if
    its reader may know. `withheld` is None if nothing of the agency may be shown. `disputed` are the facts of the
    arrest that the reader's office holds disputes about."""
    stored = _without_convictions(current.stored, current.arrest)
    if stored.withdrawn_at:  # what it says of charges that are gone is said no more when the arrest may not be read
        withdrawal = stored if current.arrest and withheld is not None else blank_alert(stored)
        differences = redact_differences(withheld or NO_FIELDS, withdrawal.differences)
        withdrawal = _without_secret_cause(withdrawal.model_copy(update={"differences": differences}))
        return AlertDisclosure(ShownAlert(withdrawal), None)
    if current.is_withdrawn:  # the correction is stored, and the matcher has not come to it yet
        return AlertDisclosure(ShownAlert(blank_alert(stored).model_copy(update={"withdrawn_at": now})), None)
    fields = ALL_FIELDS if withheld is None else withheld
    alert = redact_alert(stored.model_copy(update={"because": current.reasons}), fields)
    return AlertDisclosure(ShownAlert(_in_words(alert)), show_arrest(current.arrest, withheld, disputed, now.date()))


def for_recipient(
    current: CurrentAlert, office: Office, subscriptions: Mapping[str, Subscription], now: datetime
) -> CurrentAlert:
    """The alert as its recipient may have it. Nobody has stated a purpose when something is sent, so the bases of its
    reasons give it, and the type of the office decides (28 CFR 20.21). Where nothing is held for this office, the
    alert is like one whose arrest can be read no more. `subscriptions` are keyed by their id."""
    purposes = {PURPOSE_OF_BASIS[reason.basis] for reason in current.reasons or current.stored.because}
    if any(may_have_nonconviction(office.ori, purpose) for purpose in purposes):
        return current
    held = held_for(current.arrest, office.ori, purposes, office.local_day(now))
    return without_other_charges(as_held(current, held, subscriptions))


def as_held(current: CurrentAlert, held: Arrest | None, subscriptions: Mapping[str, Subscription]) -> CurrentAlert:
    """The alert for a reader of whose arrest `held` is what is held as far as that reader may know: with the reasons
    that hold without the rest. Of an alert that is not withdrawn without an arrest where none does.

    `subscriptions` are keyed by their id; only those of an alert whose arrest has more than `held` are needed."""
    if held is None or current.stored.withdrawn_at:
        return current._replace(reasons=(), arrest=held)
    if held is current.arrest:
        return current
    stored = current.stored.model_copy(update={"because": current.reasons})
    reasons = current_reasons(stored, held, subscriptions)
    return current._replace(reasons=reasons, arrest=held if reasons else None)


def without_other_charges(current: CurrentAlert) -> CurrentAlert:
    """For a reader who may not have nonconviction data (28 CFR 20.21); the arrest of `current` is as that reader has
    it. The alert reports no change of another charge or outcome, and takes back no reason that rested on charges."""
    alert, arrest = current.stored, current.arrest
    differences = tuple(each for each in alert.differences if arrest and tells_only_charges_of(arrest, each))
    ended = tuple(reason for reason in alert.ended_reasons if not _rests_on_charges(reason))
    news = {"differences": differences, "changes": changes_in(differences), "ended": (), "ended_reasons": ended}
    return current._replace(stored=alert.model_copy(update=news))


def _rests_on_charges(reason: Reason) -> bool:
    """Of a reason that was stored before there were kinds nobody knows."""
    return any(each.kind in (None, ReasonKind.CHARGE) for each in reason.subreasons or (reason,))


def with_other_sources(disclosure: AlertDisclosure, others: Iterable[AlertDisclosure]) -> AlertDisclosure:
    """Names the other agencies that reported the same custody. `others` are alerts as the same reader may see them now:
    one is named only while it is the same recipient's, in force and readable, and the records are of one custody."""
    # The rules take long to load, and senders seldom need them.
    from shared.matching.custody import is_same_custody  # noqa: PLC0415

    alert, arrest = disclosure
    also = tuple(
        CustodyLink(other.alert_id, other.arrest_id, other.agency)
        for other, reported in others
        if arrest
        and reported
        and not other.withdrawn_at
        and other.recipient.key == alert.recipient.key
        and is_same_custody(arrest, reported)
    )
    return AlertDisclosure(ShownAlert(alert.model_copy(update={"also_from": also})), arrest) if also else disclosure


def _in_words(alert: Alert) -> Alert:
    """With the sentences of its reasons, and of those that ended."""
    ended = (*alert.ended, *map(reason_sentence, alert.ended_reasons))
    because = tuple(map(with_sentences, alert.because))
    return alert.model_copy(update={"because": because, "ended": ended, "ended_reasons": ()})


def _without_secret_cause(alert: Alert) -> Alert:
    if alert.withdrawn_because is WithdrawalCause.UNREADABLE:
        return alert.model_copy(update={"withdrawn_because": WithdrawalCause.TAKEN_BACK})
    return alert


def _without_convictions(alert: Alert, arrest: Arrest | None) -> Alert:
    """Where a statute says that there is no conviction, an alert from before its seal tells of none either."""
    if arrest is None or Flag.NO_CONVICTION not in arrest.flags:
        return alert
    return alert.model_copy(update={"differences": differences_without_convictions(alert.differences)})


def show_arrest(
    arrest: Arrest | None, withheld: WithheldFields | None, disputed: Sequence[DisputedFact], today: date
) -> ShownArrest | None:
    """The arrest without its withheld fields, with those of its facts that are disputed, and labelled if it is
    nonconviction data (28 CFR 20.3). Outcomes that are no conviction by law are shown as none (CPL 720.35). None if
    there is none, or if nothing of its agency may be shown. Where charges are withheld there is no label: it would tell
    their outcome."""
    if arrest is None or withheld is None:
        return None
    arrest = _with_disputes(arrest, withheld, disputed)
    if WithheldField.CHARGES in withheld:
        untold = (flag for flag in arrest.flags if flag not in _TELLS_OUTCOME)
        return ShownArrest(redact(withheld, arrest).model_copy(update={"flags": tuple(untold)}))
    label = nonconviction(arrest, today)
    is_new = label is not None and label not in arrest.flags
    labelled = arrest.model_copy(update={"flags": (*arrest.flags, label)}) if is_new else arrest
    return ShownArrest(redact(withheld, without_convictions(labelled)))


_TELLS_OUTCOME = frozenset({Flag.CONVICTED, Flag.NOT_CONVICTED, Flag.NO_CONVICTION})


def show_opened(record: Arrest) -> ShownArrest:
    """A juvenile's record as the order of a court opens it: whole, for the readers whom its opening names (Family Court
    Act 381.3). No agreement takes part: the order does."""
    return ShownArrest(without_convictions(record))


def without_notes(alert: ShownAlert, instead: str) -> ShownAlert:
    """The alert with `instead` in the place of each of its notes."""
    because = [reason.model_copy(update={"note": instead if reason.note else ""}) for reason in alert.because]
    return ShownAlert(alert.model_copy(update={"because": tuple(because)}))


def _with_disputes(arrest: Arrest, withheld: WithheldFields, disputed: Sequence[DisputedFact]) -> Arrest:
    """A fact that is withheld is not said to be disputed."""
    if not disputed:
        return arrest
    hidden = changed_facts(arrest, redact(withheld, arrest)) - {ArrestFact.PERSON}
    return arrest.model_copy(update={"disputed": tuple(mark for mark in disputed if mark.fact not in hidden)})


def show_history(
    revisions: Iterable[Revision],
    withheld: WithheldFields | None,
    since: datetime | None,
    only_charges_of: Arrest | None = None,
) -> list[ShownRevision]:
    """The revisions, without differences from a version that the reader was not notified of: its person may have been
    another. `since` is when the reader was first notified; None for a reader who may look up every arrest. Whatever
    came until the person last changed is left out too.

    `only_charges_of` is the arrest as a reader has it who may not have nonconviction data (28 CFR 20.21): no revision
    tells of another charge or outcome. None for a reader who may have all."""
    fields = ALL_FIELDS if withheld is None else withheld
    listed = list(revisions)
    if since is not None:
        since = max([since, *(revision.reported_at for revision in listed if _changes_person(revision))])
    return [_show_revision(_with_charges_of(only_charges_of, revision), fields, since) for revision in listed]


def _with_charges_of(arrest: Arrest | None, revision: Revision) -> Revision:
    if arrest is None:
        return revision
    differences = tuple(each for each in revision.differences if tells_only_charges_of(arrest, each))
    return revision.model_copy(update={"differences": differences})


def _changes_person(revision: Revision) -> bool:
    return any(difference.change is ArrestChange.PERSON_CORRECTED for difference in revision.differences)


def _show_revision(revision: Revision, withheld: WithheldFields, since: datetime | None) -> ShownRevision:
    is_known = since is None or revision.reported_at > since
    differences = redact_differences(withheld, revision.differences) if is_known else ()
    return ShownRevision(revision.model_copy(update={"differences": differences}))


class CurrentReview(NamedTuple):
    """A review with those of its arrests that still are of the person whom it is about. None of them is a minor's.
    `stored` is the review with all of them."""

    stored: Review
    review: Review
    subscription: Subscription
    arrests: tuple[Arrest, ...]


def current_reviews(
    reviews: Iterable[tuple[Review, Subscription]], arrests: ArrestsTable, pseudonyms: Pseudonyms
) -> list[CurrentReview]:
    """Reads the arrests of all these reviews in one batch."""
    pairs = list(reviews)
    versions = arrests.versions(arrest_id for review, _ in pairs for arrest_id in review.arrests)
    arrest_of = {version.arrest.arrest_id: version.arrest for version in versions}
    return [current_review(review, subscription, arrest_of, pseudonyms) for review, subscription in pairs]


def current_review(
    review: Review, subscription: Subscription, arrests: Mapping[str, Arrest], pseudonyms: Pseudonyms
) -> CurrentReview:
    """Decides from plain values. `arrests` are keyed by arrest_id. Without its last arrest a review is closed."""
    stored, still = review, []
    for id_ in stored.arrests:
        arrest = arrests.get(id_)
        if arrest and is_of_person(review, subscription, arrest, pseudonyms):
            still.append(arrest)
        else:
            review = review.without_arrest(id_)
    return CurrentReview(stored, review, subscription, tuple(still))


def review_for_reader(current: CurrentReview, held: Callable[[Arrest], Arrest | None]) -> CurrentReview | None:
    """The review with those of its arrests that are held as far as its reader may know, as `held` says them. None if it
    had arrests and none is left: to this reader there is no such review. `stored` stays whole: a verdict is about the
    pair."""
    readable = {arrest.arrest_id: held(arrest) for arrest in current.arrests}
    review = current.review
    for id_, arrest in readable.items():
        if arrest is None:
            review = review.without_arrest(id_)
    arrests = tuple(filter(None, readable.values()))
    return current._replace(review=review, arrests=arrests) if arrests or not current.arrests else None


def show_review(current: CurrentReview, withheld: WithheldFields | None) -> ShownReview:
    review = current.review.redacted(ALL_FIELDS if withheld is None else withheld)
    return ShownReview(review.model_copy(update={"reason": with_sentence(review.reason)}))


def show_subscription(subscription: Subscription, reader: str, *, is_owner: bool) -> ShownSubscription:
    """`reader` is an e-mail address. Only an owner reads the private text."""
    return ShownSubscription(subscription if is_owner else subscription.as_read_by(reader))
