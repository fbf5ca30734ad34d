"""Errors are named by who must act. Anything else that is raised is a bug and goes to the dead letter and the alarm."""


class Rejected(Exception):  # noqa: N818 - a word of the field: a reject is what the agency gets back
    """The sender must mend it; it is never retried.

    `code` is a stable word for programs, `reason` says in plain words what is wrong, `fix` what to do about it.
    None of the three ever repeats a personal value.
    """

    def __init__(self, code: str, reason: str, fix: str) -> None:
        super().__init__(f"{code}: {reason} {fix}")
        self.code, self.reason, self.fix = code, reason, fix


class TryLater(Exception):  # noqa: N818 - says what happens next, which "Error" would not
    """Nobody must act: the queue repeats the work."""
