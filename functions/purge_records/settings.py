from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    purges_queue: str
    arrests_table: str
    juveniles_table: str
    juveniles_key: str  # its ARN
    alerts_table: str
    subscriptions_table: str
    offices_table: str
    agencies_table: str
    feeds_bucket: str
    copies_bucket: str
    audit_bucket: str
    pseudonym_secret: str
