"""Rewrites a criterion after an identity event, so that whoever watches a person by an identifier keeps watching. Pure.

Record keeping calls these events merge, correction, split ("restored"), expungement and re-description. Every rewrite
is idempotent: the same event applied twice changes nothing more.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from shared.arrests.identity_events.event import IdentityChange, IdentityEvent
from shared.arrests.person import Identifier, Person
from shared.matching.criteria import Combination, Leaf
from shared.matching.criteria.criterion import leaves
from shared.matching.criteria.identifier import Holder, IdentifierWatch
from shared.matching.criteria.person import PersonWatch

MAX_FORMER = 5  # former numbers that a watch keeps beside the current one; the most recent stay
_MAX_ALIASES = 20
_BRANCHES = ("all", "any", "none")

Criterion = Leaf | Combination
LeafType = TypeVar("LeafType", IdentifierWatch, PersonWatch)


def criterion_after(criterion: Criterion, event: IdentityEvent) -> Criterion | None:
    """Returns the criterion after the event: the same one if the event does not concern it.

    None means that nothing is left to watch, because the criterion needs a number that was expunged.
    """
    return _REWRITES[event.change](criterion, event)


def is_in_doubt(criterion: Criterion, event: IdentityEvent) -> bool:
    """Whether a split leaves open whom the criterion means: it names the joint number and never followed the merge."""
    if event.change is not IdentityChange.RESTORED:
        return False
    return any(
        _is_current(leaf, event.before) and not _is_former(leaf, event.after) for leaf in _identifier_leaves(criterion)
    )


def shrink_criterion(criterion: Criterion) -> Criterion | None:
    """Returns the criterion with fewer index terms, for one that has become too large; None if it cannot shrink.

    Removes the oldest former number of every identifier leaf, which is no longer in use; if there is none, the last
    alias of every person leaf.
    """

    def without_oldest_former(leaf: IdentifierWatch) -> IdentifierWatch:
        return leaf.model_copy(update={"former": leaf.former[1:]})

    def without_last_alias(leaf: PersonWatch) -> PersonWatch:
        return leaf.model_copy(update={"aliases": leaf.aliases[:-1]})

    smaller = _map_leaves(criterion, IdentifierWatch, without_oldest_former)
    if smaller == criterion:
        smaller = _map_leaves(criterion, PersonWatch, without_last_alias)
    return smaller if smaller != criterion else None


def _follow_merge(criterion: Criterion, event: IdentityEvent) -> Criterion:
    """Watches the joint number; the old one becomes a former number, because late reports may still use it."""

    def follow(leaf: IdentifierWatch) -> IdentifierWatch:
        if event.after is None or not _is_current(leaf, event.before):
            return leaf
        return _with_number(leaf, event.after, [*_without(leaf.former, event.after), leaf.identifier])

    return _map_leaves(criterion, IdentifierWatch, follow)


def _follow_correction(criterion: Criterion, event: IdentityEvent) -> Criterion:
    """Watches the correct number. The old one is dropped, because it is somebody else's."""

    def follow(leaf: IdentifierWatch) -> IdentifierWatch:
        if event.after is None or not _is_current(leaf, event.before):
            return leaf
        return _with_number(leaf, event.after, leaf.former)

    return _map_leaves(criterion, IdentifierWatch, follow)


def _follow_split(criterion: Criterion, event: IdentityEvent) -> Criterion:
    """Goes back to the person's own number, but only if the criterion had followed the merge from that number."""

    def follow(leaf: IdentifierWatch) -> IdentifierWatch:
        followed_the_merge = _is_current(leaf, event.before) and _is_former(leaf, event.after)
        if event.after is None or not followed_the_merge:
            return leaf
        return _with_number(leaf, event.after, _without(leaf.former, event.after))

    return _map_leaves(criterion, IdentifierWatch, follow)


def _follow_expungement(criterion: Criterion, event: IdentityEvent) -> Criterion | None:
    """Removes every leaf that names the number. None if what remains could not hold, or would watch less narrowly."""
    if not isinstance(criterion, Combination):
        is_expunged = isinstance(criterion, IdentifierWatch) and _names(criterion, event.before)
        return None if is_expunged else criterion
    required = [_follow_expungement(branch, event) for branch in criterion.all]
    alternatives = _alternatives_without_person(criterion.any, event)
    excluded = _remaining(criterion.none, event)
    if None in required or (criterion.any and not alternatives):
        return None
    if not (required or alternatives or excluded):
        return None
    branches = {"all": tuple(required), "any": tuple(alternatives), "none": tuple(excluded)}
    return criterion.model_copy(update=branches)


def _alternatives_without_person(alternatives: tuple[Criterion, ...], event: IdentityEvent) -> list[Criterion]:
    """A number and one person by name under `any` mean the same person, so the name goes with the number."""
    remaining = _remaining(alternatives, event)
    number_is_gone = len(remaining) < len(alternatives)
    persons = sum(isinstance(branch, PersonWatch) for branch in alternatives)
    if number_is_gone and persons == 1:
        return [branch for branch in remaining if not isinstance(branch, PersonWatch)]
    return remaining


def _remaining(branches: tuple[Criterion, ...], event: IdentityEvent) -> list[Criterion]:
    after = (_follow_expungement(branch, event) for branch in branches)
    return [branch for branch in after if branch]


def _follow_description(criterion: Criterion, event: IdentityEvent) -> Criterion:
    """Takes over the new description: for the holder of the number, and for the one person beside it under `any`."""
    person = event.person
    if person is None or not isinstance(criterion, Combination):
        return _with_holder(criterion, event)
    names_number = any(isinstance(branch, IdentifierWatch) and _names(branch, event.before) for branch in criterion.any)
    persons = [branch for branch in criterion.any if isinstance(branch, PersonWatch)]
    if names_number and len(persons) == 1:
        alternatives = tuple(
            _with_description(branch, person) if isinstance(branch, PersonWatch) else branch for branch in criterion.any
        )
        criterion = criterion.model_copy(update={"any": alternatives})
    return _map_branches(criterion, lambda branch: _follow_description(branch, event))


def _with_holder(leaf: Criterion, event: IdentityEvent) -> Criterion:
    """Corrects whom an identifier leaf believes to be the holder; a leaf without a holder stays as it is."""
    person = event.person
    if person is None or not (isinstance(leaf, IdentifierWatch) and leaf.holder and _names(leaf, event.before)):
        return leaf
    name = person.names[0]
    date_of_birth = person.date_of_birth or leaf.holder.date_of_birth
    holder = Holder(surname=name.surname, given=name.given, date_of_birth=date_of_birth)
    return leaf.model_copy(update={"holder": holder})


def _with_description(watch: PersonWatch, person: Person) -> PersonWatch:
    """The new name becomes the name of record; all earlier names become aliases."""
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
            "aliases": tuple(others.values())[:_MAX_ALIASES],
            "date_of_birth": person.date_of_birth or watch.date_of_birth,
            "birth_year": None if person.date_of_birth else watch.birth_year,
        }
    )


_REWRITES: dict[IdentityChange, Callable[[Criterion, IdentityEvent], Criterion | None]] = {
    IdentityChange.MERGED: _follow_merge,
    IdentityChange.CORRECTED: _follow_correction,
    IdentityChange.RESTORED: _follow_split,
    IdentityChange.EXPUNGED: _follow_expungement,
    IdentityChange.DESCRIBED: _follow_description,
}


def _with_number(leaf: IdentifierWatch, number: Identifier, former: Iterable[Identifier]) -> IdentifierWatch:
    most_recent = tuple(dict.fromkeys(former))[-MAX_FORMER:]
    return leaf.model_copy(update={"identifier": number, "former": most_recent})


def _map_leaves(criterion: Criterion, leaf_type: type[LeafType], change: Callable[[LeafType], LeafType]) -> Criterion:
    if isinstance(criterion, leaf_type):
        return change(criterion)
    if isinstance(criterion, Combination):
        return _map_branches(criterion, lambda branch: _map_leaves(branch, leaf_type, change))
    return criterion


def _map_branches(criterion: Combination, change: Callable[[Criterion], Criterion]) -> Combination:
    return criterion.model_copy(update={name: tuple(map(change, getattr(criterion, name))) for name in _BRANCHES})


def _identifier_leaves(criterion: Criterion) -> Iterator[IdentifierWatch]:
    return (leaf for leaf in leaves(criterion) if isinstance(leaf, IdentifierWatch))


def _without(identifiers: Iterable[Identifier], number: Identifier) -> list[Identifier]:
    return [identifier for identifier in identifiers if not identifier.same_as(number)]


def _is_current(leaf: IdentifierWatch, number: Identifier) -> bool:
    return leaf.identifier.same_as(number)


def _is_former(leaf: IdentifierWatch, number: Identifier | None) -> bool:
    return number is not None and any(identifier.same_as(number) for identifier in leaf.former)


def _names(leaf: IdentifierWatch, number: Identifier) -> bool:
    return any(identifier.same_as(number) for identifier in leaf.numbers)
