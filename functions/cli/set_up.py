"""`set-up`: an office with its people, folders, agreements, agencies' profiles and first watches from one YAML file.

Without `--apply` it says what it would do. What is wrong with the file is named by line and key, all at once.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import boto3
import yaml
from pydantic import ValidationError

from functions.cli.audit_command import written_down
from functions.cli.deployment import Run, Subcommands, add_stack_option, machines, outputs
from shared.aws.optimistic_lock import ConflictError
from shared.aws.secrets import load_secret_key
from shared.errors import Rejected
from shared.feeds.profiles.model import PlainTextLoader, parse_profile
from shared.feeds.profiles.table import AgenciesTable
from shared.offices.table import OfficesTable
from shared.provisioning import PlanAction, ProvisioningDeps, ProvisioningPlan, build_plan
from shared.provisioning.office_file import FilePath, OfficeFile, OfficeFileError, OfficeFileFault
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.subscribe import SubscribeDeps
from shared.subscriptions.table import SubscriptionsTable

_MENDS = {
    "missing": "is missing; add it",
    "extra_forbidden": "is no key that is known here; remove it or correct its spelling",
}


def set_up(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser(
        "set-up", help="an office with its people and folders from one file, or its changes"
    )
    add_stack_option(parser)
    parser.add_argument("--apply", action="store_true", help="do it; without this, what would be done is shown")
    parser.add_argument("file", type=Path, metavar="FILE", help="YAML, such as tests/demo/office.yaml")
    return _set_up


def _set_up(args: argparse.Namespace) -> int:
    """0: shown or done; 1: the file cannot be taken as it is, and nothing was changed."""
    text = args.file.read_text(encoding="utf-8")
    try:
        file = _read(text)
        plan = build_plan(file, _profiles(file, args.file.parent), _tables(args.stack), datetime.now(UTC))
    except OfficeFileError as refused:
        print("\n".join(_told(args.file, text, refused.faults)), file=sys.stderr)
        return 1
    for does, what, why in plan.steps:
        print(f"{does.value:8} {what}{f'  ({why})' if why else ''}")
    print(_summary(plan, applied=args.apply))
    if not args.apply:
        return 0
    written_down(args, file.office.office_id)
    return _done(plan)


def _done(plan: ProvisioningPlan) -> int:
    try:
        for write in plan.writes:
            write()
    except ConflictError:
        print("Somebody changed the same in this moment. Run it again: what is done stays done.", file=sys.stderr)
        return 1
    return 0


def _summary(plan: ProvisioningPlan, *, applied: bool) -> str:
    counts = Counter(step.does for step in plan.steps)
    create, change, nothing = (counts[each] for each in (PlanAction.CREATE, PlanAction.CHANGE, PlanAction.NOTHING))
    said = f"{create} to create, {change} to change, {nothing} as they are"
    if not plan.writes:
        return f"{said}. There is nothing to do."
    return f"{said}." if applied else f"{said}. Nothing was done: say --apply to do it."


def _read(text: str) -> OfficeFile:
    try:
        return OfficeFile.model_validate(yaml.load(text, PlainTextLoader))  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        fault = OfficeFileFault((), f"{where}{getattr(error, 'problem', None) or 'is no YAML'}")
        raise OfficeFileError([fault]) from error
    except ValidationError as error:
        faults = [
            OfficeFileFault(one["loc"], _MENDS.get(one["type"]) or one["msg"].removeprefix("Value error, "))
            for one in error.errors()
        ]
        raise OfficeFileError(faults) from error


def _profiles(file: OfficeFile, beside: Path) -> dict[str, str]:
    found, faults = {}, []
    for number, name in enumerate(file.profiles):
        try:
            text = (beside / name).read_text(encoding="utf-8")
            found[parse_profile(text).agency] = text
        except OSError as fault:
            faults.append(OfficeFileFault(("profiles", number), f"cannot be read: {fault.strerror}"))
        except Rejected as fault:
            faults.append(OfficeFileFault(("profiles", number), f"{fault.reason} {fault.fix}"))
    if faults:
        raise OfficeFileError(faults)
    return found


def _told(file: Path, text: str, faults: list[OfficeFileFault]) -> Iterator[str]:
    root = None if faults == [fault for fault in faults if not fault.place] else yaml.compose(text, PlainTextLoader)
    for place, mend in faults:
        line, keys = _line_of(root, place)
        yield f"{file}:{line}: {'.'.join(map(str, keys)) or 'the file'}: {mend}" if root else f"{file}: {mend}"


def _line_of(node: yaml.Node | None, place: FilePath) -> tuple[int, list[str | int]]:
    """The line of the key, or of the nearest there is above it; a key that is missing has none. What stands in no file,
    as the kind that pydantic puts behind a union, is left out."""
    line, keys = 1, list[str | int]()
    for number, part in enumerate(place):
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
            keys.append(part)
        elif isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == part), None)
            if found:
                line, node = found[0].start_mark.line + 1, found[1]
            if found or number == len(place) - 1:
                keys.append(part)
    return line, keys


def _tables(stack: str) -> ProvisioningDeps:
    found, client = outputs(stack), boto3.client("dynamodb")
    name = found["SubscriptionsTable"]
    watch_list = SubscriptionIndex(client, name, Pseudonyms(load_secret_key(found["PseudonymSecretArn"])))
    return ProvisioningDeps(
        OfficesTable(client, found["OfficesTable"]),
        AgenciesTable(client, found["AgenciesTable"]),
        SubscribeDeps(SubscriptionsTable(client, name), watch_list),
        machines(found),
    )
