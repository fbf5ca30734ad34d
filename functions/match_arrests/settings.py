from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    subscriptions_table: str
    offices_table: str
    alerts_table: str
    arrests_table: str
    agencies_table: str
    audit_table: str
    audit_bucket: str
    alerts_queue: str
    pseudonym_secret: str
