"""Reads a file with what must be on record before a feed goes live."""

from pathlib import Path

from pydantic import ValidationError

from shared.bounded_reader import Limits, UnreadableDocumentError
from shared.feeds.profiles.strict_yaml import read_yaml
from shared.offices.governance.model import AdoptedPolicy, Governance
from shared.provisioning.office_file import OfficeFileError, OfficeFileFault, PlannedGovernance
from shared.value import field_faults

GOVERNANCE_LIMITS = Limits(max_bytes=64 << 10)


def read_governance(file: Path) -> Governance:
    """Raises OfficeFileError with what to write instead: also for a hash that is not that of the policy's text."""
    try:
        planned = PlannedGovernance.model_validate(read_yaml(file.read_text(encoding="utf-8"), GOVERNANCE_LIMITS))
        adopted = _policy(planned, file.parent)
        policy = adopted.policy if adopted else None
        return Governance(policy=policy, contact=planned.contact, training=planned.training)
    except UnreadableDocumentError as error:
        raise OfficeFileError([OfficeFileFault((), error.reason)]) from error
    except OSError as error:
        raise OfficeFileError([OfficeFileFault((), f"{error.filename} cannot be read: {error.strerror}")]) from error
    except ValidationError as error:
        raise OfficeFileError([OfficeFileFault(fault.location, fault.mend) for fault in field_faults(error)]) from error


def _policy(planned: PlannedGovernance, folder: Path) -> AdoptedPolicy | None:
    if planned.policy is None:
        return None
    written = planned.policy
    text = (folder / written.file).read_text(encoding="utf-8")
    return AdoptedPolicy(version=written.version, sha256=written.sha256, text=text)
