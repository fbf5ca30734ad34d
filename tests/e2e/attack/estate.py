"""What an office has that others want: one record of every kind that a path can name, and a secret word in all of them.

A route that names a new kind of record needs an id here; `Estate.path` says so.
"""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from shared.breaches.table import BreachesTable
from shared.disclosures.table import DisclosuresTable
from shared.disputes.table import DisputesTable
from shared.offices.model import Office
from shared.offices.users import Right
from tests.breaches.cases import a_breach
from tests.builders import a_wish
from tests.disclosures.test_decide import a_disclosure
from tests.disputes.cases import a_dispute, no_disputes
from tests.e2e.attack.requests import Route
from tests.e2e.rosters import roster, row
from tests.e2e.scene import Prosecutor, Scene, unused_name
from tests.local.deployed import Deployed, eventually

LINK = re.compile(r"/v1/links/([A-Za-z0-9_-]{50})")


@dataclass
class Estate:
    """An office with ada (made everything), olga (has every right) and nina (has nothing).

    `secret` is a word that is in the name of the person, of the folder, in the note and in the case number; nobody of
    another office may ever see it. `ids` are the values of the parameters of a path.
    """

    scene: Scene
    secret: str
    ada: Prosecutor
    olga: Prosecutor
    nina: Prosecutor
    agency: str
    office: Office
    ids: dict[str, str] = field(default_factory=dict)

    def path(self, route: Route) -> str:
        missing = [name for name in route.parameters if name not in self.ids]
        assert not missing, f"give {missing} a value in `settle`, tests/e2e/attack/estate.py: {route.path} names it"
        return route.path.format_map(self.ids)


def settle(product: Deployed) -> Estate:
    scene, secret = Scene(product, unused_name()), unused_name()
    ada, olga, nina = scene.prosecutor(), scene.prosecutor("olga"), scene.prosecutor("nina")
    agency = scene.agency()
    office = scene.office.model_copy(update={"agencies": (agency,), "may_seal": (agency,)})
    product.offices.enrol(office)
    user = product.users.find(scene.name, olga.email)
    assert user
    product.users.change(user, user.model_copy(update={"rights": frozenset(Right), "revision": user.revision + 1}))
    estate = Estate(scene, secret, ada, olga, nina, agency, office)
    folder = olga.api("POST", "/v1/folders", {"name": f"Folder {secret}"}).body["folder"]["folder_id"]
    olga.api("PUT", f"/v1/folders/{folder}/roles/{ada.email}", {"role": "owner"})
    watch = _watch(estate, folder)
    receipt = scene.take_in(agency, "day.csv", roster(*_rows(secret)))
    alert = eventually(lambda: ada.api("GET", "/v1/alerts").body["items"], what="the alert")[0]
    review = eventually(lambda: ada.api("GET", "/v1/reviews").body["items"], what="the possible match")[0]
    link = LINK.search(eventually(lambda: scene.mails(ada.email), what="the mail")[0]["BodyText"])
    assert link, "the mail has no link"
    estate.ids |= {
        "subscription_id": watch["subscription_id"],
        "folder_id": folder,
        "alert_id": alert["alert_id"],
        "arrest_id": alert["arrest_id"],
        "review_id": review["review_id"],
        "agency_id": agency,
        "source_kind": "agency",
        "source": agency,
        "drop_id": receipt.drop_id,
        "email": ada.email,
        "kind": "cases",
        "week": "2026-W40",
        "token": link[1],
        "disclosure_id": _disclosure(estate, alert["arrest_id"]),
        "hold": _hold(estate, alert["number"]),
        "entry": _case_entry(estate, alert["number"]),
        "opening_id": _opening(estate),
        "dispute_id": _dispute(estate, alert["arrest_id"]),
        "breach_id": _breach(estate),
        "notice": "0" * 32,
        # Nothing is locked, ordered open, requested or exported here: their own tests ask for another office's.
        "request": "20261102150000" + "0" * 18,
        "lock": "0" * 32,
        "unsealing_id": "0" * 32,
        "export_id": "20261102150000" + "0" * 18,
    }
    return estate


def _watch(estate: Estate, folder: str) -> dict[str, Any]:
    secret = estate.secret
    watch = {"watch": "person", "surname": secret, "given": "Pat", "date_of_birth": "1990-02-03"}
    wish = a_wish(
        watch,
        basis={"kind": "open case", "case_number": f"CASE-{secret}"},
        recipients=[{"email": estate.ada.email}],
        note={"private": f"informant {secret}", "public": f"call {secret}"},
        folders=[folder],
    )
    answer = estate.ada.api("POST", "/v1/subscriptions", wish)
    assert answer.status == 201, answer.body
    stored: dict[str, Any] = answer.body
    return stored


def _disclosure(estate: Estate, arrest_id: str) -> str:
    """One that waits for approval. Ada asked for it."""
    product = estate.scene.product
    about: dict[str, Any] = {"arrest_ids": [arrest_id], "recipient": f"Legal Aid {estate.secret}"}
    disclosure = a_disclosure(requested_by=estate.ada.email, token=secrets.token_hex(9), **about)
    table = DisclosuresTable(product.dynamodb, product.outputs["SubscriptionsTable"])
    table.save(disclosure.model_copy(update={"office_id": estate.office.office_id}))
    return disclosure.disclosure_id


def _opening(estate: Estate) -> str:
    """A juvenile's record, of which it is not said whether there is one. Olga asked for it."""
    order = {"number": f"D-1 {estate.secret}", "court": "Family Court", "ordered_on": "2026-11-02"}
    wish = {"agency": estate.agency, "number": estate.secret, "order": order, "reason": "as the order says"}
    answer = estate.olga.api("POST", "/v1/juvenile-openings", wish)
    assert answer.status == 201, answer.body
    return str(answer.body["opening"]["opening_id"])


def _dispute(estate: Estate, arrest_id: str) -> str:
    """One that waits for a decision. Ada recorded it."""
    empty, product = no_disputes(arrest_id, estate.office.office_id), estate.scene.product
    texts: dict[str, Any] = {"claim": f"It was not {estate.secret}", "claimant_name": estate.secret}
    dispute = a_dispute(estate.ada.email, stored=empty, token=secrets.token_hex(16), arrest_id=arrest_id, **texts)
    DisputesTable(product.dynamodb, product.outputs["SubscriptionsTable"]).save(empty.with_dispute(dispute))
    return dispute.dispute_id


def _breach(estate: Estate) -> str:
    product = estate.scene.product
    breach = a_breach(estate.ada.email, secrets.token_hex(16), summary=f"A list with {estate.secret} was lost.")
    table = BreachesTable(product.dynamodb, product.outputs["SubscriptionsTable"])
    table.save(breach.model_copy(update={"office_id": estate.office.office_id}))
    return breach.breach_id


def _hold(estate: Estate, number: str) -> str:
    wish = {"kind": "case", "reason": f"for {estate.secret}", "numbers": [number]}
    answer = estate.olga.api("POST", "/v1/holds", wish)
    assert answer.status == 201, answer.body
    return str(answer.body["hold"]["hold_id"])


def _case_entry(estate: Estate, number: str) -> str:
    entry = {"number": number, "kind": "appeal taken", "day": "2026-01-05", "source": f"notice of {estate.secret}"}
    answer = estate.olga.api("POST", "/v1/case-entries", entry)
    assert answer.status == 201, answer.body
    return str(answer.body["entry"]["entry_id"])


def _rows(secret: str) -> list[dict[str, str]]:
    """An arrest that alerts, and one that is a possible match."""
    person = {"Last_Name": secret, "First_Name": "Pat"}
    return [
        row(f"B-{secret}", **person, Date_of_Birth="02/03/1990"),
        row(f"C-{secret}", **person, Date_of_Birth="09/28/1981"),
    ]
