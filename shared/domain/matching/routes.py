"""All routes are tried and their hits united. A new kind of watch is a value in `shared/domain/watches`, a module here
and a line in ROUTES."""

from shared.domain.matching import charge, identifier, narrowing, person, place
from shared.domain.matching.contract import Route
from shared.domain.watches import Leaf
from shared.domain.watches.charge import ChargeWatch
from shared.domain.watches.identifier import IdentifierWatch
from shared.domain.watches.narrowing import AgencyWatch, EventWatch
from shared.domain.watches.person import PersonWatch
from shared.domain.watches.place import PlaceWatch

ROUTES: dict[type[Leaf], Route] = {
    IdentifierWatch: Route(identifier.matcher, identifier.anchor, identifier.terms),
    PersonWatch: Route(person.matcher, person.anchor, person.terms),
    ChargeWatch: Route(charge.matcher, charge.anchor, charge.terms),
    PlaceWatch: Route(place.matcher, place.anchor, place.terms),
    AgencyWatch: Route(narrowing.by_agency, narrowing.anchor, narrowing.terms),
    EventWatch: Route(narrowing.by_event, narrowing.anchor, narrowing.terms),
}
