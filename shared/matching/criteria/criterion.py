"""The criterion as a whole: one watch, or `all`, `any` and `none` of several, in JSON as in the API."""

from collections.abc import Iterator, Set
from itertools import chain, product
from typing import TYPE_CHECKING, Annotated, Any, Self, Union

from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationInfo, model_validator

from shared.arrests.model import CUSTODY_BEGINS, EventKind
from shared.matching.criteria.event import EventWatch
from shared.matching.criteria.reason import Term
from shared.matching.criteria.refusals import is_stored, refuse_protected_traits, refuse_wildcards
from shared.matching.criteria.registry import WATCHES, Leaf
from shared.value import FrozenModel

MOST_WATCHES, MOST_WAYS, DEEPEST = 40, 32, 5
COMBINATION = "combination"
KINDS = (*WATCHES, COMBINATION)
"""The tags that pydantic puts into the path of an error behind each criterion."""
_LISTS = ("all", "any", "none")
Way = tuple[Leaf, ...]
"""Watches that make a criterion come true when all of them hold."""


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
        if _count_ways(self) > MOST_WAYS:
            raise ValueError(f"can come true in more than {MOST_WAYS} ways; make several subscriptions of it")
        return self

    @property
    def identity(self) -> Term:
        lists = zip(_LISTS, (self.all, self.any, self.none), strict=True)
        return COMBINATION, *(f"{word}({_identities(criteria)})" for word, criteria in lists if criteria)


def _identities(criteria: "tuple[Criterion, ...]") -> str:
    return ",".join(sorted(repr(criterion.identity) for criterion in criteria))


def _tag_of(value: Any) -> str | None:
    """Tells pydantic which model a value is. None for what is no criterion."""
    if not isinstance(value, dict):
        return getattr(value, "watch", COMBINATION)
    kind = value.get("watch")
    if kind is None:
        return COMBINATION if value.keys() & set(_LISTS) else None
    return kind if isinstance(kind, str) and kind in WATCHES else None


def _refuse_early(value: Any, info: ValidationInfo) -> Any:
    """Refuses what a criterion asks for before pydantic says how it is written."""
    if isinstance(value, dict) and not is_stored(info):
        kind = str(value.get("watch", ""))
        refuse_protected_traits((kind, *value))
        refuse_wildcards({name: field for name, field in value.items() if name not in _LISTS}, WATCHES.get(kind))
    return value


def _list_of_words(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


if TYPE_CHECKING:
    Criterion = Leaf | Combination
else:
    Criterion = Annotated[
        Union[  # noqa: UP007 - made of the registry
            tuple(Annotated[model, Tag(tag)] for tag, model in (*WATCHES.items(), (COMBINATION, Combination)))
        ],
        Discriminator(
            _tag_of,
            custom_error_type="no_such_watch",
            custom_error_message=f"needs the field watch: {_list_of_words(list(WATCHES))}; or one of the lists "
            f"{', '.join(_LISTS)}",
        ),
        BeforeValidator(_refuse_early),
    ]
Combination.model_rebuild()


def leaves(criterion: "Leaf | Combination") -> Iterator[Leaf]:
    if isinstance(criterion, Combination):
        for part in (*criterion.all, *criterion.any, *criterion.none):
            yield from leaves(part)
    else:
        yield criterion


def positive_leaves(criterion: "Leaf | Combination") -> Iterator[Leaf]:
    """The watches that must or may hold, without those that must not."""
    if isinstance(criterion, Combination):
        for part in (*criterion.all, *criterion.any):
            yield from positive_leaves(part)
    else:
        yield criterion


def is_about(criterion: "Leaf | Combination", kind: EventKind, chosen: Set[EventKind] | None = None) -> bool:
    """Whether the criterion may match an event of this kind. `chosen` are the kinds that its subscription asks for;
    None asks for the default. An event watch in the criterion adds the kinds that it names."""
    asked = is_default(criterion, kind) if chosen is None else kind in chosen
    return asked or any(isinstance(leaf, EventWatch) and kind in leaf.kinds for leaf in leaves(criterion))


def is_default(criterion: "Leaf | Combination", kind: EventKind) -> bool:
    """Whether a criterion without a choice of events matches this kind: arrests and custody that begins. A release that
    is to come is told to whoever watches the person, unless the criterion names other events (Correction Law 149)."""
    return kind in CUSTODY_BEGINS or (kind is EventKind.RELEASE_SCHEDULED and names_person(criterion))


def default_kinds(criterion: "Leaf | Combination") -> frozenset[EventKind]:
    return frozenset(kind for kind in EventKind if is_default(criterion, kind))


def kinds_told(criterion: "Leaf | Combination", chosen: Set[EventKind] | None = None) -> frozenset[EventKind]:
    """The kinds of event that the criterion can match: it asks for them, and no event watch in it rules them out."""
    return frozenset(kind for kind in EventKind if is_about(criterion, kind, chosen) and _allows(criterion, kind))


def _allows(criterion: "Leaf | Combination", kind: EventKind) -> bool:
    """Whether some arrest of this kind may meet the criterion."""
    if not isinstance(criterion, Combination):
        return not isinstance(criterion, EventWatch) or kind in criterion.kinds
    return (
        all(_allows(part, kind) for part in criterion.all)
        and (not criterion.any or any(_allows(part, kind) for part in criterion.any))
        and not any(_demands_no_more(part, kind) for part in criterion.none)
    )


def _demands_no_more(criterion: "Leaf | Combination", kind: EventKind) -> bool:
    """Whether every arrest of this kind meets the criterion."""
    if not isinstance(criterion, Combination):
        return isinstance(criterion, EventWatch) and kind in criterion.kinds
    return (
        all(_demands_no_more(part, kind) for part in criterion.all)
        and (not criterion.any or any(_demands_no_more(part, kind) for part in criterion.any))
        and not any(_allows(part, kind) for part in criterion.none)
    )


def names_person(criterion: "Leaf | Combination") -> bool:
    """Whether every way in which it comes true names a person, by an identifier or by name."""
    return all(any(leaf.watch in ("person", "identifier") for leaf in way) for way in ways(criterion))


def depth(criterion: "Leaf | Combination") -> int:
    if not isinstance(criterion, Combination):
        return 0
    return 1 + max(map(depth, (*criterion.all, *criterion.any, *criterion.none)), default=0)


def ways(criterion: "Leaf | Combination") -> list[Way]:
    """Every way in which the criterion can come true. What must not hold is left out."""
    if not isinstance(criterion, Combination):
        return [(criterion,)]
    needed = [ways(part) for part in criterion.all]
    if criterion.any:
        needed.append(list(chain.from_iterable(map(ways, criterion.any))))
    return [tuple(dict.fromkeys(chain.from_iterable(combined))) for combined in product(*needed)]


def _count_ways(criterion: "Leaf | Combination") -> int:
    """Counts without listing them: there may be millions."""
    if not isinstance(criterion, Combination):
        return 1
    count = sum(map(_count_ways, criterion.any)) or 1
    for part in criterion.all:
        count *= _count_ways(part)
    return count
