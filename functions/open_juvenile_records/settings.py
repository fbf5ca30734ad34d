from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    juveniles_table: str
    pseudonym_secret: str
