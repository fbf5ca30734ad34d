"""The scenarios of the crash model, and for each the condition that must hold in every schedule of crashes."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.alerts.delivery.model import DeliveryKey, DeliveryState
from shared.offices.preferences import Preferences, TextMessageRule
from shared.offices.preferences_table import PreferencesTable
from tests.alerts.delivery.crash_model import (
    BOUNCED_FOR_GOOD,
    EVENTS,
    EXCEPTION,
    NO_MAILBOX,
    TEXTED,
    World,
    alert_just_stored,
)
from tests.alerts.delivery.memory import MemoryDynamoDB

ADA, OWNER, PHONE = "ada@da.example.gov", "cy.owner@da.example.gov", "+12125550100"
HOOK = "https://cases.da.example.gov/alerts"


@dataclass(frozen=True)
class Scenario:
    db: Callable[[], MemoryDynamoDB]
    holds: Callable[[World], bool]
    events: str = "on time"
    handed_out: tuple[int, ...] = (0, 45)
    corrected_at: int | None = None  # the second in which the record becomes another person's

    @property
    def plan(self) -> list[tuple[str, int]]:
        return (EVENTS | EXCEPTION | TEXTED | BOUNCED_FOR_GOOD)[self.events]


def copies(world: World, channel: str) -> list[str]:
    return [delivery for delivery in world.mailbox if delivery.endswith(f"-{channel}")]


def once(world: World) -> bool:
    return len(world.mailbox) == 1


def received_once(world: World) -> bool:
    """A receiver of webhooks or topics ignores a second message with the same delivery id."""
    return len(set(world.mailbox)) == 1


def mail_once_and_text_never_twice(world: World) -> bool:
    """A text is not repeated if nobody knows whether it was sent; its state says so. This is the documented limit."""
    texts = copies(world, "sms")
    states = {delivery.state for delivery in world.deliveries() if delivery.channel == "sms"}
    known = len(texts) == 1 or states == {DeliveryState.UNCONFIRMED}
    return len(copies(world, "email")) == 1 and len(texts) <= 1 and known


def in_one_digest(world: World) -> bool:
    states = [delivery.state for delivery in world.deliveries() if delivery.gathered_in]
    return len(world.mailbox) == 1 and states == [DeliveryState.GATHERED]


def somebody_has_it(world: World) -> bool:
    """The mail bounced. The text replaces it or, if nobody knows whether the text was sent, the owner is notified."""
    mails, texts = copies(world, "email"), copies(world, "sms")
    owner_notified = len(mails) == 2
    return len(set(mails)) == len(mails) <= 2 and len(texts) <= 1 and (len(texts) == 1 or owner_notified)


def the_owner_has_it_and_hears_why(world: World) -> bool:
    """Three messages, each once: the recipient's, the owner's, and a notice to the owner of the suppressed address."""
    return len(world.mailbox) == len(set(world.mailbox)) == 3


def text_stands_by() -> MemoryDynamoDB:
    db = alert_just_stored({"email": ADA, "sms": PHONE}, owner=OWNER)
    people = PreferencesTable(db, "Subscriptions")  # type: ignore[arg-type]
    people.save("kings", ADA, Preferences(texts=TextMessageRule.INSTEAD))
    return db


def taken_back_from_whom_it_was_told(world: World) -> bool:
    """Each message once, and whoever was told is told of the withdrawal. After a crash nobody may know whether the
    alert went out: then its withdrawal does."""
    revisions = [DeliveryKey.parse(delivery).revision for delivery in world.mailbox]
    return sorted(revisions) in ([], [1, 2], [2])


SCENARIOS = {
    "a mail, and its record is corrected": Scenario(
        alert_just_stored, taken_back_from_whom_it_was_told, corrected_at=20
    ),
    "a mail, and its record is corrected as it goes out": Scenario(
        alert_just_stored, taken_back_from_whom_it_was_told, corrected_at=0
    ),
    "a mail, events late, and its record is corrected": Scenario(
        alert_just_stored, taken_back_from_whom_it_was_told, events="late", corrected_at=20
    ),
    **{
        f"a mail, events {plan}": Scenario(alert_just_stored, once, events=plan) for plan in EVENTS if plan != "bounced"
    },
    "a mail, three senders at once": Scenario(alert_just_stored, once, handed_out=(0, 0, 1)),
    "a mail that is still to be told": Scenario(alert_just_stored, once, handed_out=()),
    "a mail and a text": Scenario(
        lambda: alert_just_stored({"email": ADA, "sms": PHONE}),
        mail_once_and_text_never_twice,
        events="on time, of texts too",
    ),
    "a webhook": Scenario(lambda: alert_just_stored({"webhook": HOOK}), received_once),
    "a topic": Scenario(lambda: alert_just_stored({"topic": "cases"}), received_once),
    "a daily digest": Scenario(lambda: alert_just_stored(urgency="digest"), in_one_digest),
    "a mail that bounces for good": Scenario(
        lambda: alert_just_stored({"email": NO_MAILBOX}, owner=OWNER),
        the_owner_has_it_and_hears_why,
        "bounced for good",
        handed_out=(0,),
    ),
    "a mail that bounces, with a text that stands by": Scenario(text_stands_by, somebody_has_it, events="bounced"),
}
