"""The whole API, asked by a machine that has read the document only: no fault, and no answer that is not documented."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.domain.users import Right
from tests.e2e.scene import Scene, unused_name
from tests.local.deployed import Api, Deployed
from tests.office_api.document import DOCUMENT

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PATIENT: dict[str, Any] = {
    "deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True, "database": None,
}  # fmt: skip

schema = schemathesis.openapi.from_path(DOCUMENT)
schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@pytest.fixture(scope="module")
def api(product: Deployed) -> Api:
    """Of somebody who may do everything that one can be allowed."""
    scene = Scene(product, unused_name())
    olga = scene.prosecutor("olga")
    user = product.users.find(scene.name, olga.email)
    assert user
    product.users.change(user, user.model_copy(update={"rights": frozenset(Right), "revision": user.revision + 1}))
    return olga.api


def ask(case: Case, api: Api) -> None:
    response = case.call(base_url=api.base, headers={"authorization": f"Bearer {api.token}"})
    case.validate_response(response, checks=CHECKS)


@schema.parametrize()
@settings(max_examples=4, phases=[Phase.generate], **PATIENT)
def test_no_request_is_a_fault_or_answered_as_nothing_says(case: Case, api: Api) -> None:
    ask(case, api)


@pytest.mark.exhaustive
@schema.parametrize()
@settings(max_examples=100, **PATIENT)
def test_no_request_of_many_is_a_fault_or_answered_as_nothing_says(case: Case, api: Api) -> None:
    ask(case, api)
