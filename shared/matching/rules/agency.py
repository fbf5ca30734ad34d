"""Rule for the reporting agency. It only narrows other watches, so it has no index terms."""

from shared.matching.criteria import Grade, Reason, ReasonKind
from shared.matching.criteria.agency import AgencyWatch
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher, Rule


def matcher(watch: AgencyWatch) -> Matcher:
    def reason(features: ArrestFeatures) -> Reason | None:
        agency = features.arrest.agency
        if agency not in watch.agencies:
            return None
        return Reason(kind=ReasonKind.AGENCY, grade=Grade.STRONG, facts={"agency": agency})

    return reason


RULE = Rule(AgencyWatch, matcher)
