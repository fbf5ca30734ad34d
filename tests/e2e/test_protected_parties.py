"""Whom an order of protection protects comes in no table, log, queue, mail or file of ours, by a feed or by a list."""

from base64 import b64encode

from tests.e2e.rosters import HEADER, row
from tests.e2e.scene import Scene, bodies, holding
from tests.e2e.test_purge import objects
from tests.local.deployed import eventually

CANARIES = ("Featherwick", "Goldcrest Lane")  # name and address of the protected party; nobody's
FUNCTIONS = ("ReceiveFeedFunction", "MatchArrestsFunction", "SendAlertsFunction", "OfficeApiFunction",
             "ChainAuditFunction")  # fmt: skip


def test_p15_the_protected_party_of_an_order_is_never_kept(scene: Scene) -> None:
    product, ada, agency = scene.product, scene.prosecutor(), scene.agency()
    ada.watch(scene.watch_for_pat, basis={"kind": "order of protection", "case_number": "OP-1"})
    columns = (*HEADER, "Protected Party", "Stay Away From")
    reported = row("OP-7", **scene.pat)
    cells = [*(reported.get(column, "") for column in HEADER), *CANARIES]
    receipt = scene.take_in(agency, "day.csv", "\n".join([",".join(columns), ",".join(cells), ""]).encode())
    assert {"Protected Party", "Stay Away From"} <= set(receipt.dropped_columns)
    eventually(lambda: len(scene.mails(ada.email)) == 1, what="the mail")

    listed = "surname,given,date_of_birth,basis,case_number,protected_party\n"
    listed += f"Example,Pat,1990-02-03,order of protection,OP-2,{CANARIES[0]}\n"
    file = {"format": "csv", "content": b64encode(listed.encode()).decode()}
    assert ada.api("POST", "/v1/uploads/preview", file).status == 422

    product.settle()
    tables = [name for name in product.outputs if name.endswith("Table")]
    assert {"ArrestsTable", "AlertsTable", "SubscriptionsTable", "AuditTable"} <= set(tables)
    for table in tables:
        assert not holding(map(repr, product.items(table)), CANARIES), table
    for queue in (name for name in product.outputs if name.endswith(("Queue", "DeadLetter"))):
        assert not holding(bodies(product, product.outputs[queue]), CANARIES), queue
    for function in FUNCTIONS:
        assert not holding(product.log_lines(function), CANARIES), function
    mails = [mail["Subject"] + mail["BodyText"] + mail["BodyHtml"] for mail in scene.mails(ada.email)]
    assert "order of protection" in " ".join(mails).casefold()
    assert not holding(mails, CANARIES)
    for bucket in (name for name in product.outputs if name.endswith("Bucket")):
        kept = [text for text in objects(product, bucket) if not text.startswith("raw/")]
        assert not holding(kept, CANARIES), bucket  # the file as it came is locked for a week, and read by nobody
