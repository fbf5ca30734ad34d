from datetime import UTC, datetime

from pydantic import Field

from functions.office_api import dependencies
from functions.office_api.agreement_filter import agreement_filter
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from shared.access import Action
from shared.alerts.backtest import Backtest, backtest
from shared.matching.criteria import Criterion
from shared.value import FrozenModel

routes = Routes("subscriptions")
router = routes.router
SECONDS = 20.0  # after which it answers with what it has


class BacktestRequest(FrozenModel):
    criterion: Criterion
    days: int = Field(default=90, ge=1, le=400)


@routes.post("/v1/backtest", action=Action.BACKTEST, summary="What a criterion would have hit, before you save it")
def ask(backtest_request: BacktestRequest) -> Backtest:
    """Over the arrests stored in the last days, of agencies with which your office has an agreement. Nobody is told,
    nothing is saved."""
    agreed = agreement_filter(current_request(router).by)
    now = datetime.now(UTC)
    return backtest(
        backtest_request.criterion,
        backtest_request.days,
        dependencies.backtest_deps,
        agreed.redact_arrest,
        now,
        SECONDS,
    )
