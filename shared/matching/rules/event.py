"""Rule for the kind of event. It only narrows other watches, so it has no index terms."""

from shared.matching.criteria import Grade, Reason
from shared.matching.criteria.event import EventWatch
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher, Rule


def matcher(watch: EventWatch) -> Matcher:
    def reason(features: ArrestFeatures) -> Reason | None:
        kind = features.arrest.kind
        return Reason(sentence=f"event: {kind.value}", grade=Grade.STRONG) if kind in watch.kinds else None

    return reason


RULE = Rule(EventWatch, matcher)
