"""The statements of `shared/aws/statements.py` as entries of a transaction, for what executes no PartiQL. MiniStack
reads PartiQL for itself, so the tests on the local cloud are the proof that the statements are PartiQL."""

import re
from typing import Any

_INSERT = re.compile(r"""INSERT INTO "([^"]+)" VALUE \{((?:'[^']+': \?(?:, )?)+)\}""")
_UPDATE = re.compile(r"""UPDATE "([^"]+)" SET "([^"]+)" = \? WHERE "([^"]+)" = \?((?: AND "[^"]+" = \?)*)""")


def write_of(statement: str, parameters: list[Any]) -> dict[str, Any]:
    """Returns the entry of a transaction that does the same. Raises ValueError for any other statement."""
    if insert := _INSERT.fullmatch(statement):
        table, names = insert[1], re.findall("'([^']+)'", insert[2])
        item = dict(zip(names, parameters, strict=True))
        condition = "attribute_not_exists(#key)"
        return {
            "Put": {"TableName": table, "Item": item, "ConditionExpression": condition} | _named({"#key": names[0]})
        }
    if update := _UPDATE.fullmatch(statement):
        value, key, *expected = parameters
        others = re.findall('"([^"]+)"', update[4])
        names_of = {"#set": update[2], **{f"#e{number}": name for number, name in enumerate(others)}}
        values = {":set": value, **{f":e{number}": value for number, value in enumerate(expected)}}
        condition = " AND ".join(f"#e{number} = :e{number}" for number in range(len(others)))
        return {
            "Update": {
                "TableName": update[1],
                "Key": {update[3]: key},
                "UpdateExpression": "SET #set = :set",
                "ConditionExpression": condition,
                "ExpressionAttributeValues": values,
            }
            | _named(names_of)
        }
    raise ValueError(f"no statement of shared/aws/statements.py: {statement}")


def _named(names: dict[str, str]) -> dict[str, Any]:
    return {"ExpressionAttributeNames": names}
