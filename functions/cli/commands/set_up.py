"""`set-up`: an office with its people, folders, agreements, agencies' profiles and subscriptions, from one YAML file.

Without `--apply` it prints the plan. All that is wrong with the file is reported at once, by line and key.
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

from functions.cli.audit_record import record_command
from functions.cli.command import Arguments, Command
from functions.cli.deployment import machine_clients, operator_arn, outputs_of
from shared.aws.optimistic_lock import ConflictError
from shared.aws.secrets import load_pseudonyms
from shared.bounded_reader import Limits, UnreadableDocumentError
from shared.disclosures.table import DisclosuresTable
from shared.errors import Rejected
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.profiles.strict_yaml import read_nodes, read_yaml
from shared.feeds.profiles.table import AgenciesTable
from shared.offices.governance.policies_table import PoliciesTable
from shared.offices.table import OfficesTable
from shared.provisioning.build_plan import build_plan
from shared.provisioning.office_file import KeyPath, OfficeFile, OfficeFileError, OfficeFileFault, PlannedGovernance
from shared.provisioning.plan import PlanAction, ProvisioningDeps, ProvisioningPlan
from shared.records_requests.table import RecordsRequestsTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.subscribe import SubscribeDeps
from shared.subscriptions.table import SubscriptionsTable
from shared.value import field_faults

OFFICE_FILE_LIMITS = Limits(max_bytes=4 << 20)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--apply", action="store_true", help="do it; without this, the plan is shown")
    parser.add_argument("file", type=Path, metavar="FILE", help="YAML like tests/demo/office.yaml")


def run(args: Arguments) -> int:
    """1 when the file has faults and nothing was changed, or when somebody else changed the same at the same time."""
    try:
        text = args.file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        print(f"{args.file}: is no UTF-8; save it as UTF-8", file=sys.stderr)
        return 1
    try:
        office_file = _parse(text)
        profiles = _read_profiles(office_file, args.file.parent)
        policies = _read_policies(office_file, args.file.parent)
        plan = build_plan(office_file, profiles, _provisioning_deps(args.stack), datetime.now(UTC), policies)
    except OfficeFileError as refusal:
        print("\n".join(_describe_faults(args.file, text, refusal.faults)), file=sys.stderr)
        return 1
    for action, what, why in plan.steps:
        print(f"{action.value:8} {what}{f'  ({why})' if why else ''}")
    print(_summarise(plan, applied=args.apply))
    if not args.apply:
        return 0
    record_command(args, office_file.office.office_id)
    return _apply(plan)


def _apply(plan: ProvisioningPlan) -> int:
    try:
        for write in plan.writes:
            write()
    except ConflictError:
        print("Somebody changed the same in this moment. Run it again: it does what is left.", file=sys.stderr)
        return 1
    return 0


def _summarise(plan: ProvisioningPlan, *, applied: bool) -> str:
    counts = Counter(action for action, _, _ in plan.steps)
    create, change, nothing = (counts[action] for action in (PlanAction.CREATE, PlanAction.CHANGE, PlanAction.NOTHING))
    summary = f"{create} to create, {change} to change, {nothing} as they are"
    if not plan.writes:
        return f"{summary}. There is nothing to do."
    return f"{summary}." if applied else f"{summary}. Nothing was done: say --apply to do it."


def _parse(text: str) -> OfficeFile:
    """Raises OfficeFileError."""
    try:
        return OfficeFile.model_validate(read_yaml(text, OFFICE_FILE_LIMITS))
    except UnreadableDocumentError as error:
        raise OfficeFileError([OfficeFileFault((), error.reason)]) from error
    except ValidationError as error:
        raise OfficeFileError([OfficeFileFault(fault.location, fault.mend) for fault in field_faults(error)]) from error


def _read_profiles(office_file: OfficeFile, folder: Path) -> dict[str, str]:
    """Agency -> the text of its profile. Paths are relative to the office's file. Raises OfficeFileError."""
    profiles, faults = dict[str, str](), list[OfficeFileFault]()
    for number, name in enumerate(office_file.profiles):
        try:
            text = (folder / name).read_text(encoding="utf-8")
            profiles[parse_profile(text).agency] = text
        except OSError as error:
            faults.append(
                OfficeFileFault(
                    ("profiles", number),
                    f"{folder / name} cannot be read: {error.strerror}; write its path as seen from this file",
                )
            )
        except UnicodeDecodeError:
            faults.append(OfficeFileFault(("profiles", number), "is no UTF-8; save it as UTF-8"))
        except Rejected as refusal:
            faults.append(OfficeFileFault(("profiles", number), f"{refusal.reason} {refusal.fix}"))
    if faults:
        raise OfficeFileError(faults)
    return profiles


def _read_policies(office_file: OfficeFile, folder: Path) -> dict[str, str]:
    """The path as the file names it -> the text of a policy. Raises OfficeFileError."""
    named: list[tuple[KeyPath, PlannedGovernance]] = [
        (("feeds", number), of) for number, of in enumerate(office_file.feeds)
    ]
    if office_file.governance:
        named.append((("governance",), office_file.governance))
    texts, faults = dict[str, str](), list[OfficeFileFault]()
    for path, governance in named:
        if governance.policy is None:
            continue
        name, where = governance.policy.file, (*path, "policy", "file")
        try:
            texts[name] = (folder / name).read_text(encoding="utf-8")
        except OSError as error:
            fix = f"{folder / name} cannot be read: {error.strerror}; write its path as seen from this file"
            faults.append(OfficeFileFault(where, fix))
        except UnicodeDecodeError:
            faults.append(OfficeFileFault(where, "is no UTF-8; save it as UTF-8"))
    if faults:
        raise OfficeFileError(faults)
    return texts


def _describe_faults(file: Path, text: str, faults: list[OfficeFileFault]) -> Iterator[str]:
    """`file:line: key: what to do`. Without any path the file is no YAML, and has no lines to name."""
    root = read_nodes(text, OFFICE_FILE_LIMITS) if any(path for path, _ in faults) else None
    for path, fix in faults:
        line, keys = _locate(root, path)
        yield f"{file}:{line}: {'.'.join(map(str, keys)) or 'the file'}: {fix}" if root else f"{file}: {fix}"


def _locate(node: yaml.Node | None, path: KeyPath) -> tuple[int, list[str | int]]:
    """The line of the key at the path, or of the nearest key above it, and the path as the file has it.

    A missing key has no line of its own. Steps that stand in no file, such as the name of a union's member that
    pydantic adds, are left out of the path.
    """
    line, keys = 1, list[str | int]()
    for number, step in enumerate(path):
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
            keys.append(step)
        elif isinstance(node, yaml.MappingNode):
            entry = next((pair for pair in node.value if pair[0].value == step), None)
            if entry:
                line, node = entry[0].start_mark.line + 1, entry[1]
            if entry or number == len(path) - 1:
                keys.append(step)
    return line, keys


def _provisioning_deps(stack: str) -> ProvisioningDeps:
    outputs, dynamodb = outputs_of(stack), boto3.client("dynamodb")
    table = outputs["SubscriptionsTable"]
    index = SubscriptionIndex(dynamodb, table, load_pseudonyms(outputs["PseudonymSecretArn"]))
    agencies = AgenciesTable(dynamodb, outputs["AgenciesTable"])
    return ProvisioningDeps(
        OfficesTable(dynamodb, outputs["OfficesTable"]),
        agencies,
        SubscribeDeps(SubscriptionsTable(dynamodb, table), index, agencies.is_enrolled),
        DisclosuresTable(dynamodb, table),
        RecordsRequestsTable(dynamodb, table),
        PoliciesTable(dynamodb, outputs["OfficesTable"]),
        machine_clients(outputs),
        operator_arn(),
    )


SET_UP = Command(
    name="set-up",
    summary="Sets up an office from one file: people, folders, agreements, profiles, subscriptions",
    details="Shows the plan first. Run again, it does what is new or left, and takes nothing away.",
    example="arrest-alert set-up --stack arrest-alert-dev --apply tests/demo/office.yaml",
    add_arguments=add_arguments,
    run=run,
)
