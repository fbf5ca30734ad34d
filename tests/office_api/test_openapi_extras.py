"""What holds for every route: what may come twice, what may not be overtaken, where a list goes on, its document."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from jsonschema import Draft202012Validator

from shared.aws.idempotency_table import IdempotencyTable
from tests.builders import NAME_WATCH, PSEUDONYMS, a_wish
from tests.office_api.conftest import ADA
from tests.office_api.document import DOCUMENT, committed
from tests.office_api.test_endpoints import POSTS_THAT_READ

QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
SUBSCRIPTIONS = "/v1/subscriptions"


def test_the_same_key_with_the_same_body_has_the_same_answer_and_makes_nothing_twice(call, tables):
    first = call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key="k-1")
    before = tables.everything_in("Subscriptions")
    again = call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key="k-1")
    assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert tables.everything_in("Subscriptions") == before


def test_the_same_key_with_another_body_is_refused_and_makes_nothing(call):
    call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key="k-1")
    other = call("POST", SUBSCRIPTIONS, a_wish(NAME_WATCH), idempotency_key="k-1")
    assert other.status == 422
    assert other.body["errors"][0]["field"] == "Idempotency-Key"
    assert len(call("GET", SUBSCRIPTIONS).body["items"]) == 1


def hash_of(body: str, purpose: str = "investigation") -> str:
    return hashlib.sha256(json.dumps([purpose, "", body]).encode()).hexdigest()


def begun(body: str, at: datetime) -> None:
    """As if a worker had taken the request at that moment and not answered yet."""
    table = IdempotencyTable(boto3.client("dynamodb"), "Subscriptions")
    key = PSEUDONYMS.of("repeat", ADA["email"], SUBSCRIPTIONS, "k-1")
    assert table.begin("kings", key, hash_of(body), at) is None


def test_a_key_whose_first_request_is_still_at_work_says_so(call):
    begun(json.dumps(a_wish()), datetime.now(UTC))
    assert call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key="k-1").status == 409
    assert call("POST", SUBSCRIPTIONS, a_wish(NAME_WATCH), idempotency_key="k-1").status == 422
    assert call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key="k-2").status == 201


def test_a_key_whose_worker_died_is_taken_over(call):
    begun(json.dumps(a_wish()), datetime.now(UTC) - timedelta(minutes=1))
    assert call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key="k-1").status == 201


def test_a_key_is_free_again_after_a_day(call):
    table = IdempotencyTable(boto3.client("dynamodb"), "Subscriptions")
    yesterday = datetime.now(UTC) - timedelta(hours=25)
    key = PSEUDONYMS.of("repeat", ADA["email"], SUBSCRIPTIONS, "k-1")
    table.finish("kings", key, "another", "{}", yesterday)
    assert call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key="k-1").status == 201


def test_what_was_refused_does_not_keep_its_key(call):
    outside = a_wish(recipients=[{"email": "x@press.example.com"}])
    assert call("POST", SUBSCRIPTIONS, outside, idempotency_key="k-1").status == 403
    assert call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key="k-1").status == 201


def test_a_key_belongs_to_its_user_and_its_office(call):
    theirs = a_wish(recipients=[{"email": "quinn@queens.example.gov"}])
    assert call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key="k-1").status == 201
    assert call("POST", SUBSCRIPTIONS, theirs, claims=QUINN, idempotency_key="k-1").status == 201


@pytest.mark.parametrize("key", ["x" * 201, " ", "\u00e9"])
def test_a_key_that_is_none_is_refused(call, key):
    refused = call("POST", SUBSCRIPTIONS, a_wish(), idempotency_key=key)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_a_read_and_every_answer_to_a_change_carry_the_etag(call):
    made = call("POST", SUBSCRIPTIONS, a_wish())
    path = f"{SUBSCRIPTIONS}/{made.body['subscription_id']}"
    assert made.headers["ETag"] == call("GET", path).headers["ETag"] == '"1"'
    assert call("PUT", path, a_wish(NAME_WATCH), if_match='"1"').headers["ETag"] == '"2"'
    assert call("DELETE", path).headers["ETag"] == '"3"'


def test_what_somebody_else_has_changed_since_is_not_overwritten(call):
    path = f"{SUBSCRIPTIONS}/{call('POST', SUBSCRIPTIONS, a_wish()).body['subscription_id']}"
    assert call("PUT", path, a_wish(ends="2030-01-01"), if_match='"1"').status == 200
    assert call("PUT", path, a_wish(ends="2031-01-01"), if_match='"1"').status == 412
    assert call("PUT", path, a_wish(ends="2031-01-01"), if_match="").status == 428
    assert call("GET", path).body["ends"] == "2030-01-01"
    assert call("PUT", path, a_wish(ends="2031-01-01"), if_match="*").status == 200


def test_a_cancellation_may_name_the_state_it_is_meant_for(call):
    path = f"{SUBSCRIPTIONS}/{call('POST', SUBSCRIPTIONS, a_wish()).body['subscription_id']}"
    assert call("DELETE", path, if_match='"7"').status == 412
    assert call("DELETE", path).status == 200


def two_pages(call) -> str:
    for number in range(3):
        call("POST", SUBSCRIPTIONS, a_wish(basis={"kind": "open case", "case_number": f"C-{number}"}))
    return call("GET", SUBSCRIPTIONS, query="limit=1").body["next"]


def test_a_cursor_goes_on_where_the_page_ended_and_says_nothing_of_where_that_is(call):
    cursor = two_pages(call)
    page = call("GET", SUBSCRIPTIONS, query=f"limit=2&after={cursor}").body
    assert (len(page["items"]), page["next"]) == (2, None) or len(page["items"]) == 2
    assert page["items"][0]["subscription_id"] not in cursor


@pytest.mark.parametrize("forged", ["x", "AAAA", "é", "0" * 32])
def test_a_cursor_that_we_did_not_give_out_is_refused(call, forged):
    answer = call("GET", SUBSCRIPTIONS, query=f"after={forged}")
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "after")


def test_a_cursor_of_another_office_or_another_list_or_altered_is_refused(call):
    cursor = two_pages(call)
    assert call("GET", SUBSCRIPTIONS, claims=QUINN, query=f"after={cursor}").status == 422
    assert call("GET", "/v1/alerts", query=f"after={cursor}").status == 422
    altered = cursor[:-4] + ("AAAA" if cursor[-4:] != "AAAA" else "BBBB")
    assert call("GET", SUBSCRIPTIONS, query=f"after={altered}").status == 422


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
def test_a_page_has_its_bounds(call, limit):
    assert call("GET", SUBSCRIPTIONS, query=f"limit={limit}").status == 422


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/nowhere"), ("PATCH", SUBSCRIPTIONS)])
def test_what_is_no_route_is_a_problem_document_too(call, method, path):
    answer = call(method, path)
    assert (answer.status, answer.content_type) == (404, "application/problem+json")


def test_the_committed_document_is_the_one_that_the_code_makes(call):
    """A client is built from the committed copy."""
    generated = call("GET", "/v1/openapi.json").body
    assert json.loads(DOCUMENT.read_text()) == generated, "run .venv/bin/python -m tests.office_api.document"


def json_contents(document):
    """The JSON content of each request and each success, by the name of its operation."""
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    requests = {
        operation["operationId"]: operation["requestBody"] for operation in operations if "requestBody" in operation
    }
    answers = {
        operation["operationId"]: next(answer for status, answer in operation["responses"].items() if status < "300")
        for operation in operations
    }
    return tuple(
        {
            name: body["content"]["application/json"]
            for name, body in bodies.items()
            if "json" in str(body.get("content"))
        }
        for bodies in (requests, answers)
    )


def test_every_request_and_every_answer_has_an_example_that_is_valid():
    document = committed()
    requests, answers = json_contents(document)
    assert [name for name, content in requests.items() if "example" not in content] == []
    examples = [*requests.items(), *((name, content) for name, content in answers.items() if "example" in content)]
    without = [name for name, content in answers.items() if "example" not in content]
    assert without == [], "write an example of the answer into shared/office_api/answer_examples.json"
    for name, content in examples:
        schema = content["schema"] | {"components": document["components"]}
        faults = [fault.message for fault in Draft202012Validator(schema).iter_errors(content["example"])]
        assert faults == [], f"the example of {name} is not what its schema says"


def test_a_report_is_documented_as_json_and_as_a_table(call):
    content = committed()["paths"]["/v1/reports/folders"]["get"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/csv"}
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/FoldersReport"}
    assert call("GET", "/v1/reports/folders", accept="text/csv").content_type.startswith("text/csv")


def test_every_parameter_is_described():
    for path, operations in committed()["paths"].items():
        for method, operation in operations.items():
            undescribed = [parameter["name"] for parameter in operation["parameters"] if not parameter["description"]]
            assert undescribed == [], f"{method} {path}: give Path(...) or Query(...) a description"


def test_every_route_documents_its_headers_and_its_problems(call):
    document = call("GET", "/v1/openapi.json").body
    for path, operations in document["paths"].items():
        if path == "/v1/links/{token}":  # pages for whoever holds a link: no headers of ours, and no sign-in
            continue
        for method, operation in operations.items():
            said = {one["name"] for one in operation["parameters"]}
            assert "Purpose" in said, (method, path)
            changes = method == "post" and f"POST {path}" not in POSTS_THAT_READ
            assert ("Idempotency-Key" in said) == changes, (method, path)
            wanted = {"401", "403", "422", "503"} | ({"404"} if "{" in path else set())
            assert wanted <= set(operation["responses"]), (method, path)
            for status in wanted:
                assert "application/problem+json" in operation["responses"][status]["content"], (method, path, status)
