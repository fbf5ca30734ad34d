"""What a digest says: the number of each alert and a link to it. It names nobody."""

from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.page import Section
from shared.alerts.delivery.messages.rendering import alert_url
from shared.alerts.view import ShownAlert
from shared.offices.model import Office


def digest_subject(digest: Digest, alerts: list[ShownAlert], office: Office) -> str:
    """Names the day of a daily digest, and the hour of a flood's summary."""
    day_format = "%Y-%m-%d %H:%M" if digest.flood else "%Y-%m-%d"
    kind = "held back by your office's hourly ceiling" if digest.flood else "in your digest"
    return f"{len(alerts)} arrest alerts {kind}, {digest.due.astimezone(office.zone):{day_format}}"


def digest_short_text(subject: str, console: str) -> str:
    return f"{subject}: sign in. {console.rstrip('/')}/v1/alerts"


def digest_sections(digest: Digest, alerts: list[ShownAlert], console: str) -> list[Section]:
    """One line an alert, the earliest first."""
    ordered = sorted(alerts, key=lambda alert: alert.created_at)
    lines = tuple(f"{alert.number}, {len(alert.because)} reason(s): {alert_url(console, alert)}" for alert in ordered)
    return [Section(heading="Held back" if digest.flood else "Alerts", lines=lines)]
