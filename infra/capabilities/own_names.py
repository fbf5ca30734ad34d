"""Schedule -> learn_names, which counts once a week how common names are at each agency.

It reads adults' arrests and changes nothing but agencies' reference data. What a run could not read or store the next
one counts.
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.access import DELETE_ITEM, GET_ITEM, PUT_ITEM, SCAN, UPDATE_ITEM, allow, allow_keys, environment_of
from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.stores.tables import Tables

INTERVAL = Duration.days(7)
ONE_PROCESSOR = 1769  # MB; a sample of all agencies takes 400 of them (`shared/matching/linkage/name_sample.py`)


class OwnNames(Construct):
    """`learn_names`. `missed`: the dead letter of runs that failed."""

    def __init__(
        self, scope: Construct, id_: str, *, shared: SharedResources, tables: Tables, missed: sqs.Queue
    ) -> None:
        super().__init__(scope, id_)
        self.learn_names = ProductFunction(
            self,
            "LearnNames",
            name="learn_names",
            shared=shared,
            timeout=Duration.minutes(15),
            memory=ONE_PROCESSOR,
            layers=[shared.matching],
            dead_letter=missed,
            environment=environment_of(arrests_table=tables.arrests, offices_table=tables.offices),
            grants=[
                allow([SCAN], tables.arrests),
                allow_keys([GET_ITEM, PUT_ITEM, UPDATE_ITEM, DELETE_ITEM], tables.offices, "tables#*"),
                use_of(shared.key, through=("dynamodb", "sqs"), writes_tables=True),
            ],
        )
        events.Rule(
            self,
            "Weekly",
            description="learn_names",
            schedule=events.Schedule.rate(INTERVAL),
            targets=[
                targets.LambdaFunction(
                    self.learn_names.live, dead_letter_queue=missed, retry_attempts=2, max_event_age=Duration.hours(1)
                )
            ],
        )
