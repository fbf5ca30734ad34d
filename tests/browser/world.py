"""An office in which every page of the console has something to show. Everybody and everything here is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.charges import Charge
from shared.arrests.disputed import ArrestFact
from shared.arrests.juveniles.opening import CourtOrder, OpeningDecision, OpeningRequest, decided, new_opening
from shared.arrests.juveniles.table import JuvenilesTable
from shared.arrests.model import Arrest, Provenance
from shared.arrests.retention.hold import ProposedEnd
from shared.arrests.seals.certificates_table import CertifiedSeal, CertifiedSealsTable
from shared.arrests.seals.lock import SealLock
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.stream import versions_in
from shared.breaches.table import BreachesTable
from shared.disclosures.table import DisclosuresTable
from shared.disputes.decide import correction_notices
from shared.feeds.drops.receipt import Receipt
from shared.offices.agreements import OfficeAgreements, RecordedAgreement
from shared.offices.governance.personnel import DisabledFor, Disabling
from shared.offices.governance.policies_table import PoliciesTable
from shared.offices.switches import SourceKind
from shared.offices.users import Right
from shared.records_requests.exports.export_records import NOTHING_LEFT
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.exports.model import Export, ExportState
from shared.retention.holds_table import HoldsTable
from tests.arrests.test_unsealing import an_unsealing
from tests.breaches.cases import a_breach
from tests.browser.people import LONG_NAME, MARKUP_NAME, RIGHT_TO_LEFT_NAME
from tests.builders import (
    CHARGE_WATCH,
    NAME_WATCH,
    NOW,
    PRECINCT_WATCH,
    PSEUDONYMS,
    SID_WATCH,
    a_user,
    a_wish,
    an_arrest,
    an_office,
    discard,
)
from tests.conftest import Tables
from tests.disclosures.test_decide import a_disclosure
from tests.disputes.cases import a_dispute, no_disputes
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.small_drops import PROFILE, a_drop, a_row
from tests.office_api.conftest import ADA, Call
from tests.office_api.governed import GOVERNANCE, POLICY, a_user_let_in, nothing_to_see_to

BO, KIT, CHIEF = "bo@da.example.gov", "kit@da.example.gov", "chief@da.example.gov"
# What is Ada's alone: whoever else reads one of these on any page has seen what he must not.
SECRETS = (LONG_NAME.upper(), LONG_NAME, "2026-KN-00000", "K-1001", "K-1002", "K-1003", "01234567A", "Quiet Street")
CORNER = "The corner by the mosque"  # a text that may speak of a belief
WATCHES: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    (SID_WATCH, {"urgency": "urgent", "note": {"private": "Ask first.", "public": "Call me."}}),
    (NAME_WATCH | {"surname": "Other"}, {}),
    (NAME_WATCH | {"surname": LONG_NAME}, {"reference": MARKUP_NAME}),
    (NAME_WATCH | {"surname": RIGHT_TO_LEFT_NAME, "given": MARKUP_NAME}, {}),
    (CHARGE_WATCH, {"urgency": "digest"}),
    (PRECINCT_WATCH, {}),
    ({"watch": "place", "address": "7 Quiet Street"}, {}),
    ({"all": [CHARGE_WATCH, PRECINCT_WATCH]}, {}),
)


@dataclass
class World:
    """`ids` are the values of the parts of paths that stand in braces, by their names; `states` those of records that
    look different, by the name of the state."""

    ids: dict[str, str] = field(default_factory=dict)
    states: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Maker:
    """Makes the world through the API, and where the API waits for a job or a stream, in its stead."""

    tables: Tables
    call: Call
    world: World = field(default_factory=World)
    keys: int = 0
    claims: dict[str, str] = field(default_factory=lambda: ADA)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        self.keys += 1
        repeatable = {"idempotency_key": f"world-{self.keys}"} if method == "POST" else {}
        answer = self.call(method, path, body, self.claims, **repeatable | headers)
        assert answer.status < 300, (method, path, answer.body)
        return answer.body

    def people(self) -> None:
        facts: dict[str, Any] = {"agencies": ("roster", "testville"), "may_seal": ("roster",), "contact": BO}
        self.tables.offices.enrol(an_office(**facts, governance=GOVERNANCE))
        PoliciesTable(self.tables.client, "Offices").adopt("kings", POLICY)
        agreed = tuple(
            RecordedAgreement(
                agency=agency, reference="MOU-1", starts=date(2026, 1, 1), ends=date(2099, 12, 31),
                recorded_by="set-up", recorded_at=_now(),
            )
            for agency in ("roster", "testville", "harris")
        )  # fmt: skip
        made = OfficeAgreements(office_id="kings", agreements=agreed)
        for on, reason in ((False, "Twice what the jail sends"), (True, MARKUP_NAME), (False, RIGHT_TO_LEFT_NAME)):
            made = made.with_switch(SourceKind.AGENCY, "harris", on=on, by=BO, reason=reason, now=_now())
        self.tables.subscriptions.agreements.save(made.model_copy(update={"revision": 1}))
        ada = a_user(ADA["email"])
        let_in = nothing_to_see_to(_now())
        self.tables.users.change(ada, ada.model_copy(update={"rights": frozenset(Right), "revision": 2, **let_in}))
        bo = a_user(BO)
        self.tables.users.change(bo, bo.model_copy(update={"revision": 2, **let_in}))
        self.tables.users.add(a_user_let_in(KIT, _now(), rights=frozenset({Right.FEEDS, Right.JUVENILE})))
        self.tables.users.add(a_user_let_in(CHIEF, _now(), rights=frozenset({Right.SUPER_OWNER})))
        disabled = Disabling(reason=DisabledFor.IDLE, since=_now())
        self.tables.users.add(a_user("ida.idle@da.example.gov", disabled=disabled))
        self.world.states["disabled"] = {"email": "ida.idle@da.example.gov"}
        self.world.ids |= {"email": KIT, "office_id": "kings"}

    def folders(self) -> str:
        self.claims = ADA | {"email": CHIEF}  # nobody gives herself a role
        team = self.send("POST", "/v1/folders", {"name": "Gangs"})["folder"]["folder_id"]
        inner = self.send("POST", "/v1/folders", {"name": LONG_NAME, "parent": team})["folder"]["folder_id"]
        for member, role in ((ADA["email"], "owner"), (KIT, "visitor")):
            self.send("PUT", f"/v1/folders/{team}/roles/{member}", {"role": role})
        self.claims = ADA
        self.send("POST", "/v1/folders", {"name": "Parole", "tab": "my"})
        self.world.ids["folder_id"] = team
        return str(inner)

    def watches(self, folder: str) -> None:
        for case, (criterion, facts) in enumerate(WATCHES):
            basis = {"kind": "open case", "case_number": f"2026-KN-{case:06}"}
            placed: dict[str, Any] = {"folders": [folder]} if case == 0 else {}
            placed |= {"ends": str(_now().date() + timedelta(days=20))} if case == ENDING_SOON else {}
            placed |= {"reference": CORNER} if case == ENDING_SOON else {}
            stored = self.send("POST", "/v1/subscriptions", a_wish(criterion, basis=basis, **facts, **placed))
            self.world.states[f"watch {case}"] = {"subscription_id": stored["subscription_id"]}
        cancelled = self.send("POST", "/v1/subscriptions", a_wish(CHARGE_WATCH | {"statute": "PL 155"}))
        self.send("DELETE", f"/v1/subscriptions/{cancelled['subscription_id']}")
        self.world.states["cancelled"] = {"subscription_id": cancelled["subscription_id"]}
        self.world.ids |= self.world.states["watch 2"]

    def alerts(self) -> None:
        first = an_arrest("K-1001", statutes=("PL 120.05", "PL 265.03"))
        self.arrest(first)
        self.world.ids["arrest_id"] = first.arrest_id
        long = an_arrest("K-1002", sid=None, surname=LONG_NAME)
        hostile = an_arrest("K-1004", sid=None, surname=RIGHT_TO_LEFT_NAME, given=MARKUP_NAME)
        self.arrest(long)
        self.arrest(hostile)
        self.arrest(first.model_copy(update={"charges": (*first.charges, Charge(statute="PL 160.10"))}))
        sealed = an_arrest("K-1005", sid=None, surname="Other", statutes=("PL 999",))
        self.arrest(sealed)
        withdraw_alerts(sealed.arrest_id, WithdrawDeps(self.tables.alerts, discard), _now())
        named = {"sealed": sealed, "updated": first, "right to left": hostile, "long": long}
        self.world.states |= {state: {"alert_id": self.number_of(reported)} for state, reported in named.items()}
        self.world.ids |= self.world.states["updated"]
        self.send("PUT", f"/v1/alerts/{self.world.states['long']['alert_id']}/acknowledgement")

    def number_of(self, reported: Arrest) -> str:
        """The number of Ada's alert about an arrest."""
        stored = self.tables.alerts.read(self.tables.alerts.ids_of_arrest(reported.arrest_id)).values()
        return next(alert.number for alert in stored if alert.recipient.email == ADA["email"])

    def possible_matches(self) -> None:
        for number, year in (("K-1003", 1981), ("K-1006", 1984)):
            born = _now().date().replace(year=year)
            self.arrest(an_arrest(number, sid=None, surname=LONG_NAME, born=born, statutes=("PL 999",)))
        waiting = self.send("GET", "/v1/reviews")["items"]
        self.world.ids["review_id"] = waiting[0]["review_id"]

    def arrest(self, reported: Arrest) -> None:
        """What the stream of arrests does: matches what is stored."""
        deps = MatchDeps(
            self.tables.watch_list, self.tables.subscriptions, self.tables.offices, self.tables.alerts, PSEUDONYMS,
            discard, arrests=self.tables.arrests,
        )  # fmt: skip
        key = {"arrest_id": {"S": reported.arrest_id}}
        before = self.tables.client.get_item(TableName="Arrests", Key=key).get("Item")
        self.tables.arrests.store([reported], Provenance(drop_id="d", dropped_at=_now()), _now())
        images = {"NewImage": self.tables.client.get_item(TableName="Arrests", Key=key)["Item"]}
        match_versions(versions_in([{"dynamodb": images | ({"OldImage": before} if before else {})}]), deps, _now())

    def disclosures(self) -> None:
        """One that waits for Ada's approval, to a recipient with a hostile name."""
        about = [self.world.ids["arrest_id"]]
        disclosure = a_disclosure(
            requested_by=KIT, now=_now(), arrest_ids=about, recipient=MARKUP_NAME, facts=LONG_NAME
        )
        DisclosuresTable(self.tables.client, "Subscriptions").save(disclosure)
        self.world.ids["disclosure_id"] = disclosure.disclosure_id

    def breaches(self) -> None:
        """One with a late step, with a hostile text."""
        breach = a_breach(KIT, summary=MARKUP_NAME, discovered_at=NOW)
        BreachesTable(self.tables.client, "Subscriptions").save(breach)
        self.world.ids["breach_id"] = breach.breach_id

    def juveniles(self) -> None:
        """A record that a court's order has opened for Ada, with hostile texts."""
        child = an_arrest("J-1", born=date(2012, 5, 6), juvenile=True, surname=LONG_NAME[:60])
        self.tables.arrests.store([child], Provenance(drop_id="j", dropped_at=NOW), NOW)
        order = CourtOrder(number=f"D-1 {MARKUP_NAME}"[:200], court=RIGHT_TO_LEFT_NAME, ordered_on=date(2026, 11, 2))
        request = OpeningRequest(agency="roster", number="J-1", order=order, reason="As the order says")
        asked = new_opening(request, "kings", ADA["email"], "investigation", _now(), "3" * 18)
        juveniles = JuvenilesTable(self.tables.client, "Juveniles")
        juveniles.save(asked)
        juveniles.save(decided(asked, OpeningDecision.APPROVE, KIT, _now()))
        self.world.ids["opening_id"] = asked.opening_id

    def disputes(self) -> None:
        """One that waits for Ada's decision, with hostile texts, and a recipient of a correction to tell."""
        arrest_id, office_id, now = self.world.ids["arrest_id"], "kings", _now()
        empty, table = no_disputes(arrest_id, office_id), self.tables.subscriptions.disputes
        texts = {"claim": LONG_NAME, "claimant_name": MARKUP_NAME, "identity_proof": RIGHT_TO_LEFT_NAME}
        dispute = a_dispute(KIT, stored=empty, now=now, arrest_id=arrest_id, received_on=now.date(), **texts)
        table.save(empty.with_dispute(dispute))
        self.world.ids["dispute_id"] = dispute.dispute_id
        made = a_disclosure("crime", now=now, token="2" * 18, arrest_ids=[arrest_id], recipient=MARKUP_NAME)
        DisclosuresTable(self.tables.client, "Subscriptions").save(made)
        facts = {ArrestFact.NAME, ArrestFact.COURT}
        for notice in correction_notices([made], arrest_id, "content", facts, now.date(), now):
            table.add_notice(notice)

    def seals(self) -> None:
        """A seal that waits for its statute, and an order of the colleague's that waits for Ada."""
        lock = SealLock(
            lock_id="a" * 32, agency="roster", keys=("b" * 32,), number=MARKUP_NAME, drop_id="c" * 32, locked_at=_now()
        )
        LocksTable(self.tables.client, "Agencies").store(lock)
        orders = UnsealingsTable(self.tables.client, "Agencies")
        for number, (state, email) in enumerate({"": KIT, "own order": ADA["email"]}.items()):
            unsealing = an_unsealing(
                unsealing_id=f"{number:032x}", agency="roster", requested_by=email, requested_at=_now()
            )
            orders.save(unsealing)
            self.world.states[state] = {"unsealing_id": unsealing.unsealing_id}
        self.world.ids |= self.world.states.pop("")
        self.world.states["seals"] = {"agency_id": "roster"}
        certified = CertifiedSeal(
            key=f"seals/roster/{_now():%Y-%m-%d}/{'d' * 32}.json", day=_now().date(), drop_id="c" * 32,
            statutes={"CPL 160.50": 2, "": 1}, counts={"arrests erased": 2, "arrests locked": 1},
        )  # fmt: skip
        CertifiedSealsTable(self.tables.client, "Agencies").note("roster", "d" * 32, certified)

    def holds(self) -> None:
        """One on Ada's alert, and one whose end waits for her."""
        about = self.world.states["long"]["alert_id"]
        for kind, numbers in (("litigation", [about]), ("foil", [])):
            body = {"kind": kind, "reason": MARKUP_NAME, "reference": "LIT-7", "numbers": numbers}
            placed = self.send("POST", "/v1/holds", body)["hold"]["hold_id"]
            self.world.states[kind] = {"hold": placed}
        self.world.ids |= self.world.states["litigation"]
        entry = {"number": about, "kind": "appeals exhausted", "day": "2026-01-05", "source": MARKUP_NAME}
        self.world.ids["entry"] = self.send("POST", "/v1/case-entries", entry)["entry"]["entry_id"]
        table = HoldsTable(self.tables.client, "Subscriptions")
        hold = table.find("kings", self.world.states["foil"]["hold"])
        assert hold
        days = dict.fromkeys(("ended_on", "appealed_on", "appeal_decided_on"), date(2026, 1, 5))
        proposed = ProposedEnd(**days, reason=LONG_NAME, proposed_by=BO, proposed_at=_now())
        table.store(hold.model_copy(update={"proposed_end": proposed, "revision": 2}))
        self.world.states["end to confirm"] = self.world.states["foil"]

    def records_requests(self) -> None:
        """A FOIL request that is overdue, in hostile words, with an export that failed."""
        body = {
            "kind": "foil", "received_on": "2026-01-05", "about": LONG_NAME, "requester": MARKUP_NAME,
            "requester_kind": "press", "arrest_ids": [self.world.ids["arrest_id"]],
        }  # fmt: skip
        entered = self.send("POST", "/v1/records-requests", body)["request"]
        appeal = {"kind": "appealed", "reason": LONG_NAME}
        self.send("POST", f"/v1/records-requests/{entered['request_id']}/steps", appeal)
        self.world.ids["request"] = entered["request_id"]
        export = Export(
            export_id="20260105150000" + "e" * 18, request_id=entered["request_id"], office_id="kings",
            disclosure_id=self.world.ids["disclosure_id"], arrest_ids=tuple(entered["arrest_ids"]),
            purpose="investigation", asked_by=ADA["email"], asked_at=_now(), state=ExportState.FAILED,
            failure=NOTHING_LEFT, notes_to_review=2,
        )  # fmt: skip
        ExportsTable(self.tables.client, "Subscriptions").save(export)
        self.world.ids["export_id"] = export.export_id

    def drops(self) -> None:
        feeds = Feeds(self.tables, testville=PROFILE + "rhythm: {hours: 24, records: 20}\n")
        self.tables.agencies.enrol("testville", feeds.profiles["testville"])
        rows = [a_row(number) for number in range(12)]
        bodies = {
            "taken": a_drop(*rows),
            "partly": a_drop(*rows, a_row(20, Date="31/31/2026"), a_row(21, Last=""), a_row(22, Born=MARKUP_NAME)),
            "refused": b"Case;Suspect\n1;Somebody\n",
            "held": a_drop(*(a_row(number) for number in range(101))),
        }
        for state, body in bodies.items():
            receipt: Receipt = feeds.take_in(feeds.drop(body, f"testville/in/{state}.csv"))
            self.world.states[state] = {"agency_id": "testville", "drop_id": receipt.drop_id}
        self.world.ids |= self.world.states["partly"]


ENDING_SOON = 5
REPORTS = {
    "folders": {"kind": "folders"},
    "delivery times": {"kind": "delivery-times"},
    "noise": {"kind": "noise"},
}
KINDS_OF_WATCH = {"name": {"kind": "name"}, "charge at place": {"kind": "charge-at-place"}}


def make_world(tables: Tables, call: Call) -> World:
    """Ada has every right in her office; its watches, folders, alerts, possible matches and drops are hers."""
    maker = Maker(tables, call)
    maker.world.ids |= {"kind": "number", "action": "release", "week": f"{_now():%G-W%V}"}
    maker.world.states["last week"] = {"week": f"{_now() - timedelta(days=7):%G-W%V}"}
    maker.world.states |= KINDS_OF_WATCH | REPORTS
    maker.people()
    maker.watches(maker.folders())
    maker.alerts()
    maker.possible_matches()
    maker.disclosures()
    maker.disputes()
    maker.breaches()
    maker.juveniles()
    maker.holds()
    maker.records_requests()
    maker.seals()
    maker.drops()
    return maker.world


def _now() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)
