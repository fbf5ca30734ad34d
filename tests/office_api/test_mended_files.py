"""A clerk's way: the rejected rows of a file, and the mended file sent again, without the bucket."""

from base64 import b64encode

import pytest

from shared.feeds.drops.model import Drop
from shared.offices.users import Right
from tests.builders import PSEUDONYMS, a_user, an_office
from tests.conftest import Tables
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.small_drops import HEADER, PROFILE, a_drop, a_row
from tests.office_api.conftest import ADA, Answer, Call

KAY, QIA = (ADA | {"email": f"{name}@da.example.gov"} for name in ("kay", "qia"))
TESTVILLE = "/v1/agencies/testville"


@pytest.fixture
def feeds(tables: Tables) -> Feeds:
    tables.offices.enrol(an_office(agencies=("testville",)))
    tables.agencies.enrol("testville", PROFILE)
    tables.users.add(a_user(KAY["email"], rights=frozenset({Right.FEEDS})))
    tables.users.add(a_user(QIA["email"], rights=frozenset({Right.QUARANTINE})))
    return Feeds(tables)


def rejects_of(call: Call, feeds: Feeds, body: bytes, claims: dict[str, str] = KAY, query: str = "") -> Answer:
    receipt = feeds.take_in(feeds.drop(body))
    return call("GET", f"{TESTVILLE}/drops/{receipt.drop_id}/rejects/rows", claims=claims, query=query)


def sent(call: Call, file: str, content: bytes, claims: dict[str, str] = KAY, **headers: str) -> Answer:
    body = {"file": file, "content": b64encode(content).decode()}
    return call("POST", f"{TESTVILLE}/files", body, claims, **headers)


def test_kr7_a_rejected_row_says_its_line_what_is_wrong_where_to_look_and_its_cells(call: Call, feeds: Feeds) -> None:
    bad = a_row(2, Date="soon", Last='"O\'Example, Jr."')
    answer = rejects_of(call, feeds, a_drop(a_row(1), bad, a_row(3)))
    (reject,) = answer.body["items"]
    assert (reject["line"], reject["code"], reject["columns"]) == (3, "bad-date", ["Date"])
    assert reject["fix"] == "Write the day like 11/20/2026, or have its form added to the profile."
    assert reject["row"]["cells"][:3] == ["T-2", "soon", "O'Example, Jr."]
    assert (answer.body["complete"], answer.body["next"]) == (True, None)


def test_kr7_the_cells_are_for_who_runs_the_feed_and_a_forbidden_one_is_for_nobody(call: Call, feeds: Feeds) -> None:
    body = a_drop(f"{a_row(1, Date='soon')},900-11-2222", header=f"{HEADER},SSN")
    receipt = feeds.take_in(feeds.drop(body))
    path = f"{TESTVILLE}/drops/{receipt.drop_id}/rejects/rows"
    (for_kay,), (for_qia,) = (call("GET", path, claims=claims).body["items"] for claims in (KAY, QIA))
    assert for_kay["row"]["cells"][1] == "soon"
    assert for_qia == for_kay | {"row": None}
    assert "900-11-2222" not in str(for_kay)
    assert call("GET", path).status == 404


def test_kr7_rejects_are_listed_page_by_page_and_a_clean_drop_has_none(call: Call, feeds: Feeds) -> None:
    receipt = feeds.take_in(feeds.drop(a_drop(*(a_row(number, Date="soon") for number in range(5)))))
    path, lines, after = f"{TESTVILLE}/drops/{receipt.drop_id}/rejects/rows", [], ""
    while after is not None:
        page = call("GET", path, claims=KAY, query=f"limit=2&after={after}").body
        lines += [item["line"] for item in page["items"]]
        after = page["next"]
    assert lines == [2, 3, 4, 5, 6]
    assert rejects_of(call, feeds, a_drop(a_row(9))).status == 404


def test_kr7_a_formula_in_a_cell_is_shown_as_the_agency_wrote_it(call: Call, feeds: Feeds) -> None:
    (reject,) = rejects_of(call, feeds, a_drop("=1+1" + a_row(1, Date="soon"))).body["items"]
    assert reject["row"]["cells"][0] == "=1+1T-1"


def test_kr7_the_mended_file_becomes_the_drop_whose_id_is_answered(call: Call, feeds: Feeds) -> None:
    content = a_drop(a_row(1))
    answer = sent(call, "day 2.csv", content)
    (stored,) = feeds.s3.list_object_versions(Bucket="feeds", Prefix="testville/in/")["Versions"]
    drop = Drop(
        key=stored["Key"], size=stored["Size"], dropped_at=stored["LastModified"], version_id=stored["VersionId"]
    )
    assert (answer.status, answer.body["drop_id"], drop.key) == (202, drop.id(PSEUDONYMS), "testville/in/day 2.csv")
    receipt = feeds.take_in(drop)
    assert call("GET", f"{TESTVILLE}/drops/{answer.body['drop_id']}", claims=KAY).body["receipt"]["state"] == "taken"
    assert receipt.rows.accepted == 1


def test_kr7_a_double_click_sends_one_file(call: Call, feeds: Feeds) -> None:
    first, again = (sent(call, "day.csv", b"x,y\n", idempotency_key="k-1") for _ in range(2))
    assert first.body == again.body
    assert len(feeds.s3.list_object_versions(Bucket="feeds")["Versions"]) == 1


@pytest.mark.parametrize(
    ("file", "content", "field"),
    [("../roster/in/x.csv", "eA==", "file"), ("x.exe", "eA==", "file"), ("x.csv", "%%", "content"),
     ("x.csv", "", "content"), ("x.csv", "A" * 5_400_000, "content")],
)  # fmt: skip
def test_kr7_a_file_that_cannot_be_taken_is_refused_with_the_field_and_stores_nothing(
    call: Call, feeds: Feeds, file: str, content: str, field: str
) -> None:
    refused = call("POST", f"{TESTVILLE}/files", {"file": file, "content": content}, KAY)
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)
    assert "Versions" not in feeds.s3.list_object_versions(Bucket="feeds")


def test_kr7_only_who_runs_the_feed_sends_a_file(call: Call, feeds: Feeds) -> None:
    assert (sent(call, "x.csv", b"x", QIA).status, sent(call, "x.csv", b"x", ADA).status) == (403, 404)
