"""`replay`: reads an agency's drops of some days again, the oldest first, as after a bad release or a wrong profile."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from functions.cli.command import Arguments, Command
from functions.cli.commands.drops import decision_deps
from functions.cli.deployment import check_enrolled, outputs_of
from shared.aws.optimistic_lock import ConflictError
from shared.feeds.drops.decide import DropAction, DropDecisionDeps, InvalidTransitionError, decide_drop
from shared.feeds.drops.model import DropRecord
from shared.feeds.drops.table import DropsTable

PAGE = 100


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write the day like 2026-11-22") from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("agency", metavar="AGENCY", help="as its profile names it")
    parser.add_argument("--since", type=_day, metavar="DAY", required=True, help="the first day, in UTC: 2026-11-22")
    parser.add_argument("--until", type=_day, metavar="DAY", default=date.max, help="the last day; today if left out")
    parser.add_argument("--silent", action="store_true", help="notify nobody of what changes")


def run(args: Arguments) -> int:
    """1 when some drop could not be read again; the others are."""
    outputs = outputs_of(args.stack)
    check_enrolled(outputs, args.agency)
    deps = decision_deps(outputs)
    records = list(drops_between(deps.drops, args.agency, args.since, args.until))[::-1]
    action = DropAction.REPLAY_SILENTLY if args.silent else DropAction.REPLAY
    refusals = [_replay(record, action, deps) for record in records]
    print(f"{refusals.count('')} of {len(records)} drops are read again")
    return 1 if any(refusals) else 0


def drops_between(table: DropsTable, agency: str, since: date, until: date) -> Iterator[DropRecord]:
    """Yields the agency's drops of these days in UTC, both included, the newest first."""
    first = datetime.combine(since, time.min, UTC)
    page, after = table.page(agency, PAGE, None)
    while page:
        yield from (
            record for record in page if first <= record.drop.dropped_at and record.drop.dropped_at.date() <= until
        )
        if after is None or page[-1].drop.dropped_at < first:
            return
        page, after = table.page(agency, PAGE, after)


def _replay(record: DropRecord, action: DropAction, deps: DropDecisionDeps) -> str:
    """Returns why the drop is not read again, which it prints too; nothing if it is."""
    try:
        decide_drop(record, action, "set-up", deps, datetime.now(UTC))
    except (InvalidTransitionError, ConflictError) as error:
        refusal = str(error) or "Somebody else is deciding about this drop."
        print(f"{record.drop_id}: {refusal}", file=sys.stderr)
        return refusal
    return ""


REPLAY = Command(
    name="replay",
    summary="Reads an agency's drops of some days again, the oldest first",
    details="Each is read with the agency's present profile; who was notified already is not notified again.",
    example="arrest-alert replay --stack arrest-alert-dev nypd --since 2026-11-22 --until 2026-11-23",
    add_arguments=add_arguments,
    run=run,
)
