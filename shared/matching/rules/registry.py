"""All rules are tried and their hits united. A new kind of watch is a value in `shared/matching/criteria`, a module
here and a line in RULES."""

from shared.matching.criteria import Leaf
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.filters import AgencyWatch, EventWatch
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.criteria.place import PlaceWatch
from shared.matching.rules import charge, filters, identifier, person, place
from shared.matching.rules.rule import Rule

RULES: dict[type[Leaf], Rule] = {
    IdentifierWatch: Rule(identifier.matcher, identifier.watch_terms, identifier.arrest_terms),
    PersonWatch: Rule(person.matcher, person.watch_terms, person.arrest_terms),
    ChargeWatch: Rule(charge.matcher, charge.watch_terms, charge.arrest_terms),
    PlaceWatch: Rule(place.matcher, place.watch_terms, place.arrest_terms),
    AgencyWatch: Rule(filters.by_agency, filters.anchor, filters.terms),
    EventWatch: Rule(filters.by_event, filters.anchor, filters.terms),
}
