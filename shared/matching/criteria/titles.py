"""What a criterion watches, in one line that people recognize: `Dorian QUILLFEATHER, born Mar 14, 1988`. Pure."""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

from shared.arrests.person import Identifier, IdentifierKind
from shared.arrests.statutes.notation import watched_codes
from shared.arrests.statutes.offense_families import Family, family_of
from shared.matching.criteria.agency import AgencyWatch
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.criterion import Combination
from shared.matching.criteria.event import EventWatch
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.criteria.place import PlaceWatch
from shared.matching.criteria.registry import Leaf
from shared.words import words
from shared.words.agencies import agency_title
from shared.words.charges import american
from shared.words.moments import birth_text

LONGEST = 160  # characters; what is longer ends in an ellipsis


def criterion_title(criterion: Leaf | Combination) -> str:
    """One line without the watch's id, case or dates, at most `LONGEST` characters."""
    title = _title(criterion)
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"


def _title(criterion: Leaf | Combination) -> str:
    return _combination(criterion) if isinstance(criterion, Combination) else _TITLES[type(criterion)](criterion)


def _identifier(watch: IdentifierWatch) -> str:
    title = _number(watch.identifier)
    holder = watch.holder
    name = " ".join(part for part in (holder.given, holder.surname.upper()) if part) if holder else ""
    return words("watch.holder", title=title, holder=name) if name else title


def _number(identifier: Identifier) -> str:
    kind, issuer = identifier.kind, identifier.issuer
    if kind is IdentifierKind.SID:
        return words("watch.sid", number=" ".join(part for part in (issuer, identifier.value) if part))
    if kind is IdentifierKind.FBI:
        return words("watch.fbi", number=identifier.value)
    if kind is IdentifierKind.CJTN:
        return words("watch.cjtn", number=identifier.value)
    number = identifier.value
    title = words("watch.person", number=number) if kind is IdentifierKind.PERSON else _booking(number)
    return words("watch.number of", title=title, issuer=agency_title(issuer)) if issuer else title


def _booking(number: str) -> str:
    return words("watch.booking", number=number)


def _person(watch: PersonWatch) -> str:
    parts = (watch.given, watch.middle, watch.surname.upper(), watch.suffix)
    name = " ".join(filter(None, parts))
    return words("watch.born", name=name, born=birth_text(watch.born)) if watch.born else name


def _charge(watch: ChargeWatch) -> str:
    family = watch.family or _family(watch)
    statute = words("watch.begins with", statute=watch.statute) if watch.begins_with else watch.statute
    keyword = words("watch.keyword", keyword=watch.keyword) if watch.keyword else ""
    parts = (family.value if family else "", statute, watch.charge_class or "", keyword)
    return _capitalized(american(", ".join(filter(None, parts))))


def _family(watch: ChargeWatch) -> Family | None:
    """The family of the first code of the statute that has one."""
    families = (family_of(code, watch.jurisdiction) for code in watched_codes(watch.statute, watch.jurisdiction))
    return next((family for family in families if family), None)


def _place(watch: PlaceWatch) -> str:
    agency = agency_title(watch.agency or "")
    if watch.precinct:
        return words("watch.precinct", precinct=watch.precinct, agency=agency)
    if watch.beat:
        return words("watch.beat", beat=watch.beat, agency=agency)
    if watch.ori:
        return words("watch.ori", ori=watch.ori)
    if near := watch.near:
        meters, latitude, longitude = f"{near.metres:,.0f}", f"{near.latitude:.4f}", f"{near.longitude:.4f}"
        return words("watch.near", meters=meters, latitude=latitude, longitude=longitude)
    if watch.area:
        return words("watch.area", corners=len(watch.area))
    return ", ".join(filter(None, (watch.address, watch.city)))


def _agency(watch: AgencyWatch) -> str:
    return words("watch.agencies", agencies=_joined_by_or(agency_title(agency) for agency in watch.agencies))


def _event(watch: EventWatch) -> str:
    return _capitalized(_joined_by_or(kind.value for kind in watch.kinds))


def _combination(criterion: Combination) -> str:
    choices = _joined_by_or(map(_inner, criterion.any))
    needed = [_inner(part) for part in criterion.all]
    if choices:
        needed.append(words("watch.any", choices=choices) if needed else choices)
    joined = reduce(lambda first, second: words("watch.and", first=first, second=second), needed) if needed else ""
    title = joined or words("watch.anything")
    excluded = _joined_by_or(map(_inner, criterion.none))
    return words("watch.but not", title=title, excluded=excluded) if excluded else title


def _inner(criterion: Leaf | Combination) -> str:
    return words("watch.all", choices=_title(criterion)) if isinstance(criterion, Combination) else _title(criterion)


def _joined_by_or(texts: Iterable[str]) -> str:
    listed = list(texts)
    return reduce(lambda first, second: words("watch.or", first=first, second=second), listed) if listed else ""


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


_TITLES: Mapping[type[Leaf], Callable[[Any], str]] = {
    IdentifierWatch: _identifier,
    PersonWatch: _person,
    ChargeWatch: _charge,
    PlaceWatch: _place,
    AgencyWatch: _agency,
    EventWatch: _event,
}
