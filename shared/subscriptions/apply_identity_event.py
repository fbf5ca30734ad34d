"""A criterion after an identity event: who watched a person by one number goes on watching that person."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from shared.arrests.identity_events.event import IdentityChange, IdentityEvent
from shared.arrests.person import Identifier, Person
from shared.matching.criteria import Combination, Leaf
from shared.matching.criteria.identifier import Holder, IdentifierWatch
from shared.matching.criteria.person import PersonWatch

MAX_FORMER = 5  # numbers that one watch keeps beside the one in use; the youngest
Criterion = Leaf | Combination
L = TypeVar("L", IdentifierWatch, PersonWatch)


def criterion_after(criterion: Criterion, event: IdentityEvent) -> Criterion | None:
    """What is watched from now on: the criterion itself where the event does not touch it, None where it watched an
    expunged number and nothing else. The same event twice changes nothing more."""
    return _CHANGES[event.change](criterion, event)


def is_in_doubt(criterion: Criterion, event: IdentityEvent) -> bool:
    """A joint number is parted, and this watched it without ever having followed the merger: either may be meant."""
    if event.change is not IdentityChange.RESTORED:
        return False
    return any(_is_now(leaf, event.before) and not _was(leaf, event.after) for leaf in _numbers(criterion))


def shrink_criterion(criterion: Criterion) -> Criterion | None:
    """The same with a little less, to fit into one watch: without the oldest number that it has followed, which is void
    by now, else without the last alias. None where it has neither."""

    def without_a_former(leaf: IdentifierWatch) -> IdentifierWatch:
        return leaf.model_copy(update={"former": leaf.former[1:]})

    def without_an_alias(leaf: PersonWatch) -> PersonWatch:
        return leaf.model_copy(update={"aliases": leaf.aliases[:-1]})

    less = _each(criterion, IdentifierWatch, without_a_former)
    if less == criterion:
        less = _each(criterion, PersonWatch, without_an_alias)
    return less if less != criterion else None


def _merged(criterion: Criterion, event: IdentityEvent) -> Criterion:
    def change(leaf: IdentifierWatch) -> IdentifierWatch:
        if event.after is None or not _is_now(leaf, event.before):
            return leaf
        older = (identifier for identifier in leaf.former if not identifier.same_as(event.after))
        return _renumbered(leaf, event.after, [*older, leaf.identifier])

    return _each(criterion, IdentifierWatch, change)


def _corrected(criterion: Criterion, event: IdentityEvent) -> Criterion:
    """The number before was another's: it is not kept."""

    def change(leaf: IdentifierWatch) -> IdentifierWatch:
        if event.after is None or not _is_now(leaf, event.before):
            return leaf
        return _renumbered(leaf, event.after, leaf.former)

    return _each(criterion, IdentifierWatch, change)


def _restored(criterion: Criterion, event: IdentityEvent) -> Criterion:
    """Only who had followed the merger goes back."""

    def change(leaf: IdentifierWatch) -> IdentifierWatch:
        if event.after is None or not (_is_now(leaf, event.before) and _was(leaf, event.after)):
            return leaf
        return _renumbered(
            leaf, event.after, [identifier for identifier in leaf.former if not identifier.same_as(event.after)]
        )

    return _each(criterion, IdentifierWatch, change)


def _expunged(criterion: Criterion, event: IdentityEvent) -> Criterion | None:
    if not isinstance(criterion, Combination):
        gone = isinstance(criterion, IdentifierWatch) and _names(criterion, event.before)
        return None if gone else criterion
    needed = [_expunged(one, event) for one in criterion.all]
    enough = _without_the_person(criterion.any, event)
    if None in needed or (criterion.any and not enough):
        return None
    excluded = [kept for one in criterion.none if (kept := _expunged(one, event))]
    if not (needed or enough or excluded):
        return None
    return criterion.model_copy(update={"all": tuple(needed), "any": tuple(enough), "none": tuple(excluded)})


def _without_the_person(some: tuple[Criterion, ...], event: IdentityEvent) -> list[Criterion]:
    """`any` of a number and one person by name means that person: both go."""
    kept = [one for one in (_expunged(one, event) for one in some) if one]
    alone = sum(isinstance(one, PersonWatch) for one in some) == 1 and len(kept) < len(some)
    return [one for one in kept if not (alone and isinstance(one, PersonWatch))]


def _described(criterion: Criterion, event: IdentityEvent) -> Criterion:
    person = event.person
    if person is None or not isinstance(criterion, Combination):
        return _held_by(criterion, event)
    if any(isinstance(one, IdentifierWatch) and _names(one, event.before) for one in criterion.any):
        known = [one for one in criterion.any if isinstance(one, PersonWatch)]
        if len(known) == 1:
            some = tuple(_corrected_person(one, person) if one is known[0] else one for one in criterion.any)
            criterion = criterion.model_copy(update={"any": some})
    return criterion.model_copy(
        update={
            word: tuple(_described(one, event) for one in getattr(criterion, word)) for word in ("all", "any", "none")
        }
    )


def _held_by(leaf: Criterion, event: IdentityEvent) -> Criterion:
    person = event.person
    if person is None or not (isinstance(leaf, IdentifierWatch) and leaf.holder and _names(leaf, event.before)):
        return leaf
    name = person.names[0]
    born = person.date_of_birth or leaf.holder.date_of_birth
    return leaf.model_copy(update={"holder": Holder(surname=name.surname, given=name.given, date_of_birth=born)})


def _corrected_person(watch: PersonWatch, person: Person) -> PersonWatch:
    """The new name is the name of record, all others go on counting as aliases."""
    new = person.names[0]
    if not all(new.key):
        return watch
    others = {name.key: name for name in (*watch.names, *person.names[1:]) if all(name.key) and name.key != new.key}
    return watch.model_copy(
        update={
            "surname": new.surname,
            "given": new.given,
            "middle": new.middle,
            "suffix": new.suffix,
            "aliases": tuple(others.values())[:20],
            "date_of_birth": person.date_of_birth or watch.date_of_birth,
        }
    )


_CHANGES: dict[IdentityChange, Callable[[Criterion, IdentityEvent], Criterion | None]] = {
    IdentityChange.MERGED: _merged,
    IdentityChange.CORRECTED: _corrected,
    IdentityChange.RESTORED: _restored,
    IdentityChange.EXPUNGED: _expunged,
    IdentityChange.DESCRIBED: _described,
}


def _renumbered(leaf: IdentifierWatch, number: Identifier, former: Iterable[Identifier]) -> IdentifierWatch:
    kept = tuple(dict.fromkeys(former))[-MAX_FORMER:]
    return leaf.model_copy(update={"identifier": number, "former": kept})


def _each(criterion: Criterion, kind: type[L], change: Callable[[L], L]) -> Criterion:
    if isinstance(criterion, kind):
        return change(criterion)
    if not isinstance(criterion, Combination):
        return criterion
    parts = {
        word: tuple(_each(one, kind, change) for one in getattr(criterion, word)) for word in ("all", "any", "none")
    }
    return criterion.model_copy(update=parts)


def _numbers(criterion: Criterion) -> Iterable[IdentifierWatch]:
    if isinstance(criterion, IdentifierWatch):
        yield criterion
    elif isinstance(criterion, Combination):
        for one in (*criterion.all, *criterion.any, *criterion.none):
            yield from _numbers(one)


def _is_now(leaf: IdentifierWatch, number: Identifier) -> bool:
    return leaf.identifier.same_as(number)


def _was(leaf: IdentifierWatch, number: Identifier | None) -> bool:
    return number is not None and any(identifier.same_as(number) for identifier in leaf.former)


def _names(leaf: IdentifierWatch, number: Identifier) -> bool:
    return any(identifier.same_as(number) for identifier in leaf.numbers)
