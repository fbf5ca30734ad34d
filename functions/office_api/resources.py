"""The records that a path can name by an id, each read once and described for the policy."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from functions.office_api import dependencies
from functions.office_api.authentication import SignedIn
from shared.access import Kind, Relation, Resource, ResourceState
from shared.alerts.model import Alert, redacted_for
from shared.alerts.reviews.model import Review
from shared.arrests.minimisation import NO_FIELDS, WithheldFields, redact
from shared.arrests.model import Arrest
from shared.offices.model import Office
from shared.subscriptions.folders.model import Folder, Tree
from shared.subscriptions.folders.table import TreeKey
from shared.subscriptions.model import Subscription

NEW_CATEGORY = "new category"


class LoadedResource(NamedTuple):
    about: Resource
    record: Any
    exists: bool = True


Trees = tuple[Tree, Tree]
Find = Callable[[SignedIn, str], LoadedResource | None]


class Reviewed(NamedTuple):
    review: Review
    subscription: Subscription


def of_subscription(by: SignedIn, one: Subscription, trees: Trees | None = None) -> LoadedResource:
    """`trees` saves reading the folders again for each of a list."""
    about = Resource(Kind.SUBSCRIPTION, one.subscription_id, one.office_id, _relations(by, one, trees))
    return LoadedResource(about, one)


def owns(by: SignedIn, one: Subscription, trees: Trees | None = None) -> bool:
    """Who made it, and the owners of a folder it lies in: they read and write its private text."""
    return not _relations(by, one, trees).isdisjoint({Relation.MAKER, Relation.OWNER})


def shown_to(by: SignedIn, one: Subscription, trees: Trees | None = None) -> Subscription:
    """Without the owners' text for everybody else."""
    return one if owns(by, one, trees) else one.as_read_by(by.user.email)


class AgreementFilter(NamedTuple):
    """Whether an agency's arrests may be shown in the caller's office today, for the purpose that was said, and what
    of them: `withheld` says None where nothing is."""

    withheld: Callable[[str], WithheldFields | None]

    def __call__(self, agency: str) -> bool:
        return self.withheld(agency) is not None

    def shown(self, one: Arrest) -> Arrest | None:
        withheld = self.withheld(one.agency)
        return None if withheld is None else redact(withheld, one)

    def told(self, one: Alert) -> Alert:
        return redacted_for(one, self.withheld(one.agency) or NO_FIELDS)

    def asked(self, one: Review) -> Review:
        return one.as_agreed(self.withheld(one.agency) or NO_FIELDS)


def agreed_with(by: SignedIn) -> AgreementFilter:
    """The agreements are read once, here; hand it on for each of a list."""
    agreements, today = (
        dependencies.subscriptions.agreements.of(by.office.office_id),
        datetime.now(by.office.zone).date(),
    )
    return AgreementFilter(lambda agency: agreements.withheld(by.office, agency, [by.purpose], today))


def of_alert(by: SignedIn, one: Alert, agreed: AgreementFilter) -> LoadedResource:
    about = Resource(Kind.ALERT, one.alert_id, one.office_id, _to_alert(by, one), agreed=agreed(one.agency))
    return LoadedResource(about, agreed.told(one))


def of_review(
    by: SignedIn, one: Review, subscription: Subscription, agreed: AgreementFilter, trees: Trees | None = None
) -> LoadedResource:
    relations = _relations(by, subscription, trees)
    about = Resource(Kind.REVIEW, one.review_id, one.office_id, relations, agreed=agreed(one.agency))
    return LoadedResource(about, Reviewed(one, subscription))


def of_arrest(by: SignedIn, alert: Alert, one: Arrest, agreed: AgreementFilter) -> LoadedResource:
    """As whoever reads the alert would read it."""
    states = frozenset({ResourceState.JUVENILE} if one.juvenile else ())
    relations = _to_alert(by, alert)
    about = Resource(Kind.ARREST, one.arrest_id, alert.office_id, relations, states, agreed(one.agency))
    return LoadedResource(about, agreed.shown(one))


class Filed(NamedTuple):
    """A folder in its tree, for whoever asks."""

    tree: Tree
    folder: Folder
    email: str


def trees_of(by: SignedIn) -> Trees:
    """The office's folders, and the caller's own."""
    keys = TreeKey(by.office.office_id), TreeKey(by.office.office_id, by.user.email)
    found = dependencies.subscriptions.folders.read(keys)
    return found[keys[0]], found[keys[1]]


def of_folder(by: SignedIn, tree: Tree, one: Folder) -> LoadedResource:
    role = tree.role(by.user.email, one.folder_id)
    relations = frozenset({Relation(role.value)} if role else ())
    states = frozenset({ResourceState.ARCHIVED} if tree.archived(one.folder_id) else ())
    about = Resource(Kind.FOLDER, one.folder_id, tree.office_id, relations, states)
    return LoadedResource(about, Filed(tree, one, by.user.email))


def new_folder(by: SignedIn, tree: Tree) -> LoadedResource:
    """The place of a new category: everybody's own in the My tab."""
    relations = frozenset({Relation.OWNER} if tree.person == by.user.email else ())
    return LoadedResource(Resource(Kind.FOLDER, NEW_CATEGORY, tree.office_id, relations), None)


def _relations(by: SignedIn, one: Subscription, trees: Trees | None) -> frozenset[Relation]:
    return _own_relations(by, one) | _through_folders(by, one, trees)


def _through_folders(by: SignedIn, one: Subscription, trees: Trees | None) -> frozenset[Relation]:
    """An archived folder is still read."""
    if not one.folders:
        return frozenset()
    roles = (tree.role(by.user.email, folder_id) for tree in trees or trees_of(by) for folder_id in one.folders)
    return frozenset(Relation(role.value) for role in roles if role)


def _own_relations(by: SignedIn, one: Subscription) -> frozenset[Relation]:
    email = by.user.email
    told = {recipient.root.get("email", "").casefold() for recipient in one.told}
    found = {Relation.MAKER: email == one.owner.casefold(), Relation.RECIPIENT: email in told}
    return frozenset(relation for relation, holds in found.items() if holds)


def _to_alert(by: SignedIn, one: Alert) -> frozenset[Relation]:
    email = by.user.email
    found = {
        Relation.MAKER: email in {because.owner.casefold() for because in one.because},
        Relation.RECIPIENT: email == one.recipient.root.get("email", "").casefold(),
    }
    return frozenset(relation for relation, holds in found.items() if holds)


def _subscription(by: SignedIn, id_: str) -> LoadedResource | None:
    one = dependencies.subscriptions.find(by.office.office_id, id_)
    return of_subscription(by, one) if one else None


def _alert(by: SignedIn, id_: str) -> LoadedResource | None:
    one = dependencies.alerts.find(id_)
    return of_alert(by, one, agreed_with(by)) if one else None


def _review(by: SignedIn, id_: str) -> LoadedResource | None:
    one = dependencies.alerts.reviews.find(id_)
    subscription = dependencies.subscriptions.find(one.office_id, one.subscription_id) if one else None
    return of_review(by, one, subscription, agreed_with(by)) if one and subscription else None


def arrest_looked_up(by: SignedIn, id_: str) -> LoadedResource | None:
    """As whoever asks for the arrest itself would read it: through the alerts that told of it, or by right. What is
    asked for, and not told, needs an agreement on record also where the office hears of agencies without one."""
    one = dependencies.arrests.find(id_)
    if one is None:
        return None
    alerts = dependencies.alerts.read(dependencies.alerts.of_arrest(id_)).values()
    told = (alert for alert in alerts if alert.office_id == by.office.office_id and not alert.withdrawn_at)
    of_mine = (_to_alert(by, alert) for alert in told)
    relations = frozenset(relation for some in of_mine for relation in some)
    states = frozenset({ResourceState.JUVENILE} if one.juvenile else ())
    strict = by._replace(office=by.office.model_copy(update={"only_by_agreement": True}))
    agreed = agreed_with(strict)
    about = Resource(Kind.ARREST, id_, by.office.office_id, relations, states, agreed(one.agency))
    return LoadedResource(about, agreed.shown(one))


def _folder(by: SignedIn, id_: str) -> LoadedResource | None:
    for tree in trees_of(by):
        if one := tree.find(id_):
            return of_folder(by, tree, one)
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
    about = Resource(Kind.AGENCY, id_, office.office_id, relations)
    return LoadedResource(about, KeptAgency(id_, office)) if relations else None


RESOURCE_LOADERS: Mapping[str, tuple[Kind, Find]] = {
    "subscription_id": (Kind.SUBSCRIPTION, _subscription),
    "alert_id": (Kind.ALERT, _alert),
    "folder_id": (Kind.FOLDER, _folder),
    "arrest_id": (Kind.ARREST, arrest_looked_up),
    "review_id": (Kind.REVIEW, _review),
    "agency_id": (Kind.AGENCY, _agency),
}
