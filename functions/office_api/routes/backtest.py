from datetime import UTC, datetime

from pydantic import Field

from functions.office_api import dependencies
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from functions.office_api.resources import agreed_with
from shared.access import Action
from shared.alerts.backtest import Backtest, backtest
from shared.matching.criteria import Criterion
from shared.value import FrozenModel

routes = Routes("subscriptions")
router = routes.router
SECONDS = 20.0  # after which it answers with what it has


class Question(FrozenModel):
    criterion: Criterion
    days: int = Field(default=90, ge=1, le=400)


@routes.post("/v1/backtest", action=Action.BACKTEST, summary="What a criterion would have hit, before you save it")
def ask(question: Question) -> Backtest:
    """Over the arrests stored in the last days, of agencies with which your office has an agreement. Nobody is told,
    nothing is saved."""
    agreed = agreed_with(current_request(router).by)
    now = datetime.now(UTC)
    return backtest(question.criterion, question.days, dependencies.backtesting, agreed.shown, now, SECONDS)
