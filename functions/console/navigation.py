"""The navigation: which entries a person sees, by their rights."""

from typing import NamedTuple

from functions.console.sessions.model import Session
from shared.offices.users import Right


class NavigationEntry(NamedTuple):
    """`rights` is empty for what everybody sees."""

    key: str
    text: str
    href: str
    rights: frozenset[Right] = frozenset()


class ShownEntry(NamedTuple):
    text: str
    href: str
    current: bool


ENTRIES = (
    NavigationEntry("alerts", "Alerts", "/console/alerts"),
    NavigationEntry("matches", "Possible matches", "/console/possible-matches"),
    NavigationEntry("watches", "Watches", "/console/watches"),
    NavigationEntry("folders", "Folders", "/console/folders"),
    NavigationEntry("search", "Search", "/console/search", frozenset({Right.ARRESTS})),
    NavigationEntry("places", "Places", "/console/places", frozenset({Right.PLACES})),
    NavigationEntry(
        "agencies", "Agencies", "/console/agencies", frozenset({Right.FEEDS, Right.SEAL, Right.QUARANTINE})
    ),
    NavigationEntry("office", "Office", "/console/office", frozenset({Right.SUPER_OWNER})),
    NavigationEntry("reports", "Reports", "/console/reports"),
    NavigationEntry("records", "Records", "/console/records-requests", frozenset({Right.RECORDS})),
    NavigationEntry("audit", "Audit", "/console/audit", frozenset({Right.AUDIT})),
    NavigationEntry("me", "My settings", "/console/me"),
    NavigationEntry("help", "Help", "/console/help"),
)


def navigation(session: Session, current: str) -> list[ShownEntry]:
    own = session.person.rights
    sees_all = Right.SUPER_OWNER in own
    shown = [entry for entry in ENTRIES if sees_all or not entry.rights or entry.rights & own]
    return [ShownEntry(entry.text, entry.href, entry.key == current) for entry in shown]
