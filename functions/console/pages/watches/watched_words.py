"""What a watch watches, as labels and values. Pure."""

from collections.abc import Iterator

from shared.arrests.person import IdentifierKind, PersonName, Sex
from shared.matching.criteria import Criterion
from shared.matching.criteria.agency import AgencyWatch
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.criterion import Combination
from shared.matching.criteria.event import EventWatch
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.criteria.place import PlaceWatch
from shared.words.agencies import agency_title
from shared.words.charges import readable_charge
from shared.words.moments import birth_text

Fact = tuple[str, str]
_IDENTIFIERS = {
    IdentifierKind.SID: "State ID",
    IdentifierKind.FBI: "FBI number",
    IdentifierKind.PERSON: "Person number",
    IdentifierKind.BOOKING: "Booking number",
    IdentifierKind.CJTN: "Tracking number",
}
_SEXES = {Sex.FEMALE: "Female", Sex.MALE: "Male", Sex.OTHER: "Another"}
_LISTS = (("all", "All of these"), ("any", "At least one of these"), ("none", "None of these"))


def facts(criterion: Criterion) -> list[Fact]:
    """Label and value of everything that is watched; an empty value stands before the parts of a combination."""
    return list(_facts(criterion))


def _facts(criterion: Criterion) -> Iterator[Fact]:
    match criterion:
        case IdentifierWatch():
            yield from _identifier(criterion)
        case PersonWatch():
            yield from _person(criterion)
        case ChargeWatch():
            yield from _charge(criterion)
        case PlaceWatch():
            yield from _place(criterion)
        case AgencyWatch():
            yield "Reported by", ", ".join(map(agency_title, criterion.agencies))
        case EventWatch():
            yield "Event", ", ".join(kind.value for kind in criterion.kinds)
        case Combination():
            yield from _combination(criterion)


def _combination(criterion: Combination) -> Iterator[Fact]:
    for name, label in _LISTS:
        if parts := getattr(criterion, name):
            yield label, ""
            for part in parts:
                yield from _facts(part)


def _identifier(watch: IdentifierWatch) -> Iterator[Fact]:
    number, holder = watch.identifier, watch.holder
    of_agency = number.kind in {IdentifierKind.PERSON, IdentifierKind.BOOKING}
    issuer = agency_title(number.issuer or "") if of_agency else number.issuer or ""
    yield _IDENTIFIERS[number.kind], f"{issuer} {number.value}".strip()
    if holder:
        yield "Held by", str(PersonName(surname=holder.surname, given=holder.given))
        if holder.date_of_birth:
            yield "Born", birth_text(holder.date_of_birth)


def _person(watch: PersonWatch) -> Iterator[Fact]:
    name, *aliases = watch.names
    yield "Name", str(name)
    yield "Born", birth_text(watch.born) if watch.born else "not known: you are asked about each match"
    if watch.sex in _SEXES:
        yield "Sex", _SEXES[watch.sex]
    for alias in aliases:
        yield "Also known as", str(alias)


def _charge(watch: ChargeWatch) -> Iterator[Fact]:
    below = " and whatever lies below it" if watch.begins_with else ""
    parts = (
        ("Statute", watch.statute and f"{watch.statute}{below}"),
        ("Class", readable_charge(watch.charge_class or "")),
        ("Kind of offense", readable_charge(watch.family or "")),
        ("Words in the charge", watch.keyword),
    )
    yield from ((label, value) for label, value in parts if value)


def _place(watch: PlaceWatch) -> Iterator[Fact]:
    agency = f" of {agency_title(watch.agency)}" if watch.agency else ""
    parts = (
        ("Precinct", watch.precinct and f"{watch.precinct}{agency}"),
        ("Beat", watch.beat and f"{watch.beat}{agency}"),
        ("Agency with ORI", watch.ori),
        ("Address", ", ".join(part for part in (watch.address, watch.city) if part and watch.address)),
        ("City", "" if watch.address else watch.city),
    )
    yield from ((label, value) for label, value in parts if value)
    if watch.near:
        yield "Near", f"{watch.near.metres:.0f} meters around {watch.near.latitude:.5f}, {watch.near.longitude:.5f}"
    if watch.area:
        yield "Area", f"drawn with {len(watch.area)} corners"
