from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    feeds_bucket: str
    feed_queue: str
    alerts_table: str
    alerts_queue: str
    purges_queue: str
    subscriptions_table: str
    offices_table: str
    agencies_table: str
    audit_table: str
    user_pool: str
    sign_in_log: str
