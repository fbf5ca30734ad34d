from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    subscriptions_table: str
    offices_table: str
    alerts_table: str
    arrests_table: str
    audit_table: str
    agencies_table: str
    feeds_bucket: str
    copies_bucket: str
    feed_queue: str
    alerts_queue: str
    exports_queue: str
    pseudonym_secret: str
    links_secret: str
    cursors_secret: str
    entries_secret: str
    token_url: str
    user_pool: str
    open_juvenile_records: str  # the ARN of the function
    public_documentation: bool
