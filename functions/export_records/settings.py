from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    arrests_table: str
    alerts_table: str
    subscriptions_table: str
    offices_table: str
    audit_table: str
    copies_bucket: str
    pseudonym_secret: str
