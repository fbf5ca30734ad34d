"""A list of watches in one file: previewed row by row, then taken; what is wrong can be mended and sent again."""

import csv
import io
from base64 import b64encode
from typing import NamedTuple

from functions.console.api import ApiRefusedError
from functions.console.forms import UploadedFile
from functions.console.page import Download, FormError, HtmlPage, Pages, Reply, form_errors
from functions.console.pages.watches.folder_choice import folder_choices
from functions.console.visit import Visit
from shared.office_api.routes.subscriptions.lists import ListUpload
from shared.offices.preferences import Urgency
from shared.offices.recipient import BasisKind
from shared.subscriptions.events import EventGroup

pages = Pages()
LISTS = "/console/lists"


class ListColumn(NamedTuple):
    meaning: str
    example: str
    needed: bool = False


COLUMNS = {
    "surname": ListColumn("Surname of the person", "Quillfeather"),
    "given": ListColumn("Given name", "Dorian"),
    "date_of_birth": ListColumn("Date of birth: year, month, day", "1988-03-14"),
    "birth_year": ListColumn("Year of birth, where the day is not known", "1988"),
    "sid": ListColumn("State ID", "00777001A"),
    "sid_state": ListColumn("State of the state ID", "NY"),
    "fbi": ListColumn("FBI number", "123456AB7"),
    "statute": ListColumn("Statute, as the agency writes it", "PL 120.05"),
    "agency": ListColumn("Agency, by its short name", "nypd"),
    "precinct": ListColumn("Precinct of the agency", "101"),
    "address": ListColumn("Address or corner", "14 Elm St"),
    "city": ListColumn("City of the address", "Queensbridge"),
    "basis": ListColumn(f"Legal reason: {', '.join(kind.value for kind in BasisKind)}", "open case", needed=True),
    "case_number": ListColumn("Number of the case, warrant or memorandum", "2026-000123", needed=True),
    "ends": ListColumn("Last day: year, month, day", "2027-06-30"),
    "recipients": ListColumn("Colleagues who get the alerts, with a semicolon between them", "bo@da.example.gov"),
    "urgency": ListColumn(f"Urgency: {', '.join(urgency.value for urgency in Urgency)}", "normal"),
    "events": ListColumn(f"Which events, with a semicolon between them: {', '.join(EventGroup)}", "arrests; releases"),
    "reference": ListColumn("Your own words, repeated in every alert", "Night court"),
    "note": ListColumn("A note for the owners", "Call me first"),
}
_IN_EXAMPLE = {"surname", "given", "date_of_birth", "basis", "case_number", "ends"}
_KINDS = {".csv": "csv", ".txt": "csv", ".xlsx": "xlsx"}
_WRONG_TYPES = {".xls": "an old Excel file", ".pdf": "a PDF", ".docx": "a Word file", ".ods": "an OpenDocument table"}


class RejectedRow(NamedTuple):
    line: str
    column: str
    reason: str
    fix: str
    cells: tuple[str, ...]


@pages.get(LISTS, nav="watches")
def ask_for_list(visit: Visit) -> HtmlPage:
    return _ask_page(visit)


def _ask_page(visit: Visit, *errors: FormError) -> HtmlPage:
    values = {"columns": COLUMNS, "folders": folder_choices(visit), "folder": _chosen_folder(visit)}
    return HtmlPage(template="lists/upload.html", title="Upload a list of watches", values=values, errors=errors)


@pages.get(LISTS + "/example.csv", nav="watches")
def download_example(_visit: Visit) -> Download:
    example = [column.example if name in _IN_EXAMPLE else "" for name, column in COLUMNS.items()]
    return Download(body=_csv([list(COLUMNS), example]), content_type="text/csv", file_name="watches.csv")


@pages.post(LISTS, nav="watches")
def preview(visit: Visit) -> HtmlPage:
    file = visit.form.files.get("file")
    if file is None or not file.content:
        return _ask_page(visit, FormError("file", "Choose a file."))
    if (kind := _kind_of(file)) is None:
        return _ask_page(visit, FormError("file", _wrong_type(file)))
    content = b64encode(file.content).decode()
    return _preview_page(visit, kind, content, file.name)


def _kind_of(file: UploadedFile) -> str | None:
    return next((kind for ending, kind in _KINDS.items() if file.name.casefold().endswith(ending)), None)


def _wrong_type(file: UploadedFile) -> str:
    what = next(
        (words for ending, words in _WRONG_TYPES.items() if file.name.casefold().endswith(ending)), "another file"
    )
    return f"This is {what}. Save the table as CSV or as an Excel workbook (.xlsx) and upload that."


def _preview_page(visit: Visit, kind: str, content: str, name: str) -> HtmlPage:
    try:
        seen = _ask_api(visit, "/v1/uploads/preview", {"format": kind, "content": content, **_folder(visit)})
    except ApiRefusedError as refused:
        return _ask_page(visit, *form_errors(refused, {"content": "file", "format": "file", "folder": "folder"}))
    return HtmlPage(
        template="lists/preview.html",
        title="Check your list",
        values={
            "report": seen, "kind": kind, "content": content, "name": name, "rejected": _rejected_rows(seen),
            "folder": visit.form.text("folder"),
            "takes": sum(seen.counts.get(result, 0) for result in ("new", "again")),
        },
    )  # fmt: skip


@pages.post(LISTS + "/take", nav="watches")
def take(visit: Visit) -> HtmlPage:
    """Takes the rows that are right. The same file sent again changes nothing."""
    form = visit.form
    file = {"format": form.text("kind"), "content": form.text("content"), "seen": form.text("seen"), **_folder(visit)}
    try:
        report = _ask_api(visit, "/v1/uploads", file, visit.form.key)
    except ApiRefusedError as refused:
        return _ask_page(visit, *form_errors(refused, {"content": "file", "seen": "file", "folder": "folder"}))
    values = {
        "report": report, "rejected": _rejected_rows(report), "kind": form.text("kind"),
        "content": form.text("content"), "folder": form.text("folder"),
        "taken": sum(report.counts.get(result, 0) for result in ("new", "again")),
    }  # fmt: skip
    return HtmlPage(template="lists/taken.html", title="Your list is taken", values=values)


@pages.post(LISTS + "/rejected.csv", nav="watches")
def download_rejected(visit: Visit) -> Reply:
    """The rows to mend, with what to write: a list itself, which is mended and uploaded as it is."""
    file = {"format": visit.form.text("kind"), "content": visit.form.text("content")}
    report = _ask_api(visit, "/v1/uploads/preview", file)
    return Download(body=report.rejects, content_type="text/csv; charset=utf-8", file_name="rows-to-correct.csv")


def _chosen_folder(visit: Visit) -> str:
    """From the form, or from the link that leads on to the mended file."""
    return visit.form.text("folder") or visit.query.get("folder", "")


def _folder(visit: Visit) -> dict[str, str]:
    return {"folder": folder} if (folder := visit.form.text("folder")) else {}


def _ask_api(visit: Visit, path: str, file: dict[str, str], key: str = "") -> ListUpload:
    return ListUpload.model_validate(visit.api.send("POST", path, file, key=key))


def _rejected_rows(report: ListUpload) -> list[RejectedRow]:
    """`rejects` is CSV: line, column, reason, fix, then the cells of the row."""
    rows = list(csv.reader(io.StringIO(report.rejects)))[1:]
    return [RejectedRow(line, column, reason, fix, tuple(cells)) for line, column, reason, fix, *cells in rows]


def _csv(rows: list[tuple[str, ...] | list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
