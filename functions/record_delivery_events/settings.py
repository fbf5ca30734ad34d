"""Settings of the function: one field an environment variable of the template."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    alerts_table: str
    offices_table: str
    provider_events_queue: str
