from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    chains_table: str
    audit_bucket: str
