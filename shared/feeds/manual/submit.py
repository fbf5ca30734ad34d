"""A manual entry as a drop: the API puts it below `in/by-hand/`, and the intake reads it like any other file.

The entry gets the id of the agency's own record, because both have the same number. So the agency's record replaces the
entry when it comes.
"""

import io
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.arrests.model import Arrest, Flag
from shared.errors import Rejected
from shared.feeds.drops.model import MANUAL_FOLDER
from shared.feeds.layout import TextLayout
from shared.feeds.manual.entry import ManualArrest, ManualSeal
from shared.feeds.normalise.read_drop import ParsedDrop, read_drop
from shared.feeds.profiles.model import Codes, Profile
from shared.feeds.record import ChargeText, EventText, NameText, PersonText, PlaceText
from shared.pseudonyms import Pseudonyms


def manual_profile_of(live: Profile) -> Profile:
    """Returns the profile by which an agency's manual entries are read.

    Columns are our own field names, dates are ISO 8601. Time zone, ORI and issuer stay those of the live profile.
    """
    fields = (*EventText._fields, *NameText._fields, *PersonText._fields, *PlaceText._fields)
    charge_columns = {field: (f"charges[].{field}",) for field in ChargeText._fields}
    changes = {
        "format": "ndjson",
        "text": TextLayout(),
        "columns": {field: (field,) for field in fields} | charge_columns,
        "cut": {},
        "charges": "row per arrest",
        "arrest_key": (),
        "dates": ("iso",),
        "times": ("%H:%M",),
        "drop": (),
        "codes": Codes(),
        "event": live.event if live.event in ("arrest", "booking") else "arrest",
    }
    return Profile.model_construct(**(dict(live) | changes))


def entry_document(entry: ManualArrest | ManualSeal, event: str = "") -> bytes:
    """Returns the file of an entry: one line of JSON. `event` is set for a seal, whose model has no such field."""
    document: dict[str, Any] = entry.model_dump(exclude_defaults=True)
    return json.dumps(document | ({"event": event} if event else {})).encode() + b"\n"


def read_entry(content: bytes, live: Profile, pseudonyms: Pseudonyms, now: datetime) -> ParsedDrop:
    """Reads an entry as the intake will. Raises Rejected with what the person must correct."""
    profile, today = manual_profile_of(live), now.astimezone(live.zone).date()
    parsed = read_drop(io.BytesIO(content), profile, pseudonyms, today, may_seal=True)
    for reject in parsed.rejects:
        raise Rejected(reject.code, reject.reason, reject.fix)
    return parsed


def entry_key(agency: str, entry_id: str) -> str:
    """Returns the key under which an entry is dropped."""
    return f"{agency}/in/{MANUAL_FOLDER}{entry_id}.json"


def mark_manual(parsed: ParsedDrop) -> ParsedDrop:
    """Returns the drop with the flag "manual" on each of its arrests."""
    flagged = [parsed_arrest._replace(arrest=_flagged(parsed_arrest.arrest)) for parsed_arrest in parsed.arrests]
    return replace(parsed, arrests=flagged)


def _flagged(arrest: Arrest) -> Arrest:
    return arrest.model_copy(update={"flags": (*arrest.flags, Flag.MANUAL)})


def is_from_feed(arrest: Arrest) -> bool:
    return Flag.MANUAL not in arrest.flags
