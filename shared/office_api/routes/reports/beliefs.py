"""Texts of folders and watches that may speak of religion or politics, for whoever watches over the use."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.subscriptions.beliefs import BeliefText, belief_texts
from shared.value import FrozenModel

routes = Routes("reports")
router = routes.router
HexId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z.]{1,40}$")]


class BeliefTexts(BaseModel):
    """Have whoever wrote a text change it, unless it relates directly to criminal conduct (28 CFR 23.20(b)). A text
    that was changed, or that somebody found fine, is not here."""

    items: list[BeliefText]


class FineWording(FrozenModel):
    subject_id: HexId
    field: FieldName
    text_hash: HexId


@routes.get("/v1/reports/beliefs", action=Action.REVIEW_BELIEFS, summary="List texts that may speak of beliefs")
def list_belief_texts() -> BeliefTexts:
    """Titles of the office's folders, notes and references of its watches."""
    office_id, subscriptions = current_request(router).by.office.office_id, dependencies.subscriptions
    trees, settled = [subscriptions.folders.tree(office_id)], dependencies.beliefs.settled(office_id)
    return BeliefTexts(items=list(belief_texts(subscriptions.all_of(office_id), trees, settled)))


def _listed_again(_ids: Ids, **_arguments: object) -> BeliefTexts:
    return list_belief_texts()


@routes.post(
    "/v1/reports/beliefs",
    action=Action.REVIEW_BELIEFS,
    summary="Say that a text is fine as it is",
    replay=Replay(answer=_listed_again),
    example=examples.FINE_WORDING,
)
def settle_belief_text(body: FineWording) -> BeliefTexts:
    """This wording of it is listed no more. Answers with what is left."""
    request, wording = current_request(router), (body.subject_id, body.field, body.text_hash)
    dependencies.beliefs.settle(request.by.office.office_id, wording, request.caller.email, datetime.now(UTC))
    return list_belief_texts()
