"""The criterion as a whole: one watch, or `all`, `any` and `none` of several, in JSON as in the API."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from shared.arrests.model import CUSTODY_BEGINS, EventKind
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.filters import AgencyWatch, EventWatch
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.criteria.place import PlaceWatch
from shared.matching.criteria.reason import Term
from shared.value import FrozenModel

MOST_WATCHES, MOST_WAYS, DEEPEST = 40, 32, 5
KINDS = ("identifier", "person", "charge", "place", "agency", "event", "combination")
_TRAITS = frozenset(
    "race religion nationality ethnicity ethnic ethnic_origin national_origin origin colour color skin creed caste "
    "citizenship immigration immigration_status country_of_birth birth_country language sexual_orientation "
    "gender_identity disability political party veteran marital_status".split()
)
_PATTERN = re.compile(r"[*%^\\\[\]{}|]|\.\+|\(\?|\$$")
_FREE_TEXT = frozenset(
    {"statute", "keyword", "surname", "given", "middle", "address", "city", "precinct", "ori", "value"}
)


def _kind(value: Any) -> str | None:
    if not isinstance(value, dict):
        return getattr(value, "watch", "combination")
    named = value.get("watch")
    if named is None:
        return "combination" if value.keys() & {"all", "any", "none"} else None
    return named if named in KINDS[:-1] else None


def _refused_early(value: Any) -> Any:
    """Before the shape is looked at: what is refused for what it asks, not for how it is written."""
    if isinstance(value, dict):
        for word in (str(value.get("watch", "")), *map(str, value)):
            if re.sub(r"[^a-z]+", "_", word.lower()).strip("_") in _TRAITS:
                raise ValueError(
                    f"{word} is a protected trait and never a criterion; watch a person, a charge or a place instead"
                )
        for name in _FREE_TEXT & value.keys():
            if isinstance(value[name], str) and _PATTERN.search(value[name]):
                raise ValueError(
                    f"{name} holds a wildcard or a regular expression, which are not taken; write it out, "
                    "or use begins_with for a statute"
                )
    return value


Leaf = IdentifierWatch | PersonWatch | ChargeWatch | PlaceWatch | AgencyWatch | EventWatch
Way = tuple[Leaf, ...]


class Combination(FrozenModel):
    """Holds when every criterion of `all` holds, at least one of `any` (where there are some), and not one of `none`
    for sure."""

    all: tuple["Criterion", ...] = Field(default=(), max_length=MOST_WATCHES)
    any: tuple["Criterion", ...] = Field(default=(), max_length=MOST_WATCHES)
    none: tuple["Criterion", ...] = Field(default=(), max_length=MOST_WATCHES)

    @model_validator(mode="after")
    def _not_too_much(self) -> Self:
        if not (self.all or self.any or self.none):
            raise ValueError("is empty; put at least one criterion into all, any or none")
        if depth(self) > DEEPEST:
            raise ValueError(f"is nested more than {DEEPEST} deep; flatten it")
        if sum(1 for _ in leaves(self)) > MOST_WATCHES:
            raise ValueError(f"holds more than {MOST_WATCHES} watches; make several subscriptions of it")
        if _ways_counted(self) > MOST_WAYS:
            raise ValueError(f"can come true in more than {MOST_WAYS} ways; make several subscriptions of it")
        return self

    @property
    def identity(self) -> Term:
        parts = [
            f"{word}({','.join(sorted(repr(one.identity) for one in some))})"
            for word, some in (("all", self.all), ("any", self.any), ("none", self.none))
            if some
        ]
        return "combination", *parts


Criterion = Annotated[
    Annotated[IdentifierWatch, Tag("identifier")]
    | Annotated[PersonWatch, Tag("person")]
    | Annotated[ChargeWatch, Tag("charge")]
    | Annotated[PlaceWatch, Tag("place")]
    | Annotated[AgencyWatch, Tag("agency")]
    | Annotated[EventWatch, Tag("event")]
    | Annotated[Combination, Tag("combination")],
    Discriminator(
        _kind,
        custom_error_type="no_such_watch",
        custom_error_message="needs the field watch: identifier, person, charge, place, agency or event; or one of the "
        "lists all, any, none",
    ),
    BeforeValidator(_refused_early),
]
Combination.model_rebuild()


def leaves(criterion: "Leaf | Combination") -> Iterator[Leaf]:
    if isinstance(criterion, Combination):
        for one in (*criterion.all, *criterion.any, *criterion.none):
            yield from leaves(one)
    else:
        yield criterion


def positive_leaves(criterion: "Leaf | Combination") -> Iterator[Leaf]:
    """What must or may hold; what must not is left out."""
    if isinstance(criterion, Combination):
        for one in (*criterion.all, *criterion.any):
            yield from positive_leaves(one)
    else:
        yield criterion


def is_about(criterion: "Leaf | Combination", kind: EventKind) -> bool:
    """Releases, warrants and dispositions are told only to whom has named them; they are no arrests."""
    return kind in CUSTODY_BEGINS or any(isinstance(one, EventWatch) and kind in one.kinds for one in leaves(criterion))


def depth(criterion: "Leaf | Combination") -> int:
    if not isinstance(criterion, Combination):
        return 0
    return 1 + max(map(depth, (*criterion.all, *criterion.any, *criterion.none)), default=0)


def ways(criterion: "Leaf | Combination") -> list[Way]:
    """Every way in which it can come true, as the watches that must then hold; what must not hold is left out."""
    if not isinstance(criterion, Combination):
        return [(criterion,)]
    needed = [ways(one) for one in criterion.all]
    if criterion.any:
        needed.append([way for one in criterion.any for way in ways(one)])
    return [tuple(dict.fromkeys(leaf for way in some for leaf in way)) for some in product(*needed)]


def _ways_counted(criterion: "Leaf | Combination") -> int:
    if not isinstance(criterion, Combination):
        return 1
    count = sum(map(_ways_counted, criterion.any)) or 1
    for one in criterion.all:
        count *= _ways_counted(one)
    return count
