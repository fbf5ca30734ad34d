"""28 CFR 23.20(b): texts that may speak of religion or politics are looked at by a person."""

import pytest

from shared.subscriptions.beliefs import belief_texts, may_name_belief
from shared.subscriptions.folders.model import Folder, FolderTree, Tab
from shared.subscriptions.model import Note, Status
from tests.builders import a_subscription


@pytest.mark.parametrize(
    "text",
    [
        "Muslim youth group",
        "meets at the MOSQUE",
        "anarchists of the east side",
        "Protesters, May 1",
        "union organizer",
        "pastor of the church",
        "Iglesia de la calle 4",
        "líder político",
        "sindicato",
        "Black  Lives Matter",
        "judíos",
    ],
)
def test_28_cfr_23_20_b_words_of_religion_and_politics_are_noticed_in_english_and_spanish(text: str) -> None:
    assert may_name_belief(text)


@pytest.mark.parametrize(
    "text",
    [
        "100 Church Street",
        "Temple Ave robberies",
        "order of protection",
        "Harbor Ave",
        "Christie, Pat",
        "partition wall",
        "Parker case",
        "communication records",
        "Contemporary crew",
        "jewelry theft",
        "union square",
        "polite",
        "Islander",
    ],
)
def test_28_cfr_23_20_b_common_false_friends_are_left_alone(text: str) -> None:
    assert not may_name_belief(text)


def test_28_cfr_23_20_b_a_wording_is_listed_until_it_is_changed_or_found_fine() -> None:
    watch = a_subscription(note=Note(private="goes to the mosque"), reference="parole")
    folder = Folder(folder_id="f" * 32, tab=Tab.TEAM, name="Anarchists")
    tree = FolderTree(office_id="kings", folders=(folder,))
    listed = list(belief_texts([watch], [tree], ()))
    assert [(each.field, each.text) for each in listed] == [
        ("note.private", "goes to the mosque"),
        ("name", "Anarchists"),
    ]
    settled = {(each.subject_id, each.field, each.text_hash) for each in listed[:1]}
    assert [each.field for each in belief_texts([watch], [tree], settled)] == ["name"]
    reworded = watch.model_copy(update={"note": Note(private="seen at the mosque again")})
    assert [each.field for each in belief_texts([reworded], [], settled)] == ["note.private"], "another wording"
    changed = watch.model_copy(update={"note": Note(private="goes to 4th Street")})
    assert list(belief_texts([changed], [], ())) == []
    assert list(belief_texts([watch.model_copy(update={"status": Status.CANCELLED})], [], ())) == []
