"""One drop, from the bucket to its receipt."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import Rejected
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.intake.quarantine import as_judged, judged, usual_of
from shared.feeds.intake.receipt import not_taken, receipt_key, receipt_of, rejects_file
from shared.feeds.intake.s3_object import opened, provenance
from shared.feeds.intake.split_large import is_large, share_out
from shared.feeds.intake.store import completed, store
from shared.feeds.manual import submit
from shared.feeds.normalise.read_drop import ParsedDrop, read_drop
from shared.feeds.profiles.model import Profile, profile_from
from shared.pseudonyms import Pseudonyms


def take_in(drop: Drop, deps: IntakeDeps, clock: Callable[[], datetime]) -> Receipt | None:
    """None of a large drop: its receipt comes when its last task is done. May run any number of times for the same
    drop: the table, the rejects and the receipt's counts stay the same."""
    drop_id = drop.id(deps.pseudonyms)
    record = deps.drops.begin(drop, drop_id)
    try:
        profile = _profile(drop, deps)
        deps.drops.expect(drop.agency, drop_id, profile.rhythm.most_told)
        usual = usual_of(drop, profile, deps)
        if deps.sharing and is_large(drop, profile, deps.sharing, deps):
            share_out(record, profile, usual, deps.sharing, deps)
            return None
        reading = read(opened(drop, deps), profile, drop, deps.pseudonyms)
    except Rejected as fault:
        receipt = not_taken(drop, drop_id, fault, clock())
    else:
        reading = completed(submit.marked(reading) if drop.by_hand else reading, deps.knowledge_of(drop.agency))
        record, amount = judged(record, reading.rows, profile, usual, deps)
        outcomes = store(reading, drop.agency, deps, provenance(drop, record.manner, deps), clock())
        receipt = as_judged(receipt_of(drop, drop_id, reading, outcomes, clock()), record, amount)
        if receipt.rejects_key:
            deps.s3.put_object(
                Bucket=deps.bucket,
                Key=receipt.rejects_key,
                Body=rejects_file(reading.rejects),
                ContentType="text/csv; charset=utf-8",
            )
    deps.s3.put_object(
        Bucket=deps.bucket,
        Key=receipt_key(receipt),
        Body=receipt.model_dump_json(indent=2).encode(),
        ContentType="application/json",
    )
    deps.drops.finish(receipt)
    return receipt


def read(stream: Readable, profile: Profile, drop: Drop, pseudonyms: Pseudonyms) -> ParsedDrop:
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
    return submit.profile_of(profile) if drop.by_hand else profile
