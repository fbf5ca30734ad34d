"""Every rule. A new kind of watch is a module beside this one, with its `RULE`, and its name in `_MODULES`; its model
is in `shared/matching/criteria`. What else a kind needs, `tests/matching/test_watch_kinds.py` says."""

from shared.matching.criteria import Leaf
from shared.matching.rules import agency, charge, event, identifier, person, place
from shared.matching.rules.rule import Rule

_MODULES = (identifier, person, charge, place, agency, event)
RULES: dict[type[Leaf], Rule] = {module.RULE.watch: module.RULE for module in _MODULES}
