from shared.matching.criteria import Grade, Reason, Term
from shared.matching.criteria.filters import AgencyWatch, EventWatch
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher


def anchor(_watch: AgencyWatch | EventWatch) -> None:
    """Nobody is watched by these alone."""


def terms(_facts: ArrestFeatures) -> tuple[Term, ...]:
    return ()


def by_agency(watch: AgencyWatch) -> Matcher:
    def reason(facts: ArrestFeatures) -> Reason | None:
        agency = facts.arrest.agency
        return Reason(sentence=f"by {agency}", grade=Grade.STRONG) if agency in watch.agencies else None

    return reason


def by_event(watch: EventWatch) -> Matcher:
    def reason(facts: ArrestFeatures) -> Reason | None:
        kind = facts.arrest.kind
        return Reason(sentence=f"event: {kind.value}", grade=Grade.STRONG) if kind in watch.kinds else None

    return reason
