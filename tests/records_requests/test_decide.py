"""P12: which steps a records request goes, and by when. Plain values, the clock passed in."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from shared.arrests.retention.default_schedule import default_schedule
from shared.arrests.retention.hold import Hold, is_in_force, last_day_of
from shared.records_requests.clocks import clocks_of, last_day_to_appeal, running_clocks
from shared.records_requests.decide import NextStep, RequestRefusedError, check_facts, next_steps, take_step
from shared.records_requests.default_rules import default_rules
from shared.records_requests.model import (
    OwnerNotice,
    RecordsRequest,
    RequestFacts,
    RequestKind,
    RequestState,
    StepKind,
)
from shared.records_requests.request_hold import hold_after, hold_for
from tests.builders import NOW

RULES = default_rules()
RITA = "rita@da.example.gov"
MONDAY = date(2026, 11, 2)  # Election Day is the next
FIRST_DUE = date(2026, 11, 10)
PART = {"what": "the names of others", "code": "b"}


def a_request(kind: str = "foil", received: date = MONDAY, **facts: Any) -> RecordsRequest:
    usual: dict[str, Any] = {
        "kind": kind,
        "received_on": received,
        "about": "what is held about an arrest",
        "requester": "Rowan Example, Example Gazette",
        "requester_kind": "press",
    }
    needed: dict[str, dict[str, Any]] = {
        "discovery": {"arraigned_on": received, "requester_kind": "defense"},
        "subpoena": {"return_on": received + timedelta(days=14), "requester_kind": "court"},
        "subject access": {"identity_document": "driver's license", "requester_kind": "the person"},
    }
    return RecordsRequest(
        request_id="20261102150000" + "0" * 18,
        office_id="kings",
        facts=RequestFacts.model_validate(usual | needed.get(kind, {}) | facts),
        arrest_ids=("a" * 32,),
        agencies=("roster",),
        hold_id="b" * 32,
        entered_by=RITA,
        entered_at=NOW,
    )


def step(request: RecordsRequest, kind: str, today: date, **words: Any) -> RecordsRequest:
    asked = NextStep.model_validate({"kind": kind} | words)
    return take_step(request, asked, RULES, RITA, datetime.combine(today, time(15), UTC), today)


def faults(request: RecordsRequest, kind: str, today: date, **words: Any) -> dict[str, str]:
    try:
        step(request, kind, today, **words)
    except RequestRefusedError as refused:
        return dict(refused.faults)
    return {}


def due(request: RecordsRequest) -> dict[str, date]:
    return {clock.name: clock.due_on for clock in running_clocks(request, RULES)}


def test_pol_89_3_the_first_answer_is_due_after_five_business_days() -> None:
    assert due(a_request()) == {"first answer": FIRST_DUE}
    [clock] = clocks_of(a_request(), RULES)
    assert (clock.is_overdue(FIRST_DUE), clock.is_overdue(FIRST_DUE + timedelta(days=1))) == (False, True)


def test_pol_89_3_an_acknowledgement_names_a_day_within_twenty_business_days() -> None:
    assert set(faults(a_request(), "acknowledged", FIRST_DUE)) == {"promised_on"}
    latest = date(2026, 12, 10)  # over Veterans' Day and Thanksgiving
    late = faults(a_request(), "acknowledged", FIRST_DUE, promised_on=latest + timedelta(days=1))
    assert "2026-12-10" in late["promised_on"]
    acknowledged = step(a_request(), "acknowledged", FIRST_DUE, promised_on=latest)
    assert due(acknowledged) == {"answer": latest}
    assert set(faults(a_request(), "acknowledged", FIRST_DUE, promised_on=FIRST_DUE)) == {"promised_on"}


def test_pol_89_3_whoever_needs_longer_says_why_and_until_which_day() -> None:
    acknowledged = step(a_request(), "acknowledged", MONDAY, promised_on=date(2026, 11, 20))
    today = date(2026, 11, 20)
    assert set(faults(acknowledged, "extended", today)) == {"reason", "promised_on"}
    certain = {"reason": "a thousand pages", "promised_on": date(2027, 2, 1)}
    extended = step(acknowledged, "extended", today, **certain)
    assert due(extended) == {"answer on the certain date": date(2027, 2, 1)}
    assert set(faults(extended, "extended", date(2027, 1, 30), **certain)) == {"promised_on"}, "no later than before"


def test_pol_89_3_an_answer_within_five_business_days_needs_no_acknowledgement_and_a_later_one_does() -> None:
    assert faults(a_request(), "answered", FIRST_DUE) == {}
    assert "acknowledge" in faults(a_request(), "answered", FIRST_DUE + timedelta(days=1))["kind"]
    late = step(a_request(), "acknowledged", FIRST_DUE + timedelta(days=1), promised_on=date(2026, 11, 13))
    assert step(late, "answered", date(2026, 11, 12)).state is RequestState.ANSWERED


def test_pol_89_4_an_answer_may_be_appealed_for_thirty_days() -> None:
    answered = step(a_request(), "denied", MONDAY, reason="privacy", document="letter 4", withheld=[PART])
    assert last_day_to_appeal(answered, RULES) == date(2026, 12, 2)
    assert faults(answered, "appealed", date(2026, 12, 2), reason="disagrees") == {}
    assert set(faults(answered, "appealed", date(2026, 12, 3), reason="disagrees")) == {"kind"}
    assert set(faults(answered, "closed", date(2026, 12, 2))) == {"kind"}
    assert step(answered, "closed", date(2026, 12, 3)).state is RequestState.CLOSED


def test_pol_89_4_silence_is_a_denial_that_may_be_appealed() -> None:
    assert set(faults(a_request(), "appealed", FIRST_DUE, reason="silence")) == {"kind"}
    assert faults(a_request(), "appealed", FIRST_DUE + timedelta(days=1), reason="silence") == {}


def test_pol_89_4_an_appeal_is_answered_in_ten_business_days_with_a_copy_to_the_committee() -> None:
    answered = step(a_request(), "answered", MONDAY)
    appealed = step(answered, "appealed", date(2026, 11, 20), reason="incomplete")
    assert due(appealed) == {"answer to the appeal": date(2026, 12, 7)}
    unsent = faults(appealed, "appeal decided", date(2026, 12, 7), reason="upheld")
    assert "Committee on Open Government" in unsent["document"]
    decided = step(appealed, "appeal decided", date(2026, 12, 7), reason="upheld", document="copy of 7 December")
    assert step(decided, "closed", date(2026, 12, 7)).state is RequestState.CLOSED


@pytest.mark.parametrize("code", ["a", "b", "e i", "e ii", "e iii", "e iv", "f", "g", "i"])
def test_pol_87_2_each_ground_of_the_law_is_a_code(code: str) -> None:
    withheld = [{"what": "some pages", "code": code}]
    partly = step(a_request(), "answered in part", MONDAY, withheld=withheld)
    assert partly.steps[-1].withheld[0].code == code


def test_pol_87_2_a_denial_names_what_is_withheld_by_a_code_of_the_law() -> None:
    denial = {"reason": "privacy", "document": "letter 4"}
    assert set(faults(a_request(), "denied", MONDAY, **denial)) == {"withheld"}
    unknown = faults(a_request(), "denied", MONDAY, **denial, withheld=[PART, {"what": "the rest", "code": "z"}])
    assert set(unknown) == {"withheld.1.code"}
    assert "e i" in unknown["withheld.1.code"]
    assert set(faults(a_request(), "denied", MONDAY, withheld=[PART])) == {"reason", "document"}


@pytest.mark.parametrize(("in_custody", "is_voluminous", "days"), [
    (True, False, 20), (False, False, 35), (True, True, 50), (False, True, 65),
])  # fmt: skip
def test_cpl_245_10_discovery_is_due_from_the_arraignment(in_custody: bool, is_voluminous: bool, days: int) -> None:
    request = a_request("discovery", in_custody=in_custody, is_voluminous=is_voluminous)
    assert list(due(request).values()) == [MONDAY + timedelta(days=days)]
    given = step(request, "answered", MONDAY)
    assert due(given) == {}


def test_cpl_245_10_supplemental_discovery_is_due_fifteen_days_before_the_trial() -> None:
    request = a_request("discovery", trial_on=date(2027, 3, 1))
    assert due(request)["supplemental discovery"] == date(2027, 2, 14)
    assert "supplemental discovery" not in due(step(request, "supplemented", MONDAY))


def test_cpl_245_20_what_favors_the_accused_is_given_as_soon_as_it_is_received() -> None:
    request = step(a_request("discovery"), "favorable received", date(2026, 11, 5))
    assert due(request)["favorable to the accused"] == date(2026, 11, 5)
    given = step(request, "favorable given", date(2026, 11, 5))
    assert "favorable to the accused" not in due(given)
    again = step(given, "favorable received", date(2026, 11, 9))
    assert due(again)["favorable to the accused"] == date(2026, 11, 9)


def test_cpl_245_70_what_is_withheld_from_discovery_names_the_order() -> None:
    order = [{"what": "an address", "code": "245.70"}]
    assert faults(a_request("discovery"), "answered in part", MONDAY, withheld=order) == {}
    assert set(faults(a_request("discovery"), "answered in part", MONDAY, withheld=[PART])) == {"withheld.0.code"}
    assert "kind" in faults(a_request("discovery"), "denied", MONDAY)


def test_s3_a_subpoena_is_answered_only_after_the_owner_of_the_records_has_answered() -> None:
    told = OwnerNotice(agency="roster", liaison="liaison@roster.example.gov", notified_at=NOW)
    request = a_request("subpoena").model_copy(update={"owner_notices": (told,)})
    assert "roster" in faults(request, "answered", MONDAY)["kind"]
    assert set(faults(request, "owner answered", MONDAY, agency="nypd", document="mail")) == {"agency"}
    assert set(faults(request, "owner answered", MONDAY, agency="roster")) == {"document"}
    heard = step(request, "owner answered", MONDAY, agency="roster", document="mail of 2 November")
    assert step(heard, "answered", MONDAY).state is RequestState.ANSWERED
    assert due(request) == {"return day": MONDAY + timedelta(days=14)}


def test_28_cfr_20_21_g_whoever_asks_for_their_own_record_proves_who_they_are() -> None:
    facts = a_request("subject access").facts
    check_facts(facts, RULES, MONDAY)
    with pytest.raises(RequestRefusedError) as refused:
        check_facts(facts.model_copy(update={"identity_document": ""}), RULES, MONDAY)
    assert [fault.field for fault in refused.value.faults] == ["identity_document"]
    assert due(a_request("subject access")) == {}, "the rule names no days, and none are guessed"


@pytest.mark.parametrize(("kind", "change", "field"), [
    ("foil", {"received_on": MONDAY + timedelta(days=1)}, "received_on"),
    ("discovery", {"arraigned_on": None}, "arraigned_on"),
    ("discovery", {"trial_on": MONDAY - timedelta(days=1)}, "trial_on"),
    ("subpoena", {"return_on": None}, "return_on"),
])  # fmt: skip
def test_p12_a_request_that_lacks_the_day_from_which_its_clock_runs_is_refused(
    kind: str, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(RequestRefusedError) as refused:
        check_facts(a_request(kind).facts.model_copy(update=change), RULES, MONDAY)
    assert field in [fault.field for fault in refused.value.faults]


@pytest.mark.parametrize("kind", [kind.value for kind in RequestKind])
def test_p12_from_every_state_a_request_can_be_withdrawn_and_a_closed_one_goes_nowhere(kind: str) -> None:
    closed = step(a_request(kind), "withdrawn", MONDAY, reason="settled by telephone")
    assert (closed.is_open, next_steps(closed), running_clocks(closed, RULES)) == (False, frozenset(), [])
    assert "closed" in faults(closed, "answered", MONDAY)["kind"]
    assert set(faults(a_request(kind), "withdrawn", MONDAY)) == {"reason"}


def test_p12_a_step_that_does_not_follow_names_those_that_do() -> None:
    assert "acknowledged, answered" in faults(a_request(), "extended", MONDAY)["kind"]
    for kind in RequestKind:
        reachable = next_steps(a_request(kind.value))
        assert StepKind.CLOSED not in reachable, "nothing is closed before it is answered"


def test_p12_every_clock_and_ground_names_its_source() -> None:
    for rule in RULES.kinds.values():
        assert all(len(clock.source) >= 3 for clock in rule.clocks)
        assert len({ground.code for ground in rule.grounds}) == len(rule.grounds)


def a_hold(kind: str) -> Hold:
    return hold_for(a_request(kind), RULES.kinds[RequestKind(kind)].hold)


def test_pol_89_3_an_open_request_holds_what_it_covers_until_the_time_to_appeal_is_over() -> None:
    rule = default_schedule().holds[a_hold("foil").kind]
    acknowledged = step(a_request(), "acknowledged", MONDAY, promised_on=date(2026, 11, 20))
    assert last_day_of(hold_after(a_hold("foil"), acknowledged), rule) is None
    answered = step(acknowledged, "answered", date(2026, 11, 20))
    held = hold_after(a_hold("foil"), answered)
    assert last_day_of(held, rule) == date(2026, 12, 20)
    appealed = step(answered, "appealed", date(2026, 12, 1), reason="incomplete")
    held = hold_after(held, appealed)
    assert is_in_force(held, rule, date(2030, 1, 1))
    decided = step(appealed, "appeal decided", date(2026, 12, 10), reason="upheld", document="copy of 10 December")
    assert last_day_of(hold_after(held, decided), rule) == date(2026, 12, 10)


def test_p12_a_discovery_holds_what_it_covers_until_it_is_closed() -> None:
    rule = default_schedule().holds[a_hold("discovery").kind]
    answered = step(a_request("discovery"), "answered", MONDAY)
    assert hold_after(a_hold("discovery"), answered) == a_hold("discovery")
    closed = step(answered, "closed", MONDAY)
    assert last_day_of(hold_after(a_hold("discovery"), closed), rule) == MONDAY


def test_p13_lgs_1_what_is_left_of_a_request_whose_records_are_purged_names_nobody() -> None:
    words = {"reason": "Quillfeather's privacy", "document": "letter to Quillfeather"}
    withheld = [{"what": "Quillfeather's address", "code": "b"}]
    facts: dict[str, Any] = {
        "about": "Dorian Quillfeather",
        "requester": "Dorian Quillfeather",
        "reference": "Quillfeather-7",
    }
    denied = step(a_request(**facts), "denied", MONDAY, **words, withheld=withheld)
    left = denied.without_texts()
    assert "Quillfeather" not in left.model_dump_json()
    assert (left.state, left.steps[-1].withheld[0].code, left.revision) == (RequestState.DENIED, "b", 3)
