"""What the office's people must see to, as routes: notices and watches that reach nobody."""

from datetime import UTC, date, datetime, timedelta

from shared.alerts.incidents.model import Concern, ConcernedParty, Incident, IncidentKind
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.offices.users import Right
from tests.builders import NAME_WATCH, PSEUDONYMS, SID_WATCH, a_subscription, a_user, an_arrest, discard
from tests.office_api.conftest import ADA

SUPER, BO = ADA | {"email": "super@da.example.gov"}, ADA | {"email": "bo@da.example.gov"}
NOW = datetime.now(UTC)


def gone(tables, email):
    user = tables.users.find("kings", email)
    tables.users.change(user, user.model_copy(update={"deprovisioned_at": NOW, "revision": user.revision + 1}))


def test_tf1_watches_that_reach_nobody_stand_in_a_report_for_whoever_may_read_them(call, tables):
    tables.users.add(a_user(SUPER["email"], rights=frozenset({Right.SUPER_OWNER})))
    tables.users.add(a_user("cy@da.example.gov"))
    hers = a_subscription(SID_WATCH, owner="cy@da.example.gov", recipients=[{"email": "cy@da.example.gov"}])
    mine = a_subscription(NAME_WATCH, recipients=[{"email": "cy@da.example.gov"}])
    for watch in (hers, mine, a_subscription(NAME_WATCH, owner=BO["email"], recipients=[{"email": BO["email"]}])):
        tables.watch_list.add(watch)
    report = "/v1/reports/without-reader"
    assert call("GET", report, claims=SUPER).body["rows"] == []
    gone(tables, "cy@da.example.gov")
    tables.alerts.missed_matches.note(mine.key, NOW)

    def rows(claims):
        return {row["subscription_id"]: row for row in call("GET", report, claims=claims).body["rows"]}

    assert rows(SUPER).keys() == {hers.subscription_id, mine.subscription_id}
    assert rows(ADA).keys() == {mine.subscription_id}
    assert rows(BO) == {}
    row = rows(ADA)[mine.subscription_id]
    assert (row["why"], row["matched_at"] is not None) == ("everybody is refused", True)
    table = call("GET", report, accept="text/csv").body.splitlines()
    assert table[0] == "subscription_id,owner,case_number,why,matched_at"


def an_incident(kind, subject, party, **facts):
    concern = Concern(
        kind=kind, office_id="kings", party=party, subject=subject, agency="testville", since=NOW - timedelta(days=1),
        days=(NOW.date(),), recipients=(subject,), **facts,
    )  # fmt: skip
    return Incident(concern=concern, first_day=NOW.date(), last_told=NOW.date(), told=(subject,))


def test_tf4_incidents_are_read_by_the_people_of_the_office_and_each_persons_by_that_person(call, tables):
    silent = an_incident(IncidentKind.AGENCY_SILENT, "testville", ConcernedParty.KEEPER)
    tables.alerts.incidents.save(silent)
    tables.alerts.incidents.save(an_incident(IncidentKind.AGENCY_SILENT, "testville", ConcernedParty.AGENCY))
    unreached = an_incident(IncidentKind.WATCHES_UNREACHED, BO["email"], ConcernedParty.PERSON, items=("a/",))
    tables.alerts.incidents.save(unreached)

    def titles(claims):
        return {item["title"] for item in call("GET", "/v1/notices", claims=claims).body["items"]}

    assert titles(ADA) == {"Testville is silent"}
    assert titles(BO) == {"Testville is silent", "1 watch reaches nobody"}
    assert titles(ADA | {"email": "quinn@queens.example.gov", "custom:office": "queens"}) == set()
    tables.alerts.incidents.save(silent.model_copy(update={"over_at": NOW, "revision": 2}))
    notices = call("GET", "/v1/notices").body
    assert (notices["open"], notices["items"][0]["over_at"] is not None) == (0, True)


def test_ta8_what_waits_stands_in_me_and_in_a_report_with_its_age_for_whoever_may_read_it(call, tables):
    tables.watch_list.add(a_subscription(NAME_WATCH))
    arrests = [an_arrest(number, sid=None, born=date(year, 9, 28)) for number, year in (("K-1", 1981), ("K-2", 1982))]
    tables.arrests.store(arrests, Provenance(drop_id="d", dropped_at=NOW), NOW)
    deps = MatchDeps(tables.watch_list, tables.subscriptions, tables.offices, tables.alerts, PSEUDONYMS, discard)
    since = NOW - timedelta(days=3)
    match_versions([Version(arrest, None, since, since) for arrest in arrests], deps, since)

    mine = call("GET", "/v1/me").body["possible_matches"]
    assert (mine["waiting"], mine["oldest"][:10]) == (2, since.date().isoformat())
    assert call("GET", "/v1/me", claims=BO).body["possible_matches"] == {"waiting": 0, "oldest": None}
    report = "/v1/reports/possible-matches"
    rows = call("GET", report).body["rows"]
    assert [row["days"] for row in rows] == [3, 3]
    assert call("GET", report, claims=BO).body["rows"] == []
    call("POST", f"/v1/reviews/{rows[0]['review_id']}/dismiss")
    assert [row["review_id"] for row in call("GET", report).body["rows"]] == [rows[1]["review_id"]]
    assert call("GET", "/v1/me").body["possible_matches"]["waiting"] == 1
    _, _, stamp = call("GET", report, accept="text/csv").body.splitlines()
    assert "Read by ada.example@da.example.gov, Kings County" in stamp
    assert "Purpose: investigation." in stamp
