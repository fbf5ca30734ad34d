"""Nobody falls silent: what goes wrong is told by mail to the people it concerns, and called over."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.aws.rounds import RoundsTable
from shared.offices.agreements import OfficeAgreements, RecordedAgreement
from shared.offices.model import Office
from shared.offices.users import Right
from shared.words.agencies import agency_title
from tests.e2e.rosters import roster, row, shipped
from tests.e2e.scene import PROFILES, Prosecutor, Scene, sweep
from tests.local.deployed import eventually


class Watched:
    """An office with a contact that runs the feed of one agency, which has a contact too; its prosecutors. It goes only
    by agreement, so that the agencies of other scenes do not concern it."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.product = scene, scene.product
        self.agency = f"{scene.name}-roster"
        self.desk, self.records = f"desk@{scene.domain}", f"records@police.{scene.name}.example"
        profile = (PROFILES / "roster.yaml").read_text().replace("agency: roster", f"agency: {self.agency}")
        self.product.agencies.enrol(self.agency, f"{profile}\ncontacts: {self.records}\n")
        self.ada, self.bo, self.head = (scene.prosecutor(name) for name in ("ada", "bo", "head"))
        self.product.offices.enrol(self.office)
        head = self.product.users.find(scene.name, self.head.email)
        assert head
        changes = {"rights": frozenset({Right.SUPER_OWNER}), "revision": head.revision + 1}
        self.product.users.change(head, head.model_copy(update=changes))
        today = date.today()  # noqa: DTZ011 - a year on either side
        self.agrees((today - timedelta(days=365), today + timedelta(days=365)))

    @property
    def office(self) -> Office:
        facts = {"contact": self.desk, "agencies": (self.agency,), "only_by_agreement": True}
        return self.scene.office.model_copy(update=facts)

    def agrees(self, *periods: tuple[date, date]) -> None:
        table = self.product.subscriptions.agreements
        now = datetime.now(UTC)
        agreements = tuple(
            RecordedAgreement(
                agency=self.agency, reference=f"MOU-{number}", starts=starts, ends=ends, recorded_by="set-up",
                recorded_at=now,
            )
            for number, (starts, ends) in enumerate(periods)
        )  # fmt: skip
        revision = table.of(self.scene.name).revision + 1
        table.save(OfficeAgreements(office_id=self.scene.name, agreements=agreements, revision=revision))

    def is_overdue(self, instant: datetime) -> None:
        """As it stands when the agency's next file is due at this instant. DynamoDB takes a later one alone."""
        self.product.dynamodb.put_item(
            TableName=self.product.outputs["AgenciesTable"],
            Item={
                "agency": {"S": "#awaited"},
                "part": {"S": self.agency},
                "late": {"S": instant.astimezone(UTC).isoformat(timespec="microseconds")},
            },
        )

    def swept(self) -> None:
        """Runs the sweeps twice: whatever they tell they tell once."""
        for _ in range(2):
            sweep(self.product, "incidents")
            self._goes_round("unreached")
            self._goes_round("reviews")
        self.product.settle()

    def _goes_round(self, name: str) -> None:
        """Goes through all offices, as when the round is due: the schedule has done one of this deployment already."""
        table = self.product.outputs["SubscriptionsTable"]
        self.product.dynamodb.delete_item(TableName=table, Key={"pk": {"S": f"round#{name}"}, "sk": {"S": "round"}})
        rounds = RoundsTable(self.product.dynamodb, table)

        def is_complete() -> bool:
            sweep(self.product, name)
            current = rounds.find(name)
            return current is not None and current.is_complete

        eventually(is_complete, what=f"the round of {name}")

    def subjects(self, address: str) -> list[str]:
        return [mail["Subject"] for mail in self.product.cloud.emails() if address in mail["To"]]

    def removes(self, who: Prosecutor, how: str) -> Any:
        answer = self.head.api("DELETE", f"/v1/users/{who.email}?{how}")
        if answer.status == 200:
            self.scene.prosecutors.remove(who)  # who can cancel nothing any more
        return answer


@pytest.fixture
def watched(scene: Scene) -> Watched:
    return Watched(scene)


def test_tf1_a_removed_prosecutors_watches_reach_the_successor_who_is_told_and_alerted(
    watched: Watched, scene: Scene
) -> None:
    watched.ada.watch(scene.watch_for_pat)
    assert watched.removes(watched.ada, "").status == 409

    removed = watched.removes(watched.ada, f"hand_over_to={watched.bo.email}")

    assert (removed.status, removed.body["handed_over"], removed.body["left"]) == (200, 1, 0)
    watched.product.settle()
    assert watched.subjects(watched.bo.email) == ["You take over 1 watch and 0 folders"]
    assert watched.subjects(watched.desk) == ["A person was removed: 1 watch and 0 folders"]
    scene.take_in(watched.agency, "roster.csv", roster(row("BK-1", **scene.pat)))
    assert any(subject.startswith("Arrest alert") for subject in watched.subjects(watched.bo.email))
    assert watched.subjects(watched.ada.email) == []


def test_tf1_tf4_a_lost_reader_a_silent_agency_a_refused_file_and_an_ended_agreement_are_heard_of(
    watched: Watched, scene: Scene
) -> None:
    watched.bo.watch({"watch": "charge", "statute": "PL 120", "begins_with": True}, {"email": watched.ada.email})
    gone = watched.product.users.find(scene.name, watched.ada.email)
    assert gone
    changes = {"deprovisioned_at": datetime.now(UTC), "revision": gone.revision + 1}
    watched.product.users.change(gone, gone.model_copy(update=changes))
    scene.prosecutors.remove(watched.ada)
    scene.take_in(watched.agency, "roster.csv", shipped("roster"))
    missed = {"S": f"missed#{scene.name}"}
    eventually(lambda: any(item["alert_id"] == missed for item in watched.product.items("AlertsTable")), what="a match")
    refused = scene.take_in(watched.agency, "Pat Example.csv", b"no,roster\n1,2\n")
    assert refused.state == "refused"
    yesterday = datetime.now(watched.office.zone).date() - timedelta(days=1)
    watched.agrees((yesterday - timedelta(days=300), yesterday))
    watched.is_overdue(datetime.now(UTC) - timedelta(hours=2))

    watched.swept()

    agency, title = watched.agency, agency_title(watched.agency)
    of_agency = {
        "Something is not on record yet",
        f"1 file of {title} refused",
        f"Rows of {title} rejected",
        f"The agreement with {title} has ended",
    }
    assert sorted(watched.subjects(watched.desk)) == sorted(
        {*of_agency, f"{title} is silent", "1 watch reaches nobody"}
    )
    assert sorted(watched.subjects(watched.records)) == sorted({*of_agency, "We did not get your file"})
    assert watched.subjects(watched.bo.email) == ["1 watch reaches nobody"]
    mails = [mail for mail in watched.product.cloud.emails() if {watched.desk, watched.records} & set(mail["To"])]
    assert all("WHAT TO DO" in mail["BodyText"] for mail in mails)
    assert not [mail for mail in mails if "Pat" in mail["BodyText"] or "Quillfeather" in mail["BodyText"]]
    assert any("and nobody was told" in mail["BodyText"] for mail in mails)
    notices = watched.head.api("GET", "/v1/notices").body
    assert (notices["open"], watched.bo.api("GET", "/v1/me").body["open_notices"]) == (5, 6)
    report = watched.head.api("GET", "/v1/reports/without-reader").body["rows"]
    assert [row["why"] for row in report] == ["everybody is refused"]

    watched.agrees((yesterday - timedelta(days=300), yesterday), (yesterday, yesterday + timedelta(days=300)))
    watched.is_overdue(datetime.now(UTC) + timedelta(days=1))
    scene.take_in(agency, "tuesday.csv", shipped("roster_with_state_ids"))
    watched.swept()

    over = {f"Over: {title} sends again", f"Over: files of {title} can be read again",
            f"Over: the agreement with {title} goes on"}  # fmt: skip
    eventually(lambda: over <= set(watched.subjects(watched.desk)), what="the all-clear")
    assert over <= set(watched.subjects(watched.records))
