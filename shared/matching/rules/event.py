"""Rule for the kind of event. It only narrows other watches, so it has no index terms."""

from shared.matching.criteria import Grade, Reason, ReasonKind
from shared.matching.criteria.event import EventWatch
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher, Rule


def matcher(watch: EventWatch) -> Matcher:
    def reason(features: ArrestFeatures) -> Reason | None:
        kind = features.arrest.kind
        if kind not in watch.kinds:
            return None
        return Reason(kind=ReasonKind.EVENT, grade=Grade.STRONG, facts={"event": kind.value})

    return reason


RULE = Rule(EventWatch, matcher)
