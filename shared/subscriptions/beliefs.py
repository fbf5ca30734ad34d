"""Texts of folders and watches that may speak of religion or politics: saved, and looked at by a person. Pure.

28 CFR 23.20(b). Nothing is refused: a mosque may be where it happened. The texts to look at are found by looking, so
whatever saved them, and a text that was changed is not there any more.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from shared.subscriptions.folders.model import FolderTree
from shared.subscriptions.model import Status, Subscription
from shared.value import FrozenModel, read_rules

NOTICE = (
    "A text of this may speak of religion or politics: whoever watches over the use in your office will look at it."
)


class BeliefText(FrozenModel):
    """A text to look at. `subject_id` is the folder's or the watch's, `text_hash` names this wording of it."""

    subject_id: str
    field: str
    owner: str
    text: str
    text_hash: str


def may_name_belief(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    meant, not_meant = _patterns()
    return bool(meant.search(not_meant.sub(" ", plain)))


def belief_texts(
    subscriptions: Iterable[Subscription], trees: Iterable[FolderTree], settled: Collection[tuple[str, str, str]]
) -> Iterator[BeliefText]:
    """`settled` are subject, field and hash of wordings that somebody found fine."""
    for subject_id, field, owner, text in (*_of_subscriptions(subscriptions), *_of_folders(trees)):
        text_hash = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        if may_name_belief(text) and (subject_id, field, text_hash) not in settled:
            yield BeliefText(subject_id=subject_id, field=field, owner=owner, text=text, text_hash=text_hash)


def subscription_texts(subscription: Subscription) -> dict[str, str]:
    note = subscription.note
    return {"note.private": note.private, "note.public": note.public, "reference": subscription.reference}


def _of_subscriptions(subscriptions: Iterable[Subscription]) -> Iterator[tuple[str, str, str, str]]:
    for subscription in subscriptions:
        if subscription.status is Status.ACTIVE:
            for field, text in subscription_texts(subscription).items():
                yield subscription.subscription_id, field, subscription.owner, text


def _of_folders(trees: Iterable[FolderTree]) -> Iterator[tuple[str, str, str, str]]:
    return ((folder.folder_id, "name", tree.person or "", folder.name) for tree in trees for folder in tree.folders)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = read_rules(__file__, "beliefs.yaml", dict[str, list[str]])
    return _pattern(data["words"]), _pattern(data["not_meant"])


def _pattern(words: list[str]) -> re.Pattern[str]:
    shaped = (re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"\b(?:{'|'.join(shaped)})\b", re.IGNORECASE)
