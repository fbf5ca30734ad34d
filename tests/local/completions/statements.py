"""PartiQL statements that write.

Who may execute one: whoever may insert, update, delete or select in its table (Service Authorization Reference,
"Actions, resources, and condition keys for Amazon DynamoDB"). MiniStack asks for an action named after the call, which
AWS does not have. And what a statement writes is a record of the table's stream, like any other write.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions
from ministack.services import dynamodb

CALLS = ("dynamodb:BatchExecuteStatement", "dynamodb:ExecuteStatement")


def install() -> None:
    authorize_by_table()
    dynamodb._partiql_insert = streamed(dynamodb._partiql_insert)
    dynamodb._partiql_update = streamed(dynamodb._partiql_update)


def authorize_by_table() -> None:
    of_transactions: Any = iam_actions.dynamodb_transaction_checks

    def checks(iam_action: str, body: bytes, region: str, account_id: str) -> list[tuple[str, str]]:
        if iam_action not in CALLS:
            return [*of_transactions(iam_action, body, region, account_id)]
        request = json.loads(body)
        statements = [
            dynamodb._parse_partiql(each["Statement"], each.get("Parameters", []))
            for each in request.get("Statements", [request])
        ]
        tables = f"arn:aws:dynamodb:{region}:{account_id}:table"
        return [(f"dynamodb:PartiQL{each['op'].capitalize()}", f"{tables}/{each['table']}") for each in statements]

    iam_actions.dynamodb_transaction_checks = checks


def streamed(write: Callable[..., Any]) -> Callable[..., Any]:
    def written(table: Any, parsed: Any, *request: Any) -> Any:
        before = copy.deepcopy(_item_of(table, parsed))
        answer = write(table, parsed, *request)
        if answer[0] == 200:
            event = "MODIFY" if before else "INSERT"
            dynamodb._emit_stream_event(parsed["table"], event, before, _item_of(table, parsed))
        return answer

    return written


def _item_of(table: Any, parsed: Any) -> Any:
    """Returns the item that a statement inserts or updates as it is stored now, None if there is none."""
    named = parsed.get("item") or {name: value for name, operator, value in parsed.get("conditions") or ()}
    key = dynamodb._extract_key_val(named.get(table["pk_name"]))
    sort = dynamodb._extract_key_val(named.get(table["sk_name"])) if table["sk_name"] else "__no_sort__"
    return table["items"].get(key, {}).get(sort)
