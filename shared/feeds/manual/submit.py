"""A manual entry as a drop: the API puts it below `entered/`, and the intake reads it like any other file.

An agency cannot write there, and the key of an entry holds a keyed hash of its content that the intake checks.

The entry gets the id of the agency's own record, because both have the same number. So the agency's record replaces the
entry when it comes.
"""

import hashlib
import hmac
import io
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.arrests.model import Arrest, Flag
from shared.aws.signing_keys import SigningKeys, mac
from shared.errors import Rejected
from shared.feeds.drops.model import ENTERED, Drop
from shared.feeds.manual.entry import ManualArrest, ManualSeal, SealCommand
from shared.feeds.normalise.read_drop import ParsedDrop, read_drop
from shared.feeds.profiles.model import Profile
from shared.feeds.record import ChargeText, EventText, NameText, PersonText, PlaceText
from shared.pseudonyms import Pseudonyms

_OF_THE_AGENCY = ("agency", "title", "time_zone", "ori", "contacts", "sid_issuer", "rhythm")
MAX_ENTRY_BYTES = 1 << 20  # API Gateway takes no larger request than ten times this


def manual_profile_of(live: Profile) -> Profile:
    """Returns the profile by which an agency's manual entries are read.

    Columns are our own field names, any of which may be missing; dates are ISO 8601. What describes the agency stays
    as in the live profile, and nothing stays of what describes its files.
    """
    fields = (*EventText._fields, *NameText._fields, *PersonText._fields, *PlaceText._fields)
    charge_columns = {field: (f"charges[].{field}",) for field in ChargeText._fields}
    columns = {field: (field,) for field in fields} | charge_columns
    entry_layout: dict[str, Any] = {
        "format": "ndjson",
        "columns": columns,
        "optional": tuple(name for names in columns.values() for name in names),
        "charges": "row per arrest",
        "dates": ("iso",),
        "times": ("%H:%M",),
        "event": live.event if live.event in ("arrest", "booking") else "arrest",
        "notify_arrests_of_last": "any",  # whoever types in an old arrest means it to be notified
    }
    return Profile.model_construct(**{name: getattr(live, name) for name in _OF_THE_AGENCY}, **entry_layout)


def entry_document(entry: ManualArrest | ManualSeal | SealCommand, event: str = "") -> bytes:
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


def entry_key(agency: str, entry_id: str, content: bytes, key: bytes) -> str:
    """Returns the S3 key under which an entry with this content is dropped: `key` signs it (128 bits)."""
    content_hash = hashlib.sha256(content).hexdigest()
    signature = mac(key, f"{agency}\x1f{entry_id}\x1f{content_hash}".encode()).hex()[:32]
    return f"{agency}/{ENTERED}/{entry_id}.{signature}.json"


def check_entered(drop: Drop, content: bytes, keys: SigningKeys, now: datetime) -> None:
    """Raises Rejected unless the API put this content under this key. Whoever has no key of entries cannot."""
    entry_id = drop.key.rpartition("/")[2].partition(".")[0]
    valid = (entry_key(drop.agency, entry_id, content, key) for key in keys.of().valid(now))
    if not any(hmac.compare_digest(drop.key.encode(), signed.encode()) for signed in valid):
        raise Rejected(
            "prefix",
            "Nobody entered this through the API, so it is no manual entry.",
            "Enter it with POST /v1/agencies/{agency}/arrests, or drop a file as <agency>/in/<file>.",
        )


def mark_manual(parsed: ParsedDrop) -> ParsedDrop:
    """Returns the drop with the flag "manual" on each of its arrests."""
    flagged = [parsed_arrest._replace(arrest=_flagged(parsed_arrest.arrest)) for parsed_arrest in parsed.arrests]
    return replace(parsed, arrests=flagged)


def _flagged(arrest: Arrest) -> Arrest:
    return arrest.model_copy(update={"flags": (*arrest.flags, Flag.MANUAL)})


def is_from_feed(arrest: Arrest) -> bool:
    return Flag.MANUAL not in arrest.flags
