"""Whether a criterion can ever match: what no arrest can say is refused when it is saved, with what to write instead.

Stored criteria are not asked: one that was saved before is read, shown and validated as it is.
"""

from collections.abc import Callable, Iterator
from datetime import date

from shared.arrests.addresses.parse import parse_address
from shared.arrests.numbers import normal_code
from shared.arrests.person import OLDEST, Identifier, IdentifierKind, PersonName
from shared.arrests.placeholders import NOBODY, is_no_number
from shared.arrests.states import STATE_NAMES, STATES
from shared.arrests.statutes.notation import CALIFORNIA, NEW_YORK, is_read
from shared.matching.criteria.agency import AgencyWatch
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.criterion import Combination
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.criteria.place import PlaceWatch
from shared.matching.criteria.registry import Leaf
from shared.value import FieldFault

Path = tuple[str | int, ...]
_ORI_LENGTH = 9


def never_hits(criterion: Leaf | Combination, today: date, is_enrolled: Callable[[str], bool]) -> list[FieldFault]:
    """Returns what cannot be true of any arrest, with its place in the criterion; empty for a criterion that can hit.

    `is_enrolled` says whether an agency sends arrests.
    """
    return [
        FieldFault((*path, *fault.location), fault.mend)
        for path, leaf in _leaves(criterion, ())
        for fault in (*_faults_of(leaf, today), *_unknown_agencies(leaf, is_enrolled))
    ]


def _leaves(criterion: Leaf | Combination, path: Path) -> Iterator[tuple[Path, Leaf]]:
    if not isinstance(criterion, Combination):
        yield path, criterion
        return
    for name in ("all", "any", "none"):
        for number, part in enumerate(getattr(criterion, name)):
            yield from _leaves(part, (*path, name, number))


def _faults_of(leaf: Leaf, today: date) -> Iterator[FieldFault]:
    match leaf:
        case IdentifierWatch():
            yield from _identifier_faults(("identifier",), leaf.identifier)
        case PersonWatch():
            yield from _person_faults(leaf, today)
        case ChargeWatch():
            yield from _charge_faults(leaf)
        case PlaceWatch() if leaf.address and parse_address(leaf.address) is None:
            yield FieldFault(
                ("address",), "is what agencies write for no address; write a number and a street, or a corner"
            )
        case PlaceWatch() if leaf.ori and len(normal_code(leaf.ori)) != _ORI_LENGTH:
            yield FieldFault(("ori",), "is no ORI; write its nine letters and digits, like NY0303000")


def _identifier_faults(path: Path, identifier: Identifier) -> Iterator[FieldFault]:
    if is_no_number(identifier.value):
        yield FieldFault((*path, "value"), "is what agencies write for no number; write the number that was issued")
    is_state = identifier.issuer is None or identifier.issuer in STATES
    if identifier.kind is IdentifierKind.SID and not is_state:
        yield FieldFault((*path, "issuer"), "is no state; write its two letters or its name, like NY or New York")


def _person_faults(watch: PersonWatch, today: date) -> Iterator[FieldFault]:
    if _is_nobody(watch.names[0]):
        yield FieldFault(("surname",), "is what agencies write for no name; write the name of a person")
    for number, alias in enumerate(watch.aliases):
        if _is_nobody(alias):
            yield FieldFault(("aliases", number), "is what agencies write for no name; write a name or remove it")
    born, year = watch.date_of_birth, watch.birth_year
    if born and born > today:
        yield FieldFault(("date_of_birth",), "is a day to come; write the day of birth with its whole year")
    elif born and born.year < today.year - OLDEST:
        yield FieldFault(("date_of_birth",), f"is more than {OLDEST} years ago; write the day of birth")
    elif year and not today.year - OLDEST <= year <= today.year:
        yield FieldFault(("birth_year",), f"is to come or more than {OLDEST} years ago; write the year of birth")


def _is_nobody(name: PersonName) -> bool:
    return NOBODY.issuperset(name.key)


def _charge_faults(watch: ChargeWatch) -> Iterator[FieldFault]:
    """A code that is plainly another state's is written so by no agency of this one."""
    if watch.jurisdiction is None or is_read(watch.statute, watch.jurisdiction):
        return
    other = CALIFORNIA if watch.jurisdiction == NEW_YORK else NEW_YORK
    if is_read(watch.statute, other):
        mend = f"is written as in {STATE_NAMES[other]}; write {other} as jurisdiction, or leave jurisdiction out"
        yield FieldFault(("statute",), mend)


def _unknown_agencies(leaf: Leaf, is_enrolled: Callable[[str], bool]) -> Iterator[FieldFault]:
    for path, agency in _agencies_of(leaf):
        if not is_enrolled(agency):
            yield FieldFault(path, f"is no agency that sends arrests: {agency[:40]}; correct its id")


def _agencies_of(leaf: Leaf) -> Iterator[tuple[Path, str]]:
    match leaf:
        case AgencyWatch():
            yield from ((("agencies", number), agency) for number, agency in enumerate(leaf.agencies))
        case PlaceWatch() if leaf.agency:
            yield ("agency",), leaf.agency
        case IdentifierWatch() if leaf.identifier.kind in (IdentifierKind.PERSON, IdentifierKind.BOOKING):
            yield ("identifier", "issuer"), leaf.identifier.issuer or ""
