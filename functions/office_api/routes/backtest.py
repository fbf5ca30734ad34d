"""Backtest: what a criterion would have matched among stored arrests."""

from datetime import UTC, datetime

from pydantic import Field

from functions.office_api import dependencies
from functions.office_api.agreement_filter import agreement_filter
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from functions.office_api.routes import examples
from shared.access import Action
from shared.alerts.backtest import Backtest, backtest
from shared.matching.criteria import Criterion
from shared.value import FrozenModel

routes = Routes("subscriptions")
router = routes.router
SECONDS = 20.0  # then it answers with what it has


class BacktestRequest(FrozenModel):
    criterion: Criterion
    days: int = Field(default=90, ge=1, le=400)


@routes.post(
    "/v1/backtest", action=Action.BACKTEST, summary="Test a criterion against stored arrests", example=examples.BACKTEST
)
def backtest_criterion(backtest_request: BacktestRequest) -> Backtest:
    """Shows what the criterion would have matched in the last days, among arrests of agencies whose agreements cover
    your office. Nobody is notified and nothing is saved."""
    agreed = agreement_filter(current_request(router).by)
    now = datetime.now(UTC)
    return backtest(
        backtest_request.criterion,
        backtest_request.days,
        dependencies.backtest_deps,
        agreed.show_arrest,
        now,
        SECONDS,
    )
