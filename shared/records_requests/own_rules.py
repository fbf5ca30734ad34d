"""What an office's counsel changes of the shipped rules of records requests: days of clocks, and holidays. Pure.

Kinds, grounds and contents are the law's, and are changed in `rules.toml`. Each change has a source, such as a memo.
"""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from shared.records_requests.business_days import Holidays
from shared.records_requests.default_rules import default_rules
from shared.records_requests.model import ClockRule, DayUnit, KindRule, RequestKind, RequestRules
from shared.value import FrozenModel

MOST_DATES = 500


class OwnClock(FrozenModel):
    """Other days of a shipped clock. Without `unit` they are counted as it counts."""

    days: int = Field(ge=-366, le=366)
    unit: DayUnit | None = None
    source: str = Field(min_length=3, max_length=300)

    def applied_to(self, clock: ClockRule) -> ClockRule:
        return clock.model_copy(
            update={"days": self.days, "unit": self.unit or clock.unit, "source": f"{self.source}; {clock.source}"}
        )


class OwnRequestRules(FrozenModel):
    """`clocks` are by kind and name. `dates` are further single days on which the office is closed; `holidays` take the
    place of all that are shipped."""

    clocks: dict[RequestKind, dict[str, OwnClock]] = {}
    holidays: Holidays | None = None
    dates: tuple[date, ...] = Field(default=(), max_length=MOST_DATES)

    @model_validator(mode="after")
    def _check_clocks(self) -> Self:
        for kind, clocks in self.clocks.items():
            shipped = {clock.name: clock for clock in default_rules().kinds[kind].clocks}
            for name, own in clocks.items():
                if name not in shipped:
                    raise ValueError(f"{kind} has no clock `{name}`; write one of: {', '.join(shipped)}")
                if ((shipped[name].days or 0) < 0) is not (own.days < 0):
                    raise ValueError(f"the clock `{name}` of {kind} counts the other way; write {-own.days}")
        return self

    @property
    def summary(self) -> str:
        changes = [
            f"{name} of {kind}: {own.days} {own.unit or 'as it counts'}"
            for kind, clocks in self.clocks.items()
            for name, own in clocks.items()
        ]
        changes += [f"{len(self.dates)} further dates"] if self.dates else []
        return ", ".join([*changes, *(["other holidays"] if self.holidays else [])])

    def applied_to(self, rules: RequestRules) -> RequestRules:
        holidays = self.holidays or rules.holidays
        holidays = holidays.model_copy(update={"dates": (*holidays.dates, *self.dates)})
        kinds = {kind: self._of_kind(kind, rule) for kind, rule in rules.kinds.items()}
        return rules.model_copy(update={"holidays": holidays, "kinds": kinds})

    def _of_kind(self, kind: RequestKind, rule: KindRule) -> KindRule:
        own = self.clocks.get(kind, {})
        clocks = (own[clock.name].applied_to(clock) if clock.name in own else clock for clock in rule.clocks)
        return rule.model_copy(update={"clocks": tuple(clocks)})


def rules_with(own: OwnRequestRules | None) -> RequestRules:
    """The rules of an office: the shipped ones, with what its counsel changes."""
    return own.applied_to(default_rules()) if own else default_rules()
