"""Decides of which kinds of event a subscription tells, and says so in one sentence. Pure.

Its own choice wins over its folders'. A folder without a choice has that of the folder above it. A subscription in
several folders tells of whatever one of them asks for, and a folder of which nobody says anything asks for the default:
nobody falls silent because somebody filed a subscription in a second folder. An archived folder asks for nothing.

The choice is read when an arrest is matched. So a change of a folder counts for all its subscriptions from the next
match on, and no posting or document is written anew. What was told before stays told.
"""

from collections.abc import Iterable
from typing import Protocol

from shared.arrests.model import EventKind
from shared.matching.criteria import Combination, Leaf, default_kinds, kinds_told
from shared.subscriptions.events import KINDS, EventGroup, EventGroups, kinds_in
from shared.subscriptions.folders.model import FolderTree
from shared.words import words


class Asking(Protocol):
    """What asks for events: a subscription, or the request for one or for its backtest."""

    @property
    def criterion(self) -> Leaf | Combination: ...

    @property
    def events(self) -> EventGroups: ...

    @property
    def folders(self) -> tuple[str, ...]: ...


def chosen_kinds(subscription: Asking, trees: Iterable[FolderTree]) -> frozenset[EventKind] | None:
    """The kinds that the subscription or its folders ask for. None if nobody says anything: then the default holds.

    `trees` are those in which its folders may lie (`SubscriptionsTable.read_trees`).
    """
    if subscription.events:
        return kinds_in(subscription.events)
    trees = tuple(trees)
    if not any(tree.has_choices for tree in trees):  # most offices choose nothing
        return None
    choices = set(_choices_of_folders(subscription.folders, trees))
    if not any(choices):
        return None
    default = default_kinds(subscription.criterion)
    return frozenset[EventKind]().union(*(kinds_in(groups) if groups else default for groups in choices))


def _choices_of_folders(folder_ids: Iterable[str], trees: tuple[FolderTree, ...]) -> Iterable[EventGroups]:
    for folder_id in folder_ids:
        for tree in trees:
            if tree.find(folder_id) and not tree.is_archived(folder_id):
                yield tree.events_of(folder_id)


def events_sentence(criterion: Leaf | Combination, chosen: frozenset[EventKind] | None) -> str:
    """Of what a watch tells and of what not: `This watch tells of arrests and of custody that begins. It does not tell
    of releases, ...`"""
    return _sentence("events.watch", kinds_told(criterion, chosen))


def folder_sentence(groups: EventGroups) -> str:
    """Of what the watches in a folder tell, unless they say otherwise. `groups` are what the folder asks for, or else
    the nearest folder above it that says something (`FolderTree.events_of`)."""
    return _sentence("events.folder", kinds_in(groups)) if groups else words("events.folder default")


def _sentence(key: str, kinds: frozenset[EventKind]) -> str:
    included = [phrase for group in EventGroup for phrase in _phrases(group, KINDS[group] & kinds)]
    excluded = [phrase for group in EventGroup for phrase in _phrases(group, KINDS[group] - kinds)]
    if not included:
        return words(f"{key} tells nothing")
    sentence = words(f"{key} tells", events=_listed(included, "and"))
    return f"{sentence} {words(f'{key} not', events=_listed(excluded, 'or'))}" if excluded else sentence


def _phrases(group: EventGroup, kinds: frozenset[EventKind]) -> list[str]:
    """The group's words if it is whole, else those of its kinds."""
    if kinds == KINDS[group]:
        return [words(f"events.of {group}")]
    return [words(f"events.kind {kind}") for kind in EventKind if kind in kinds]


def _listed(phrases: list[str], conjunction: str) -> str:
    """`of arrests, of releases and of deaths`."""
    *first, last = [f"of {phrase}" for phrase in phrases]
    return f"{', '.join(first)} {conjunction} {last}" if first else last
