"""Settings of the function: one field an environment variable of the template."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    alerts_table: str
    arrests_table: str
    offices_table: str
    subscriptions_table: str
    sender: str
    configuration_set: str
    alerts_topic: str
    console_url: str
    claim_lease_seconds: int
    links_secret: str
    webhooks_secret: str
    mails_a_second: int
    texts_a_second: int
