"""A record that was corrected is read through every route as it is now, also before the matcher has come to it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Arrest, NotifyMode, Provenance
from shared.arrests.table import Version
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from tests.builders import CHARGE_WATCH, NAME_WATCH, PSEUDONYMS, a_subscription, an_arrest, discard
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call
from tests.offices.test_agreements import an_agreement

MOMENT = datetime.now(UTC) - timedelta(hours=1)
PAT = an_arrest(sid=None, arrested_on=MOMENT.date())
LIKE_PAT = an_arrest(sid=None, born=date(1981, 9, 28), arrested_on=MOMENT.date())
SAM = an_arrest(
    sid="99999999Z",
    surname="Otter",
    given="Sam",
    born=date(1985, 6, 7),
    arrested_on=MOMENT.date(),
    statutes=["PL 155.25"],
)
SAM_WATCH = {"watch": "person", "surname": "Otter", "given": "Sam", "date_of_birth": "1985-06-07"}
STRANGER = ("Otter", "OTTER", '"Sam"', "1985-06-07", "99999999Z", "155.25")


def minor(arrest: Arrest) -> Arrest:
    person = arrest.person.model_copy(update={"date_of_birth": date(2010, 2, 3)})
    return arrest.model_copy(update={"person": person, "juvenile": True})


class Stage:
    """Stores versions of one arrest, matched or not."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.count = tables, 0
        self.deps = MatchDeps(
            tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard
        )

    def stores(self, arrest: Arrest, mode: NotifyMode = NotifyMode.NOTIFY) -> None:
        self.count += 1
        when = MOMENT + timedelta(minutes=self.count)
        self.tables.arrests.store(
            [arrest], Provenance(drop_id=f"d{self.count}", dropped_at=when, notify_mode=mode), when
        )

    def matches(self, arrest: Arrest, before: Arrest | None = None) -> None:
        when = MOMENT + timedelta(minutes=self.count)
        match_versions([Version(arrest, before, when, when)], self.deps, when)


@pytest.fixture
def stage(tables: Tables) -> Stage:
    agreement = an_agreement(ends=date(2999, 12, 31))
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1))
    return Stage(tables)


@pytest.fixture
def everything_read(call: Call) -> Callable[[], dict[str, Any]]:
    """Reads the arrest in every way that a prosecutor has."""

    def read() -> dict[str, Any]:
        alerts = call("GET", "/v1/alerts").body["items"]
        ids = [alert["alert_id"] for alert in alerts]
        reviews = call("GET", "/v1/reviews").body["items"]
        return {
            "alerts": alerts,
            "alert": [call("GET", f"/v1/alerts/{id_}").body for id_ in ids],
            "reviews": reviews,
            "arrest": call("GET", f"/v1/arrests/{PAT.arrest_id}").body,
            "history": call("GET", f"/v1/arrests/{PAT.arrest_id}/history").body,
            "search": call("POST", "/v1/arrests/search", {"agency": "roster", "number": "K-1001"}).body["items"],
        }

    return read


@pytest.mark.parametrize("matched", [True, False])
def test_ta1_no_route_shows_the_stranger_under_the_old_reason(
    stage: Stage, tables: Tables, everything_read: Callable[[], dict[str, Any]], *, matched: bool
) -> None:
    tables.watch_list.add(a_subscription(NAME_WATCH))
    stage.stores(PAT)
    stage.matches(PAT)
    assert everything_read()["alert"][0]["arrest"]["number"] == "K-1001"
    stage.stores(SAM)
    if matched:
        stage.matches(SAM, before=PAT)
    read = everything_read()
    assert [shown["withdrawn"] for shown in read["alert"]] == [True]
    assert (read["search"], read["arrest"]["status"]) == ([], 404)
    for secret in (*STRANGER, "EXAMPLE, PAT"):
        assert secret not in str(read), secret


def test_ta1_whoever_watches_the_new_person_reads_nothing_of_the_one_before(
    stage: Stage, tables: Tables, everything_read: Callable[[], dict[str, Any]]
) -> None:
    tables.watch_list.add(a_subscription(SAM_WATCH))
    stage.stores(PAT)
    stage.matches(PAT)
    stage.stores(SAM)
    stage.matches(SAM, before=PAT)
    read = everything_read()
    assert read["arrest"]["person"]["names"][0]["surname"] == "Otter"
    assert "Example, Pat" not in str(read)
    assert "EXAMPLE" not in str(read)


def test_ta1_a_new_reason_for_the_new_person_stays_when_the_old_one_ends(
    stage: Stage, tables: Tables, everything_read: Callable[[], dict[str, Any]]
) -> None:
    tables.watch_list.add(a_subscription(NAME_WATCH))
    tables.watch_list.add(a_subscription(SAM_WATCH))
    stage.stores(PAT)
    stage.matches(PAT)
    stage.stores(SAM)
    stage.matches(SAM, before=PAT)
    [shown] = everything_read()["alert"]
    assert [reason["sentence"] for reason in shown["alert"]["because"]] == [
        "Name and date of birth match (OTTER, SAM, born Jun 7, 1985)."
    ]


@pytest.mark.parametrize("state", ["matched", "not matched yet", "held"])
def test_ta2_no_route_shows_who_became_a_minor(
    stage: Stage, tables: Tables, everything_read: Callable[[], dict[str, Any]], call: Call, state: str
) -> None:
    tables.watch_list.add(a_subscription(NAME_WATCH))
    stage.stores(PAT)
    stage.matches(PAT)
    child = minor(PAT)
    stage.stores(child, NotifyMode.HELD if state == "held" else NotifyMode.NOTIFY)
    if state == "matched":
        stage.matches(child, before=PAT)
    read = everything_read()
    assert [(shown["withdrawn"], shown["arrest"]) for shown in read["alert"]] == [(True, None)]
    assert (read["search"], read["arrest"]["status"]) == ([], 404)
    for secret in ("2010-02-03", "EXAMPLE", "minor", "unreadable", "juvenile"):
        assert secret not in str(read), secret


@pytest.mark.parametrize("change", ["another person", "a minor", "sealed"])
@pytest.mark.parametrize("matched", [True, False])
def test_ta2_a_possible_match_that_is_of_nobody_any_more_is_closed_and_shows_nobody(
    stage: Stage, tables: Tables, call: Call, change: str, *, matched: bool
) -> None:
    tables.watch_list.add(a_subscription(NAME_WATCH))
    stage.stores(LIKE_PAT)
    stage.matches(LIKE_PAT)
    [review] = call("GET", "/v1/reviews").body["items"]
    assert "1981-09-28" in str(review)
    if change == "sealed":
        by = Provenance(drop_id="seal", dropped_at=MOMENT)
        tables.seals.seal(LIKE_PAT.arrest_id, "roster", ["a" * 32], by, MOMENT)
    else:
        after = SAM if change == "another person" else minor(LIKE_PAT)
        stage.stores(after)
        if matched:
            stage.matches(after, before=LIKE_PAT)
    assert call("GET", "/v1/reviews").body["items"] == []
    shown = call("GET", f"/v1/reviews/{review['review_id']}").body
    assert (shown["review"]["verdict"], shown["arrests"]) == ("closed", [])
    for secret in (*STRANGER, "1981-09-28", "2010-02-03"):
        assert secret not in str(shown), secret
    decided = call("POST", f"/v1/reviews/{review['review_id']}/confirm")
    assert (decided.status, decided.body["errors"][0]["field"]) == (409, "review_id")


def test_ta1_a_reader_with_the_right_to_look_up_arrests_reads_the_record_as_it_is_now(
    stage: Stage, tables: Tables, call: Call
) -> None:
    before = tables.users.find("kings", ADA["email"])
    assert before
    tables.users.change(before, before.model_copy(update={"rights": frozenset({Right.ARRESTS}), "revision": 2}))
    stage.stores(PAT)
    stage.stores(SAM)
    history = call("GET", f"/v1/arrests/{PAT.arrest_id}/history").body["items"]
    assert "OTTER, Sam" in str(history[-1]["differences"])


BO = ADA | {"email": "bo@da.example.gov"}
SAM_WITH_THE_CHARGE = SAM.model_copy(update={"charges": PAT.charges})


def reads(call: Call, claims: dict[str, str]) -> str:
    """Everything that somebody reads of the arrest."""
    alerts = call("GET", "/v1/alerts", claims=claims).body["items"]
    paths = [f"/v1/alerts/{alert['alert_id']}" for alert in alerts]
    paths += [f"/v1/arrests/{PAT.arrest_id}", f"/v1/arrests/{PAT.arrest_id}/history"]
    return str(alerts) + "".join(str(call("GET", path, claims=claims).body) for path in paths)


@pytest.mark.parametrize("ends", ["removed as recipient", "cancelled"])
def test_ta1_whoever_is_notified_no_more_is_shown_no_later_version(
    stage: Stage, tables: Tables, call: Call, ends: str
) -> None:
    watch = a_subscription(CHARGE_WATCH, recipients=[{"email": ADA["email"]}, {"email": BO["email"]}])
    tables.watch_list.add(watch)
    stage.stores(PAT)
    stage.matches(PAT)
    assert "1990-02-03" in reads(call, BO)
    path = f"/v1/subscriptions/{watch.subscription_id}"
    if ends == "cancelled":
        assert call("DELETE", path).status == 200
    else:
        assert call("POST", f"{path}/recipients", {"remove": [BO["email"]]}).status == 200
    assert "1990-02-03" in reads(call, BO), "what Bo was told of stays readable"
    stage.stores(SAM_WITH_THE_CHARGE)
    stage.matches(SAM_WITH_THE_CHARGE, before=PAT)
    for secret in STRANGER[:-1]:
        assert secret not in reads(call, BO), secret


def test_ta1_the_owner_of_a_reason_that_has_ended_reads_nothing_through_somebody_elses(
    stage: Stage, tables: Tables, call: Call
) -> None:
    cy = [{"email": "cy@da.example.gov"}]
    tables.watch_list.add(a_subscription(NAME_WATCH, owner=ADA["email"], recipients=cy))
    tables.watch_list.add(a_subscription(CHARGE_WATCH, owner=BO["email"], recipients=cy, reference="Nestbox"))
    stage.stores(PAT)
    stage.matches(PAT)
    assert "1990-02-03" in reads(call, ADA)
    assert "Nestbox" not in reads(call, ADA), "the reason of another owner"
    stage.stores(SAM_WITH_THE_CHARGE)
    for secret in STRANGER[:-1]:
        assert secret not in reads(call, ADA), secret


@pytest.mark.parametrize("change", ["a minor", "sealed"])
def test_ta2_a_withdrawn_alert_says_no_more_what_was_taken_away_once_the_arrest_may_not_be_read(
    stage: Stage, tables: Tables, call: Call, change: str
) -> None:
    tables.watch_list.add(a_subscription(CHARGE_WATCH))
    stage.stores(PAT)
    stage.matches(PAT)
    without = PAT.model_copy(update={"charges": SAM.charges})
    stage.stores(without)
    stage.matches(without, before=PAT)
    assert "charge removed" in str(call("GET", "/v1/alerts").body["items"])
    if change == "sealed":
        by = Provenance(drop_id="seal", dropped_at=MOMENT)
        tables.seals.seal(PAT.arrest_id, "roster", ["a" * 32], by, MOMENT)
    else:
        stage.stores(minor(without))
    assert "120.05" not in reads(call, ADA)


def test_ta1_history_names_nobody_of_a_version_between(stage: Stage, tables: Tables, call: Call) -> None:
    tables.watch_list.add(a_subscription(NAME_WATCH))
    stage.stores(PAT)
    stage.matches(PAT)
    stage.stores(SAM)
    stage.stores(PAT)
    for secret in STRANGER:
        assert secret not in reads(call, ADA), secret
