"""What a digest says: the number of each alert as a link, in which folder and why. It names nobody."""

from zoneinfo import ZoneInfo

from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.page import Link, MailPage, alert_closing
from shared.alerts.delivery.messages.rendering import Reading, alert_url
from shared.alerts.matches.reason_words import kinds_in_words
from shared.alerts.model import must_be_acknowledged
from shared.alerts.view import ShownAlert
from shared.words import counted, words
from shared.words.moments import day_text, moment_text

ALERTS_PATH = "/console/alerts"


def digest_subject(digest: Digest, alerts: list[ShownAlert], zone: ZoneInfo) -> str:
    """Names the day of a daily digest, and the hour of a flood's summary, in the reader's zone."""
    if digest.flood:
        return counted("digest.flood", len(alerts), when=moment_text(digest.due, zone))
    return counted("digest.daily", len(alerts), when=day_text(digest.due.astimezone(zone).date()))


def digest_page(
    digest: Digest, alerts: list[ShownAlert], reading: Reading, *, with_folders: bool, stop: str = ""
) -> MailPage:
    """One line an alert, the earliest first. `stop` is the signed link that ends the daily digest."""
    ordered = sorted(alerts, key=lambda alert: alert.created_at)
    return MailPage(
        kicker=digest_subject(digest, alerts, reading.zone),
        heading=counted("digest.heading", len(alerts)),
        lead=(words("digest.why flood" if digest.flood else "digest.why daily"),),
        press=Link(words("digest.open"), reading.url(ALERTS_PATH)),
        listed_heading=words("digest.alerts"),
        listed=tuple(_line(alert, reading, with_folders=with_folders) for alert in ordered),
        closing=(
            *((Link(words("digest.stop"), stop),) if stop else ()),
            *alert_closing(reading.office, reading.console),
        ),
    )


def _line(alert: ShownAlert, reading: Reading, *, with_folders: bool) -> Link:
    """`X7YG4: Gangs > Harbor Ave. Matches: state ID, charge.`"""
    folders = tuple(dict.fromkeys(reason.folder for reason in alert.because if reason.folder)) if with_folders else ()
    kinds = kinds_in_words(alert.because)
    reasons = (
        words("digest.reasons", kinds=", ".join(kinds)) if kinds else counted("digest.matches", len(alert.because))
    )
    urgent = words("digest.urgent") if must_be_acknowledged(alert) else ""
    note = " ".join(filter(None, (urgent, f"{', '.join(folders)}." if folders else "", reasons)))
    return Link(words("kicker.alert", number=alert.short_number), alert_url(reading, alert), note)
