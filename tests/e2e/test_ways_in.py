"""The ways in beside the bucket, by the people of the agency: a profile replaced, a file uploaded, an arrest and a seal
by hand, and a flood that is held until somebody has looked at it."""

import urllib.request
from collections.abc import Iterator
from uuid import uuid4

import pytest

from shared.feeds.drops.receipt import ReceiptState
from shared.offices.users import Right
from tests.e2e.rosters import roster, row
from tests.e2e.scene import PROFILES, Prosecutor, Scene, unused_name
from tests.local.cloud import PATIENCE
from tests.local.deployed import Answer, Deployed, eventually


class Keepers:
    """An office that keeps the feed of its agency, with ada, who may do everything about it."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.product = scene, scene.product
        self.agency, self.ada = scene.agency(), scene.prosecutor()
        self.product.offices.enrol(scene.office.model_copy(update={"agencies": (self.agency,)}))
        user = self.product.users.find(scene.name, self.ada.email)
        assert user
        rights = frozenset({Right.FEEDS, Right.QUARANTINE, Right.SEAL})
        self.product.users.change(user, user.model_copy(update={"rights": rights, "revision": user.revision + 1}))

    def ask(self, method: str, path: str, body: object = None, by: Prosecutor | None = None, **said: str) -> Answer:
        return (by or self.ada).api(method, f"/v1/agencies/{self.agency}{path}", body, **said)

    def drop(self, drop_id: str) -> dict:
        """Once it has its receipt."""
        return eventually(lambda: self._with_receipt(drop_id), what=f"the receipt of {drop_id}")

    def _with_receipt(self, drop_id: str) -> dict | None:
        answer = self.ask("GET", f"/drops/{drop_id}")
        return answer.body if answer.status == 200 and answer.body["receipt"] else None


@pytest.fixture
def keepers(product: Deployed) -> Iterator[Keepers]:
    scene = Scene(product, unused_name())
    yield Keepers(scene)
    scene.leave()


def test_a_profile_replaced_by_the_api_reads_the_next_drop(keepers: Keepers) -> None:
    key = keepers.product.drop(keepers.agency, "before.csv", b"No,Day,Last,Born\nB-1,11/19/2026,Example,02/03/1990\n")
    assert keepers.product.receipt(key).state is ReceiptState.REFUSED
    live = keepers.ask("GET", "/profile").body
    text = (f"agency: {keepers.agency}\nformat: delimited\ntime_zone: America/New_York\n"
            "columns: {number: No, arrested: Day, surname: Last, born: Born}\ndates: '%m/%d/%Y'\n")  # fmt: skip
    changed = keepers.ask("PUT", "/profile", {"text": text}, if_match=f'"{live["version"]}"')
    assert changed.status == 200, changed.body
    key = keepers.product.drop(keepers.agency, "after.csv", b"No,Day,Last,Born\nB-1,11/19/2026,Example,02/03/1990\n")
    assert keepers.product.receipt(key).arrests.accepted == 1
    assert keepers.ask("PUT", "/profile", {"text": text}, if_match='"1"').status == 412
    wrong = keepers.ask("PUT", "/profile", {"text": text.replace("delimited", "papyrus")})
    assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "text.format")


def test_a_file_is_uploaded_with_the_leave_of_the_api_and_gets_its_receipt_and_its_rejects(keepers: Keepers) -> None:
    leave = keepers.ask("POST", "/uploads", {"file": "week.csv"}).body
    content = roster(row("BK-1"), {"Booking No": "BK-2", "Arrest Date": "yesterday"})
    assert _upload(leave, content) < 300
    assert keepers.product.receipt(leave["key"]).rows.rejected == 1
    (one,) = keepers.ask("GET", "/drops").body["items"]
    link = keepers.ask("GET", f"/drops/{one['drop_id']}/rejects").body["url"]
    assert b"bad-date" in urllib.request.urlopen(link, timeout=PATIENCE).read()  # noqa: S310 - of our own loopback
    refused = keepers.ask("POST", "/uploads", {"file": "week.exe"})
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "file")


def test_an_arrest_by_hand_alerts_and_the_feeds_own_row_makes_no_second_alert(keepers: Keepers) -> None:
    scene, ada = keepers.scene, keepers.ada
    ada.watch(scene.watch_for_pat)
    entry = {"number": "BK-7", "arrested": "2026-11-19", "surname": scene.name, "given": "Pat", "born": "1990-02-03",
             "sex": "F"}  # fmt: skip
    entered = keepers.ask("POST", "/arrests", entry)
    assert entered.status == 202, entered.body
    assert keepers.drop(entered.body["drop_id"])["receipt"]["arrests"]["accepted"] == 1
    eventually(lambda: scene.mails(ada.email), what="the mail")
    plain = {"Statute": "", "Charge": "", "Class": ""}
    receipt = scene.take_in(keepers.agency, "day.csv", roster(row("BK-7", **scene.pat) | plain))
    assert receipt.arrests.updated == 1
    assert len(scene.arrests(keepers.agency)) == 1
    assert keepers.ask("POST", "/arrests", entry).status == 409
    sealed = keepers.ask("POST", "/seals", {"number": "BK-7", "seal_statute": "CPL 160.50"})
    assert keepers.drop(sealed.body["drop_id"])["receipt"]["rows"]["accepted"] == 1
    eventually(lambda: scene.alerts()[0].withdrawn_at, what="the recall")
    assert scene.arrests(keepers.agency) == []


def test_a_flood_is_held_nobody_is_told_and_released_everybody_is(keepers: Keepers) -> None:
    scene, ada = keepers.scene, keepers.ada
    text = (PROFILES / "roster.yaml").read_text().replace("agency: roster", f"agency: {keepers.agency}")
    keepers.product.agencies.enrol(keepers.agency, text + "rhythm: {hours: 24, records: 10}\n")
    ada.watch(scene.watch_for_pat)
    others = (row(f"BK-{number}", Last_Name=f"Other{number}") for number in range(60))
    key = keepers.product.drop(keepers.agency, "flood.csv", roster(row("BK-P", **scene.pat), *others))
    held = keepers.product.receipt(key)
    assert (held.state, held.arrests.accepted) == (ReceiptState.HELD, 61)
    keepers.product.settle()
    assert scene.alerts() == []
    nobody = scene.prosecutor("bo")
    keepers.product.offices.enrol(scene.office.model_copy(update={"agencies": (keepers.agency,)}))
    assert keepers.ask("POST", f"/drops/{held.drop_id}/release", by=nobody).status == 404
    assert keepers.ask("POST", f"/drops/{uuid4().hex}/release").status == 404
    assert keepers.ask("POST", f"/drops/{held.drop_id}/release").body["standing"] == "released"
    eventually(lambda: scene.mails(ada.email), what="the mail")
    assert keepers.product.receipt(key).state is ReceiptState.TAKEN
    assert keepers.ask("POST", f"/drops/{held.drop_id}/discard").status == 409


def test_tg1_a_drop_is_replayed_from_its_copy_and_its_file_is_for_the_right_seal_for_a_week(keepers: Keepers) -> None:
    scene, product = keepers.scene, keepers.product
    content = roster(row("BK-1", **scene.pat) | {"SSN": "900-55-1234"}, row("BK-2"))
    key = product.drop(keepers.agency, "day.csv", content)
    receipt = product.receipt(key)
    path = f"/drops/{receipt.drop_id}"
    eventually(lambda: not product.s3.list_object_versions(Bucket=product.bucket, Prefix=key).get("Versions"),
               what="the file is moved away")  # fmt: skip
    link = keepers.ask("GET", path + "/raw").body["url"]
    assert urllib.request.urlopen(link, timeout=PATIENCE).read() == content  # noqa: S310 - of our own loopback
    nobody = scene.prosecutor("bo")
    product.offices.enrol(scene.office.model_copy(update={"agencies": (keepers.agency,)}))
    assert keepers.ask("GET", path + "/raw", by=nobody).status == 404
    before = scene.arrests(keepers.agency)
    assert keepers.ask("POST", path + "/replay", {"notify": False}).status == 200
    product.settle()
    again = product.receipt(key)
    assert (again.rows, again.dropped_columns) == (receipt.rows, receipt.dropped_columns)
    assert scene.arrests(keepers.agency) == before
    keepers.ask("POST", "/seals", {"number": "BK-1", "seal_statute": "CPL 160.50"})
    eventually(lambda: keepers.ask("GET", path + "/raw").status == 404, what="the raw file goes with the seal")


def _upload(leave: dict, content: bytes) -> int:
    mark = uuid4().hex
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in leave["fields"].items()]  # fmt: skip
    parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'.encode() + content)
    body = b"".join(parts) + f"\r\n--{mark}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={mark}"}
    request = urllib.request.Request(leave["url"], data=body, headers=headers, method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        return int(answer.status)
