"""Subjects and text messages. They hold nothing personal: they stand on locked screens and in logs of providers."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from shared.alerts.model import StandIn, must_be_acknowledged
from shared.alerts.view import ShownAlert
from shared.offices.model import Office
from shared.offices.preferences import ESCALATES_AFTER
from shared.words import counted, words
from shared.words.moments import clock_text, short_clock_text

LONGEST_TEXT = 160  # characters of one SMS part in GSM 03.38
_SHORTEST_NAME = 8
_MOST_NEWS = 2  # in a subject, which a telephone cuts
_GSM_EXTRA = frozenset("@$_!\"#%&'()*+,-./:;<=>? ")


def answer_by(alert: ShownAlert, now: datetime) -> datetime | None:
    """Until when it must be acknowledged before it goes to others. None if it waits for nobody, or the time is over."""
    if not must_be_acknowledged(alert):
        return None
    deadline = alert.stages.matched_at + ESCALATES_AFTER[0]
    return deadline if deadline > now else None


Names = Mapping[str, str]
"""Names of colleagues by their addresses, in lower case. Who has none is called by the address."""


def alert_subject(alert: ShownAlert, zone: ZoneInfo, now: datetime, names: Names = MappingProxyType({})) -> str:
    number = alert.short_number
    if alert.withdrawn_at:
        return words("subject.withdrawn", number=number)
    if original := alert.on_behalf_of:
        key = "subject.not delivered" if original.undelivered else "subject.not answered"
        return words(key, number=number, names=_names_in_short(original, names))
    if alert.is_update:
        subject = words("subject.update", number=number, news=news_in_short(alert))
    else:
        subject = words("subject.alert", number=number)
    if not must_be_acknowledged(alert):
        return _capital(subject)
    if deadline := answer_by(alert, now):
        return words("subject.urgent by", time=clock_text(deadline, zone), subject=subject)
    return words("subject.urgent", subject=subject)


def news_in_short(alert: ShownAlert) -> str:
    """`charge added`: what an update is about, without any value."""
    news = [change.value for change in alert.changes]
    if alert.ended:
        news.append(words("news.reason ended"))
    if not news and alert.revision == 1 and alert.also_from:
        news.append(words("news.another source"))
    if not news:
        came_back = alert.revision - 1 in alert.withdrawn_revisions
        news.append(words("news.came back") if came_back else words("news.new reason"))
    return ", ".join(news) if len(news) <= _MOST_NEWS else counted("news.several", len(news))


def listed(people: Iterable[str]) -> str:
    """`A, B and C`."""
    *others, last = dict.fromkeys(people)
    return words("names.and", first=", ".join(others), last=last) if others else last


def missed_people(original: StandIn) -> list[str]:
    """The addresses of whom the alert was for, in lower case; a word for who has none."""
    emails = (recipient.email.casefold() or words("names.recipient") for recipient in original.recipients)
    return list(dict.fromkeys(emails))


def _names_in_short(original: StandIn, names: Names) -> str:
    """The first and a count, if there are more than two."""
    first, *others = (names.get(email) or email for email in missed_people(original))
    return counted("names.and others", len(others), name=first) if len(others) > 1 else listed([first, *others])


def alert_text_message(alert: ShownAlert, office: Office, url: str, zone: ZoneInfo, now: datetime) -> str:
    """One SMS part if the address of the console has at most 60 characters."""
    number = alert.short_number
    deadline = answer_by(alert, now)
    if alert.withdrawn_at:
        sentence = words("sms.withdrawn", number=number)
    elif alert.on_behalf_of and not alert.on_behalf_of.undelivered:
        sentence = words("sms.not answered", number=number)
    elif deadline:
        sentence = words("sms.urgent by", number=number, time=short_clock_text(deadline, zone))
    elif must_be_acknowledged(alert):
        sentence = words("sms.urgent", number=number)
    else:
        sentence = words("sms.update" if alert.is_update else "sms.alert", number=number)
    return text_message(office, sentence, url)


def text_message(office: Office, sentence: str, url: str) -> str:
    """`Queensbridge DA: URGENT arrest alert X7YG4. Answer by 7:12 pm: https://aa.example/a/X7YG4`. The office's name is
    cut if it would not fit; then the sentence."""
    room = LONGEST_TEXT - len(f": {sentence}: {url}")
    name = short_name(office)[: max(room, _SHORTEST_NAME)].rstrip(" ,.-")
    sentence = sentence[: max(LONGEST_TEXT - len(f"{name}: : {url}"), 0)]
    return f"{name}: {sentence}: {url}" if url else f"{name}: {sentence}"


def short_name(office: Office) -> str:
    """`Kings County DA`: the office's name, shorter and in letters of GSM 03.38."""
    name = office.name.partition("(")[0]
    for long, short in (("District Attorney's Office", "DA"), ("District Attorney", "DA"), ("Office of the ", "")):
        name = name.replace(long, short)
    return " ".join(_gsm(name).split()) or office.office_id


def _gsm(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in folded if (sign.isascii() and sign.isalnum()) or sign in _GSM_EXTRA)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
