"""office_api, console -> open_juvenile_records -> juveniles' records (Family Court Act 381.3)."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.blocks.access import GET_ITEM, GET_SECRET, PUT_ITEM, QUERY, allow, environment_of
from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.stores.secrets import Secrets
from infra.stores.tables import Tables


class JuvenileRecords(Construct):
    """`open_juvenile_records`: what answers people has no grant on the records, and asks this function for one."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        secrets: Secrets,
        juveniles_key: kms.IKey,
    ) -> None:
        super().__init__(scope, id_)
        self.open_juvenile_records = ProductFunction(
            self,
            "OpenJuvenileRecords",
            name="open_juvenile_records",
            shared=shared,
            timeout=Duration.seconds(28),  # AWS may be asked twice, as time_limits.py says; the API has 29
            memory=512,
            environment=environment_of(juveniles_table=tables.juveniles, pseudonym_secret=secrets.pseudonym),
            grants=[
                allow([GET_ITEM, PUT_ITEM, QUERY], tables.juveniles),
                allow([GET_SECRET], secrets.pseudonym),
                use_of(shared.key, through=("secretsmanager",)),
                use_of(juveniles_key, through=("dynamodb",), writes_tables=True),
            ],
        )
