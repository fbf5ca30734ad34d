from tests.local.completions import client_secrets, loopback, messages, principals, resources, streams, texts, workers


def complete() -> None:
    """What our template needs and MiniStack 1.5.33 ignores. Each module says what and why."""
    for module in (loopback, resources, streams, messages, texts, client_secrets, principals, workers):
        module.install()
