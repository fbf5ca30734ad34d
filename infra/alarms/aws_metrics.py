"""The alarms on metrics that AWS counts of the account, of tables, of topics and of the API, one entry each.

`tests/infra/test_alarms.py` holds names and dimensions to a list that was written from AWS's documents.
"""

from dataclasses import dataclass

from aws_cdk import Duration

from infra.alarms.remedies import ALARMS_THAT_GO_OFF, ERRORS_OF_THE_LAST_HOUR, Remedy

FIVE_MINUTES = Duration.minutes(5)


@dataclass(frozen=True, kw_only=True)
class AwsAlarm:
    """Goes off when `statistic` of `metric` reaches `threshold` in each of `periods` periods.

    Whoever makes the alarm of a table, topic or API puts its name before `name` and into the metric's dimensions.
    """

    name: str
    namespace: str
    metric: str
    threshold: float
    remedy: Remedy
    statistic: str = "Sum"
    period: Duration = FIVE_MINUTES
    periods: int = 1


OF_THE_ACCOUNT = (
    AwsAlarm(
        name="FunctionsThrottled",
        namespace="AWS/Lambda",
        metric="Throttles",
        threshold=1,
        periods=2,
        remedy=Remedy(
            "Lambda has refused to start functions for ten minutes: the account runs as many as it may.",
            "Ask for more *Concurrent executions* (Service Quotas, AWS Lambda), or lower `workers` in "
            "infra/environments.py. Nothing is lost: queues and streams try again.",
            "aws lambda get-account-settings",
        ),
    ),
    AwsAlarm(
        name="MailsBounce",
        namespace="AWS/SES",
        metric="Reputation.BounceRate",
        statistic="Average",
        period=Duration.minutes(15),
        threshold=0.05,  # SES reviews an account at 5 %, and stops its mail at 10 %
        remedy=Remedy(
            "One mail in twenty bounces. At one in ten SES stops the mail of the whole account.",
            "Find the addresses in the suppression list, and correct them with their office before more is sent: "
            "GET /v1/reports/without-reader names the watches that reach nobody.",
            "aws sesv2 list-suppressed-destinations --reasons BOUNCE",
        ),
    ),
    AwsAlarm(
        name="MailsComplainedOf",
        namespace="AWS/SES",
        metric="Reputation.ComplaintRate",
        statistic="Average",
        period=Duration.minutes(15),
        threshold=0.001,  # SES reviews an account at 0.1 %, and stops its mail at 0.5 %
        remedy=Remedy(
            "One mail in a thousand is reported as spam. At five SES stops the mail of the whole account.",
            "See who complained and ask the office to stop that watch or to change its recipient.",
            "aws sesv2 list-suppressed-destinations --reasons COMPLAINT",
        ),
    ),
)
OF_A_TABLE = tuple(
    AwsAlarm(
        name=f"{what}Throttled",
        namespace="AWS/DynamoDB",
        metric=metric,
        threshold=100,
        periods=2,
        remedy=Remedy(
            f"DynamoDB has throttled {what.lower()} of a table for ten minutes. Nothing is lost, but alerts are late.",
            "A very large drop warms the table up and ends by itself. If it goes on, look which key is hot (CloudWatch "
            "Contributor Insights for DynamoDB), or ask for a higher table limit.",
            ALARMS_THAT_GO_OFF,
        ),
    )
    for what, metric in (("Reads", "ReadThrottleEvents"), ("Writes", "WriteThrottleEvents"))
)
OF_AN_INDEX = (
    AwsAlarm(
        name="Throttled",
        namespace="AWS/DynamoDB",
        metric="WriteThrottleEvents",
        threshold=100,
        periods=2,
        remedy=Remedy(
            "DynamoDB has throttled writes of an index, and so of its table, for ten minutes. Nothing is lost, but "
            "alerts are late.",
            "A key of an index takes 1,000 writes a second: infra/limits.md says when that is too few. A flood ends by "
            "itself; if it goes on, spread the key over shards.",
            ALARMS_THAT_GO_OFF,
        ),
    ),
    AwsAlarm(
        name="ReadsThrottled",
        namespace="AWS/DynamoDB",
        metric="ReadThrottleEvents",
        threshold=100,
        periods=2,
        remedy=Remedy(
            "DynamoDB has throttled reads of an index for ten minutes. Sweeps and lists that read it are slow, and "
            "sweeps go on in their next run.",
            "A key of an index takes 3,000 reads a second: infra/limits.md says who reads which. Look whether somebody "
            "pages through a very long list; if it goes on, spread the key over shards.",
            ALARMS_THAT_GO_OFF,
        ),
    ),
)
OF_A_TOPIC = AwsAlarm(
    name="Undelivered",
    namespace="AWS/SNS",
    metric="NumberOfNotificationsFailed",
    threshold=1,
    remedy=Remedy(
        "SNS could not hand on messages of a topic: events of providers do not reach their queue.",
        "Look whether the queue's policy or the key was changed; deploy the stack again if so. Deliveries that stay "
        "`sent` are settled by the sweep.",
        ALARMS_THAT_GO_OFF,
    ),
)
OF_THE_API = AwsAlarm(
    name="ApiSlow",
    namespace="AWS/ApiGateway",
    metric="Latency",
    statistic="p95",
    threshold=3_000,  # milliseconds
    periods=3,
    remedy=Remedy(
        "One request in twenty to the API or the console takes more than three seconds.",
        "Look for throttles of tables and cold starts of office_api and console; a search over very many watches "
        "takes as long.",
        ERRORS_OF_THE_LAST_HOUR,
    ),
)
