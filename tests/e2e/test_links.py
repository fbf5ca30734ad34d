"""The link of a mail on the whole way: it acknowledges, its use is in the office's audit, and it ends with the user."""

import json
import re
from datetime import UTC, datetime

from tests.e2e.rosters import roster, row
from tests.e2e.scene import Scene
from tests.local.deployed import Deployed, eventually

LINK = re.compile(r"/v1/links/[A-Za-z0-9_-]{50}")


def test_ta6_the_link_of_a_mail_acknowledges_is_audited_and_ends_with_its_user(product: Deployed, scene: Scene) -> None:
    agency, ada = scene.agency(), scene.prosecutor()
    ada.watch(scene.watch_for_pat)
    scene.take_in(agency, "day.csv", roster(row("BK-1", **scene.pat)))
    link = LINK.search(eventually(lambda: scene.mails(ada.email), what="the mail")[0]["BodyText"])
    assert link
    (alert,), anybody = scene.alerts(), product.api(None)

    assert anybody("GET", link[0]).status == 200
    assert anybody("POST", f"{link[0]}?say=acknowledge").status == 200
    answers = ada.api("GET", f"/v1/alerts/{alert.alert_id}").body["answers"]
    assert answers["acknowledged_by"] == f"{ada.email}, by link"

    user = product.users.find(scene.name, ada.email)
    assert user
    gone = user.model_copy(update={"deprovisioned_at": datetime.now(UTC), "revision": user.revision + 1})
    product.users.change(user, gone)
    assert anybody("POST", f"{link[0]}?say=wrong+person").status == 410
    product.users.change(gone, user.model_copy(update={"revision": gone.revision + 1}))  # who leaves the scene signs in

    stored = [json.loads(item["doc"]["S"]) for item in product.items("AuditTable") if "doc" in item]
    events = [event for event in stored if event["office_id"] == scene.name and "/links/" in event["action"]]
    about = f"alert:{alert.alert_id}"
    seen = {(event["action"], event["who"], about in event["subjects"], about in event["denied"]) for event in events
            if event["outcome"] != "begun"}  # fmt: skip
    assert seen == {
        ("GET /v1/links/{token} open", ada.email, True, False),
        ("POST /v1/links/{token} acknowledge", ada.email, True, False),
        ("POST /v1/links/{token} verdict", ada.email, False, True),
    }
