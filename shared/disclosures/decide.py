"""Whether arrests may be passed on, and by whose word. Pure."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple

from shared.disclosures.model import (
    Approver,
    Disclosure,
    DisclosureMeans,
    DisclosureRequest,
    DisclosureRules,
    DisclosureState,
    Ground,
    Permission,
)
from shared.disclosures.recipients import NonconvictionPart, RecordStandings, eligibility_of
from shared.offices.agreements import AgreementState, OfficeAgreements, OnwardDisclosure
from shared.offices.immigration import names_immigration


class DisclosureFault(NamedTuple):
    """What is wrong with a field of the request, and what to do about it."""

    field: str
    fix: str


class DisclosureRefusedError(Exception):
    def __init__(self, reason: str, faults: Collection[DisclosureFault]) -> None:
        super().__init__(reason)
        self.reason, self.faults = reason, tuple(faults)


class DisclosureDecisionError(Exception):
    """The decision cannot be taken, or not by this person."""


class Requester(NamedTuple):
    """`office_id` and the address of the user who asks."""

    office_id: str
    email: str


def check_request(
    request: DisclosureRequest,
    agencies: Collection[str],
    agreements: OfficeAgreements,
    rules: DisclosureRules,
    records: RecordStandings,
    today: date,
) -> Ground:
    """Returns the ground of what is asked for. `agencies` sent the arrests, and `records` says what the law says of
    each.

    Raises DisclosureRefusedError with every fault at once.
    """
    ground = rules.find(request.ground)
    faults = [
        *_faults(request, ground, agencies, agreements, rules, today),
        *_recipient_faults(request, rules, records),
    ]
    if faults or ground is None:
        raise DisclosureRefusedError("This may not be passed on as it is written.", faults)
    return ground


def new_disclosure(
    request: DisclosureRequest,
    requester: Requester,
    agencies: Collection[str],
    ground: Ground,
    now: datetime,
    token: str,
) -> Disclosure:
    """The record of a checked request: of what was done, or waits for approval. `token` are 18 hexadecimal digits."""
    is_free = ground.approver is Approver.NOBODY and request.authority is None
    return Disclosure(
        disclosure_id=f"{now.astimezone(UTC):%Y%m%d%H%M%S}{token}",
        office_id=requester.office_id,
        request=request,
        title=ground.title,
        agencies=tuple(sorted(agencies)),
        state=DisclosureState.RECORDED if is_free else DisclosureState.WAITING,
        requested_by=requester.email,
        requested_at=now,
    )


def decided(disclosure: Disclosure, state: DisclosureState, by: str, reason: str, now: datetime) -> Disclosure:
    """The record after a decision, which nobody takes about his own request and which is taken once.

    Raises DisclosureDecisionError otherwise.
    """
    if by.casefold() == disclosure.requested_by.casefold():
        raise DisclosureDecisionError("You asked for this yourself. Another person with the right `privacy` decides.")
    if disclosure.state is not DisclosureState.WAITING:
        raise DisclosureDecisionError(f"This is {disclosure.state.value} already. Ask for it anew if it is needed.")
    changes = {"state": state, "decided_by": by, "decided_at": now, "decision_reason": reason}
    return disclosure.model_copy(update=changes | {"revision": disclosure.revision + 1})


def _faults(
    request: DisclosureRequest,
    ground: Ground | None,
    agencies: Collection[str],
    agreements: OfficeAgreements,
    rules: DisclosureRules,
    today: date,
) -> Iterator[DisclosureFault]:
    if ground is None:
        names = ", ".join(known.name for known in rules.grounds)
        yield DisclosureFault("ground", f"is none of this office's; choose one of: {names}")
        return
    if ground.reference and request.reference is None:
        yield DisclosureFault("reference", f"name the document: {ground.title}")
    for field in ("recipient", "facts", "reference", "agency_consent", "authority"):
        if names_immigration(getattr(request, field) or ""):
            yield DisclosureFault(field, "names immigration enforcement, to which nothing is passed on")
    if not ground.beats_agreement:
        for agency in sorted(agencies):
            yield from _agreement_faults(agency, agreements, request.agency_consent, today)


_LIKE_NOTHING = "Tell the recipient what you tell anybody of whom nothing is held"


def _recipient_faults(
    request: DisclosureRequest, rules: DisclosureRules, records: RecordStandings
) -> Iterator[DisclosureFault]:
    """Whether this kind of recipient may have each record (CPL 160.57; 28 CFR 20.21(b)). An export leaves the charges
    out that ended without a conviction, so it may hold the rest of their record."""
    eligibility = eligibility_of(request, rules)
    rule = eligibility.rule
    for place, arrest_id in enumerate(request.arrest_ids, start=1):
        record = records.get(arrest_id)
        if record is None:
            continue
        if not eligibility.permits_mark(record.mark):
            yield _not_for(request, rule.marked, place, f"is sealed by {record.mark}", rule.source)
        if record.nonconviction is NonconvictionPart.NOTHING or eligibility.permits_nonconviction:
            continue
        if record.nonconviction is NonconvictionPart.ALL:
            yield _not_for(request, rule.nonconviction, place, "is nonconviction data", rule.source)
        elif request.means is not DisclosureMeans.EXPORT:
            what = "has charges that ended without a conviction, which only an export leaves out,"
            yield _not_for(request, rule.nonconviction, place, what, rule.source)


def _not_for(request: DisclosureRequest, permission: Permission, place: int, what: str, source: str) -> DisclosureFault:
    says = f"{what} and may not go to a recipient of the kind `{request.recipient_kind.value}` ({source})"
    if permission is Permission.BY_ORDER:
        fix = "name the law or order by which this recipient may have it, or leave the record out"
        return DisclosureFault("authority", f"is missing: record {place} {says}; {fix}. {_LIKE_NOTHING}")
    return DisclosureFault("arrest_ids", f"record {place} {says}; leave it out. {_LIKE_NOTHING}")


def _agreement_faults(
    agency: str, agreements: OfficeAgreements, consent: str | None, today: date
) -> Iterator[DisclosureFault]:
    """By the strictest agreement in force; without one the agency is asked first."""
    rules = [
        agreement.onward_disclosure
        for agreement in agreements.with_agency(agency)
        if agreement.state(today) is AgreementState.IN_FORCE
    ]
    if OnwardDisclosure.FORBIDDEN in rules:
        yield DisclosureFault("arrest_ids", f"the agreement with {agency} forbids it; refer whoever asks to {agency}")
    elif (OnwardDisclosure.ASK_FIRST in rules or not rules) and consent is None:
        yield DisclosureFault("agency_consent", f"ask {agency} first, and name the document in which it agreed")
