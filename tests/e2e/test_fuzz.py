"""The whole API, asked by a machine that has read the document only: no fault, and no answer that is not documented."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.offices.users import Right
from tests.e2e.scene import Scene, unused_name
from tests.local.deployed import Api, Deployed
from tests.office_api.document import DOCUMENT

ROUTES = [
    f"{method.upper()} {path}"
    for path, operations in json.loads(DOCUMENT.read_text())["paths"].items()
    for method in operations
]


@pytest.fixture(scope="module")
def api(product: Deployed) -> Api:
    """Of somebody who may do everything that one can be allowed."""
    scene = Scene(product, unused_name())
    olga = scene.prosecutor("olga")
    user = product.users.find(scene.name, olga.email)
    assert user
    product.users.change(user, user.model_copy(update={"rights": frozenset(Right), "revision": user.revision + 1}))
    return olga.api


@cache
def document() -> Any:
    import schemathesis  # noqa: PLC0415 - three seconds that no other test should wait for

    return schemathesis.openapi.from_path(DOCUMENT)


def asked(route: str, api: Api, examples: int) -> None:
    """Half of the requests are as the document wants them, half are not."""
    from schemathesis import Case, GenerationMode  # noqa: PLC0415
    from schemathesis.checks import not_a_server_error  # noqa: PLC0415
    from schemathesis.specs.openapi.checks import (  # noqa: PLC0415
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    method, path = route.split()
    operation = document()[path][method]

    @settings(
        max_examples=examples, phases=[Phase.generate], derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode]))
    def ask(case: Case) -> None:
        response = case.call(base_url=api.base, headers={"authorization": f"Bearer {api.token}"})
        case.validate_response(response, checks=checks)

    ask()


@pytest.mark.exhaustive
@pytest.mark.parametrize("route", ROUTES)
def test_no_request_is_a_fault_or_answered_as_nothing_says(route: str, api: Api) -> None:
    asked(route, api, examples=20)
