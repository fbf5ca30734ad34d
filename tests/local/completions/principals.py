"""The condition key `aws:PrincipalArn`: for an assumed role it is the role's ARN, not the session's (IAM User Guide,
"AWS global condition context keys"). MiniStack compares the session's, so a bucket policy that denies all but one role
denies that role too."""

import re
from typing import Any

from ministack.core import iam_evaluator

_SESSION = re.compile(r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.+")


def install() -> None:
    resolve = iam_evaluator._resolve_condition_key

    def resolve_condition_key(key: str, ctx: Any) -> Any:
        value = resolve(key, ctx)
        session = _SESSION.fullmatch(value) if key.lower() == "aws:principalarn" and isinstance(value, str) else None
        return session.expand(r"arn:\g<partition>:iam::\g<account>:role/\g<role>") if session else value

    iam_evaluator._resolve_condition_key = resolve_condition_key
