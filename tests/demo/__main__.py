"""`make demo`: the whole path, from a file in S3 to an alert in an inbox, on the deployed template.

DROP=FILE PROFILE=nypd drops a file of your own as well; KEEP=1 leaves everything running to play with.
"""

import os
import sys
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from shared.alerts.model import Alert
from tests.demo.desk import Desk
from tests.demo.stage import PROFILES, Stage, drop, drop_all, stage
from tests.demo.watches import ADA, BO
from tests.local.cloud import REGION
from tests.local.deployed import PASSWORD, Deployed

ALERT = {"S": "alert"}  # the part of an item that is an alert
SHOWN = {"ping": 1, "urgent": 1, "withdrawn": 1, "update": 1, "possible match": 1, "alert": 2}  # in full, of each kind


def main() -> int:
    own = _own_drop()
    with stage(own[0] if own else "") as staged:
        drop_all(staged)
        if own:
            drop(staged.product, own[0], own[1].name, own[1].read_bytes())
        _show_alerts(staged.product)
        _show_latency(staged.product)
        _where_to_look(staged)
    return 0


def _own_drop() -> tuple[str, Path] | None:
    """The agency and the file that DROP= and PROFILE= name; ends the demo with a clear word when they are wrong."""
    file, profile = os.environ.get("DROP"), os.environ.get("PROFILE")
    if not file:
        if profile:
            sys.exit("PROFILE= goes with DROP=FILE, the file to drop.")
        return None
    profiles = sorted(path.stem for path in PROFILES.glob("*.yaml"))
    if profile not in profiles:
        sys.exit(
            f"DROP= needs PROFILE=, one of {', '.join(profiles)} (shared/feeds/profiles), not {profile or '-'}. "
            "A profile of your own: copy it into that folder, under the name of its agency."
        )
    if not Path(file).is_file():
        sys.exit(f"DROP={file}: there is no such file.")
    return profile, Path(file)


def _show_alerts(product: Deployed) -> None:
    mails, texts = product.cloud.emails(), product.cloud.texts()
    print(f"\nAlerts, as their recipients see them ({len(mails)} mails, {len(texts)} texts)")
    shown = _telling(mails)
    for mail in shown:
        print(f"\n  To: {', '.join(mail['To'])}\n  Subject: {mail['Subject']}")
        print("\n".join(f"  | {line}" for line in mail["BodyText"].rstrip().splitlines()))
    if len(mails) > len(shown):
        print(f"\n  ... and {len(mails) - len(shown)} more mails")
    for text in texts[:1]:
        print(f"\n  SMS to {text['PhoneNumber']}: {text['Message']}")
    if texts[1:]:
        print(f"  ... and {len(texts) - 1} more texts")


def _telling(mails: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A mail of each kind, and of first alerts two: of each those with the most to say."""
    longest = sorted(mails, key=lambda mail: -len(mail["BodyText"]))
    return [mail for kind, most in SHOWN.items() for mail in [mail for mail in longest if _kind(mail) == kind][:most]]


def _kind(mail: dict[str, Any]) -> str:
    """Which key of SHOWN its subject or its text has, "alert" for a first one with all details."""
    if "sign in to see" in mail["BodyText"].lower():
        return "ping"
    return next((kind for kind in SHOWN if kind in mail["Subject"].lower()), "other")


def _show_latency(product: Deployed) -> None:
    """From the drop in S3 to the provider's taking it, over every delivery that was sent."""
    dropped = {item["alert_id"]["S"]: _stages(item) for item in product.items("AlertsTable") if item["part"] == ALERT}
    seconds = sorted(
        (datetime.fromisoformat(delivery["sent_at"]["S"]) - dropped[delivery["alert_id"]["S"]]).total_seconds()
        for delivery in product.deliveries()
        if "sent_at" in delivery and delivery["part"]["S"].startswith("delivery#000001#")
    )
    if seconds:
        longest = f"median {median(seconds):.1f} s, longest {seconds[-1]:.1f} s"
        print(f"\nFrom drop to sent, {len(seconds)} first deliveries: {longest}")


def _stages(item: dict[str, Any]) -> datetime:
    return Alert.model_validate_json(item["doc"]["S"]).stages.dropped_at


# Who is worth signing in as, and what there is for them.
TO_TRY = {
    ADA: "alerts to answer, an update, one withdrawn, a possible match; watch somebody new",
    "dee.deputy@da.queensbridge.example": "an urgent alert with a deadline; the folders of Gangs",
    "kim.clerk@da.queensbridge.example": "Feeds: rejected rows to mend, a refused file, an arrest by hand",
    "chief@da.queensbridge.example": "Office: invite somebody, hand over and remove; Reports",
    "integrity@da.queensbridge.example": "Audit: the week, who was refused, sign it",
}


def _where_to_look(staged: Stage) -> None:
    console = f"{staged.product.outputs['ConsoleUrl']}/console"
    print(f"\nThe console   {console}")
    if not os.environ.get("KEEP"):
        print("\nEverything is stopped again. `make demo KEEP=1` leaves it running, with people to sign in as, mails,")
        print("the Swagger page and the buckets.")
        return
    desk, product = Desk(staged), staged.product
    print(f"Sign in as    (everybody's password is {PASSWORD}; the code of the second factor is on {desk.address})")
    for email, what in TO_TRY.items():
        print(f"              {email}: {what}")
    print(f"Mails, texts  {desk.address}   ({ADA} gets full detail, {BO} a ping)")
    print(f"Swagger page  {product.api(None).base}/v1/swagger   (Authorize with the token below)")
    print(f"Operate it    export AWS_ENDPOINT_URL={product.cloud.endpoint} AWS_DEFAULT_REGION={REGION} \\")
    print("              AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test")
    print(
        "              .venv/bin/arrest-alert drops --stack arrest-alert-local nypd   (functions/cli/README.md has all)"
    )
    print(f"Drop a file   aws s3 cp FILE s3://{product.bucket}/nypd/in/   (the AWS CLI, in the same shell)")
    print(f"Ctrl-C stops everything. {ADA}'s token:\n\n{staged.api(ADA).token}\n", flush=True)
    try:
        while True:
            time.sleep(60)
    except KeyboardInterrupt:
        print("\nStopped.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
