"""The rules of an office's counsel. They take the place of shipped ones, and stay where a file does not name them."""

from typing import Protocol, TypeVar

from shared.provisioning.plan import PlanAction, PlanBuilder

Rules = TypeVar("Rules")


class RulesTable(Protocol[Rules]):
    def rules(self, office_id: str) -> Rules | None: ...

    def save_rules(self, office_id: str, rules: Rules) -> None: ...


def plan_legal_rules(builder: PlanBuilder) -> None:
    grounds, clocks = builder.file.disclosure_rules, builder.file.dispute_rules
    if grounds:
        names = ", ".join(ground.name for ground in grounds.grounds)
        _plan(builder, "rules of disclosure", names, grounds, builder.deps.disclosures)
    if clocks:
        days = f"decided within {clocks.decide_within.days} days, told within {clocks.tell_within.days}"
        _plan(builder, "rules of disputes", days, clocks, builder.deps.subscribing.subscriptions.disputes)

    if requests := builder.file.records_request_rules:
        _plan(builder, "rules of records requests", requests.summary, requests, builder.deps.records_requests)

    if breach_steps := builder.file.breach_steps:
        names = ", ".join(step.name for step in breach_steps.steps)
        _plan(builder, "steps of a breach", names, breach_steps, builder.deps.subscribing.subscriptions.breaches)


def _plan(builder: PlanBuilder, noun: str, summary: str, planned: Rules, table: RulesTable[Rules]) -> None:
    stored = table.rules(builder.office_id)
    if stored == planned:
        builder.add_step(PlanAction.NOTHING, noun)
        return
    action = PlanAction.CREATE if stored is None else PlanAction.CHANGE
    builder.add_step(action, noun, summary, lambda: table.save_rules(builder.office_id, planned))
