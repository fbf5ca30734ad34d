"""One drop, from the bucket to its receipt."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import Rejected
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.intake.quarantine import as_judged, judged, usual_of
from shared.feeds.intake.receipt import receipt_key, receipt_of, refused_receipt, rejects_file
from shared.feeds.intake.s3_object import open_drop, provenance_of
from shared.feeds.intake.split_large import is_large, split_drop
from shared.feeds.intake.store import fill_from_reference, store
from shared.feeds.manual import submit
from shared.feeds.normalise.read_drop import ParsedDrop, read_drop
from shared.feeds.profiles.model import Profile, profile_from
from shared.pseudonyms import Pseudonyms


def process_drop(drop: Drop, deps: IntakeDeps, clock: Callable[[], datetime]) -> Receipt | None:
    """None of a large drop: its receipt comes when its last task is done. May run any number of times for the same
    drop: the table, the rejects and the receipt's counts stay the same."""
    drop_id = drop.id(deps.pseudonyms)
    record = deps.drops.begin(drop, drop_id)
    try:
        profile = _profile(drop, deps)
        deps.drops.set_notify_limit(drop.agency, drop_id, profile.rhythm.notify_limit)
        usual = usual_of(drop, profile, deps)
        if deps.split and is_large(drop, profile, deps.split, deps):
            split_drop(record, profile, usual, deps.split, deps)
            return None
        reading = parse_drop(open_drop(drop, deps), profile, drop, deps.pseudonyms)
    except Rejected as fault:
        receipt = refused_receipt(drop, drop_id, fault, clock())
    else:
        reading = fill_from_reference(
            submit.mark_manual(reading) if drop.is_manual_entry else reading, deps.reference_of(drop.agency)
        )
        record, amount = judged(record, reading.rows, profile, usual, deps)
        outcomes = store(reading, drop.agency, deps, provenance_of(drop, record.notify_mode, deps), clock())
        receipt = as_judged(receipt_of(drop, drop_id, reading, outcomes, clock()), record, amount)
        if receipt.rejects_key:
            deps.s3.put_object(
                Bucket=deps.feeds_bucket,
                Key=receipt.rejects_key,
                Body=rejects_file(reading.rejects),
                ContentType="text/csv; charset=utf-8",
            )
    deps.s3.put_object(
        Bucket=deps.feeds_bucket,
        Key=receipt_key(receipt),
        Body=receipt.model_dump_json(indent=2).encode(),
        ContentType="application/json",
    )
    deps.drops.record_receipt(receipt)
    return receipt


def parse_drop(stream: Readable, profile: Profile, drop: Drop, pseudonyms: Pseudonyms) -> ParsedDrop:
    return read_drop(stream, profile, pseudonyms, drop.day(profile.zone))


def _profile(drop: Drop, deps: IntakeDeps) -> Profile:
    if drop.folder != "in":
        raise Rejected("prefix", "The file is in no agency's `in/` folder.", "Drop it as <agency>/in/<file>.")
    text = deps.profile_of(drop.agency)
    if text is None:
        raise Rejected("profile", f"No profile is known for `{drop.agency}`.", "Enrol the agency with its profile.")
    profile = profile_from(text)
    if profile.agency != drop.agency:
        raise Rejected(
            "profile",
            f"The profile of `{drop.agency}` names the agency `{profile.agency}`.",
            "Let `agency` be the name of the folder.",
        )
    return submit.manual_profile_of(profile) if drop.is_manual_entry else profile
