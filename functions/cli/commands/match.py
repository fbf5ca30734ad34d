"""`match`: which watches of a list a feed file would hit, without AWS."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from functions.cli.command import Arguments, Command
from shared.alerts.matches.reason_words import leaf_reasons, with_sentence
from shared.errors import Rejected
from shared.feeds.layouts.files import read_named_files
from shared.feeds.normalise.duplicates import ParsedArrest
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.normalise.read_drop import ParsedDrop, accumulate, merge_duplicates, read_records
from shared.feeds.profiles.parse import parse_profile
from shared.matching.criteria import Criterion
from shared.matching.criteria.can_hit import never_hits
from shared.matching.linkage.agency_frequencies import AgencyFrequencies, count_names
from shared.matching.linkage.frequencies import TermFrequencies, census
from shared.matching.linkage.name_sample import named_person
from shared.matching.rules.index_terms import TooBroadError
from shared.matching.rules.screen import Screen, ScreenHit
from shared.pseudonyms import Pseudonyms
from shared.value import FieldFault, field_faults

_criterion: TypeAdapter[Criterion] = TypeAdapter(Criterion)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", type=Path, required=True, metavar="PROFILE", help="the agency's profile, YAML")
    parser.add_argument(
        "--watches", type=Path, required=True, metavar="NDJSON", help="a criterion on each line, as the API takes it"
    )
    parser.add_argument(
        "--own-names", action="store_true", help="count how common names are in the file, as `weights` does"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the feed file")


def run(args: Arguments) -> int:
    """0 when every watch was read, 1 when one of them or the file was refused. Hits come out either way."""
    try:
        parsed_drop = _read(args.profile, args.file)
        frequencies = _own_names(parsed_drop.arrests) if args.own_names else None
        screen, refusals = _screen_of(args.watches)
    except Rejected as refusal:
        print(f"{refusal.reason} {refusal.fix}", file=sys.stderr)
        return 1
    for refused in refusals:
        print(refused, file=sys.stderr)
    for parsed in parsed_drop.arrests:
        for hit in sorted(screen.hits(parsed.arrest, frequencies), key=lambda hit: hit.key):
            print(_line_of(hit, parsed))
    return int(bool(refusals))


def _read(profile_file: Path, file: Path) -> ParsedDrop:
    """Each arrest with the lines of its records. Raises Rejected when nothing of the file can be read."""
    profile, pseudonyms = parse_profile(profile_file.read_text(encoding="utf-8")), Pseudonyms(b"dry run")
    today = datetime.now(UTC).astimezone(profile.zone).date()
    with file.open("rb") as stream:
        if profile.layouts:
            return read_named_files([(file.name, stream)], profile, pseudonyms, today, may_seal=False)
        normaliser = Normaliser(profile, pseudonyms, today)
        return merge_duplicates(accumulate(read_records(stream, profile), normaliser, keeps_lines=True), pseudonyms)


def _own_names(arrests: Iterable[ParsedArrest]) -> TermFrequencies:
    """Raises Rejected when too few persons have a name."""
    people = filter(None, (named_person(parsed.arrest) for parsed in arrests))
    return AgencyFrequencies(count_names("The file", people, datetime.now(UTC).date()), census())


def _screen_of(watches: Path) -> tuple[Screen[int], list[str]]:
    """Returns the criteria that could be read, numbered by their lines, and a sentence for each that could not."""
    screen, refusals = Screen[int](), []
    for number, line in enumerate(watches.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            _add(screen, number, line)
        except Rejected as refusal:
            refusals.append(f"{watches}, line {number}: {refusal.reason}. {refusal.fix}")
    return screen, refusals


def _add(screen: Screen[int], number: int, line: bytes) -> None:
    """Raises Rejected for what the API would refuse as well."""
    try:
        criterion = _criterion.validate_python(json.loads(line))
        faults = never_hits(criterion, datetime.now(UTC).date(), lambda _agency: True)
        if not faults:
            screen.add(number, criterion)
    except ValidationError as error:
        faults = field_faults(error)
    except TooBroadError as error:
        faults = [FieldFault((), str(error))]
    except ValueError as error:
        raise Rejected("json", "The line is no JSON", "Write one criterion, whole, on each line.") from error
    if faults:
        mends = [f"{'.'.join(map(str, fault.location)) or 'the criterion'} {fault.mend}" for fault in faults]
        raise Rejected("criterion", "The criterion is refused", "; ".join(mends))


def _line_of(hit: ScreenHit[int], parsed: ParsedArrest) -> str:
    reasons: Sequence[str] = [reason.sentence for reason in leaf_reasons(with_sentence(hit.reason))]
    return json.dumps(
        {
            "watch": hit.key,
            "record": parsed.lines[0],
            "number": parsed.arrest.number,
            "grade": hit.reason.grade.value,
            "score": hit.reason.score,
            "reasons": reasons,
        },
        ensure_ascii=False,
    )


MATCH = Command(
    name="match",
    summary="Prints which watches of a list a feed file would hit",
    details="A line of JSON for each hit: the line of the watch, the line of the record, the arrest's number, grade, "
    "score and reasons. Nothing is stored and AWS is not called. Minors hit nothing.",
    example="arrest-alert match --profile shared/feeds/profiles/roster.yaml --watches tests/demo/watches.ndjson "
    "tests/feeds/demo/roster.csv",
    add_arguments=add_arguments,
    run=run,
    uses_stack=False,
)
