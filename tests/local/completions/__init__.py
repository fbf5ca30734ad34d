from tests.local.completions import (
    client_secrets,
    executions,
    faults,
    gradual_releases,
    loopback,
    managed_login,
    messages,
    principals,
    resources,
    sign_in_log,
    signatures,
    statements,
    streams,
    texts,
    workers,
)

MODULES = (
    loopback, resources, streams, messages, texts, client_secrets, managed_login, sign_in_log, principals, workers,
    signatures, executions, statements, faults, gradual_releases,
)  # fmt: skip


def complete() -> None:
    """What our template needs and MiniStack 1.5.33 ignores. Each module says what and why."""
    for module in MODULES:
        module.install()
