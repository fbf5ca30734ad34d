from dataclasses import dataclass

WRITERS = 8  # while DynamoDB answers for one batch of arrests, the processor prepares the others


@dataclass(frozen=True)
class Settings:
    feeds_bucket: str
    copies_bucket: str
    audit_bucket: str
    work_bucket: str
    large_drops: str  # the ARN of their state machine
    offices_table: str
    agencies_table: str
    arrests_table: str
    juveniles_table: str
    juveniles_key: str  # its ARN
    pseudonym_secret: str
    entries_secret: str
