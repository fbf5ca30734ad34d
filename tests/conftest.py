"""The tables of the unit tests are those of the synthesised template, in moto."""

import gc
import os
from collections.abc import Generator, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import hypothesis
import pytest
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from mypy_boto3_dynamodb import DynamoDBClient

from shared.alerts.table import AlertsTable
from shared.arrests.model import Arrest
from shared.arrests.place_index import PlaceKeys
from shared.arrests.seals.table import SealsTable
from shared.arrests.table import ArrestsTable
from shared.audit.chain_heads_table import ChainHeadsTable
from shared.audit.table import AuditTable
from shared.feeds.drops.table import DropsTable
from shared.feeds.profiles.table import AgenciesTable
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.offices.users_table import UsersTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.table import SubscriptionsTable
from tests.builders import PSEUDONYMS
from tests.in_process import in_process, session
from tests.local.deployment import assembly_of_any_code, product_template
from tests.promises import ids_of, sentences

pytest_plugins = ["pytester"]
REGION = "us-east-1"
# Fixtures that many tests share are made in one of the parallel processes, and their tests run there.
MADE_ONCE = {
    "bundle": {"installed", "layers", "environments"}, "local cloud": {"cloud", "door"}, "browser": {"chromium"},
}  # fmt: skip
# Hypothesis draws four times as many cases in `make thorough`, ten times as many in `make exhaustive`. A test sets a
# number only if it needs another one.
hypothesis.settings.register_profile("quick", max_examples=30, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=120, deadline=None)
hypothesis.settings.register_profile("exhaustive", max_examples=300, deadline=None)
hypothesis.settings.load_profile("quick")
os.environ["OPENPYXL_LXML"] = "False"  # openpyxl reads workbooks without lxml, as in Lambda
DEPLOYMENTS = 2  # of the product; each runs half of the files of end-to-end tests
SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"


@pytest.hookimpl(tryfirst=True)  # the groups are read in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    files = sorted({item.path for item in items if "product" in _fixtures_of(item)})
    for item in items:
        if "product" in _fixtures_of(item):
            item.add_marker(pytest.mark.xdist_group(f"deployment {files.index(item.path) % DEPLOYMENTS}"))
            continue
        for group, fixtures in MADE_ONCE.items():
            if fixtures & _fixtures_of(item):
                item.add_marker(pytest.mark.xdist_group(group))


def _fixtures_of(item: pytest.Item) -> set[str]:
    return set(item.fixturenames) if isinstance(item, pytest.Function) else set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failing test prints the promises that its name begins with."""
    report = yield
    if report.failed and (ids := ids_of(item.name)):
        broken = "\n".join(f"{id_}: {sentences().get(id_, 'no sentence in tests/promises.md')}" for id_ in ids)
        report.sections.append(("Promises", broken))
    return report


gc.disable()  # during the imports, which make no garbage


def pytest_collection_finish(session: pytest.Session) -> None:
    """Checks that tests are grouped, and makes garbage collection rare.

    Imported modules stay for good, so the collector need not visit them. A test makes little garbage.
    """
    grouped = [item for item in session.items if item.get_closest_marker("xdist_group")]
    if session.config.getoption("loadgroup", default=False) and not all("@" in item.nodeid for item in grouped):
        raise pytest.UsageError("this pytest-xdist groups nothing with this pytest: every process would deploy")
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """The synthesised template of the local environment, its stacks as one."""
    return product_template(assembly_of_any_code())


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AWS in this process, empty, with credentials that open nothing anywhere else."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with in_process():
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", session())
        yield


@dataclass(frozen=True)
class Tables:
    client: DynamoDBClient
    arrests: ArrestsTable
    subscriptions: SubscriptionsTable
    watch_list: SubscriptionIndex
    offices: OfficesTable
    alerts: AlertsTable
    people: PreferencesTable
    audit: AuditTable
    chains: ChainHeadsTable
    users: UsersTable
    agencies: AgenciesTable
    drops: DropsTable

    @property
    def seals(self) -> SealsTable:
        return SealsTable(self.client, "Arrests", "Juveniles")

    def mark(self, arrest: Arrest, statute: str = "CPL 160.57") -> None:
        """As a seal under a statute that leaves the arrest to law enforcement."""
        self.client.update_item(
            TableName="Arrests",
            Key={"arrest_id": {"S": arrest.arrest_id}},
            UpdateExpression="SET mark = :statute",
            ExpressionAttributeValues={":statute": {"S": statute}},
        )

    def everything_in(self, table: str) -> list[dict[str, Any]]:
        """Returns all items but the users, whom every test needs."""
        pages = self.client.get_paginator("scan").paginate(TableName=table)
        items = (item for page in pages for item in page["Items"])
        return [item for item in items if not item.get("sk", {}).get("S", "").startswith("user#")]


@pytest.fixture
def tables(aws: None, template: dict[str, Any]) -> Tables:
    client = boto3.client("dynamodb")
    _make_tables(client, template)
    return Tables(
        client,
        arrests=ArrestsTable(client, "Arrests", PlaceKeys(PSEUDONYMS), juveniles="Juveniles"),
        subscriptions=SubscriptionsTable(client, "Subscriptions"),
        watch_list=SubscriptionIndex(client, "Subscriptions", PSEUDONYMS),
        offices=OfficesTable(client, "Offices"),
        alerts=AlertsTable(client, "Alerts"),
        people=PreferencesTable(client, "Subscriptions"),
        audit=AuditTable(client, "Audit"),
        chains=ChainHeadsTable(client, "Chains"),
        users=UsersTable(client, "Subscriptions"),
        agencies=AgenciesTable(client, "Agencies"),
        drops=DropsTable(client, "Agencies"),
    )


_empty_tables: dict[str, Any] = {}  # moto's own objects; to copy them takes a hundredth of creating them


def _make_tables(client: DynamoDBClient, template: dict[str, Any]) -> None:
    backend_tables = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION].tables
    if not _empty_tables:
        for logical_id, resource in template["Resources"].items():
            if resource["Type"] == "AWS::DynamoDB::GlobalTable":
                _create(client, _noun(logical_id), resource["Properties"])
        _empty_tables.update(deepcopy(backend_tables))
    else:
        backend_tables.update(deepcopy(_empty_tables))


def _noun(logical_id: str) -> str:
    return next(
        noun
        for noun in (
            "Arrests",
            "Subscriptions",
            "Offices",
            "Alerts",
            "Audit",
            "Chains",
            "Agencies",
            "Sessions",
            "Juveniles",
        )
        if noun in logical_id
    )


def _create(client: DynamoDBClient, name: str, properties: dict[str, Any]) -> None:
    schema = {key: properties[key] for key in ("KeySchema", "AttributeDefinitions", "BillingMode")}
    indexes = properties.get("GlobalSecondaryIndexes")
    client.create_table(TableName=name, **schema, **({"GlobalSecondaryIndexes": indexes} if indexes else {}))


@pytest.fixture(scope="session")
def samples() -> Path:
    if not SAMPLES.is_dir():
        pytest.skip("the sample feeds are not beside this checkout (../shared/samples)")
    return SAMPLES
