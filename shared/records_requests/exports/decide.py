"""Whether an export may be made: it is a disclosure, and needs an allowed one. Pure."""

from collections.abc import Collection, Iterator
from datetime import date

from shared.disclosures.decide import DisclosureRefusedError, check_request
from shared.disclosures.model import Disclosure, DisclosureMeans, DisclosureRules
from shared.offices.agreements import OfficeAgreements
from shared.records_requests.decide import RequestFault, RequestRefusedError
from shared.records_requests.exports.model import MOST_EXPORTS, LeftOut
from shared.records_requests.model import KindRule, RecordsRequest


def check_export(
    request: RecordsRequest,
    disclosure: Disclosure | None,
    left_out: Collection[LeftOut],
    rule: KindRule,
    made_before: int,
) -> Disclosure:
    """Returns the disclosure. Raises RequestRefusedError with every fault at once.

    The grounds, the approval of a second person and the agreement were asked about when it was recorded.
    """
    faults = [*_request_faults(request, made_before), *_ground_faults(left_out, rule)]
    faults += _disclosure_faults(request, disclosure)
    if faults or disclosure is None:
        raise RequestRefusedError("This may not be exported.", faults)
    return disclosure


def is_still_allowed(
    request: RecordsRequest,
    disclosure: Disclosure | None,
    agreements: OfficeAgreements,
    grounds: DisclosureRules,
    today: date,
) -> bool:
    """Whether what was allowed when it was asked for is so today: an agreement may forbid it since, a request be closed
    or wait for another agency's word. Which of its records the recipient may have is not asked here: those that it may
    not have are left out (`givable.py`)."""
    if not request.is_open or request.unanswered_owners or disclosure is None or not disclosure.state.is_allowed:
        return False
    if not _is_for_requester(request, disclosure):
        return False
    try:
        check_request(disclosure.request, disclosure.agencies, agreements, grounds, {}, today)
    except DisclosureRefusedError:
        return False
    return True


def may_release_notes(request: RecordsRequest, asked_by: str) -> bool:
    """Private notes are given by the word of another person than who entered the request and who asks for it."""
    own = {request.entered_by.casefold(), asked_by.casefold()}
    return bool(request.notes_released) and request.notes_decided_by.casefold() not in own


def notes_decided(request: RecordsRequest, by: str, askers: Collection[str], *, release: bool) -> RecordsRequest:
    """`askers` asked for its exports. Raises RequestRefusedError where one of them, or who entered it, decides."""
    if by.casefold() in {person.casefold() for person in (request.entered_by, *askers)}:
        fault = RequestFault("release", "is for another person who keeps records: you entered this, or asked for it")
        raise RequestRefusedError("You cannot decide about these notes.", [fault])
    changes = {"notes_released": release, "notes_decided_by": by, "revision": request.revision + 1}
    return request.model_copy(update=changes)


def _request_faults(request: RecordsRequest, made_before: int) -> Iterator[RequestFault]:
    if not request.is_open:
        yield RequestFault("request", "is closed; enter a new one")
    if request.unanswered_owners:
        waits = ", ".join(request.unanswered_owners)
        yield RequestFault("request", f"{waits} was told of the subpoena and has not answered; note its answer first")
    if made_before >= MOST_EXPORTS:
        yield RequestFault("request", f"has {MOST_EXPORTS} exports already; enter a new one")


def _ground_faults(left_out: Collection[LeftOut], rule: KindRule) -> Iterator[RequestFault]:
    for place, part in enumerate(left_out):
        if rule.ground(part.code) is None:
            codes = ", ".join(ground.code for ground in rule.grounds)
            yield RequestFault(f"left_out.{place}.code", f"is no ground of {rule.source}; choose one of: {codes}")


def _disclosure_faults(request: RecordsRequest, disclosure: Disclosure | None) -> Iterator[RequestFault]:
    """What the log does not have answers like what may not be passed on."""
    if disclosure is None or not disclosure.state.is_allowed:
        yield RequestFault("disclosure_id", "names no disclosure that is allowed; record one, and have it approved")
        return
    if disclosure.request.means is not DisclosureMeans.EXPORT:
        yield RequestFault("disclosure_id", "is of something else; record one by the means `export`")
    if not _is_for_requester(request, disclosure):
        kind = request.facts.requester_kind.value
        yield RequestFault("disclosure_id", f"is for another kind of recipient than who asks; record one for `{kind}`")
    if not set(disclosure.request.arrest_ids) <= set(request.arrest_ids):
        yield RequestFault("disclosure_id", "names records that the request does not cover")


def _is_for_requester(request: RecordsRequest, disclosure: Disclosure) -> bool:
    """What a recipient may have follows its kind, so nobody gets an export that was allowed for another one."""
    return disclosure.request.recipient_kind is request.facts.requester_kind
