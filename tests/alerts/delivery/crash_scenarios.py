"""What the crash model is let loose on, and what must hold in every schedule of it."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.alerts.delivery.model import DeliveryState
from shared.offices.preferences import Preferences, TextMessageRule
from shared.offices.preferences_table import PreferencesTable
from tests.alerts.delivery.crash_model import BOUNCED_FOR_GOOD, EVENTS, EXCEPTION, NO_MAILBOX, TEXTED, World, told
from tests.alerts.delivery.memory import MemoryDynamoDB

ADA, OWNER, PHONE = "ada@da.example.gov", "cy.owner@da.example.gov", "+12125550100"
HOOK = "https://cases.da.example.gov/alerts"


@dataclass(frozen=True)
class Scenario:
    db: Callable[[], MemoryDynamoDB]
    right: Callable[[World], bool]
    events: str = "on time"
    handed_out: tuple[int, ...] = (0, 45)

    @property
    def plan(self) -> list[tuple[str, int]]:
        return (EVENTS | EXCEPTION | TEXTED | BOUNCED_FOR_GOOD)[self.events]


def copies(world: World, channel: str) -> list[str]:
    return [delivery for delivery in world.mailbox if delivery.endswith(f"-{channel}")]


def once(world: World) -> bool:
    return len(world.mailbox) == 1


def known_once(world: World) -> bool:
    """The receiver leaves a second one with the same delivery id aside."""
    return len(set(world.mailbox)) == 1


def mail_once_and_text_never_twice(world: World) -> bool:
    """A text of which nobody knows whether it went out is not repeated, and says so: the one documented limit."""
    texts = copies(world, "sms")
    states = {one.state for one in world.deliveries() if one.channel == "sms"}
    known = len(texts) == 1 or states == {DeliveryState.UNCONFIRMED}
    return len(copies(world, "email")) == 1 and len(texts) <= 1 and known


def in_one_digest(world: World) -> bool:
    states = [one.state for one in world.deliveries() if one.gathered_in]
    return len(world.mailbox) == 1 and states == [DeliveryState.GATHERED]


def somebody_has_it(world: World) -> bool:
    """The mail bounced: the text goes out in its place or, when nobody knows whether it did, the owner is told."""
    mails, texts = copies(world, "email"), copies(world, "sms")
    told_owner = len(mails) == 2
    return len(set(mails)) == len(mails) <= 2 and len(texts) <= 1 and (len(texts) == 1 or told_owner)


def the_owner_has_it_and_hears_why(world: World) -> bool:
    """Beside the recipient's, the owner's own and word that the address is written to no more; each once."""
    return len(world.mailbox) == len(set(world.mailbox)) == 3


def standing_by() -> MemoryDynamoDB:
    db = told({"email": ADA, "sms": PHONE}, owner=OWNER)
    people = PreferencesTable(db, "Subscriptions")  # type: ignore[arg-type]
    people.save("kings", ADA, Preferences(texts=TextMessageRule.INSTEAD))
    return db


SCENARIOS = {
    **{f"a mail, events {plan}": Scenario(told, once, events=plan) for plan in EVENTS if plan != "bounced"},
    "a mail, three senders at once": Scenario(told, once, handed_out=(0, 0, 1)),
    "a mail that is still to be told": Scenario(told, once, handed_out=()),
    "a mail and a text": Scenario(
        lambda: told({"email": ADA, "sms": PHONE}), mail_once_and_text_never_twice, events="on time, of texts too"
    ),
    "a webhook": Scenario(lambda: told({"webhook": HOOK}), known_once),
    "a topic": Scenario(lambda: told({"topic": "cases"}), known_once),
    "a daily digest": Scenario(lambda: told(urgency="digest"), in_one_digest),
    "a mail that bounces for good": Scenario(
        lambda: told({"email": NO_MAILBOX}, owner=OWNER),
        the_owner_has_it_and_hears_why,
        "bounced for good",
        handed_out=(0,),
    ),
    "a mail that bounces, with a text that stands by": Scenario(standing_by, somebody_has_it, events="bounced"),
}
