"""Two adjustments for a cloud that lives on 127.0.0.1."""

from typing import Any

from ministack.core import iam_evaluator, lambda_runtime

# Seconds: the emulator waits 0.05 after every invocation that logged nothing, in case a line is still on its way.
FIRST_LOG_LINE, NEXT_LOG_LINE, ALL_LOG_LINES = 0.004, 0.002, 0.25


def install() -> None:
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (FIRST_LOG_LINE, NEXT_LOG_LINE, ALL_LOG_LINES)
    _treat_as_secure_transport()


def _treat_as_secure_transport() -> None:
    """Our resource policies refuse plain HTTP. What never leaves the machine counts as TLS here."""
    resolve = iam_evaluator._resolve_condition_key

    def resolved(key: str, ctx: Any) -> Any:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, ctx)

    iam_evaluator._resolve_condition_key = resolved
