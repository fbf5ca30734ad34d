"""The stamp on what leaves the screen: who read it, of which office, when and for which purpose. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.words.catalogue import words


def stamp(reader: str, office: str, purpose: str, instant: datetime, zone: ZoneInfo) -> str:
    """The time is to a hundredth of a second, with its offset from UTC (CJIS Security Policy 6.0, AU-8)."""
    return words("stamp", reader=reader, office=office, when=stamp_time(instant, zone), purpose=purpose)


def stamp_time(instant: datetime, zone: ZoneInfo) -> str:
    """`2026-11-20 10:30:00.12 -05:00`."""
    local = instant.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 10_000:02d} {local.isoformat()[-6:]}"
