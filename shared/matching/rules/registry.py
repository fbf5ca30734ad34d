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
    IdentifierWatch: Rule(identifier.matcher, identifier.anchor, identifier.terms),
    PersonWatch: Rule(person.matcher, person.anchor, person.terms),
    ChargeWatch: Rule(charge.matcher, charge.anchor, charge.terms),
    PlaceWatch: Rule(place.matcher, place.anchor, place.terms),
    AgencyWatch: Rule(filters.by_agency, filters.anchor, filters.terms),
    EventWatch: Rule(filters.by_event, filters.anchor, filters.terms),
}
