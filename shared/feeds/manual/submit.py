"""What a person enters instead of a feed: one arrest, or a seal. It is dropped like a file, below `in/by-hand/`, and
goes through the same door; the agency's own row takes its place when it comes, because the number makes the same id."""

import io
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.arrests.model import Arrest, Flag
from shared.errors import Rejected
from shared.feeds.drops.model import MANUAL_FOLDER
from shared.feeds.manual.entry import ManualArrest, ManualSeal
from shared.feeds.normalise.read_drop import ParsedDrop, read_drop
from shared.feeds.profiles.model import Codes, Profile, TextLayout
from shared.feeds.record import ChargeText, EventText, NameText, PersonText, PlaceText
from shared.pseudonyms import Pseudonyms

_LIST = "charges[]"


def manual_profile_of(live: Profile) -> Profile:
    """How an entry of this agency is read: in our own words, with the agency's zone, ORI and issuer."""
    words = (*EventText._fields, *NameText._fields, *PersonText._fields, *PlaceText._fields)
    charges = {word: (f"{_LIST}.{word}",) for word in ChargeText._fields}
    return Profile.model_construct(
        **(
            dict(live)
            | {
                "format": "ndjson",
                "text": TextLayout(),
                "columns": {word: (word,) for word in words} | charges,
                "cut": {},
                "charges": "row per arrest",
                "arrest_key": (),
                "dates": ("iso",),
                "times": ("%H:%M",),
                "drop": (),
                "codes": Codes(),
                "event": live.event if live.event in ("arrest", "booking") else "arrest",
            }
        )
    )


def entry_document(entry: ManualArrest | ManualSeal, event: str = "") -> bytes:
    said: dict[str, Any] = entry.model_dump(exclude_defaults=True)
    return json.dumps(said | ({"event": event} if event else {})).encode() + b"\n"


def read_entry(content: bytes, live: Profile, pseudonyms: Pseudonyms, now: datetime) -> ParsedDrop:
    """As the intake will read it. Raises Rejected with what the person must mend."""
    reading = read_drop(io.BytesIO(content), manual_profile_of(live), pseudonyms, now.astimezone(live.zone).date())
    for reject in reading.rejects:
        raise Rejected(reject.code, reject.reason, reject.fix)
    return reading


def entry_key(agency: str, entry_id: str) -> str:
    return f"{agency}/in/{MANUAL_FOLDER}{entry_id}.json"


def mark_manual(reading: ParsedDrop) -> ParsedDrop:
    """Each arrest says that a person entered it."""
    return replace(reading, arrests=[parsed._replace(arrest=_marked(parsed.arrest)) for parsed in reading.arrests])


def _marked(arrest: Arrest) -> Arrest:
    return arrest.model_copy(update={"flags": (*arrest.flags, Flag.MANUAL)})


def is_from_feed(arrest: Arrest) -> bool:
    return Flag.MANUAL not in arrest.flags
