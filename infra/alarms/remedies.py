"""What an alarm says to whoever it wakes: what happened, what to do, and the command to begin with.

One entry for each dead letter, queue, stream reader and function of the stack. In a command `{stack}` stands for the
stack's name and `{log_group}` for the log group of the function that the alarm is about; words in capitals are the
operator's to fill in. `tests/infra/test_alarms.py` runs every command through the parser that would read it.
"""

from dataclasses import dataclass

MOST_CHARACTERS = 1024  # of an alarm's description: CloudWatch, PutMetricAlarm
ERRORS_OF_THE_LAST_HOUR = "aws logs tail {log_group} --since 1h --filter-pattern ERROR"
ALARMS_THAT_GO_OFF = "aws cloudwatch describe-alarms --alarm-name-prefix {stack} --state-value ALARM"


@dataclass(frozen=True)
class Remedy:
    happened: str
    action: str
    command: str

    def text(self, *, stack: str, log_group: str) -> str:
        """The alarm's description, in Markdown, as the CloudWatch console shows it."""
        text = f"{self.happened}\n\nWhat to do: {self.action}\n\nCommand: `{self.command}`"
        return text.replace("{stack}", stack).replace("{log_group}", log_group)


class MissingRemedyError(LookupError):
    """The stack has something to watch that nobody has written a remedy for."""


class Remedies(dict[str, Remedy]):
    """By the name of what is watched. Raises MissingRemedyError for a name that has no entry."""

    def __init__(self, table: str, entries: dict[str, Remedy]) -> None:
        super().__init__(entries)
        self._table = table

    def __missing__(self, name: str) -> Remedy:
        raise MissingRemedyError(
            f"{name} has no remedy: add an entry to {self._table} in infra/alarms/remedies.py that says what happened, "
            "what to do, and with which command"
        )


def _replay(queue: str) -> str:
    return f"arrest-alert dead-letters --stack {{stack}} {queue} --replay"


DEAD_LETTERS = Remedies(
    "DEAD_LETTERS",
    {
        "Feeds": Remedy(
            "receive_feed failed every time on a drop. Its arrests are not stored, and nobody is alerted of them.",
            "Read receive_feed's ERROR lines and correct the cause, then replay the dead letter. It is safe to read a "
            "drop twice.",
            _replay("feeds"),
        ),
        "Alerts": Remedy(
            "send_alerts failed every time on a delivery. Its recipient has not been alerted.",
            "Read send_alerts' ERROR lines and look at the account's sending status in the SES console. Correct the "
            "cause, then replay the dead letter. A delivery that was sent is not sent again.",
            _replay("alerts"),
        ),
        "ProviderEvents": Remedy(
            "record_delivery_events could not record an event of SES or SNS. Nobody misses an alert, but a delivery's "
            "state may be out of date.",
            "Read record_delivery_events' ERROR lines and correct the cause, then replay the dead letter.",
            _replay("provider-events"),
        ),
        "Purges": Remedy(
            "purge_records failed every time on a page of records. What is due there is not purged.",
            "Read purge_records' ERROR lines and correct the cause, then replay the dead letter. The next day's run "
            "looks at every record again, too.",
            _replay("purges"),
        ),
        "Exports": Remedy(
            "export_records failed every time on an export that somebody asked for.",
            "Read export_records' ERROR lines and correct the cause, then replay the dead letter, or ask for the "
            "export anew at the console.",
            _replay("exports"),
        ),
        "Unmatched": Remedy(
            "match_arrests failed on stored arrests. Alerts are missing.",
            "Read match_arrests' ERROR lines, correct the cause and replay the dead letter within 24 hours: the "
            "stream of the arrests table holds the records no longer.",
            _replay("unmatched"),
        ),
        "Unchained": Remedy(
            "chain_audit failed on audit events. They are in their table but in no object under Object Lock.",
            "Read chain_audit's ERROR lines, correct the cause and replay the dead letter within 24 hours. Then run "
            "`arrest-alert audit --stack {stack} verify`.",
            _replay("unchained"),
        ),
        "Housekeeping": Remedy(
            "A run of scheduled_jobs or of learn_names failed.",
            "Read the ERROR lines of both and correct the cause. The next run does the same work again, so discard the "
            "dead letter.",
            "arrest-alert dead-letters --stack {stack} housekeeping --discard",
        ),
    },
)

# Queue -> the function that consumes it, and why its messages may wait.
CONSUMERS = {
    "Feeds": "receive_feed",
    "Alerts": "send_alerts",
    "ProviderEvents": "record_delivery_events",
    "Purges": "purge_records",
    "Exports": "export_records",
}
WAITING = Remedies(
    "WAITING",
    {
        "Feeds": Remedy(
            "Drops have waited in their queue for more than five minutes.",
            "Look for errors and throttles of receive_feed.",
            ERRORS_OF_THE_LAST_HOUR,
        ),
        "Alerts": Remedy(
            "Deliveries have waited in their queue for more than five minutes: alerts are late.",
            "Look for errors and throttles of send_alerts, and compare `mails_a_second` and `texts_a_second` in "
            "infra/environments.py with what SES and SNS allow the account.",
            ERRORS_OF_THE_LAST_HOUR,
        ),
        "ProviderEvents": Remedy(
            "Events of SES and SNS have waited in their queue for more than five minutes: the states of deliveries are "
            "out of date.",
            "Look for errors and throttles of record_delivery_events.",
            ERRORS_OF_THE_LAST_HOUR,
        ),
        "Purges": Remedy(
            "Steps of the day's purge have waited in their queue for more than five minutes.",
            "Look for errors and throttles of purge_records. Nothing is lost: the steps go on where they stopped.",
            ERRORS_OF_THE_LAST_HOUR,
        ),
        "Exports": Remedy(
            "Exports of records requests have waited in their queue for more than five minutes.",
            "Look for errors and throttles of export_records. Nothing is lost: each is made when its turn comes.",
            ERRORS_OF_THE_LAST_HOUR,
        ),
    },
)
BEHIND = Remedies(
    "BEHIND",
    {
        "match_arrests": Remedy(
            "match_arrests is more than two minutes behind the arrests table: alerts are late.",
            "Look for errors and throttles of match_arrests. The stream holds records for 24 hours.",
            ERRORS_OF_THE_LAST_HOUR,
        ),
        "chain_audit": Remedy(
            "chain_audit is more than two minutes behind its tables: audit events are not yet under Object Lock.",
            "Look for errors and throttles of chain_audit. The streams hold records for 24 hours.",
            ERRORS_OF_THE_LAST_HOUR,
        ),
    },
)
_REDRIVE = "arrest-alert drop --stack {stack} AGENCY DROP redrive"
_READ_ITS_ERRORS = (
    "`arrest-alert drops --stack {stack} AGENCY` shows the state of large drops. Read receive_feed's ERROR lines and "
    "correct the cause, then redrive the drop within a day; after that, replay it."
)
LARGE_DROPS = Remedies(
    "LARGE_DROPS",
    {
        "LargeDropsFailed": Remedy(
            "A task of a large drop failed nine times, and the drop with it. It has no receipt, and nobody is alerted "
            "of the arrests that are not stored yet.",
            _READ_ITS_ERRORS,
            _REDRIVE,
        ),
        "LargeDropsTimedOut": Remedy(
            "A large drop was not read within twelve hours. It has no receipt, and nobody is alerted of the arrests "
            "that are not stored yet.",
            f"Look for throttles of receive_feed and of the arrests table. {_READ_ITS_ERRORS}",
            _REDRIVE,
        ),
        "LargeDropsThrottled": Remedy(
            "Step Functions delays the states of large drops: the account is at its quota of transitions.",
            "Drops are read later, and nothing is lost. Ask for a higher quota (Step Functions, StateTransition) if it "
            "goes on.",
            "aws service-quotas list-service-quotas --service-code states",
        ),
    },
)
API_FAULTS = Remedy(
    "Callers of the office API got answers with a status of 500 or above for two minutes.",
    "Read office_api's newest ERROR line. If there is none, read the access log of the API.",
    ERRORS_OF_THE_LAST_HOUR,
)

# Name of a denial -> how many within five minutes are many, and what to do then.
MANY = {"SignInsFailed": 20, "RequestsDenied": 50}
DENIALS = Remedies(
    "DENIALS",
    {
        "SignInsFailed": Remedy(
            "Many sign-ins have failed within five minutes: somebody may be guessing passwords.",
            "Read who tried, and from where. Cognito locks an account for longer after each failure. Block an address "
            "that tries many accounts; if an account was guessed, close it and tell its office's super-owners.",
            "aws logs tail {log_group} --since 1h --filter-pattern Fail",
        ),
        "RequestsDenied": Remedy(
            "Many requests were denied within five minutes: without a valid token (401) or without the right (403).",
            "The access log names route, address and the pool's id of the caller; `authorizer.error` says what was "
            "wrong with a token. GET /v1/audit shows what a user was denied. If one caller asks for one thing after "
            "another, suspend the user and tell the office.",
            "aws logs tail {log_group} --since 1h --filter-pattern '?401 ?403'",
        ),
    },
)


def errors_of(function: str) -> Remedy:
    return Remedy(
        f"{function} raised an error.",
        "Read the newest ERROR line in its log. Lambda tries again by itself; input that keeps failing goes to a dead "
        "letter, whose own alarm says how to replay it.",
        ERRORS_OF_THE_LAST_HOUR,
    )
