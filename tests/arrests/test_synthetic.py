"""The canary's arrest can be read, is never anybody else's, and is gone after a day."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from shared.arrests.model import Provenance
from shared.arrests.synthetic import CANARY, canary_drop, may_meet
from shared.feeds.drops.model import Drop
from shared.feeds.normalise.read_drop import read_drop
from shared.feeds.profiles.parse import parse_profile
from shared.offices.agreements import OfficeAgreements
from tests.builders import NOW, PSEUDONYMS, an_arrest, an_office
from tests.conftest import Tables

HERE = Path(__file__).resolve().parents[2] / "functions" / "cli" / "canary"


@pytest.mark.parametrize("now", [NOW, datetime(2030, 1, 1, tzinfo=UTC), datetime(2027, 3, 14, 7, 30, 59, tzinfo=UTC)])
def test_the_profile_that_is_set_up_reads_what_the_job_drops_at_any_time(now: datetime) -> None:
    key, content = canary_drop(now)
    assert key.startswith("canary/in/C-20")
    profile = parse_profile((HERE / "profile.yaml").read_text())
    parsed = read_drop(BytesIO(content), profile, PSEUDONYMS, now.date())
    [arrest] = [each.arrest for each in parsed.arrests]
    assert (parsed.rejects, arrest.agency, arrest.arrested_at) == ([], CANARY, now.replace(second=0))
    assert canary_drop(now + timedelta(seconds=1))[0] != key


@pytest.mark.parametrize(("agency", "office_id", "meet"), [
    ("roster", "kings", True), (CANARY, CANARY, True), (CANARY, "kings", False), ("roster", CANARY, False),
])  # fmt: skip
def test_the_canary_and_the_world_never_meet_whatever_is_agreed(agency: str, office_id: str, meet: bool) -> None:
    agreements = OfficeAgreements(office_id=office_id)
    assert may_meet(agency, office_id) is meet
    assert agreements.covers(an_office(office_id), agency, "investigation", NOW.date()) is meet


def test_what_the_canary_leaves_behind_expires_and_what_is_real_is_purged_first(tables: Tables) -> None:
    provenance = Provenance(drop_id="d", dropped_at=NOW)
    tables.arrests.store([an_arrest("C-1", agency=CANARY), an_arrest("K-1")], provenance, NOW)
    drops = [Drop(key=f"{agency}/in/1.csv", size=1, dropped_at=NOW) for agency in (CANARY, "roster")]
    for drop in drops:
        tables.drops.begin(drop, "0" * 32)
        tables.drops.await_next(drop.agency, NOW)
    tomorrow = str(int((NOW + timedelta(days=1)).timestamp()))
    arrests = {item["agency"]["S"]: item.get("expires") for item in tables.everything_in("Arrests")}
    records = {item["agency"]["S"]: item.get("expires") for item in tables.everything_in("Agencies") if "doc" in item}
    behind_the_purge = str(int((NOW + timedelta(days=430)).timestamp()))
    assert arrests == {CANARY: {"N": tomorrow}, "roster": {"N": behind_the_purge}}
    assert records == {CANARY: {"N": tomorrow}, "roster": None}
    assert tables.drops.sending_agencies() == ["roster"]
    scanned = [arrest.agency for page in tables.arrests.since(NOW - timedelta(days=9), 0, 1) for arrest in page]
    assert scanned == ["roster"]
