"""The forms of a new watch: what each kind asks for, and the request that is made of it. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from functions.console.days import MEND, read_day
from functions.console.forms import Form
from functions.console.page import FormError
from shared.offices.recipient import BasisKind, Recipient
from shared.subscriptions.events import EventGroup
from shared.words import words

Criterion = dict[str, Any]
_YEAR = re.compile(r"[12]\d{3}")


class WatchForm(NamedTuple):
    """`needs` says what to write where a field is blank; `criterion` makes the API's criterion of the form's texts."""

    title: str
    hint: str
    needs: Mapping[str, str]
    criterion: Callable[[Mapping[str, str]], Criterion]


def _number(texts: Mapping[str, str]) -> Criterion:
    identifier: Criterion = {"kind": texts["kind"] or "sid", "value": texts["value"]}
    if texts["issuer"]:
        identifier["issuer"] = texts["issuer"].upper() if texts["kind"] in ("", "sid") else texts["issuer"]
    return {"watch": "identifier", "identifier": identifier}


def _name(texts: Mapping[str, str]) -> Criterion:
    names = {name: texts[name] for name in ("surname", "given", "middle") if texts[name]}
    aliases = [_alias(line) for line in texts["aliases"].splitlines() if line.strip()]
    return {
        "watch": "person", **names, **_born(texts["born"]), "aliases": aliases,
        **({"sex": texts["sex"]} if texts["sex"] else {}),
    }  # fmt: skip


def _born(text: str) -> dict[str, Any]:
    """The day, a year alone, or nothing where it is not known."""
    if _YEAR.fullmatch(text):
        return {"birth_year": int(text)}
    born = read_day(text)
    return {"date_of_birth": born.isoformat() if born else text} if text else {}


def _alias(line: str) -> dict[str, str]:
    """`Marsh, Pip` or `Pip Marsh`."""
    surname, comma, given = line.partition(",")
    if not comma:
        given, _, surname = line.strip().rpartition(" ")
    return {"surname": surname.strip(), "given": given.strip()}


def _charge(texts: Mapping[str, str]) -> Criterion:
    facts = {name: texts[name] for name in ("statute", "family", "charge_class", "keyword") if texts[name]}
    below = {"begins_with": True} if texts["statute"] and texts["below"] else {}
    return {"watch": "charge", **facts, **below, **({"jurisdiction": "NY"} if texts["new_york"] else {})}


def _place(texts: Mapping[str, str]) -> Criterion:
    if texts["address"]:
        return {"watch": "place", "address": texts["address"], **({"city": texts["city"]} if texts["city"] else {})}
    return {"watch": "place", "agency": texts["agency"], "precinct": texts["precinct"]}


def _charge_at_place(texts: Mapping[str, str]) -> Criterion:
    return {"all": [_charge(texts), _place(texts)]}


KINDS: Mapping[str, WatchForm] = {
    "number": WatchForm(
        "A person by number", "A state ID, an FBI number, or an agency's own number: the surest way",
        {"value": "Write the number as it was issued."}, _number,
    ),
    "name": WatchForm(
        "A person by name and date of birth", "Spelling and slips in the date are allowed for",
        {"surname": "Write the surname.", "given": "Write the given name."}, _name,
    ),
    "charge": WatchForm("A charge", "A statute, a kind of offense, or words in the charge", {}, _charge),
    "place": WatchForm("A place", "An address, a corner, or a precinct", {}, _place),
    "charge-at-place": WatchForm("A charge at a place", "Both must be in one arrest", {}, _charge_at_place),
}  # fmt: skip
FIELDS = (
    "kind", "value", "issuer", "surname", "given", "middle", "born", "sex", "aliases", "statute", "below", "new_york",
    "family", "charge_class", "keyword", "address", "city", "agency", "precinct", "basis", "case_number", "ends",
    "folder", "urgency", "reference", "note",
)  # fmt: skip
# What the API calls a field, and the input that holds it.
INPUTS = {
    "date_of_birth": "born", "birth_year": "born", "case_number": "case_number", "ends": "ends",
    "recipients": "colleagues", "events": "events", "identifier": "value", "criterion": "",
    "folders": "folder", "basis": "basis",
}  # fmt: skip
BASES = [(kind.value, kind.value.capitalize()) for kind in BasisKind]
EVENTS = [(group.value, words(f"event group.{group}")) for group in EventGroup]


class WatchDraft(NamedTuple):
    """What was written into the form of a new watch, and what was ticked."""

    texts: Mapping[str, str]
    colleagues: Sequence[str] = ()
    events: Sequence[str] = ()


BLANK = WatchDraft(dict.fromkeys(FIELDS, ""))


def draft_of(form: Form) -> WatchDraft:
    return WatchDraft({name: form.text(name) for name in FIELDS}, form.texts("colleagues"), form.texts("events"))


def missing(kind: str, texts: Mapping[str, str]) -> list[FormError]:
    """What is blank and must not be, and days that are none: said before anything is asked of the API."""
    errors = [FormError(name, mend) for name, mend in KINDS[kind].needs.items() if not texts[name]]
    if texts["born"] and not _YEAR.fullmatch(texts["born"]) and read_day(texts["born"]) is None:
        errors.append(FormError("born", MEND))
    if not texts["case_number"]:
        errors.append(FormError("case_number", "Write the number of the case, warrant or memorandum."))
    if texts["ends"] and read_day(texts["ends"]) is None:
        errors.append(FormError("ends", MEND))
    return errors


def wish(kind: str, draft: WatchDraft, me: str) -> dict[str, Any]:
    """The body of the request that creates the watch."""
    texts, colleagues, events = draft
    ends = read_day(texts["ends"])
    folders = {"folders": [texts["folder"]]} if texts["folder"] else {}
    hearing = [me, *colleagues] if colleagues and not folders else colleagues
    recipients = [Recipient.from_email(email).root for email in hearing]
    return {
        "criterion": KINDS[kind].criterion(texts),
        "basis": {"kind": texts["basis"] or BasisKind.OPEN_CASE.value, "case_number": texts["case_number"]},
        "urgency": texts["urgency"] or "normal",
        "events": list(events),
        "reference": texts["reference"],
        "note": {"private": texts["note"]},
        **({"ends": ends.isoformat()} if ends else {}),
        **folders,
        **({"recipients": recipients} if recipients else {}),
    }


def input_of(field: str) -> str:
    """The input in which the API's field stands: its last name that the form knows."""
    for name in reversed(field.split(".")):
        if name in INPUTS:
            return INPUTS[name]
        if name in FIELDS:
            return name
    return ""
