"""The files of an export, of what was gathered. Pure: what may not be given was never gathered, or is left out here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shared.alerts.responses.model import AlertResponse, Verdict
from shared.alerts.view import ShownAlert, ShownArrest, ShownReview, ShownRevision, without_notes
from shared.audit.event import AuditEvent
from shared.disclosures.model import Disclosure, RecipientKind
from shared.records_requests.exports.archive import as_json
from shared.records_requests.exports.model import LeftOut
from shared.records_requests.model import ExportContent, KindRule, RequestKind

_OF_CRIMINAL_JUSTICE = {RecipientKind.LAW_ENFORCEMENT, RecipientKind.COURT}
NOTE_WITHHELD = "withheld: a private note waits for somebody's decision"


class GatheredRecord(NamedTuple):
    """One arrest as the office may show it now, with everything that the office holds about it."""

    arrest: ShownArrest
    revisions: Sequence[ShownRevision]
    alerts: Sequence[ShownAlert]
    tellings: Sequence[AuditEvent]
    answers: Mapping[str, AlertResponse]
    reviews: Sequence[ShownReview]
    disclosures: Sequence[Disclosure]
    audit: Sequence[AuditEvent]


class ExportFiles(NamedTuple):
    files: dict[str, bytes]
    notes_to_review: int


def files_of(
    records: Sequence[GatheredRecord],
    kind: RequestKind,
    rule: KindRule,
    left_out: Iterable[LeftOut],
    *,
    notes_released: bool,
) -> ExportFiles:
    """Raises nothing: how large they may be is for `pack`."""
    parts = tuple(left_out)
    contents = [content for content in rule.contents if content not in {part.content for part in parts}]
    notes = [] if notes_released else list(_notes(records, contents))
    files = {
        f"records/{number:02d}/{content.value}.json": as_json(
            _DOCUMENT_OF[content](_without_notes(record, bool(notes)))
        )
        for number, record in enumerate(records, start=1)
        for content in contents
    }
    files["withheld.txt"] = _withheld_text(parts, rule, len(notes)).encode()
    if notes:
        files["notes-to-review.json"] = as_json(notes)
    if kind is RequestKind.DISCOVERY and ExportContent.ANSWERS in contents:
        files["favorable.json"] = as_json(list(_favorable(records)))
    return ExportFiles(files, len(notes))


def _withheld_text(parts: Iterable[LeftOut], rule: KindRule, notes: int) -> str:
    """What is told in writing. Of what a seal, a minor's age or another agency keeps out, nothing is said."""
    lines = [f"{part.content.value}: {_ground_words(part.code, rule)}" for part in parts]
    lines += [f"{notes} private notes: nobody has decided yet whether they are given"] if notes else []
    return "\n".join(["Withheld:", *(lines or ["nothing"])]) + "\n"


def _ground_words(code: str, rule: KindRule) -> str:
    ground = rule.ground(code)
    return f"{ground.title} ({ground.source})" if ground else code


def _notes(records: Sequence[GatheredRecord], contents: Sequence[ExportContent]) -> Iterator[dict[str, Any]]:
    if ExportContent.ALERTS not in contents:
        return
    for number, record in enumerate(records, start=1):
        for alert in record.alerts:
            for reason in alert.because:
                if reason.note:
                    yield {"record": number, "alert": alert.alert_id, "subscription": reason.subscription_id}


def _without_notes(record: GatheredRecord, are_withheld: bool) -> GatheredRecord:
    if not are_withheld:
        return record
    return record._replace(alerts=[without_notes(alert, NOTE_WITHHELD) for alert in record.alerts])


def _favorable(records: Sequence[GatheredRecord]) -> Iterator[dict[str, Any]]:
    """Verdicts that the arrested is not the person: they may favor the accused (CPL 245.20(1)(k))."""
    for number, record in enumerate(records, start=1):
        for alert_id, answer in sorted(record.answers.items()):
            if answer.verdict is Verdict.WRONG_PERSON:
                yield {"record": number, "alert": alert_id, "verdict": answer.verdict.value}


def _recipients(record: GatheredRecord) -> list[dict[str, Any]]:
    """Who outside of criminal justice got what, and when: 28 CFR 20.21(g)(4)."""
    return [
        {"recipient": disclosure.request.recipient, "facts": disclosure.request.facts, "on": disclosure.requested_at}
        for disclosure in record.disclosures
        if disclosure.state.is_allowed and disclosure.request.recipient_kind not in _OF_CRIMINAL_JUSTICE
    ]


def _dumped(values: Iterable[Any]) -> list[Any]:
    return [value.model_dump(mode="json") for value in values]


def _answers(record: GatheredRecord) -> dict[str, Any]:
    return {alert_id: answer.model_dump(mode="json") for alert_id, answer in sorted(record.answers.items())}


_DOCUMENT_OF: Mapping[ExportContent, Callable[[GatheredRecord], Any]] = {
    ExportContent.ARREST: lambda record: record.arrest.model_dump(mode="json"),
    ExportContent.HISTORY: lambda record: _dumped(record.revisions),
    ExportContent.ALERTS: lambda record: _dumped(record.alerts),
    ExportContent.TELLINGS: lambda record: _dumped(record.tellings),
    ExportContent.ANSWERS: _answers,
    ExportContent.REVIEWS: lambda record: _dumped(record.reviews),
    ExportContent.DISCLOSURES: lambda record: _dumped(record.disclosures),
    ExportContent.RECIPIENTS: _recipients,
    ExportContent.AUDIT: lambda record: _dumped(record.audit),
}
