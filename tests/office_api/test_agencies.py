"""An agency's side of the API: how its files are read, what became of them, and the ways in beside the bucket."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import pytest

from shared.arrests.model import Provenance
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import SEALED, Receipt, RowCounts
from shared.matching.agency_reference_table import NAMES, AgencyReferenceTable
from shared.matching.linkage.agency_frequencies import AgencyNameCounts
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from tests.builders import a_user, an_arrest, an_office
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.small_drops import HEADER, PROFILE, a_drop, a_row
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

KAY, SID, LEE = (ADA | {"email": f"{name}@da.example.gov"} for name in ("kay", "sid", "lee"))
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}
HERE = "/v1/agencies/testville"
DROPPED = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def keepers(tables):
    tables.offices.enrol(an_office(agencies=("testville", "unheard-of"), may_seal=("roster",)))
    tables.agencies.enrol("testville", PROFILE)
    tables.agencies.enrol("roster", PROFILE.replace("testville", "roster"))
    tables.users.add(a_user(KAY["email"], rights=frozenset({Right.FEEDS})))
    tables.users.add(a_user(SID["email"], rights=frozenset({Right.SEAL})))
    tables.users.add(a_user(LEE["email"], rights=frozenset({Right.SUPER_OWNER})))


@pytest.fixture
def bucket(tables):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="feeds")
    s3.put_bucket_versioning(Bucket="feeds", VersioningConfiguration={"Status": "Enabled"})
    return s3


def dropped(tables, number: int, **facts) -> str:
    drop = Drop(key=f"testville/in/{number}.csv", size=9, dropped_at=DROPPED + timedelta(days=number))
    tables.drops.begin(drop, drop_id := f"{number:032x}")
    usual = {"agency": "testville", "drop_id": drop_id, "key": drop.key, "size": 9, "finished_at": DROPPED}
    tables.drops.record_receipt(Receipt(**usual | {"dropped_at": drop.dropped_at} | facts))
    return drop_id


def fields(answer) -> set[str]:
    return {one["field"] for one in answer.body["errors"]}


def test_an_agency_says_by_which_names_its_arrests_are_matched_and_since_when(call, tables):
    def names() -> dict[str, object]:
        return call("GET", HERE, claims=KAY).body["names_counted"]

    reference, day = AgencyReferenceTable(tables.client, "Offices"), date(2026, 11, 20)
    assert names() == {"counted_on": None, "persons": None, "version": None, "census_pinned_on": None}
    bearers = {"surname": {"NGUYEN": 900}, "given": {}}
    counts = AgencyNameCounts(agency="testville", counted_on=day, persons=5_100, min_bearers=20, bearers=bearers)
    version = reference.load("testville", NAMES, counts)
    assert names() == {
        "counted_on": "2026-11-20", "persons": 5_100, "version": version, "census_pinned_on": None
    }  # fmt: skip
    reference.pin_census("testville", day)
    assert names() == {"counted_on": None, "persons": None, "version": None, "census_pinned_on": "2026-11-20"}


def test_an_agency_is_there_for_the_office_that_keeps_it_and_for_users_with_the_right(call):
    assert call("GET", HERE, claims=KAY).body["profile_version"] == 1
    assert call("GET", "/v1/agencies/unheard-of", claims=KAY).body["profile_version"] == 0
    for path, claims in ((HERE, ADA), (HERE, LEE), (HERE, QUINN), ("/v1/agencies/nypd", KAY), (HERE + "/drops", SID)):
        assert call("GET", path, claims=claims).status in (403, 404), (path, claims)
    stranger, nothing = call("GET", HERE, claims=QUINN), call("GET", "/v1/agencies/nowhere", claims=QUINN)
    assert (stranger.status, stranger.body) == (nothing.status, nothing.body)


def test_a_new_profile_is_live_at_once_and_the_old_one_is_kept(call, tables):
    before = call("GET", HERE + "/profile", claims=KAY)
    assert (before.body["text"], before.headers["ETag"]) == (PROFILE, '"1"')
    text = PROFILE.replace("number: No", "number: Number")
    after = call("PUT", HERE + "/profile", {"text": text}, KAY, if_match='"1"')
    assert (after.status, after.body["version"], after.body["changed_by"]) == (200, 2, KAY["email"])
    assert tables.agencies.text("testville") == text
    assert call("GET", HERE + "/profile", claims=KAY, query="version=1").body["text"] == PROFILE
    assert call("PUT", HERE + "/profile", {"text": PROFILE}, KAY, if_match='"1"').status == 412
    assert call("PUT", HERE + "/profile", {"text": PROFILE}, KAY, if_match="").status == 428
    assert call("GET", HERE + "/profile", claims=KAY, query="version=9").status == 404


def test_an_agency_without_a_profile_gets_its_first_one(call):
    text = PROFILE.replace("testville", "unheard-of")
    assert call("PUT", "/v1/agencies/unheard-of/profile", {"text": text}, KAY, if_match="").body["version"] == 1


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (PROFILE.replace("delimited", "papyrus"), "text.format"),
        (PROFILE.replace("America/New_York", "Mars"), "text.time_zone"),
        (PROFILE.replace("number: No", "nummer: No"), "text.columns.nummer"),
        (PROFILE.replace("surname: Last", "surname: SSN"), "text"),
        (PROFILE.replace("testville", "roster"), "text.agency"),
        ("agency: [", "text"),
        ("", "text"),
    ],
)
def test_a_profile_that_cannot_be_taken_names_the_key_and_the_mend(call, tables, text, field):
    answer = call("PUT", HERE + "/profile", {"text": text}, KAY, if_match='"1"')
    assert answer.status == 422
    assert any(one["field"].startswith(field) and one["mend"] for one in answer.body["errors"])
    assert tables.agencies.profile("testville").version == 1


NO_AGES = PROFILE.replace("  born: Born\n", "")


def test_tc2_a_profile_that_cannot_tell_minors_waits_for_a_second_person_with_another_right(call, tables):
    jo, both = (ADA | {"email": f"{name}@da.example.gov"} for name in ("jo", "both"))
    tables.users.add(a_user(jo["email"], rights=frozenset({Right.JUVENILE})))
    tables.users.add(a_user(both["email"], rights=frozenset({Right.JUVENILE, Right.FEEDS})))
    refused = call("PUT", HERE + "/profile", {"text": NO_AGES}, KAY)
    assert refused.status == 409
    assert "`juvenile`" in refused.body["errors"][0]["mend"]
    assert tables.agencies.text("testville") == PROFILE
    confirm = HERE + "/profile/confirmation"
    assert [call("POST", confirm, {"text": NO_AGES}, by).status for by in (KAY, LEE, ADA)] == [403, 404, 404]
    assert call("POST", confirm, {"text": NO_AGES}, both).status == 201
    assert call("PUT", HERE + "/profile", {"text": NO_AGES}, both).status == 409, "nobody is two persons"
    assert call("POST", confirm, {"text": NO_AGES}, jo).body["confirmed_by"] == jo["email"]
    assert call("PUT", HERE + "/profile", {"text": NO_AGES + " "}, KAY).status == 409, "another text"
    live = call("PUT", HERE + "/profile", {"text": NO_AGES}, KAY)
    assert (live.status, live.body["confirmed_by"], live.body["changed_by"]) == (200, jo["email"], KAY["email"])
    assert live.body["confirmed_at"]


@pytest.mark.parametrize(
    ("columns", "is_refused"),
    [
        ("surname: Last\n  born: Born", False),
        ("surname: Last\n  age: Years", False),
        ("surname: Last\n  age_group: Group", True),  # no word of it means a minor
        ("name: Who", True),
        ("alias: Also", True),
        ("statute: Statute", False),  # it names nobody
    ],
)
def test_tc2_what_tells_minors_is_a_birth_date_an_age_or_a_group_whose_words_are_known(call, columns, is_refused):
    text = f"agency: testville\nformat: delimited\ntime_zone: America/New_York\ncolumns:\n  number: No\n  {columns}\n"
    assert call("PUT", HERE + "/profile", {"text": text}, KAY).status == (409 if is_refused else 200)
    group = "codes: {juvenile: '<18'}\n"
    if "age_group" in columns:
        assert call("PUT", HERE + "/profile", {"text": text + group}, KAY).status == 200


# Of a drop that nobody said how to read, and of a flood that is held: feeds, seal, quarantine, super-owner, no right at
# all, another office. The statuses are those of the whole API, with the records as the intake made them.
KEPT_APART = {
    "quarantined": {
        "GET /drops": (200, 403, 200, 404, 404, 404),
        "GET /drops/{id}": (200, 403, 200, 404, 404, 404),
        "GET /drops/{id}/rejects": (404, 403, 403, 404, 404, 404),  # nothing of it was read
        "POST /drops/{id}/release": (403, 403, 409, 404, 404, 404),  # there is nothing to tell of
        "POST /drops/{id}/discard": (403, 403, 409, 404, 404, 404),
        "POST /drops/{id}/replay": (403, 403, 200, 404, 404, 404),
    },
    "held": {
        "GET /drops": (200, 403, 200, 404, 404, 404),
        "GET /drops/{id}": (200, 403, 200, 404, 404, 404),
        "GET /drops/{id}/rejects": (404, 403, 403, 404, 404, 404),
        "POST /drops/{id}/replay": (403, 403, 409, 404, 404, 404),  # it is released or discarded first
        "POST /drops/{id}/release": (403, 403, 200, 404, 404, 404),
    },
}


@pytest.mark.parametrize("state", KEPT_APART)
def test_f9_what_is_quarantined_or_held_answers_each_right_as_the_table_says_and_shows_no_arrest(call, tables, state):
    qia = ADA | {"email": "qia@da.example.gov"}
    everything = frozenset(Right) - {Right.FEEDS, Right.QUARANTINE, Right.SEAL}
    tables.users.add(a_user(qia["email"], rights=frozenset({Right.QUARANTINE})))
    reader = ADA | {"email": "reader@da.example.gov"}
    tables.users.add(a_user(reader["email"], rights=everything))
    feeds = Feeds(tables, testville=PROFILE + "rhythm: {hours: 24, records: 1}\n")
    agency = "testville" if state == "held" else "unheard-of"
    body = a_drop(*(a_row(number) for number in range(60)))
    receipt = feeds.take_in(feeds.drop(body, f"{agency}/in/day.csv"))
    assert receipt.state == state
    people = (KAY, SID, qia, LEE, ADA, QUINN)
    for route, statuses in KEPT_APART[state].items():
        method, path = route.split()
        at = f"/v1/agencies/{agency}{path.replace('{id}', receipt.drop_id)}"
        order: dict[str, Any] | None = {} if path.endswith("replay") else None
        if path.endswith("release"):  # from here on it is not held any more
            number = {"agency": agency, "number": "T-1"}
            agreed = an_agreement(agency, starts=DROPPED.date(), ends=DROPPED.date() + timedelta(days=9_999))
            tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(agreed,), revision=1))
            for one in (*people, reader):
                assert call("POST", "/v1/arrests/search", number, one).body["items"] == []
            tables.arrests.store(
                [an_arrest("T-TOLD", agency=agency)], Provenance(drop_id="d", dropped_at=DROPPED), DROPPED
            )
            told = call("POST", "/v1/arrests/search", number | {"number": "T-TOLD"}, reader).body["items"]
            assert len(told) == 1, "which finds what is not held"
        assert tuple(call(method, at, order, one).status for one in people) == statuses, route


def test_drops_are_listed_newest_first_page_by_page(call, tables):
    ids = [dropped(tables, number, rows=RowCounts(read=number)) for number in range(1, 4)]
    first = call("GET", HERE + "/drops", claims=KAY, query="limit=2").body
    assert [one["drop_id"] for one in first["items"]] == [ids[2], ids[1]]
    rest = call("GET", HERE + "/drops", claims=KAY, query=f"limit=2&after={first['next']}").body
    assert [one["receipt"]["rows"]["read"] for one in rest["items"]] == [1]
    assert call("GET", "/v1/agencies/unheard-of/drops", claims=KAY, query=f"after={first['next']}").status == 422


def test_one_drop_is_shown_and_its_rejects_are_a_link_for_a_minute(call, tables, bucket):
    bucket.put_object(Bucket="feeds", Key="testville/rejects/2.csv", Body=b"line,code\n")
    clean, mixed = dropped(tables, 1), dropped(tables, 2, rejects_key="testville/rejects/2.csv")
    assert call("GET", f"{HERE}/drops/{mixed}", claims=KAY).body["receipt"]["key"] == "testville/in/2.csv"
    link = call("GET", f"{HERE}/drops/{mixed}/rejects", claims=KAY).body
    assert "testville/rejects/2.csv" in link["url"]
    assert link["seconds"] == 60
    for path in (f"{clean}/rejects", "0" * 32, f"{'0' * 32}/rejects"):
        assert call("GET", f"{HERE}/drops/{path}", claims=KAY).status == 404
    assert call("GET", f"/v1/agencies/unheard-of/drops/{mixed}", claims=KAY).status == 404


def test_leave_to_upload_is_for_one_file_of_one_kind_below_the_agencys_own_prefix(call, bucket):
    given = call("POST", HERE + "/uploads", {"file": "week 47.csv"}, KAY).body
    assert (given["key"], given["fields"]["key"]) == ("testville/in/week 47.csv",) * 2
    assert given["fields"]["Content-Type"] == "text/csv"


@pytest.mark.parametrize(
    "file", ["../roster/in/x.csv", "a/b.csv", "by-hand/x.json", "x.exe", "csv", ".csv", "", "x\n.csv"]
)
def test_leave_to_upload_anything_else_is_refused_with_the_mend(call, file):
    answer = call("POST", HERE + "/uploads", {"file": file}, KAY)
    assert (answer.status, fields(answer)) == (422, {"file"})


def tried(call, content: bytes, claims=KAY, **more):
    return call("POST", HERE + "/dry-run", {"content": b64encode(content).decode(), **more}, claims)


def test_a_dry_run_shows_receipt_rejects_and_first_arrests_and_stores_nothing(call, tables):
    rows = (a_row(1), a_row(2, Date="soon"), a_row(3, Born="01/01/2015"), a_row(4))
    done = tried(call, a_drop(*rows), rows=2).body
    assert (done["receipt"]["rows"]["read"], done["receipt"]["rows"]["accepted"]) == (4, 3)
    assert done["receipt"]["arrests"]["juvenile"] is None
    assert [one["line"] for one in done["first_rejects"]] == [3]
    assert [one["number"] for one in done["arrests"]] == ["T-1", "T-4"]
    assert tables.everything_in("Arrests") == []


def test_tc8_the_agency_alone_reads_how_many_minors_and_seals_a_drop_holds(call, tables):
    feeds = Feeds(tables, testville=PROFILE.replace("  born: Born", "  born: Born\n  event: Event"))
    header = f"{HEADER},Event"
    feeds.take_in(feeds.drop(a_drop(f"{a_row(7)},seal", header=header)))
    rows = (a_row(1), a_row(2, Born="01/01/2015"), a_row(3, Born="31/31/2015"), a_row(7))
    body = a_drop(*(f"{row}," for row in rows), f"{a_row(9)},seal", header=header)
    whole = feeds.take_in(feeds.drop(body))
    assert (whole.arrests.juvenile, whole.seals, whole.skipped) == (2, 1, {SEALED: 1})
    assert Receipt.model_validate_json(feeds.body(feeds.keys("receipts")[-1])).arrests.juvenile is not None
    one = call("GET", f"{HERE}/drops/{whole.drop_id}", claims=KAY).body["receipt"]
    [listed] = [item["receipt"] for item in call("GET", HERE + "/drops", claims=KAY).body["items"]
                if item["drop_id"] == whole.drop_id]  # fmt: skip
    trial = tried(call, a_drop(*rows[:3])).body["receipt"]
    for receipt in (one, listed, trial):
        assert (receipt["arrests"]["juvenile"], receipt["seals"]) == (None, None)
        assert not [
            words for words in (*receipt["skipped"], *receipt["flags"]) if "seal" in words or "under 18" in words
        ]
    assert one["skipped"] == {"what is stored already stands": 1}


def test_a_dry_run_tries_a_profile_that_is_not_live_and_names_what_may_not_be_kept(call):
    other = PROFILE.replace("number: No", "number: Number")
    done = tried(
        call, a_drop(f"{a_row(1)},900-11-2222", header=f"{HEADER.replace('No,', 'Number,')},SSN"), profile=other
    ).body
    assert done["receipt"]["dropped_columns"] == ["SSN"]
    assert "900-11-2222" not in str(done)


def test_a_dry_run_of_what_cannot_be_read_says_why(call):
    assert tried(call, b"nothing,of,ours\n1,2,3\n").body["receipt"]["state"] == "refused"
    wrong = tried(call, b"", profile="agency: [")
    assert (wrong.status, fields(wrong)) == (422, {"text"})
    assert call("POST", HERE + "/dry-run", {"content": "%%"}, KAY).status == 422
    assert tried(call, b"", claims=ADA).status == 404


ENTRY = {"number": "T-77", "arrested": "2026-11-19", "surname": "Example", "given": "Pat", "born": "1990-02-03",
         "charges": [{"statute": "PL 120.05", "charge_class": "felony"}]}  # fmt: skip


def test_an_arrest_by_hand_is_dropped_into_the_agencys_own_folder(call, bucket, tables):
    answer = call("POST", HERE + "/arrests", ENTRY, KAY)
    assert answer.status == 202, answer.body
    (one,) = bucket.list_objects_v2(Bucket="feeds")["Contents"]
    assert one["Key"].startswith("testville/entered/")
    assert tables.everything_in("Arrests") == []


@pytest.mark.parametrize(
    "wrong",
    [{"number": ""}, {"arrested": "yesterday"}, {"arrested": "2026-13-40"}, {"born": "3/2/1990"}, {"ssn": "900112222"},
     {"charges": [{"charge_class": "worst"}]}],
)  # fmt: skip
def test_an_arrest_by_hand_that_cannot_be_taken_is_refused_and_nothing_is_dropped(call, bucket, wrong):
    answer = call("POST", HERE + "/arrests", ENTRY | wrong, KAY)
    assert answer.status == 422
    assert fields(answer)
    assert "Contents" not in bucket.list_objects_v2(Bucket="feeds")


def test_what_the_feed_has_told_of_is_not_entered_by_hand(call, bucket, tables):
    tables.arrests.store([an_arrest("T-77", agency="testville")], Provenance(drop_id="d", dropped_at=DROPPED), DROPPED)
    assert call("POST", HERE + "/arrests", ENTRY, KAY).status == 409
    assert call("POST", "/v1/agencies/unheard-of/arrests", ENTRY, KAY).status == 409


def test_a_seal_is_entered_by_whoever_has_the_right_for_agencies_that_the_office_may_seal_for(call, bucket):
    for agency in ("testville", "roster"):
        assert call("POST", f"/v1/agencies/{agency}/seals", {"number": "T-1"}, SID).status == 202
    person = {"sid": "01234567A", "arrested": "2026-11-19", "surname": "Example", "given": "Pat"}
    assert call("POST", HERE + "/seals", person, SID).status == 202
    assert call("POST", HERE + "/seals", {"number": "T-1"}, KAY).status == 403
    assert call("POST", "/v1/agencies/nypd/seals", {"number": "T-1"}, SID).status == 404
    assert call("POST", "/v1/agencies/roster/arrests", ENTRY, KAY).status == 404


@pytest.mark.parametrize(
    "weak", [{}, {"surname": "Example", "given": "Pat"}, {"sid": "01234567A"}, {"arrested": "2026-11-19"}]
)
def test_a_seal_that_names_no_arrest_is_refused(call, bucket, weak):
    answer = call("POST", HERE + "/seals", weak, SID)
    assert answer.status == 422
    assert "Contents" not in bucket.list_objects_v2(Bucket="feeds")
