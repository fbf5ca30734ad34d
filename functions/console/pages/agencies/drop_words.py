"""What the pages say of an agency's file: one status, counts that add up, what is to be known. Pure."""

from typing import NamedTuple
from urllib.parse import unquote_plus

from shared.feeds.drops.model import DropStatus
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.office_api.routes.agencies.drops import DropView


class ShownStatus(NamedTuple):
    """`tone` is the class of the tag."""

    word: str
    tone: str
    sentence: str


_UNREAD = {
    ReceiptState.REFUSED: "Nothing of this file could be read.",
    ReceiptState.QUARANTINED: "No profile says how to read this file. Nothing was accepted.",
    ReceiptState.REJECTED: "Every row of this file was rejected.",
}
DECISIONS = {"release": "drop released", "discard": "drop discarded", "replay": "drop read again"}
"""What may be done with a file, and the notice that says it was."""
QUESTIONS = {
    "release": (
        "Release this file?",
        "Whoever watches its new and changed arrests gets an alert at once. You cannot undo this.",
        "Release it",
    ),
    "discard": (
        "Discard this file?",
        "Nobody gets an alert, and its arrests cannot be read. You cannot undo this; the agency can send it again.",
        "Discard it",
    ),
    "replay": (
        "Read this file again?",
        "It is read as the profile says today. Nobody gets a second alert about the same.",
        "Read it again",
    ),
}  # fmt: skip


def status(drop: DropView) -> ShownStatus:
    receipt = drop.receipt
    if receipt is None or receipt.state is ReceiptState.WAITING:
        return _status_of_unfinished(receipt)
    if drop.standing is DropStatus.HELD:
        return ShownStatus("Held", "warn", "Its arrests are saved. Nobody gets an alert until somebody decides.")
    if drop.standing is DropStatus.DISCARDED or receipt.state is ReceiptState.DISCARDED:
        return ShownStatus("Discarded", "", "Somebody decided that nobody gets alerts from it.")
    if receipt.state.is_unread:
        return ShownStatus("Refused", "bad", _UNREAD[receipt.state])
    if receipt.rows.rejected:
        rows = "1 row was" if receipt.rows.rejected == 1 else f"{receipt.rows.rejected} rows were"
        return ShownStatus("Partly accepted", "warn", f"{rows} rejected. Correct and send again, as shown below.")
    return ShownStatus("Accepted", "good", "Every row was accepted.")


def _status_of_unfinished(receipt: Receipt | None) -> ShownStatus:
    """Of a file that is not read yet, or waits for others."""
    if receipt is None:
        return ShownStatus("Being read", "", "Look again in a moment.")
    return ShownStatus("Waiting", "warn", receipt.reason)


def file_name(drop: DropView) -> str:
    """The name that the agency gave its file; entries by hand have none."""
    name = unquote_plus(drop.key.rpartition("/")[2])
    return "Entered by hand" if "/entered/" in drop.key else name


def counts(receipt: Receipt) -> list[tuple[str, int]]:
    """They add up to the first."""
    rows = receipt.rows
    return [
        ("Rows in the file", rows.read),
        ("New", rows.accepted),
        ("Changed", rows.updated),
        ("No change", rows.unchanged),
        ("Rejected: to be corrected", rows.rejected),
        ("Skipped", rows.skipped),
    ]


def notes(receipt: Receipt) -> list[str]:
    """What the agency should know beside the counts. Columns are named, never a value of a person."""
    lines = [f"{word.capitalize()}: {number}." for word, number in receipt.flags.items()]
    lines += [f"Rows of the {file.layout or 'unknown'} file: {file.rows.read}." for file in receipt.files]
    lines += [f"Missing people, {verdict}: {number}." for verdict, number in receipt.absences.items()]
    lines += [receipt.reason] if receipt.joined_to and receipt.reason else []
    lines += [receipt.older_arrests] if receipt.older_arrests else []
    lines += [f"Skipped, {reason}: {number}." for reason, number in receipt.skipped.items()]
    for kind, words in receipt.unknown_codes.items():
        listed = ", ".join(f"{word} ({number})" for word, number in words.items())
        lines.append(f"Codes that the profile does not explain, {kind}: {listed}.")
    if receipt.dropped_columns:
        lines.append(f"Columns that may not be kept and were left out: {', '.join(receipt.dropped_columns)}.")
    return lines
