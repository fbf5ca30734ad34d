"""Of which events a subscription tells: its own choice, else its folders', else the default; and what is said of it."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.arrests.model import EventKind
from shared.matching.criteria import Combination, Criterion, Leaf, default_kinds, kinds_told
from shared.matching.rules import compile_rule
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.subscriptions.chosen_events import chosen_kinds, events_sentence, folder_sentence
from shared.subscriptions.events import KINDS, EventGroup, kinds_in
from shared.subscriptions.folders.model import Folder, FolderTree, Tab
from shared.words import words
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, SID_WATCH, a_subscription, an_arrest

CRITERION: TypeAdapter[Leaf | Combination] = TypeAdapter(Criterion)
DEFAULT_OF_A_PERSON = {EventKind.ARREST, EventKind.BOOKING, EventKind.RELEASE_SCHEDULED}


def events(*kinds: EventKind) -> dict[str, Any]:
    return {"watch": "event", "kinds": [kind.value for kind in kinds]}


def a_folder(parent: Folder | None = None, *groups: EventGroup, **facts: Any) -> Folder:
    above = parent.folder_id if parent else None
    return Folder(folder_id=(id_ := uuid4().hex), tab=Tab.TEAM, name=id_, parent=above, events=groups, **facts)


RELEASES = a_folder(None, EventGroup.RELEASES)
BELOW_RELEASES = a_folder(RELEASES)
COURT_BELOW_RELEASES = a_folder(RELEASES, EventGroup.COURT)
SILENT = a_folder()
ARCHIVED = a_folder(None, EventGroup.DEATHS, archived_at=NOW)
TREE = FolderTree(
    office_id="kings", folders=(RELEASES, BELOW_RELEASES, COURT_BELOW_RELEASES, SILENT, ARCHIVED), revision=1
)


def kinds_of(*folders: Folder, criterion: dict[str, Any] = SID_WATCH, own: tuple[EventGroup, ...] = ()) -> set[str]:
    watch = a_subscription(criterion, folders=[folder.folder_id for folder in folders], events=own)
    chosen = chosen_kinds(watch, [TREE])
    return set(default_kinds(watch.criterion) if chosen is None else chosen)


def test_every_kind_of_event_lies_in_one_group_and_has_words() -> None:
    kinds = [kind for group in EventGroup for kind in KINDS[group]]
    assert sorted(kinds) == sorted(EventKind)
    for group in EventGroup:
        assert words(f"events.of {group}")
        assert words(f"event group.{group}")
        assert len(KINDS[group]) == 1 or all(words(f"events.kind {kind}") for kind in KINDS[group])


def test_where_nobody_says_anything_a_watch_tells_of_arrests_and_of_custody_that_begins() -> None:
    assert kinds_of() == kinds_of(SILENT) == DEFAULT_OF_A_PERSON
    assert kinds_of(criterion=CHARGE_WATCH) == {EventKind.ARREST, EventKind.BOOKING}


def test_a_folder_decides_for_what_lies_in_it_and_below_it_until_another_folder_says_otherwise() -> None:
    assert kinds_of(RELEASES) == kinds_of(BELOW_RELEASES) == {EventKind.RELEASE}
    assert kinds_of(COURT_BELOW_RELEASES) == {EventKind.COURT_DATE, EventKind.DISPOSITION}


def test_the_choice_of_the_subscription_wins_over_its_folders() -> None:
    assert kinds_of(RELEASES, COURT_BELOW_RELEASES, own=(EventGroup.DEATHS,)) == {EventKind.DEATH}


def test_of_several_folders_each_adds_what_it_asks_for_and_one_that_says_nothing_adds_the_default() -> None:
    assert kinds_of(RELEASES, SILENT) == {EventKind.RELEASE} | DEFAULT_OF_A_PERSON
    assert kinds_of(RELEASES, SILENT, criterion=CHARGE_WATCH) == {
        EventKind.RELEASE, EventKind.ARREST, EventKind.BOOKING,
    }  # fmt: skip


def test_an_archived_folder_asks_for_nothing() -> None:
    assert kinds_of(RELEASES, ARCHIVED) == {EventKind.RELEASE}


def test_a_choice_is_stored_once_and_in_one_order_and_another_word_is_refused() -> None:
    watch = a_subscription(events=["releases", "arrests", "releases"])
    assert watch.events == (EventGroup.ARRESTS, EventGroup.RELEASES)
    with pytest.raises(ValidationError):
        a_subscription(events=["immigration detainers"])
    assert "events" not in SILENT.model_dump(), "a folder without a choice is stored as before"


def test_what_is_saved_is_answered_with_what_will_be_told() -> None:
    by_default = events_sentence(CRITERION.validate_python(CHARGE_WATCH), None)
    assert by_default == (
        "This watch tells of arrests and of custody that begins. It does not tell of releases to come, of releases, of "
        "warrants, of court dates and outcomes, of moves and escapes, of deaths or of supervision that begins or ends."
    )
    everything = events_sentence(CRITERION.validate_python(SID_WATCH), kinds_in(EventGroup))
    assert everything.endswith("of deaths and of supervision that begins or ends.")
    assert "not" not in everything


def test_an_event_watch_in_the_criterion_keeps_its_meaning_in_what_is_said() -> None:
    narrowed = CRITERION.validate_python({"all": [SID_WATCH, events(EventKind.WARRANT)]})
    assert events_sentence(narrowed, None).startswith("This watch tells of new warrants. It does not tell of arrests,")
    assert "of cleared warrants" in events_sentence(narrowed, None)
    excluding = CRITERION.validate_python({"all": [SID_WATCH], "none": [events(EventKind.BOOKING)]})
    assert events_sentence(excluding, None).startswith("This watch tells of arrests and of releases to come.")
    assert "nothing" in events_sentence(excluding, frozenset({EventKind.BOOKING}))


def test_a_folder_says_what_its_watches_tell_of() -> None:
    assert folder_sentence((EventGroup.RELEASES,)).startswith(
        "Watches in this folder tell of releases, unless a watch says otherwise. They do not tell of arrests,"
    )
    assert folder_sentence(()) == (
        "Watches in this folder tell of arrests, of custody that begins and, if they name a person, of releases to "
        "come, unless a watch says otherwise."
    )


COMBINATIONS: list[dict[str, Any]] = [
    SID_WATCH,
    CHARGE_WATCH,
    {"all": [SID_WATCH, events(EventKind.DISPOSITION, EventKind.ARREST)]},
    {"any": [{"all": [SID_WATCH, events(EventKind.RELEASE)]}, NAME_WATCH]},
    {"all": [SID_WATCH], "none": [events(EventKind.BOOKING)]},
    {"all": [SID_WATCH], "none": [{"any": [events(EventKind.ARREST), events(EventKind.RELEASE)]}]},
    {"all": [SID_WATCH], "none": [{"all": [events(EventKind.ARREST), CHARGE_WATCH | {"statute": "PL 999"}]}]},
    {"all": [SID_WATCH], "none": [{"none": [events(EventKind.ARREST)]}]},
]


@pytest.mark.parametrize("criterion", COMBINATIONS, ids=str)
@pytest.mark.parametrize(
    "chosen", [None, frozenset({EventKind.RELEASE}), frozenset(EventKind)], ids=["default", "releases", "all"]
)
def test_what_the_sentence_says_is_what_the_rules_do(
    criterion: dict[str, Any], chosen: frozenset[EventKind] | None
) -> None:
    """An arrest that meets every watch of a person and a charge here, once of each kind."""
    watched = CRITERION.validate_python(criterion)
    asked = default_kinds(watched) if chosen is None else chosen
    named = {kind for kind in EventKind if f"'{kind.value}'" in str(criterion)}
    meets = {kind for kind in EventKind if compile_rule(watched)(ArrestFeatures(an_arrest(kind=kind)))}
    assert kinds_told(watched, chosen) == (asked | named) & meets
