from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    feeds_bucket: str
    copies_bucket: str
    work_bucket: str
    parts_queue: str
    offices_table: str
    agencies_table: str
    arrests_table: str
    pseudonym_secret: str
