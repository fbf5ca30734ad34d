from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    arrests_table: str
    offices_table: str
