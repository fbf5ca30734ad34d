"""What a reason says, made of its kind and values when somebody reads it. Pure.

Mails, pages and the API take the words from here. A reason that was stored before there were kinds has its sentence
stored, and keeps it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from shared.alerts.model import AlertReason
from shared.arrests.person import IdentifierKind
from shared.matching.criteria import Contrast, Grade, Reason, ReasonKind
from shared.words import words
from shared.words.agencies import agency_title
from shared.words.charges import american
from shared.words.moments import birth_text, day_text, numeric_day

_ISSUED_BY_AGENCY = {IdentifierKind.PERSON, IdentifierKind.BOOKING}
_ABOUT_PERSON = {ReasonKind.PERSON, ReasonKind.IDENTIFIER}
_SUREST_FIRST = (Grade.IDENTIFIER, Grade.STRONG, Grade.POSSIBLE)


class ShownDifference(NamedTuple):
    """A field in which the two sides differ, in words."""

    label: str
    watched: str
    reported: str

    @property
    def line(self) -> str:
        """`Surname: you watch THISTLEWOOD, reported THISTLEWOODE.`"""
        return words("difference.line", label=self.label, watched=self.watched, reported=self.reported)


def reason_sentence(reason: Reason | AlertReason) -> str:
    """`State ID matches (NY 00777001A).` Several sentences for a combination."""
    if reason.sentence:
        return reason.sentence
    confirmed = [_confirmation(reason.confirmed_by, reason.confirmed_on)] if reason.confirmed_by else []
    return " ".join([*dict.fromkeys(map(_leaf_sentence, leaf_reasons(reason))), *confirmed])


def sureness(reason: Reason | AlertReason) -> str:
    """`Surest kind of match.` for an equal number, `Strong match.` for an equal person, `May be another person.` where
    the two sides differ. Empty for a charge or a place, which are plain facts, and for what a person confirmed."""
    if reason.confirmed_by:
        return ""
    if reason.grade is Grade.POSSIBLE or any(_contrasts(reason)):
        return words("reason.may be another")
    if reason.grade is Grade.IDENTIFIER:
        return words("reason.surest")
    about_person = any(leaf.kind in _ABOUT_PERSON for leaf in leaf_reasons(reason))
    return words("reason.strong") if about_person else ""


def shown_differences(reason: Reason | AlertReason) -> tuple[ShownDifference, ...]:
    """In what the watched and the reported person differ. Empty if nothing is known to differ."""
    return tuple(dict.fromkeys(map(_shown, _contrasts(reason))))


def kinds_in_words(reasons: Iterable[AlertReason]) -> tuple[str, ...]:
    """What the reasons rest on, each once, without any value: `state ID`, `name`. It names nobody."""
    leaves = [leaf for reason in surest_first(reasons) for leaf in leaf_reasons(reason)]
    return tuple(dict.fromkeys(_kind_in_words(leaf) for leaf in leaves if leaf.kind))


def surest_first(reasons: Iterable[AlertReason]) -> list[AlertReason]:
    return sorted(reasons, key=lambda reason: _SUREST_FIRST.index(reason.grade))


def leaf_reasons(reason: Reason | AlertReason) -> tuple[Reason, ...]:
    """The reasons of a combination's criteria, or the reason itself."""
    if isinstance(reason, AlertReason):
        return reason.reasons
    return reason.subreasons or (reason,)


def with_sentences(reason: AlertReason) -> AlertReason:
    """As it is shown: with its sentence and those of the reasons in it."""
    reasons = tuple(map(with_sentence, reason.reasons))
    return reason.model_copy(update={"sentence": reason_sentence(reason), "reasons": reasons})


def with_sentence(reason: Reason) -> Reason:
    subreasons = tuple(map(with_sentence, reason.subreasons))
    return reason.model_copy(update={"sentence": reason_sentence(reason), "subreasons": subreasons})


def _leaf_sentence(reason: Reason) -> str:
    if reason.sentence or reason.kind is None:
        return reason.sentence
    return _SENTENCES[reason.kind](reason)


def _identifier_sentence(reason: Reason) -> str:
    facts = reason.facts
    issuer = facts.get("issuer", "")
    if issuer and facts["number"] in _ISSUED_BY_AGENCY:
        issuer = agency_title(issuer)
    number = f"{issuer} {reason.watched}".strip()
    sentence = words(f"reason.{facts['number']}", number=number)
    return f"{sentence} {words('reason.merged', number=facts['merged'])}" if "merged" in facts else sentence


def _person_sentence(reason: Reason) -> str:
    facts = reason.facts
    sentence = words(f"reason.{facts['form']}", name=facts["name"], born=_birth(facts.get("born", "")))
    if reason.confirmed_by or "doubts" not in facts:
        return sentence
    return " ".join([sentence, *(words(f"reason.doubt.{doubt}") for doubt in facts["doubts"].split(","))])


def _charge_sentence(reason: Reason) -> str:
    return words(f"reason.{reason.facts['form']}", reported=reason.reported, watched=american(reason.watched))


def _place_sentence(reason: Reason) -> str:
    facts = reason.facts
    return words(f"reason.{facts['form']}", place=facts.get("place", ""), within=facts.get("within", ""))


_SENTENCES: Mapping[ReasonKind, Callable[[Reason], str]] = {
    ReasonKind.IDENTIFIER: _identifier_sentence,
    ReasonKind.PERSON: _person_sentence,
    ReasonKind.CHARGE: _charge_sentence,
    ReasonKind.PLACE: _place_sentence,
    ReasonKind.AGENCY: lambda reason: words("reason.agency", agency=agency_title(reason.facts["agency"])),
    ReasonKind.EVENT: lambda reason: words("reason.event", event=reason.facts["event"]),
    ReasonKind.NOTHING_EXCLUDED: lambda _: words("reason.nothing excluded"),
}


def _contrasts(reason: Reason | AlertReason) -> Iterator[Contrast]:
    for leaf in leaf_reasons(reason):
        yield from leaf.contrasts


def _shown(contrast: Contrast) -> ShownDifference:
    watched = _value(contrast.field, contrast.watched) or words("difference.not given")
    reported = _value(contrast.field, contrast.reported) or words("difference.not reported")
    return ShownDifference(words(f"difference.{contrast.field}"), watched, reported)


def _value(field: str, value: str) -> str:
    if field == "sex":
        return words(f"sex.{value}")
    if field == "born" and (day := _iso_day(value)):
        return numeric_day(day)
    return value


def _birth(value: str) -> str:
    day = _iso_day(value)
    return birth_text(day) if day else value


def _iso_day(value: str) -> date | None:
    """None for a year alone."""
    return date.fromisoformat(value) if "-" in value else None


def _confirmation(name: str, day: date | None) -> str:
    if day is None:
        return words("reason.confirmed", name=name)
    return words("reason.confirmed on", name=name, day=day_text(day))


def _kind_in_words(leaf: Reason) -> str:
    if leaf.kind is ReasonKind.IDENTIFIER:
        return IdentifierKind(leaf.facts["number"]).words
    return words(f"kind.{leaf.kind}")
