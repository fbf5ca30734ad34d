"""The rules that are shipped, read from `rules.yaml`, and those of an office."""

from functools import cache

from shared.disclosures.model import DisclosureRules
from shared.value import read_rules


@cache
def default_rules() -> DisclosureRules:
    return read_rules(__file__, "rules.yaml", DisclosureRules)


def rules_with(own: DisclosureRules | None) -> DisclosureRules:
    """The rules of an office: its own where it has any, with the shipped rule for each kind of recipient that they do
    not name."""
    if own is None:
        return default_rules()
    named = {rule.kind for rule in own.recipients}
    shipped = (rule for rule in default_rules().recipients if rule.kind not in named)
    return own.model_copy(update={"recipients": (*own.recipients, *shipped)})
