from shared.domain.matching.contract import Matcher
from shared.domain.matching.facts import Facts
from shared.domain.watches import Grade, Reason, Term
from shared.domain.watches.narrowing import AgencyWatch, EventWatch


def anchor(_watch: AgencyWatch | EventWatch) -> None:
    """Nobody is watched by these alone."""


def terms(_facts: Facts) -> tuple[Term, ...]:
    return ()


def by_agency(watch: AgencyWatch) -> Matcher:
    def reason(facts: Facts) -> Reason | None:
        agency = facts.arrest.agency
        return Reason(sentence=f"by {agency}", grade=Grade.STRONG) if agency in watch.agencies else None

    return reason


def by_event(watch: EventWatch) -> Matcher:
    def reason(facts: Facts) -> Reason | None:
        kind = facts.arrest.kind
        return Reason(sentence=f"event: {kind.value}", grade=Grade.STRONG) if kind in watch.kinds else None

    return reason
