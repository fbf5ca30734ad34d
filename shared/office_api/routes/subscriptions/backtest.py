"""Backtest: what a criterion would have matched among stored arrests."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from pydantic import Field

from shared.access import Action
from shared.alerts.backtest import Backtest, backtest
from shared.alerts.view import ShownArrest
from shared.arrests.model import Arrest
from shared.matching.criteria import Criterion
from shared.office_api import dependencies
from shared.office_api.endpoints import Routes
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.gate.authentication import SignedIn
from shared.office_api.gate.resources import FolderInTree, LoadedResource
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.offices.agreements import PURPOSE_OF_BASIS
from shared.subscriptions.check_request import require_can_hit
from shared.subscriptions.chosen_events import chosen_kinds
from shared.subscriptions.events import EventGroups
from shared.subscriptions.folders.model import FolderId, FolderTree
from shared.subscriptions.model import MAX_FOLDERS_OF_ONE, Basis
from shared.subscriptions.refused_words import check_texts
from shared.value import FrozenModel

routes = Routes("subscriptions")
router = routes.router


class BacktestRequest(FrozenModel):
    """A backtest reads stored arrests like a subscription would, so it needs a lawful basis as well. `events` and
    `folders` are those of the subscription that it would be."""

    criterion: Criterion
    basis: Basis
    events: EventGroups = ()
    folders: tuple[FolderId, ...] = Field(default=(), max_length=MAX_FOLDERS_OF_ONE)
    days: int = Field(default=90, ge=1, le=400)


@routes.post(
    "/v1/backtest", action=Action.BACKTEST, summary="Test a criterion against stored arrests", example=examples.BACKTEST
)
def backtest_criterion(backtest_request: BacktestRequest) -> Backtest:
    """Shows what the criterion would have matched in the last days, among arrests of agencies whose agreements cover
    your office for your purpose and for that of the basis. Only who may subscribe may ask. Nobody is notified and
    nothing is saved; minors and sealed arrests are in no count."""
    request = current_request(router)
    request.authorize_new(Action.CREATE_SUBSCRIPTION, LoadedResource(request.about, None))
    today = request.by.office.local_day(datetime.now(UTC))
    require_can_hit(backtest_request.criterion, today, dependencies.agencies.is_enrolled)
    check_texts({"basis.case_number": backtest_request.basis.case_number})
    chosen = chosen_kinds(backtest_request, _readable_trees(backtest_request.folders, request))
    now = datetime.now(UTC)
    shown = _shown_for(request.by, PURPOSE_OF_BASIS[backtest_request.basis.kind])
    criterion, days = backtest_request.criterion, backtest_request.days
    return backtest(criterion, days, dependencies.backtest_deps, shown, now, chosen)


def _readable_trees(folder_ids: Iterable[str], request: AuthorizedRequest) -> list[FolderTree]:
    """The trees of the folders. Raises RefusalError for a folder that the caller may not read."""
    read = (request.authorize_named("folder_id", folder_id, Action.READ_FOLDER) for folder_id in folder_ids)
    return [allowed.resource(FolderInTree).tree for allowed in read]


def _shown_for(by: SignedIn, purpose: str) -> Callable[[Arrest], ShownArrest | None]:
    """An arrest as far as the agreements share it for the stated purpose and for this one."""
    stated, of_basis = agreement_filter(by), agreement_filter(by._replace(purpose=purpose))

    def show(arrest: Arrest) -> ShownArrest | None:
        shown = stated.show_arrest(arrest)
        return of_basis.show_arrest(shown) if shown else None

    return show
