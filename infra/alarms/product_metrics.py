"""The alarms on the product's own metrics, one entry each.

`metric` is a name of `shared/aws/metrics.py`, which infra does not import, and `function` is the one that emits it.
`tests/infra/test_alarms.py` fails for an entry whose metric nobody emits, and for a metric that has no entry here.
"""

from dataclasses import dataclass, replace

from aws_cdk import Duration

from infra.alarms.remedies import ALARMS_THAT_GO_OFF, ERRORS_OF_THE_LAST_HOUR, Remedy

PROMISED_SECONDS = 60  # from an agency's drop until a provider has the alert
DROPS_OF_AN_AGENCY = "arrest-alert drops --stack {stack} AGENCY"


@dataclass(frozen=True, kw_only=True)
class MetricAlarm:
    """Goes off when `statistic` over each of `periods` periods is `threshold` or more; with `below`, when it is less
    than `threshold` or when there is no value at all."""

    name: str
    metric: str
    function: str
    remedy: Remedy
    statistic: str = "Sum"
    period: Duration = Duration.minutes(1)  # noqa: RUF009 - immutable
    periods: int = 1
    threshold: float = 1
    below: bool = False


# Of the routes of the office API, which run in the console's function too.
ABOUT_IMMIGRATION = (
    MetricAlarm(
        name="ImmigrationPurpose",
        metric="ImmigrationPurpose",
        function="office_api",
        remedy=Remedy(
            "Somebody asked for arrests for immigration enforcement and was refused.",
            "Find out who it was: GET /v1/audit shows today's events of an office, the command those of all offices. "
            "Tell that office's privacy officer, and suspend the user meanwhile.",
            "arrest-alert audit --stack {stack} export | grep immigration",
        ),
    ),
    MetricAlarm(
        name="ImmigrationText",
        metric="ImmigrationText",
        function="office_api",
        remedy=Remedy(
            "Somebody wrote of immigration enforcement into a case number, a note, a reference, a contact, a folder's "
            "title or a row of a list, and was refused. The log's WARNING line names the fields and no text.",
            "Find out who it was by the time of the line: GET /v1/audit shows today's events of an office. Ask that "
            "office's privacy officer to speak to the user; a word may also have been meant otherwise.",
            "arrest-alert audit --stack {stack} export",
        ),
    ),
)

ABOUT_ALERTS = (
    MetricAlarm(
        name="AlertsLate",
        metric="DropToSent",
        function="send_alerts",
        statistic="p95",
        period=Duration.minutes(5),
        periods=2,
        threshold=PROMISED_SECONDS,
        remedy=Remedy(
            "One alert in twenty takes more than a minute from its drop to the provider.",
            "Look which other alarms go off: those of a queue or a function name the slow stage. "
            "GET /v1/reports/delivery-times shows the time that each stage takes.",
            ALARMS_THAT_GO_OFF,
        ),
    ),
    MetricAlarm(  # no error says that something is missing, so the alarm looks for the alerts themselves
        name="NoAlert",
        metric="DropToSent",
        function="send_alerts",
        statistic="SampleCount",
        period=Duration.hours(1),
        periods=24,
        below=True,
        remedy=Remedy(
            "Nobody was sent an alert for 24 hours; digests do not count.",
            "If the offices have few subscriptions, this may be right. Otherwise look for agencies that are silent "
            "and for drops that are held, then for dead letters and for errors of each function on the way.",
            DROPS_OF_AN_AGENCY,
        ),
    ),
    MetricAlarm(  # the only alarm that something is missing when no agency sends anything
        name="CanarySilent",
        metric="CanaryToSent",
        function="send_alerts",
        statistic="SampleCount",
        period=Duration.minutes(30),
        below=True,
        remedy=Remedy(
            "Nothing of the canary came out in half an hour: a drop every few minutes goes the whole way, and no "
            "prosecutor's alert may come out either.",
            "Look which other alarms go off, then where its drops end: `in` of its folder, receipts, dead letters, the "
            "state of its mails. If the stack is new, or the watch has ended, set it up with the command.",
            "arrest-alert set-up --stack {stack} --apply functions/cli/canary/office.yaml",
        ),
    ),
    MetricAlarm(
        name="CanaryLate",
        metric="CanaryToSent",
        function="send_alerts",
        statistic="Maximum",
        period=Duration.minutes(15),
        periods=2,
        threshold=PROMISED_SECONDS,
        remedy=Remedy(
            "Drops of the canary take more than a minute to the provider, so those of agencies do.",
            "Look which other alarms go off: those of a queue or a function name the slow stage.",
            ALARMS_THAT_GO_OFF,
        ),
    ),
    MetricAlarm(
        name="Flood",
        metric="HeldByCeiling",
        function="send_alerts",
        remedy=Remedy(
            "An office has had more alerts in this hour than its `alerts_an_hour`. The rest waits for one summary.",
            "Look for a drop that is far larger than its agency's usual ones. If there is none, a subscription is too "
            "broad: GET /v1/reports/noise names it.",
            DROPS_OF_AN_AGENCY,
        ),
    ),
    MetricAlarm(
        name="TextsSpent",
        metric="TextsRefusedAtLimit",
        function="record_delivery_events",
        remedy=Remedy(
            "SNS sends no more texts this month: the account has spent what it may spend on them. Recipients without "
            "a mail address are told through the owners of the subscriptions.",
            "Raise the monthly limit, up to the quota that AWS Support has granted to the account.",
            "arrest-alert texts --stack {stack} --spend-limit DOLLARS",
        ),
    ),
    *ABOUT_IMMIGRATION,
    *(replace(entry, name=f"{entry.name}Console", function="console") for entry in ABOUT_IMMIGRATION),
)

ABOUT_DROPS = (
    MetricAlarm(
        name="FloodHeld",
        metric="DropHeld",
        function="receive_feed",
        remedy=Remedy(
            "A drop has far more records than its agency usually sends. It is stored and held: nobody is alerted of "
            "its arrests before somebody decides.",
            "receive_feed's log line with the state `held` names the agency. Look at its drops, then release or "
            "discard the one that is held: `arrest-alert drop --stack {stack} AGENCY DROP release`.",
            DROPS_OF_AN_AGENCY,
        ),
    ),
    MetricAlarm(
        name="TooManyTold",
        metric="DropHeld",
        function="match_arrests",
        remedy=Remedy(
            "A drop would alert more people than its profile's `most_told`. The rest of it is held: nobody else is "
            "alerted before somebody decides.",
            "Look at the newest drops of each agency, then release or discard the one that is held: `arrest-alert drop "
            "--stack {stack} AGENCY DROP release`.",
            DROPS_OF_AN_AGENCY,
        ),
    ),
    MetricAlarm(
        name="ThinDrop",
        metric="ThinDrop",
        function="receive_feed",
        remedy=Remedy(
            "A drop has far fewer records than its agency usually sends. It was taken in.",
            "receive_feed's log line with the volume `thin` names the agency. Ask the agency whether its "
            "file is whole.",
            DROPS_OF_AN_AGENCY,
        ),
    ),
    MetricAlarm(
        name="SealsRefused",
        metric="SealsRefused",
        function="receive_feed",
        remedy=Remedy(
            "A drop has records that seal or expunge arrests, and its agency has not permitted its feed to do that. "
            "They are rejected; the arrests that they name can still be read.",
            "receive_feed's log line with `seal-permission` under `rejected` names the agency. Ask it for a written "
            "permission, record it with the command, then replay the drop.",
            "arrest-alert enrol-agency --stack {stack} --seals-by-feed DOCUMENT PROFILE",
        ),
    ),
    MetricAlarm(
        name="AgencySilent",
        metric="AgencySilent",
        function="scheduled_jobs",
        remedy=Remedy(
            "An agency has sent nothing for twice its usual interval. The alarm repeats every hour until it does.",
            "scheduled_jobs' WARNING line names the agency. Ask it, or correct `rhythm` in its profile.",
            ERRORS_OF_THE_LAST_HOUR.replace("ERROR", "WARNING"),
        ),
    ),
)

VERIFY_THE_TRAIL = "arrest-alert audit --stack {stack} verify"
_NOT_RECORDED = MetricAlarm(
    name="AuditNotRecorded",
    metric="AuditNotRecorded",
    function="office_api",
    period=Duration.minutes(5),
    remedy=Remedy(
        "The audit table took no event, so requests were refused with 503: nothing is done or shown that is not on "
        "record.",
        "Read the ERROR lines `not audited`. Look at the audit table's alarms, its key and the function's role; AWS "
        "Health says of an outage. Requests work again as soon as the table takes events. Tell the offices.",
        ERRORS_OF_THE_LAST_HOUR,
    ),
)
ABOUT_THE_TRAIL = (
    _NOT_RECORDED,
    replace(_NOT_RECORDED, name="AuditNotRecordedConsole", function="console"),
    MetricAlarm(
        name="AuditOutcomeUnknown",
        metric="AuditOutcomeUnknown",
        function="scheduled_jobs",
        period=Duration.minutes(5),
        remedy=Remedy(
            "A request began and its outcome was never recorded: its worker died, or the audit table took no write. It "
            "may have been carried out.",
            "scheduled_jobs' WARNING line names event and office; the command and GET /v1/audit show who asked for "
            "what. Look at that record, and tell the office what became of the request.",
            VERIFY_THE_TRAIL,
        ),
    ),
    MetricAlarm(
        name="AuditRowAltered",
        metric="AuditRowAltered",
        function="chain_audit",
        remedy=Remedy(
            "Somebody replaced a row of the audit table, or deleted one before its time. Nothing of ours does that.",
            "chain_audit's ERROR line names the row; the chain has it as it was. Find out from CloudTrail whose "
            "credentials were used, take them away, and tell the privacy officer of the office.",
            VERIFY_THE_TRAIL,
        ),
    ),
)
