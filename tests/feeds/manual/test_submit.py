"""What a person enters goes through the same door as a feed, and the feed's own row takes its place."""

import json
from dataclasses import replace

import pytest

from shared.arrests.model import Arrest, Flag
from shared.aws.signing_keys import KeyPurpose, SigningKeys
from shared.errors import Rejected
from shared.feeds.drops.receipt import ReceiptState
from shared.feeds.manual import submit
from shared.feeds.manual.entry import ManualArrest, ManualSeal
from tests.builders import A_KEY, NOW, signing_keys
from tests.conftest import Tables
from tests.feeds.intake.test_process_drop import Feeds
from tests.feeds.small_drops import a_drop, a_row

ENTRY = {"number": "T-1", "arrested": "2026-09-01", "surname": "SurnameB", "given": "Given", "born": "1981-04-05",
         "charges": [{"statute": "PL 120.00", "charge": "Assault 3", "charge_class": "misdemeanor"}]}  # fmt: skip


ENTRY_KEY = signing_keys(KeyPurpose.ENTRIES).of().newest


@pytest.fixture
def feeds(tables: Tables) -> Feeds:
    return Feeds(tables)


def enter(feeds: Feeds, entry: ManualArrest | ManualSeal, event: str = ""):
    content = submit.entry_document(entry, event)
    return feeds.take_in(feeds.drop(content, submit.entry_key("testville", "0" * 32, content, ENTRY_KEY)))


def stored(feeds: Feeds) -> list[Arrest]:
    return [Arrest.model_validate_json(item["doc"]["S"]) for item in feeds.arrests() if "doc" in item]


def test_an_arrest_by_hand_is_marked_and_the_feeds_own_row_takes_its_place(feeds: Feeds) -> None:
    receipt = enter(feeds, ManualArrest.model_validate(ENTRY))
    assert (receipt.arrests.accepted, receipt.flags) == (1, {Flag.MANUAL: 1})
    (entered,) = stored(feeds)
    feeds.take_in(feeds.drop(a_drop(a_row(1))))
    (reported,) = stored(feeds)
    assert reported == entered.model_copy(update={"flags": ()})


def test_an_arrest_by_hand_is_corrected_by_hand(feeds: Feeds) -> None:
    enter(feeds, ManualArrest.model_validate(ENTRY))
    assert enter(feeds, ManualArrest.model_validate(ENTRY | {"given": "Giver"})).arrests.updated == 1
    (corrected,) = stored(feeds)
    assert corrected.person.names[0].given.casefold() == "giver"


def test_a_minor_entered_by_hand_is_kept_back_as_from_a_feed(feeds: Feeds) -> None:
    assert enter(feeds, ManualArrest.model_validate(ENTRY | {"born": "2012-01-01"})).arrests.juvenile == 1


def test_tc3_only_what_the_api_wrote_counts_as_entered_by_hand(feeds: Feeds) -> None:
    """The agency's own principal may write below `in/`; a keyed hash in the key of an entry says who wrote the rest."""
    content = submit.entry_document(ManualArrest.model_validate(ENTRY))
    by_agency = feeds.take_in(feeds.drop(content, f"testville/in/by-hand/{'0' * 32}.json"))
    assert (by_agency.state, by_agency.arrests.accepted) == (ReceiptState.REFUSED, 0), (
        "it is read like a drop of the feed"
    )
    seal = submit.entry_document(ManualSeal(number="T-1"), "seal")
    others = submit.entry_key("roster", "0" * 32, content, ENTRY_KEY)
    for key in (
        f"testville/entered/{'0' * 32}.json",
        f"testville/entered/{'0' * 32}.{'1' * 32}.json",
        others.replace("roster", "testville"),
        submit.entry_key("testville", "0" * 32, content, ENTRY_KEY) + ".json",
    ):
        assert feeds.take_in(feeds.drop(content, key)).code == "prefix", key
    assert feeds.take_in(feeds.drop(seal, submit.entry_key("testville", "0" * 32, content, ENTRY_KEY))).code == "prefix"
    assert feeds.arrests() == []
    assert enter(feeds, ManualArrest.model_validate(ENTRY)).flags == {Flag.MANUAL: 1}


@pytest.mark.parametrize(
    "named",
    [{"number": "T-1"}, {"sid": "SID-1", "arrested": "2026-09-01"},
     {"sid": "SID-1", "arrested": "2026-09-01", "surname": "SurnameB", "given": "Given"}],
)  # fmt: skip
def test_a_seal_by_hand_makes_the_arrest_unreadable_and_keeps_the_feed_from_bringing_it_back(feeds, named) -> None:
    entry = ManualArrest.model_validate(ENTRY | {"sid": "SID-1"})
    enter(feeds, entry)
    seal = ManualSeal.model_validate(named | {"seal_statute": "CPL 160.50"})
    assert enter(feeds, seal, "seal").seals == 1
    assert stored(feeds) == []
    assert enter(feeds, entry).skipped
    assert "SurnameB" not in json.dumps(feeds.arrests())


def test_an_entry_that_waited_while_its_key_was_rotated_is_read_and_none_that_a_revoked_key_signed(
    feeds: Feeds,
) -> None:
    rotated = SigningKeys(KeyPurpose.ENTRIES, b"the new key", NOW, A_KEY)
    content = submit.entry_document(ManualArrest.model_validate(ENTRY))
    drop = feeds.drop(content, submit.entry_key("testville", "0" * 32, content, ENTRY_KEY))
    submit.check_entered(drop, content, rotated, NOW)
    for keys, now in ((rotated, rotated.previous_ends), (replace(rotated, previous=None), NOW)):
        with pytest.raises(Rejected, match="Nobody entered this"):
            submit.check_entered(drop, content, keys, now)


def test_a_key_of_an_entry_in_letters_that_nobody_signs_with_is_refused_with_a_receipt(feeds: Feeds) -> None:
    assert feeds.take_in(feeds.drop(b"{}", f"testville/entered/{'0' * 32}.é.json")).code == "prefix"
