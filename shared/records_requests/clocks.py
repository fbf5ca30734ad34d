"""By when a request asks for what, and what is overdue. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from shared.arrests.days import days_after
from shared.records_requests.business_days import Holidays
from shared.records_requests.model import (
    DECISIONS,
    Anchor,
    ClockRule,
    DayUnit,
    RecordsRequest,
    RequestRules,
    StepKind,
)


class RequestClock(NamedTuple):
    """`met_on` is the day on which it was done; None while it runs, or when the request is over without it."""

    name: str
    due_on: date
    met_on: date | None
    source: str
    is_over: bool = False

    @property
    def runs(self) -> bool:
        return self.met_on is None and not self.is_over

    def is_overdue(self, today: date) -> bool:
        return self.runs and self.due_on < today


def clocks_of(request: RecordsRequest, rules: RequestRules) -> list[RequestClock]:
    """Every clock that has begun, in the order of the rules."""
    return list(_clocks(request, rules))


def running_clocks(request: RecordsRequest, rules: RequestRules) -> list[RequestClock]:
    """Those that somebody must still see to, the one that is due first at the front."""
    return sorted((clock for clock in clocks_of(request, rules) if clock.runs), key=lambda clock: clock.due_on)


def last_day_to_appeal(request: RecordsRequest, rules: RequestRules) -> date | None:
    """None where the kind of request knows no appeal, or nothing is decided."""
    days, decision = rules.kinds[request.kind].appeal_days, request.last(*DECISIONS)
    return days_after(decision.day, days) if days is not None and decision else None


def limit_of(rule: ClockRule, anchor: date, holidays: Holidays, *, is_voluminous: bool = False) -> date | None:
    """The last day that the rule allows."""
    if rule.days is None:
        return None
    days = rule.days + (rule.days_if_voluminous if is_voluminous else 0)
    if rule.unit is DayUnit.BUSINESS_DAYS:
        return holidays.business_days_after(anchor, days)
    return days_after(anchor, days)


def _clocks(request: RecordsRequest, rules: RequestRules) -> Iterator[RequestClock]:
    for rule in rules.kinds[request.kind].clocks:
        if rule.in_custody is not None and rule.in_custody is not request.facts.in_custody:
            continue
        anchor, index = _anchor(rule, request)
        if anchor is None:
            continue
        promised = request.steps[index].promised_on if rule.promised and index >= 0 else None
        due_on = promised or limit_of(rule, anchor, rules.holidays, is_voluminous=request.facts.is_voluminous)
        if due_on:
            met_on = next((step.day for step in request.steps[index + 1 :] if step.kind in rule.met_by), None)
            yield RequestClock(rule.name, due_on, met_on, rule.source, is_over=not request.is_open)


def _anchor(rule: ClockRule, request: RecordsRequest) -> tuple[date | None, int]:
    """The day from which the clock runs, and the index of its step; -1 for a day that is no step's."""
    facts = request.facts
    match rule.after:
        case Anchor.RECEIVED:
            return facts.received_on, -1
        case Anchor.ARRAIGNED:
            return facts.arraigned_on, -1
        case Anchor.TRIAL:
            return facts.trial_on, -1
        case Anchor.RETURN:
            return facts.return_on, -1
        case StepKind():
            index = max((n for n, step in enumerate(request.steps) if step.kind is rule.after), default=-1)
            return (request.steps[index].day, index) if index >= 0 else (None, -1)
