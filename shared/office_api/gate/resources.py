"""Resources: the records that a path names by an id. Each is read once and described for the access policy.

`RESOURCE_LOADERS` has a line for each name of an id in a path: what kind of record it names, how it is loaded, and the
action that reading it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shared.access import SECOND_PERSON, Action, Relation, Resource, ResourceKind, ResourceState, is_wider
from shared.alerts.audience import subscriptions_of
from shared.alerts.model import Alert, AlertReason
from shared.alerts.number import parse_number
from shared.alerts.reviews.model import Review
from shared.alerts.view import (
    CurrentAlert,
    ShownArrest,
    ShownSubscription,
    as_held,
    current_alerts,
    current_alerts_about,
    current_reviews,
    review_for_reader,
    show_alert,
    show_subscription,
    without_other_charges,
)
from shared.arrests.juveniles.answer import JuvenileQuestion, QuestionKind
from shared.arrests.juveniles.opening import Opening
from shared.arrests.model import Arrest
from shared.breaches.model import Breach
from shared.disclosures.model import Disclosure
from shared.disputes.model import ArrestDisputes, Dispute, DisputeState
from shared.office_api import dependencies
from shared.office_api.gate.agreement_filter import AgreementFilter, agreement_filter
from shared.office_api.gate.authentication import SignedIn
from shared.office_api.gate.relations import (
    Relations,
    Trees,
    folder_trees,
    made_by,
    relations_that_hold,
    relations_to_alert,
    relations_to_subscription,
)
from shared.offices.model import Office
from shared.offices.users import Right
from shared.records_requests.exports.model import Export
from shared.subscriptions.errors import SelfWideningError
from shared.subscriptions.folders.model import Folder, FolderTree
from shared.subscriptions.model import Subscription

NEW_CATEGORY = "new category"  # stands for the id of a folder that is about to be made


class LoadedResource(NamedTuple):
    """`about` is what the policy sees; `record` is what the route's function gets."""

    about: Resource
    record: Any
    exists: bool = True


class FolderInTree(NamedTuple):
    """A folder, its tree, and the e-mail address of the caller."""

    tree: FolderTree
    folder: Folder
    email: str


class OfficeAgency(NamedTuple):
    """An agency whose feed the office keeps, or whose arrests it may seal."""

    agency: str
    office: Office


def subscription_resource(by: SignedIn, subscription: Subscription, trees: Trees | None = None) -> LoadedResource:
    """`trees` saves reading the folders again for each subscription of a list."""
    id_, office_id = subscription.subscription_id, subscription.office_id
    relations = relations_to_subscription(by, subscription, trees)
    return LoadedResource(Resource(ResourceKind.SUBSCRIPTION, id_, office_id, relations), subscription)


def is_owner(by: SignedIn, subscription: Subscription, trees: Trees | None = None) -> bool:
    """Whether the caller created it or owns a folder that holds it. Owners read and write its private text."""
    relations = relations_to_subscription(by, subscription, trees)
    return not relations.isdisjoint({Relation.MAKER, Relation.OWNER})


def check_not_widening(by: SignedIn, before: Subscription, **changes: object) -> None:
    """Raises SelfWideningError when these changes let the caller read more of the subscription, or be notified of it:
    by folders of his own, or as a recipient."""
    trees, after = folder_trees(by), before.model_copy(update=changes)
    relations = [relations_to_subscription(by, subscription, trees) for subscription in (before, after)]
    if is_wider(*relations):
        raise SelfWideningError(f"You would see more of this subscription than before. {SECOND_PERSON}")


def readable_subscription(by: SignedIn, subscription: Subscription, trees: Trees | None = None) -> ShownSubscription:
    """Returns the subscription without the owners' private text unless the caller is an owner."""
    return show_subscription(subscription, by.user.email, is_owner=is_owner(by, subscription, trees))


def alert_resources(by: SignedIn, alerts: Iterable[Alert], agreed: AgreementFilter) -> list[LoadedResource]:
    """Describes the alerts as they are now; each record is an AlertDisclosure. Two batch reads for all of them."""
    now = datetime.now(UTC)
    resources = []
    for current, is_hidden in alerts_for_reader(by, alerts, agreed, now):
        alert, withheld = _with_current_reasons(current), agreed.withheld(current.stored.agency)
        relations = relations_to_alert(by, alert)
        # Whoever only made some of its subscriptions reads no reason of somebody else's.
        reasons = _made_by(by, current.reasons) if relations == {Relation.MAKER} else current.reasons
        covered = agreed.covers(alert.agency) and not is_hidden
        about = Resource(ResourceKind.ALERT, alert.alert_id, alert.office_id, relations, agreed=covered)
        disputed = agreed.disputed(alert.arrest_id)
        shown = show_alert(current._replace(reasons=reasons), withheld, disputed, now)
        resources.append(LoadedResource(about, shown))
    return resources


class AlertForReader(NamedTuple):
    """`is_hidden`: to this reader the arrest is not held, and there is no such alert."""

    current: CurrentAlert
    is_hidden: bool


def alerts_for_reader(
    by: SignedIn, alerts: Iterable[Alert], agreed: AgreementFilter, now: datetime
) -> list[AlertForReader]:
    """The alerts as they are now, in order. Where the reader may not have charges of an arrest, a reason counts only if
    it holds without them; an alert of which none does is as one of an arrest that is not held."""
    current = current_alerts(alerts, by.office, dependencies.arrests, dependencies.subscriptions, now).values()
    held = {each.stored.alert_id: agreed.held_for_reader(each.arrest) for each in current}
    narrowed = [each.stored for each in current if held[each.stored.alert_id] is not each.arrest]
    watches = subscriptions_of(narrowed, dependencies.subscriptions)
    return [_for_reader(each, held[each.stored.alert_id], watches, agreed) for each in current]


def _for_reader(
    stored: CurrentAlert, held: Arrest | None, watches: Mapping[str, Subscription], agreed: AgreementFilter
) -> AlertForReader:
    current = as_held(stored, held, watches) if stored.arrest else stored
    is_hidden = stored.arrest is not None and current.arrest is None
    return AlertForReader(current if agreed.eligible else without_other_charges(current), is_hidden)


def review_resources(
    by: SignedIn, reviews: Iterable[tuple[Review, Subscription]], agreed: AgreementFilter, trees: Trees | None = None
) -> list[LoadedResource]:
    """Describes the reviews as they are now; each record is a CurrentReview. One batch read for all of them."""
    resources = []
    for current in current_reviews(reviews, dependencies.arrests, dependencies.pseudonyms()):
        review, relations = current.review, relations_to_subscription(by, current.subscription, trees)
        readable = review_for_reader(current, agreed.held_for_reader)
        covered = agreed.covers(review.agency) and readable is not None
        about = Resource(ResourceKind.REVIEW, review.review_id, review.office_id, relations, agreed=covered)
        resources.append(LoadedResource(about, readable))
    return resources


class ReadableArrest(NamedTuple):
    """`known_since` is when the caller was first notified of it. None for a caller who may look up every arrest."""

    arrest: ShownArrest
    known_since: datetime | None


def folder_resource(by: SignedIn, tree: FolderTree, folder: Folder) -> LoadedResource:
    role = tree.role_of(by.user.email, folder.folder_id)
    relations = frozenset({Relation(role.value)} if role else ())
    states = frozenset({ResourceState.ARCHIVED} if tree.is_archived(folder.folder_id) else ())
    about = Resource(ResourceKind.FOLDER, folder.folder_id, tree.office_id, relations, states)
    return LoadedResource(about, FolderInTree(tree, folder, by.user.email))


def new_folder_resource(by: SignedIn, tree: FolderTree) -> LoadedResource:
    """Describes a new category for the policy. In the "My" tab everybody owns theirs."""
    relations = frozenset({Relation.OWNER} if tree.person == by.user.email else ())
    return LoadedResource(Resource(ResourceKind.FOLDER, NEW_CATEGORY, tree.office_id, relations), None)


def load_arrest(by: SignedIn, id_: str) -> LoadedResource | None:
    """Loads an arrest for a caller who asks for it by its id or in a search.

    The caller's relations come from the alerts about it of which a reason holds for the arrest as it is now. Because
    the caller asks, an agreement on record is needed, also in an office that is notified of agencies without one.

    While the office has the agency's feed switched off, only whoever was told of the arrest reads it.

    The agreements are read whether or not the arrest is held: to a reader who may not have nonconviction data, such an
    arrest and none are the same reads and the same answer.
    """
    stored, agreed = dependencies.arrests.find(id_), agreement_filter(by, recorded_only=True, already_told=True)
    arrest = agreed.held_for_reader(stored)
    if arrest is None:
        return None
    alerts = [alert for alert in _valid_alerts(by, arrest) if relations_to_alert(by, alert)]
    relations: Relations = frozenset().union(*(relations_to_alert(by, alert) for alert in alerts))
    states = frozenset({ResourceState.JUVENILE} if arrest.juvenile else ())
    covered = agreed.covers(arrest.agency) and (bool(alerts) or not agreed.is_off(arrest.agency))
    about = Resource(ResourceKind.ARREST, arrest.arrest_id, by.office.office_id, relations, states, covered)
    shown, since = agreed.show_arrest(arrest), min((alert.created_at for alert in alerts), default=None)
    if Right.ARRESTS in by.user.rights:
        since = None
    return LoadedResource(about, ReadableArrest(shown, since) if shown else None)


def _valid_alerts(by: SignedIn, arrest: Arrest) -> list[Alert]:
    """The office's alerts about the arrest of which a reason holds for this version."""
    id_, now = arrest.arrest_id, datetime.now(UTC)
    stored = dependencies.alerts.read(dependencies.alerts.ids_of_arrest(id_)).values()
    own = [alert for alert in stored if alert.office_id == by.office.office_id]
    current = current_alerts_about(own, {id_: arrest}, by.office, dependencies.subscriptions, now)
    return [_with_current_reasons(alert) for alert in current.values() if not alert.is_withdrawn]


def _made_by(by: SignedIn, reasons: Iterable[AlertReason]) -> tuple[AlertReason, ...]:
    return tuple(reason for reason in reasons if reason.owner.casefold() == by.user.email)


def _with_current_reasons(current: CurrentAlert) -> Alert:
    """The alert with the reasons that hold. Whoever owned a reason that has ended has to do with it no more."""
    return current.stored if current.is_withdrawn else current.stored.model_copy(update={"because": current.reasons})


def _load_subscription(by: SignedIn, id_: str) -> LoadedResource | None:
    subscription = dependencies.subscriptions.find(by.office.office_id, id_)
    return subscription_resource(by, subscription) if subscription else None


def _load_alert(by: SignedIn, id_: str) -> LoadedResource | None:
    """Loads an alert by its id, or by the number that people say: then the caller's own one of that arrest."""
    number = parse_number(id_)
    alert = nearest_alert(by, dependencies.alerts.numbered(by.office.office_id, number)) if number else None
    alert = alert or dependencies.alerts.find(id_.lower())
    return alert_resources(by, [alert], agreement_filter(by, already_told=True))[0] if alert else None


def nearest_alert(by: SignedIn, alerts: Iterable[Alert]) -> Alert | None:
    """The alert to which the caller is related most closely: the recipient's own, then one as a stand-in, then one of a
    subscription that the caller made. None of no alerts."""

    def distance(alert: Alert) -> tuple[bool, bool, bool, bool, datetime]:
        relations = relations_to_alert(by, alert)
        is_recipient, is_maker = Relation.RECIPIENT in relations, Relation.MAKER in relations
        is_stand_in, is_withdrawn = alert.on_behalf_of is not None, alert.withdrawn_at is not None
        return not is_recipient, not is_maker, is_stand_in, is_withdrawn, alert.created_at

    return min(alerts, key=distance, default=None)


def _load_review(by: SignedIn, id_: str) -> LoadedResource | None:
    review = dependencies.alerts.reviews.find(id_)
    subscription = dependencies.subscriptions.find(review.office_id, review.subscription_id) if review else None
    if review is None or subscription is None:
        return None
    return review_resources(by, [(review, subscription)], agreement_filter(by))[0]


def disclosure_resource(by: SignedIn, disclosure: Disclosure) -> LoadedResource:
    relations = made_by(by, disclosure.requested_by)
    about = Resource(ResourceKind.DISCLOSURE, disclosure.disclosure_id, disclosure.office_id, relations)
    return LoadedResource(about, disclosure)


def _load_disclosure(by: SignedIn, id_: str) -> LoadedResource | None:
    disclosure = dependencies.disclosures.find(by.office.office_id, id_)
    return disclosure_resource(by, disclosure) if disclosure else None


class StoredDispute(NamedTuple):
    """A dispute, in the document of all disputes about its arrest."""

    stored: ArrestDisputes
    dispute: Dispute


def dispute_resources(by: SignedIn, documents: Sequence[ArrestDisputes]) -> list[LoadedResource]:
    """Describes their disputes, without those about an arrest that nobody reads now, such as one that a seal locks.
    What is gone has no text left to hide."""
    there = [each.arrest_id for each in documents if any(_has_texts(dispute) for dispute in each.disputes)]
    readable = {version.arrest.arrest_id for version in dependencies.arrests.versions(there)}
    return [
        _dispute_resource(by, each, dispute)
        for each in documents
        for dispute in each.disputes
        if each.arrest_id in readable or not _has_texts(dispute)
    ]


def _has_texts(dispute: Dispute) -> bool:
    return dispute.state is not DisputeState.GONE


def _dispute_resource(by: SignedIn, stored: ArrestDisputes, dispute: Dispute) -> LoadedResource:
    relations = made_by(by, dispute.recorded_by)
    about = Resource(ResourceKind.DISPUTE, dispute.dispute_id, dispute.office_id, relations)
    return LoadedResource(about, StoredDispute(stored, dispute))


def _load_dispute(by: SignedIn, id_: str) -> LoadedResource | None:
    stored = dependencies.subscriptions.disputes.holding(by.office.office_id, id_)
    resources = dispute_resources(by, [stored]) if stored else []
    return next((each for each in resources if each.about.id == id_), None)


def export_resource(by: SignedIn, export: Export) -> LoadedResource:
    relations = made_by(by, export.asked_by)
    return LoadedResource(Resource(ResourceKind.EXPORT, export.export_id, export.office_id, relations), export)


def _load_export(by: SignedIn, id_: str) -> LoadedResource | None:
    export = dependencies.exports.find(by.office.office_id, id_)
    return export_resource(by, export) if export else None


def breach_resource(by: SignedIn, breach: Breach) -> LoadedResource:
    relations = made_by(by, breach.recorded_by)
    about = Resource(ResourceKind.BREACH, breach.breach_id, breach.office_id, relations)
    return LoadedResource(about, breach)


def _load_breach(by: SignedIn, id_: str) -> LoadedResource | None:
    breach = dependencies.breaches.find(by.office.office_id, id_)
    return breach_resource(by, breach) if breach else None


def opening_resource(by: SignedIn, opening: Opening) -> LoadedResource:
    reads = relations_that_hold({Relation.READER: by.user.email.casefold() in opening.request.readers})
    relations = made_by(by, opening.requested_by) | reads
    about = Resource(ResourceKind.OPENING, opening.opening_id, opening.office_id, relations)
    return LoadedResource(about, opening)


def _load_opening(by: SignedIn, id_: str) -> LoadedResource | None:
    question = JuvenileQuestion(kind=QuestionKind.FIND, office_id=by.office.office_id, by=by.user.email, opening_id=id_)
    opening = dependencies.ask_about_juveniles()(question).opening
    return opening_resource(by, opening) if opening else None


def _load_folder(by: SignedIn, id_: str) -> LoadedResource | None:
    trees = [(tree, tree.find(id_)) for tree in folder_trees(by)]
    return next((folder_resource(by, tree, folder) for tree, folder in trees if folder), None)


def _load_agency(by: SignedIn, id_: str) -> LoadedResource | None:
    """Returns None for an agency that is not the office's own, whether or not it is enrolled."""
    office = by.office
    relations = relations_that_hold({Relation.KEEPER: id_ in office.agencies, Relation.SEALER: id_ in office.may_seal})
    about = Resource(ResourceKind.AGENCY, id_, office.office_id, relations)
    return LoadedResource(about, OfficeAgency(id_, office)) if relations else None


def _load_unsealing(by: SignedIn, id_: str) -> LoadedResource | None:
    """Returns None for an order about another office's agency."""
    unsealing = dependencies.unsealings.find(id_)
    agency = _load_agency(by, unsealing.agency) if unsealing else None
    if unsealing is None or agency is None:
        return None
    relations = agency.about.relations | made_by(by, unsealing.requested_by)
    about = Resource(ResourceKind.UNSEALING, id_, by.office.office_id, relations)
    return LoadedResource(about, unsealing)


class ResourceLoader(NamedTuple):
    kind: ResourceKind
    load: Callable[[SignedIn, str], LoadedResource | None]
    read_action: Action  # whoever may not do this is told that the record does not exist


RESOURCE_LOADERS: Mapping[str, ResourceLoader] = {
    "subscription_id": ResourceLoader(ResourceKind.SUBSCRIPTION, _load_subscription, Action.READ_SUBSCRIPTION),
    "alert_id": ResourceLoader(ResourceKind.ALERT, _load_alert, Action.READ_ALERT),
    "folder_id": ResourceLoader(ResourceKind.FOLDER, _load_folder, Action.READ_FOLDER),
    "arrest_id": ResourceLoader(ResourceKind.ARREST, load_arrest, Action.READ_ARREST),
    "review_id": ResourceLoader(ResourceKind.REVIEW, _load_review, Action.READ_REVIEW),
    "disclosure_id": ResourceLoader(ResourceKind.DISCLOSURE, _load_disclosure, Action.READ_DISCLOSURE),
    "dispute_id": ResourceLoader(ResourceKind.DISPUTE, _load_dispute, Action.READ_DISPUTE),
    "export_id": ResourceLoader(ResourceKind.EXPORT, _load_export, Action.FETCH_EXPORT),
    "breach_id": ResourceLoader(ResourceKind.BREACH, _load_breach, Action.READ_BREACH),
    "opening_id": ResourceLoader(ResourceKind.OPENING, _load_opening, Action.READ_OPENING),
    "unsealing_id": ResourceLoader(ResourceKind.UNSEALING, _load_unsealing, Action.READ_UNSEALING),
    "agency_id": ResourceLoader(ResourceKind.AGENCY, _load_agency, Action.READ_AGENCY),
}
READ_ACTIONS: Mapping[ResourceKind, Action] = {loader.kind: loader.read_action for loader in RESOURCE_LOADERS.values()}
