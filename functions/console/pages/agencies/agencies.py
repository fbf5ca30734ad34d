"""Agencies whose feeds the office keeps: their files, what happened to each, and what is to correct."""

from base64 import b64encode
from datetime import UTC, datetime

from functions.console.api import ApiRefusedError
from functions.console.page import FormError, HtmlPage, Pages, Redirect, form_errors
from functions.console.pages.agencies import drop_words
from functions.console.visit import Visit
from shared.feeds.drops.model import DropStatus
from shared.office_api.routes.agencies.agencies import AgenciesView, AgencyView
from shared.office_api.routes.agencies.drops import DropsPage, DropView
from shared.office_api.routes.agencies.rejects import RejectsPage
from shared.office_api.routes.agencies.submissions import DryRunResult

pages = Pages()
LIST = "/console/agencies"
AGENCY = "/v1/agencies/{agency_id}"
DROP = f"{AGENCY}/drops/{{drop_id}}"
PAGE = 20
FILE_KINDS = {
    "delimited": "A table as text (.csv, .txt)",
    "fixed-width": "A text of fixed columns (.txt)",
    "xlsx": "An Excel workbook (.xlsx)",
    "xls": "An older Excel workbook (.xls)",
    "ods": "An OpenDocument spreadsheet (.ods)",
    "json": "A JSON file (.json)",
    "ndjson": "JSON lines (.ndjson)",
    "xml": "An XML document (.xml)",
    "niem-xml": "A NIEM or LEXS document (.xml)",
    "niem-json": "A NIEM document (.json)",
    "nibrs": "A NIBRS file (.txt)",
    "ebts": "An EBTS file (.ebts, .an2)",
}
"""What to choose in a file dialog, by the format of the profile."""


@pages.get(LIST, nav="agencies")
def list_agencies(visit: Visit) -> HtmlPage:
    agencies = visit.api.get("/v1/agencies", AgenciesView).items
    return HtmlPage(template="agencies/list.html", title="Agencies", values={"agencies": agencies})


@pages.get(LIST + "/{agency_id}", nav="agencies")
def show_agency(visit: Visit, agency_id: str) -> HtmlPage:
    return _agency_page(visit, agency_id)


def _agency_page(
    visit: Visit, agency_id: str, errors: list[FormError] | None = None, trial: DryRunResult | None = None
) -> HtmlPage:
    agency = visit.api.get(AGENCY, AgencyView, agency_id=agency_id)
    query = {"limit": PAGE, "after": visit.query.get("after")}
    listed = visit.api.get(f"{AGENCY}/drops", DropsPage, query, agency_id=agency_id)
    return HtmlPage(
        template="agencies/agency.html",
        title=agency.title or agency_id,
        errors=errors or (),
        values={
            "agency": agency,
            "file_hint": _file_hint(agency.format),
            "drops": [(drop, drop_words.status(drop), drop_words.file_name(drop)) for drop in listed.items],
            "next": listed.next,
            "trial": trial,
            "counts": drop_words.counts(trial.receipt) if trial else [],
        },
    )


def _file_hint(format_name: str | None) -> str:
    if not format_name:
        return "Nobody has said yet how this agency's files are read: see below"
    return f"{FILE_KINDS[format_name]}, at most 4 MB"


@pages.post(LIST + "/{agency_id}/files", nav="agencies")
def send_file(visit: Visit, agency_id: str) -> HtmlPage | Redirect:
    """Sends a file, or tries it without storing anything."""
    file = visit.form.files.get("file")
    if file is None or not file.content:
        return _agency_page(visit, agency_id, [FormError("file", "Choose a file.")])
    content = b64encode(file.content).decode()
    try:
        if visit.form.text("try"):
            answer = visit.api.send("POST", f"{AGENCY}/dry-run", {"content": content}, agency_id=agency_id)
            return _agency_page(visit, agency_id, trial=DryRunResult.model_validate(answer))
        body = {"file": file.name, "content": content}
        accepted = visit.api.send("POST", f"{AGENCY}/files", body, key=visit.form.key, agency_id=agency_id)
    except ApiRefusedError as refused:
        return _agency_page(visit, agency_id, form_errors(refused, {"file": "file", "content": "file"}))
    return Redirect(f"{LIST}/{agency_id}/drops/{accepted['drop_id']}?sent=yes", "file sent")


@pages.get(LIST + "/{agency_id}/drops/{drop_id}", nav="agencies")
def show_drop(visit: Visit, agency_id: str, drop_id: str) -> HtmlPage:
    """While a file is being read the page says so, and looking again shows what became of it."""
    try:
        drop = visit.api.get(DROP, DropView, agency_id=agency_id, drop_id=drop_id)
    except ApiRefusedError as refused:
        if refused.status != 404 or visit.query.get("sent") != "yes":
            raise
        return HtmlPage(
            template="agencies/reading.html", title="The file is being read", values={"agency_id": agency_id}
        )
    return _drop_page(visit, agency_id, drop)


def _drop_page(visit: Visit, agency_id: str, drop: DropView, errors: list[FormError] | None = None) -> HtmlPage:
    rejects = _rejects(visit, agency_id, drop)
    return HtmlPage(
        template="agencies/drop.html",
        title=drop_words.file_name(drop),
        errors=errors or (),
        values={
            "agency_id": agency_id,
            "drop": drop,
            "receipt": drop.receipt,
            "status": drop_words.status(drop),
            "counts": drop_words.counts(drop.receipt) if drop.receipt else [],
            "notes": drop_words.notes(drop.receipt) if drop.receipt else [],
            "rejects": rejects.items if rejects else [],
            "mends": any(reject.row for reject in rejects.items) if rejects else False,
            "all_shown": rejects is None or (rejects.complete and not rejects.next),
            "is_held": drop.standing is DropStatus.HELD,
            "held_days": (datetime.now(UTC) - drop.dropped_at).days,
            "may_read_again": drop.receipt is not None,
        },
    )


def _rejects(visit: Visit, agency_id: str, drop: DropView) -> RejectsPage | None:
    if drop.receipt is None or drop.receipt.rejects_key is None:
        return None
    path = f"{DROP}/rejects/rows"
    return visit.api.get(path, RejectsPage, {"limit": 100}, agency_id=agency_id, drop_id=drop.drop_id)


@pages.get(LIST + "/{agency_id}/drops/{drop_id}/rejects.csv", nav="agencies")
def download_rejects(visit: Visit, agency_id: str, drop_id: str) -> Redirect:
    """Leads to the reject file itself, for one minute."""
    link = visit.api.get(f"{DROP}/rejects", dict, agency_id=agency_id, drop_id=drop_id)
    return Redirect(str(link["url"]))


@pages.post(LIST + "/{agency_id}/drops/{drop_id}/decision", nav="agencies")
def decide(visit: Visit, agency_id: str, drop_id: str) -> HtmlPage | Redirect:
    """Release, discard or read again. A state that does not allow it any more is said, and nothing is done."""
    action = visit.form.text("action")
    if action not in drop_words.DECISIONS:
        drop = visit.api.get(DROP, DropView, agency_id=agency_id, drop_id=drop_id)
        return _drop_page(visit, agency_id, drop, [FormError("", "Choose what to do.")])
    body = {"notify": True} if action == "replay" else None
    try:
        visit.api.send("POST", f"{DROP}/{action}", body, key=visit.form.key, agency_id=agency_id, drop_id=drop_id)
    except ApiRefusedError as refused:
        if refused.status != 409:
            raise
        return Redirect(f"{LIST}/{agency_id}/drops/{drop_id}", "drop decided meanwhile")
    return Redirect(f"{LIST}/{agency_id}/drops/{drop_id}", drop_words.DECISIONS[action])


@pages.get(LIST + "/{agency_id}/drops/{drop_id}/decision/{action}", nav="agencies")
def ask_to_decide(visit: Visit, agency_id: str, drop_id: str, action: str) -> HtmlPage:
    if action not in drop_words.QUESTIONS:
        raise ApiRefusedError(404, "There is no such page.")
    drop = visit.api.get(DROP, DropView, agency_id=agency_id, drop_id=drop_id)
    title, text, button = drop_words.QUESTIONS[action]
    values = {
        "agency_id": agency_id, "drop": drop, "action": action, "text": text, "button": button,
        "file": drop_words.file_name(drop),
        "counts": drop_words.counts(drop.receipt) if drop.receipt else [],
    }  # fmt: skip
    return HtmlPage(template="agencies/decide.html", title=title, values=values)
