"""Rule for the reporting agency. It only narrows other watches, so it has no index terms."""

from shared.matching.criteria import Grade, Reason
from shared.matching.criteria.agency import AgencyWatch
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher, Rule


def matcher(watch: AgencyWatch) -> Matcher:
    def reason(features: ArrestFeatures) -> Reason | None:
        agency = features.arrest.agency
        return Reason(sentence=f"by {agency}", grade=Grade.STRONG) if agency in watch.agencies else None

    return reason


RULE = Rule(AgencyWatch, matcher)
