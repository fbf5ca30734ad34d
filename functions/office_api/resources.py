"""The records that a path can name by an id, each read once and described for the policy."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from functions.office_api import dependencies
from functions.office_api.authentication import SignedIn
from shared.access import Relation, Resource, ResourceKind, ResourceState
from shared.alerts.model import Alert, redact_alert
from shared.alerts.reviews.model import Review
from shared.arrests.minimisation import NO_FIELDS, WithheldFields, redact
from shared.arrests.model import Arrest
from shared.offices.model import Office
from shared.subscriptions.folders.model import Folder, FolderTree
from shared.subscriptions.folders.table import TreeKey
from shared.subscriptions.model import Subscription

NEW_CATEGORY = "new category"


class LoadedResource(NamedTuple):
    about: Resource
    record: Any
    exists: bool = True


Trees = tuple[FolderTree, FolderTree]
Find = Callable[[SignedIn, str], LoadedResource | None]


class Reviewed(NamedTuple):
    review: Review
    subscription: Subscription


def of_subscription(by: SignedIn, subscription: Subscription, trees: Trees | None = None) -> LoadedResource:
    """`trees` saves reading the folders again for each of a list."""
    about = Resource(
        ResourceKind.SUBSCRIPTION,
        subscription.subscription_id,
        subscription.office_id,
        _relations(by, subscription, trees),
    )
    return LoadedResource(about, subscription)


def owns(by: SignedIn, subscription: Subscription, trees: Trees | None = None) -> bool:
    """Who made it, and the owners of a folder it lies in: they read and write its private text."""
    return not _relations(by, subscription, trees).isdisjoint({Relation.MAKER, Relation.OWNER})


def shown_to(by: SignedIn, subscription: Subscription, trees: Trees | None = None) -> Subscription:
    """Without the owners' text for everybody else."""
    return subscription if owns(by, subscription, trees) else subscription.as_read_by(by.user.email)


class AgreementFilter(NamedTuple):
    """Whether an agency's arrests may be shown in the caller's office today, for the purpose that was said, and what
    of them: `withheld` says None where nothing is."""

    withheld: Callable[[str], WithheldFields | None]

    def __call__(self, agency: str) -> bool:
        return self.withheld(agency) is not None

    def shown(self, arrest: Arrest) -> Arrest | None:
        withheld = self.withheld(arrest.agency)
        return None if withheld is None else redact(withheld, arrest)

    def told(self, alert: Alert) -> Alert:
        return redact_alert(alert, self.withheld(alert.agency) or NO_FIELDS)

    def asked(self, review: Review) -> Review:
        return review.redacted(self.withheld(review.agency) or NO_FIELDS)


def agreed_with(by: SignedIn) -> AgreementFilter:
    """The agreements are read once, here; hand it on for each of a list."""
    agreements, today = (
        dependencies.subscriptions.agreements.of(by.office.office_id),
        datetime.now(by.office.zone).date(),
    )
    return AgreementFilter(lambda agency: agreements.withheld_fields(by.office, agency, [by.purpose], today))


def of_alert(by: SignedIn, alert: Alert, agreed: AgreementFilter) -> LoadedResource:
    about = Resource(
        ResourceKind.ALERT, alert.alert_id, alert.office_id, _to_alert(by, alert), agreed=agreed(alert.agency)
    )
    return LoadedResource(about, agreed.told(alert))


def of_review(
    by: SignedIn, review: Review, subscription: Subscription, agreed: AgreementFilter, trees: Trees | None = None
) -> LoadedResource:
    relations = _relations(by, subscription, trees)
    about = Resource(ResourceKind.REVIEW, review.review_id, review.office_id, relations, agreed=agreed(review.agency))
    return LoadedResource(about, Reviewed(review, subscription))


def of_arrest(by: SignedIn, alert: Alert, arrest: Arrest, agreed: AgreementFilter) -> LoadedResource:
    """As whoever reads the alert would read it."""
    states = frozenset({ResourceState.JUVENILE} if arrest.juvenile else ())
    relations = _to_alert(by, alert)
    about = Resource(ResourceKind.ARREST, arrest.arrest_id, alert.office_id, relations, states, agreed(arrest.agency))
    return LoadedResource(about, agreed.shown(arrest))


class Filed(NamedTuple):
    """A folder in its tree, for whoever asks."""

    tree: FolderTree
    folder: Folder
    email: str


def trees_of(by: SignedIn) -> Trees:
    """The office's folders, and the caller's own."""
    keys = TreeKey(by.office.office_id), TreeKey(by.office.office_id, by.user.email)
    trees = dependencies.subscriptions.folders.read(keys)
    return trees[keys[0]], trees[keys[1]]


def of_folder(by: SignedIn, tree: FolderTree, folder: Folder) -> LoadedResource:
    role = tree.role_of(by.user.email, folder.folder_id)
    relations = frozenset({Relation(role.value)} if role else ())
    states = frozenset({ResourceState.ARCHIVED} if tree.is_archived(folder.folder_id) else ())
    about = Resource(ResourceKind.FOLDER, folder.folder_id, tree.office_id, relations, states)
    return LoadedResource(about, Filed(tree, folder, by.user.email))


def new_folder(by: SignedIn, tree: FolderTree) -> LoadedResource:
    """The place of a new category: everybody's own in the My tab."""
    relations = frozenset({Relation.OWNER} if tree.person == by.user.email else ())
    return LoadedResource(Resource(ResourceKind.FOLDER, NEW_CATEGORY, tree.office_id, relations), None)


def _relations(by: SignedIn, subscription: Subscription, trees: Trees | None) -> frozenset[Relation]:
    return _own_relations(by, subscription) | _through_folders(by, subscription, trees)


def _through_folders(by: SignedIn, subscription: Subscription, trees: Trees | None) -> frozenset[Relation]:
    """An archived folder is still read."""
    if not subscription.folders:
        return frozenset()
    roles = (
        tree.role_of(by.user.email, folder_id) for tree in trees or trees_of(by) for folder_id in subscription.folders
    )
    return frozenset(Relation(role.value) for role in roles if role)


def _own_relations(by: SignedIn, subscription: Subscription) -> frozenset[Relation]:
    email = by.user.email
    told = {recipient.email.casefold() for recipient in subscription.named_recipients}
    found = {Relation.MAKER: email == subscription.owner.casefold(), Relation.RECIPIENT: email in told}
    return frozenset(relation for relation, holds in found.items() if holds)


def _to_alert(by: SignedIn, alert: Alert) -> frozenset[Relation]:
    email = by.user.email
    found = {
        Relation.MAKER: email in {because.owner.casefold() for because in alert.because},
        Relation.RECIPIENT: email == alert.recipient.email.casefold(),
    }
    return frozenset(relation for relation, holds in found.items() if holds)


def _subscription(by: SignedIn, id_: str) -> LoadedResource | None:
    subscription = dependencies.subscriptions.find(by.office.office_id, id_)
    return of_subscription(by, subscription) if subscription else None


def _alert(by: SignedIn, id_: str) -> LoadedResource | None:
    alert = dependencies.alerts.find(id_)
    return of_alert(by, alert, agreed_with(by)) if alert else None


def _review(by: SignedIn, id_: str) -> LoadedResource | None:
    review = dependencies.alerts.reviews.find(id_)
    subscription = dependencies.subscriptions.find(review.office_id, review.subscription_id) if review else None
    return of_review(by, review, subscription, agreed_with(by)) if review and subscription else None


def arrest_looked_up(by: SignedIn, id_: str) -> LoadedResource | None:
    """As whoever asks for the arrest itself would read it: through the alerts that told of it, or by right. What is
    asked for, and not told, needs an agreement on record also where the office hears of agencies without one."""
    arrest = dependencies.arrests.find(id_)
    if arrest is None:
        return None
    alerts = dependencies.alerts.read(dependencies.alerts.ids_of_arrest(id_)).values()
    told = (alert for alert in alerts if alert.office_id == by.office.office_id and not alert.withdrawn_at)
    of_mine = (_to_alert(by, alert) for alert in told)
    relations = frozenset(relation for some in of_mine for relation in some)
    states = frozenset({ResourceState.JUVENILE} if arrest.juvenile else ())
    strict = by._replace(office=by.office.model_copy(update={"only_by_agreement": True}))
    agreed = agreed_with(strict)
    about = Resource(ResourceKind.ARREST, id_, by.office.office_id, relations, states, agreed(arrest.agency))
    return LoadedResource(about, agreed.shown(arrest))


def _folder(by: SignedIn, id_: str) -> LoadedResource | None:
    for tree in trees_of(by):
        if folder := tree.find(id_):
            return of_folder(by, tree, folder)
    return None


class KeptAgency(NamedTuple):
    """An agency as an office stands to it."""

    agency: str
    office: Office


def _agency(by: SignedIn, id_: str) -> LoadedResource | None:
    """Only of the office's own agencies anything is known at all, enrolled or not."""
    office = by.office
    stands = {Relation.KEEPER: id_ in office.agencies, Relation.SEALER: id_ in office.may_seal}
    relations = frozenset(relation for relation, holds in stands.items() if holds)
    about = Resource(ResourceKind.AGENCY, id_, office.office_id, relations)
    return LoadedResource(about, KeptAgency(id_, office)) if relations else None


RESOURCE_LOADERS: Mapping[str, tuple[ResourceKind, Find]] = {
    "subscription_id": (ResourceKind.SUBSCRIPTION, _subscription),
    "alert_id": (ResourceKind.ALERT, _alert),
    "folder_id": (ResourceKind.FOLDER, _folder),
    "arrest_id": (ResourceKind.ARREST, arrest_looked_up),
    "review_id": (ResourceKind.REVIEW, _review),
    "agency_id": (ResourceKind.AGENCY, _agency),
}
