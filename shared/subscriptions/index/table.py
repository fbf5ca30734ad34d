"""The posting lists by which an arrest finds who watches it, in the subscriptions' table:

    pk term#<hash>       sk posting      one attribute a subscription, `s_<id>` = what `entry.py` says of it; `size`
                                         of them, at most 50; `last`, the number of the last further part, if any
    pk term#<hash>#<n>   sk posting      the further parts of a long list, 50 each, spread over partitions
    pk office#<office>   sk same#<hash>  what an owner watches for a case already -> subscription id

A subscription changes in one transaction with all its postings, so a reader never sees one without the others; of those
that it leaves, some may follow in a second one. The list only proposes: whether a subscription is in force, and whether
it really covers the arrest, its document says.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from shared.arrests.person import Identifier
from shared.aws.dynamodb import Item, back_off, get_all
from shared.aws.optimistic_lock import ConflictError as ConflictError  # noqa: PLC0414 - raised here, and known to others from here
from shared.errors import TryLater
from shared.matching.criteria import Term
from shared.matching.rules import alias_term, posting_terms
from shared.matching.rules.identifier import term_of
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.index.entry import Posting, parse_posting, posting_text
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SHARD_SIZE = 50  # postings, 35 KB: as many parts as there are writes in a transaction stay below its 4 MB
_MOST_WRITES = 100  # of a transaction
_POSTED = "s_"
_ATTEMPTS = 8


class SubscriptionIndex:
    def __init__(self, client: "DynamoDBClient", name: str, pseudonyms: Pseudonyms, a_part: int = SHARD_SIZE) -> None:
        self._client, self._name, self._pseudonyms, self._a_part = client, name, pseudonyms, a_part

    def find_same(self, subscription: Subscription) -> SubscriptionKey | None:
        """Where this owner already watches the same for the same case, cancelled or not."""
        key = self._same_key(subscription)
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return SubscriptionKey(subscription.office_id, item["subscription_id"]["S"]) if item else None

    def add(self, subscription: Subscription) -> None:
        """Raises ConflictError when the owner already watches the same; TooBroadError when it would watch everybody."""
        hashes = self._hashes(subscription)
        self._write(subscription, hashes, [self._claim_same(subscription)], {}, hashes, "attribute_not_exists(pk)", {})

    def replace(self, before: Subscription, after: Subscription) -> None:
        """Raises ConflictError when `before` is no longer what is stored, or `after` is watched already; Unanchored."""
        hashes = self._hashes(after)
        same: list[Any] = []
        if self._same_key(before) != self._same_key(after):
            same += [{"Delete": {"TableName": self._name, "Key": self._same_key(before)}}, self._claim_same(after)]
        for attempt in range(_ATTEMPTS):
            lain = self._lain(before)
            anew = hashes if _said(before) != _said(after) else hashes - lain.keys()
            room = _MOST_WRITES - 1 - len(same) - len(anew)
            gone = [one for one in lain if one not in hashes][:room]
            left = {one: part for one, part in lain.items() if one not in gone}
            writes = [*same, *(self._unpost(after, one, lain[one]) for one in gone)]
            seen = {":seen": {"N": str(before.revision)}, ":lain": _parts(lain)}
            try:
                self._write(after, hashes, writes, left, anew, "revision = :seen AND posted = :lain", seen)
            except ConflictError:
                if self._lain(before) == lain:
                    raise
                back_off(attempt)  # somebody posted it elsewhere meanwhile, and changed nothing else
            else:
                if not left.keys() <= hashes:
                    with suppress(ConflictError):  # who was quicker takes them along
                        self.replace(after, after)
                return
        raise TryLater("others went on posting the same subscription")

    def is_indexed(self, subscription: Subscription) -> bool:
        """Whether it is posted where it is looked for. Raises TooBroadError."""
        return self._lain(subscription).keys() == self._hashes(subscription)

    def postings_under(self, terms: Iterable[Term]) -> dict[Term, set[Posting]]:
        """Who might watch each of these terms; terms that nobody watches are left out. 100 terms a call."""
        by_hash = {self._hash(term): term for term in set(terms)}
        found: dict[Term, set[Posting]] = {}
        further: list[Item] = []
        for item in get_all(self._client, self._name, [_list_key(one) for one in sorted(by_hash)]):
            one = item["pk"]["S"].split("#")[1]
            found[by_hash[one]] = set(_postings(item))
            further += [_list_key(one, number) for number in range(1, int(item.get("last", {"N": "0"})["N"]) + 1)]
        for item in get_all(self._client, self._name, further):
            found[by_hash[item["pk"]["S"].split("#")[1]]] |= set(_postings(item))
        return found

    def find_by_identifiers(self, numbers: Iterable[Identifier]) -> set[SubscriptionKey]:
        """Whose criterion names one of these numbers, in whatever place; another issuer's equal number as well."""
        terms = [form for number in numbers for form in (term_of(number), alias_term(term_of(number)))]
        return {one.key for posted in self.postings_under(terms).values() for one in posted}

    def _write(  # noqa: PLR0913, PLR0917 - what goes into one transaction
        self,
        subscription: Subscription,
        hashes: set[str],
        writes: list[Any],
        lain: Mapping[str, int],
        anew: set[str],
        condition: str,
        values: Item,
    ) -> None:
        """The subscription with its postings: those that have `lain` stay in their part, others take the last one of
        their list; what is said of it is written where it is said `anew`."""
        for attempt in range(_ATTEMPTS):
            parts = {**lain, **self._rooms(hashes - lain.keys())}
            posts = [self._post(subscription, hash_, parts[hash_], hash_ in lain) for hash_ in sorted(anew)]
            put = self._put(subscription, condition, values, parts)
            if self._transact([*writes, put], posts):
                return
            back_off(attempt)
        raise TryLater("others went on posting under the same terms")

    def _transact(self, decisive: list[Any], posts: list[Any]) -> bool:
        """False when somebody else has just filled a part: look for room again."""
        try:
            self._client.transact_write_items(TransactItems=[*decisive, *posts])
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = [reason.get("Code") or "" for reason in cancelled.response.get("CancellationReasons", [])]
            if "ConditionalCheckFailed" in codes[: len(decisive)]:
                raise ConflictError from cancelled
            if set(codes) <= {"", "None", "ConditionalCheckFailed", "TransactionConflict"}:
                return False
            raise TryLater(f"the subscription could not be written: {sorted(set(codes))}") from cancelled
        return True

    def _rooms(self, hashes: Iterable[str]) -> dict[str, int]:
        """The last part of each list, or a new one behind it where that is full. It is opened by itself, so that a
        transaction has one write for each posting; one that stays empty does no harm."""
        sizes = dict(self._sizes((hash_, 0) for hash_ in hashes))
        last = {hash_: sizes.get((hash_, 0), (0, 0))[1] for hash_ in hashes}
        sizes |= dict(self._sizes((hash_, number) for hash_, number in last.items() if number))
        full = {hash_ for hash_, number in last.items() if sizes.get((hash_, number), (0, 0))[0] >= self._a_part}
        return {hash_: self._opened(hash_, number + 1) if hash_ in full else number for hash_, number in last.items()}

    def _opened(self, hash_: str, number: int) -> int:
        update = self._update(
            hash_,
            0,
            "SET #last = :now",
            {"#last": "last"},
            {":now": {"N": str(number)}, ":then": {"N": str(number - 1)}},
            "attribute_not_exists(#last) OR #last = :then",
        )
        with suppress(self._client.exceptions.ConditionalCheckFailedException):  # somebody else opened it
            self._client.update_item(**update["Update"])
        return number

    def _sizes(self, parts: Iterable[tuple[str, int]]) -> Iterator[tuple[tuple[str, int], tuple[int, int]]]:
        keys = {f"term#{hash_}#{number}" if number else f"term#{hash_}": (hash_, number) for hash_, number in parts}
        items = get_all(
            self._client,
            self._name,
            [{"pk": {"S": pk}, "sk": {"S": "posting"}} for pk in sorted(keys)],
            ProjectionExpression="pk, #size, #last",
            ExpressionAttributeNames={"#size": "size", "#last": "last"},
        )
        for item in items:
            numbers = (int(item[name]["N"]) if name in item else 0 for name in ("size", "last"))
            yield keys[item["pk"]["S"]], (next(numbers), next(numbers))

    def _lain(self, subscription: Subscription) -> dict[str, int]:
        """Where its postings lie: hash of the term -> part."""
        key = SubscriptionKey(subscription.office_id, subscription.subscription_id).item
        item = self._client.get_item(
            TableName=self._name, Key=key, ConsistentRead=True, ProjectionExpression="posted"
        ).get("Item", {})
        return {hash_: int(part["N"]) for hash_, part in item.get("posted", {"M": {}})["M"].items()}

    def _hashes(self, subscription: Subscription) -> set[str]:
        """Of what it is posted under: nothing unless it is active; what watches everybody is refused."""
        return (
            {self._hash(term) for term in posting_terms(subscription.criterion)}
            if subscription.status is Status.ACTIVE
            else set()
        )

    def _hash(self, term: Term) -> str:
        return self._pseudonyms.of("term", *term)

    def _same_key(self, subscription: Subscription) -> Item:
        same = self._pseudonyms.of(
            "same", subscription.owner, *subscription.criterion.identity, subscription.basis.case_number.casefold()
        )
        return {"pk": {"S": f"office#{subscription.office_id}"}, "sk": {"S": f"same#{same}"}}

    def _claim_same(self, subscription: Subscription) -> Any:
        item = self._same_key(subscription) | {"subscription_id": {"S": subscription.subscription_id}}
        return {"Put": {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}

    def _put(self, subscription: Subscription, condition: str, values: Item, posted_in: Mapping[str, int]) -> Any:
        item = SubscriptionKey(subscription.office_id, subscription.subscription_id).item | {
            "doc": {"S": subscription.model_dump_json()},
            "revision": {"N": str(subscription.revision)},
            "posted": _parts(posted_in),
        }
        put = {"TableName": self._name, "Item": item, "ConditionExpression": condition}
        return {"Put": put | ({"ExpressionAttributeValues": values} if values else {})}

    def _post(self, subscription: Subscription, hash_: str, number: int, kept: bool) -> Any:
        names = {"#one": f"{_POSTED}{subscription.subscription_id}"}
        said: Item = {":text": {"S": posting_text(subscription)}}
        if kept:
            return self._update(hash_, number, "SET #one = :text", names, said)
        room = {":most": {"N": str(self._a_part)}, ":more": {"N": "1"}}
        return self._update(
            hash_,
            number,
            "SET #one = :text ADD #size :more",
            names | {"#size": "size"},
            said | room,
            "attribute_not_exists(#size) OR #size < :most",
        )

    def _unpost(self, subscription: Subscription, hash_: str, number: int) -> Any:
        names = {"#one": f"{_POSTED}{subscription.subscription_id}", "#size": "size"}
        return self._update(hash_, number, "REMOVE #one ADD #size :less", names, {":less": {"N": "-1"}})

    def _update(self, hash_: str, number: int, update: str, names: Any, values: Any, condition: str = "") -> Any:
        write = {
            "TableName": self._name,
            "Key": _list_key(hash_, number),
            "UpdateExpression": update,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
        return {"Update": write | ({"ConditionExpression": condition} if condition else {})}


def _said(subscription: Subscription) -> str:
    return posting_text(subscription) if subscription.status is Status.ACTIVE else ""


def _parts(posted_in: Mapping[str, int]) -> Any:
    return {"M": {hash_: {"N": str(number)} for hash_, number in posted_in.items()}}


def _list_key(hash_: str, number: int = 0) -> Item:
    return {"pk": {"S": f"term#{hash_}#{number}" if number else f"term#{hash_}"}, "sk": {"S": "posting"}}


def _postings(item: Any) -> Iterator[Posting]:
    for name, text in item.items():
        if name.startswith(_POSTED) and (one := parse_posting(name[len(_POSTED) :], text["S"])):
            yield one
