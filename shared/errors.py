"""The two errors that every room may raise, named by who must act.

Any other exception is a bug: the message that caused it ends in the dead-letter queue, and an alarm tells an operator.
"""


class Rejected(Exception):
    """The sender must correct the data. It is never retried.

    `code` is a stable word for programs, `reason` says in plain words what is wrong, and `fix` says what to do about
    it. None of the three ever contains a personal value.
    """

    def __init__(self, code: str, reason: str, fix: str) -> None:
        super().__init__(f"{code}: {reason} {fix}")
        self.code, self.reason, self.fix = code, reason, fix


class TryLater(Exception):
    """Nobody must act: the queue delivers the message again and the work is repeated."""
