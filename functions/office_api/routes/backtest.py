from datetime import UTC, datetime

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from functions.office_api import parts
from functions.office_api.access import asked_on
from functions.office_api.records import agreed_with
from shared.backtest import Backtest, backtest
from shared.domain.value import Value
from shared.domain.watches import Criterion

router = APIGatewayHttpRouter()
SECONDS = 20.0  # after which it answers with what it has


class Question(Value):
    criterion: Criterion
    days: int = Field(default=90, ge=1, le=400)


@router.post("/v1/backtest", tags=["subscriptions"], summary="What a criterion would have hit, before you save it")
def ask(question: Question) -> Backtest:
    """Over the arrests stored in the last days, of agencies with which your office has an agreement. Nobody is told,
    nothing is saved."""
    agreed = agreed_with(asked_on(router).by)
    now = datetime.now(UTC)
    return backtest(question.criterion, question.days, parts.backtesting, agreed.shown, now, SECONDS)
