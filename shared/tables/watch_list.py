"""The posting lists by which an arrest finds who watches it, in the subscriptions' table:

    pk term#<hash>       sk posting      one attribute a subscription, `s_<id>` = what `postings.py` says of it; `size`
                                         of them, at most 500; `last`, the number of the last further part, if any
    pk term#<hash>#<n>   sk posting      the further parts of a long list, 500 each, spread over partitions
    pk office#<office>   sk same#<hash>  what an owner watches for a case already -> subscription id

A subscription and all its postings change in one transaction, so a reader never sees one without the others. The list
only proposes: whether a subscription is in force, and whether it really covers the arrest, its document says.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.domain.errors import TryLater
from shared.domain.identity import Identifier
from shared.domain.matching import mention, posted_under
from shared.domain.matching.identifier import term_of
from shared.domain.pseudonyms import Pseudonyms
from shared.domain.subscriptions import Status, Subscription
from shared.domain.watches import Term
from shared.tables.overtaken import Overtaken as Overtaken  # noqa: PLC0414 - raised here, and known to others from here
from shared.tables.paging import Item, get_all, pause
from shared.tables.postings import Posted, posted, text_of
from shared.tables.subscriptions import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

A_PART = 500  # postings
_POSTED = "s_"
_ATTEMPTS = 8


class _Part(NamedTuple):
    """Where a posting is put: part 0 is the list itself; `fresh` opens a further part."""

    number: int
    fresh: bool = False


class WatchList:
    def __init__(self, client: "DynamoDBClient", name: str, pseudonyms: Pseudonyms, a_part: int = A_PART) -> None:
        self._client, self._name, self._pseudonyms, self._a_part = client, name, pseudonyms, a_part

    def same_as(self, subscription: Subscription) -> Key | None:
        """Where this owner already watches the same for the same case, cancelled or not."""
        key = self._same_key(subscription)
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return Key(subscription.office_id, item["subscription_id"]["S"]) if item else None

    def add(self, subscription: Subscription) -> None:
        """Raises Overtaken when the owner already watches the same; Unanchored when it would watch everybody."""
        hashes = self._hashes(subscription)
        self._write(subscription, hashes, [self._claim_same(subscription)], {}, "attribute_not_exists(pk)", {})

    def replace(self, before: Subscription, after: Subscription) -> None:
        """Raises Overtaken when `before` is no longer what is stored, or `after` is watched already; Unanchored."""
        hashes = self._hashes(after)
        writes: list[Any] = []
        if self._same_key(before) != self._same_key(after):
            writes += [{"Delete": {"TableName": self._name, "Key": self._same_key(before)}}, self._claim_same(after)]
        lain = self._lain(before)
        writes += [self._unpost(after, one, part) for one, part in lain.items() if one not in hashes]
        kept = {one: part for one, part in lain.items() if one in hashes}
        self._write(after, hashes, writes, kept, "revision = :seen", {":seen": {"N": str(before.revision)}})

    def lies_well(self, one: Subscription) -> bool:
        """Whether it is posted where it is looked for. Raises Unanchored."""
        return self._lain(one).keys() == self._hashes(one)

    def posted_under(self, terms: Iterable[Term]) -> dict[Term, set[Posted]]:
        """Who might watch each of these terms; terms that nobody watches are left out. 100 terms a call."""
        by_hash = {self._hash(term): term for term in set(terms)}
        found: dict[Term, set[Posted]] = {}
        further: list[Item] = []
        for item in get_all(self._client, self._name, [_list_key(one) for one in sorted(by_hash)]):
            one = item["pk"]["S"].split("#")[1]
            found[by_hash[one]] = set(_postings(item))
            further += [_list_key(one, number) for number in range(1, int(item.get("last", {"N": "0"})["N"]) + 1)]
        for item in get_all(self._client, self._name, further):
            found[by_hash[item["pk"]["S"].split("#")[1]]] |= set(_postings(item))
        return found

    def naming(self, numbers: Iterable[Identifier]) -> set[Key]:
        """Whose criterion names one of these numbers, in whatever place; another issuer's equal number as well."""
        terms = [form for number in numbers for form in (term_of(number), mention(term_of(number)))]
        return {one.key for posted in self.posted_under(terms).values() for one in posted}

    def _write(
        self,
        one: Subscription,
        hashes: set[str],
        writes: list[Any],
        kept: Mapping[str, int],
        condition: str,
        values: Item,
    ) -> None:
        """The subscription with its postings: those that are `kept` stay in their part, new ones take the last."""
        for attempt in range(_ATTEMPTS):
            parts = {hash_: _Part(number) for hash_, number in kept.items()}
            parts |= self._rooms(hashes - kept.keys())
            posts = [write for hash_, part in parts.items() for write in self._post(one, hash_, part, hash_ in kept)]
            put = self._put(one, condition, values, {hash_: part.number for hash_, part in parts.items()})
            if self._transact([*writes, put], posts):
                return
            pause(attempt)
        raise TryLater("others went on posting under the same terms")

    def _transact(self, decisive: list[Any], posts: list[Any]) -> bool:
        """False when a part was full or just opened by somebody else: look for room again."""
        try:
            self._client.transact_write_items(TransactItems=[*decisive, *posts])
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = [reason.get("Code") or "" for reason in cancelled.response.get("CancellationReasons", [])]
            if "ConditionalCheckFailed" in codes[: len(decisive)]:
                raise Overtaken from cancelled
            if set(codes) <= {"", "None", "ConditionalCheckFailed", "TransactionConflict"}:
                return False
            raise TryLater(f"the subscription could not be written: {sorted(set(codes))}") from cancelled
        return True

    def _rooms(self, hashes: Iterable[str]) -> dict[str, _Part]:
        """The last part of each list, or a fresh one behind it where that is full."""
        sizes = dict(self._sizes((hash_, 0) for hash_ in hashes))
        rooms = {}
        last = {hash_: sizes.get((hash_, 0), (0, 0))[1] for hash_ in hashes}
        sizes |= dict(self._sizes((hash_, number) for hash_, number in last.items() if number))
        for hash_, number in last.items():
            full = sizes.get((hash_, number), (0, 0))[0] >= self._a_part
            rooms[hash_] = _Part(number + 1, fresh=True) if full else _Part(number)
        return rooms

    def _sizes(self, parts: Iterable[tuple[str, int]]) -> Iterator[tuple[tuple[str, int], tuple[int, int]]]:
        keys = {f"term#{hash_}#{number}" if number else f"term#{hash_}": (hash_, number) for hash_, number in parts}
        items = get_all(
            self._client, self._name, [{"pk": {"S": pk}, "sk": {"S": "posting"}} for pk in sorted(keys)],
            ProjectionExpression="pk, #size, #last", ExpressionAttributeNames={"#size": "size", "#last": "last"},
        )  # fmt: skip
        for item in items:
            numbers = (int(item[name]["N"]) if name in item else 0 for name in ("size", "last"))
            yield keys[item["pk"]["S"]], (next(numbers), next(numbers))

    def _lain(self, one: Subscription) -> dict[str, int]:
        """Where its postings lie: hash of the term -> part."""
        if one.status is not Status.ACTIVE:
            return {}
        key = Key(one.office_id, one.subscription_id).item
        item = self._client.get_item(
            TableName=self._name, Key=key, ConsistentRead=True, ProjectionExpression="posted"
        ).get("Item", {})  # fmt: skip
        return {hash_: int(part["N"]) for hash_, part in item.get("posted", {"M": {}})["M"].items()}

    def _hashes(self, one: Subscription) -> set[str]:
        """Of what it is posted under: nothing unless it is active; what watches everybody is refused."""
        return {self._hash(term) for term in posted_under(one.criterion)} if one.status is Status.ACTIVE else set()

    def _hash(self, term: Term) -> str:
        return self._pseudonyms.of("term", *term)

    def _same_key(self, one: Subscription) -> Item:
        same = self._pseudonyms.of("same", one.owner, *one.criterion.identity, one.basis.case_number.casefold())
        return {"pk": {"S": f"office#{one.office_id}"}, "sk": {"S": f"same#{same}"}}

    def _claim_same(self, one: Subscription) -> Any:
        item = self._same_key(one) | {"subscription_id": {"S": one.subscription_id}}
        return {"Put": {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}

    def _put(self, one: Subscription, condition: str, values: Item, posted_in: Mapping[str, int]) -> Any:
        item = Key(one.office_id, one.subscription_id).item | {
            "doc": {"S": one.model_dump_json()},
            "revision": {"N": str(one.revision)},
            "posted": {"M": {hash_: {"N": str(number)} for hash_, number in posted_in.items()}},
        }
        put = {"TableName": self._name, "Item": item, "ConditionExpression": condition}
        return {"Put": put | ({"ExpressionAttributeValues": values} if values else {})}

    def _post(self, one: Subscription, hash_: str, part: _Part, kept: bool) -> Iterator[Any]:
        names = {"#one": f"{_POSTED}{one.subscription_id}"}
        said: Item = {":text": {"S": text_of(one)}}
        if kept:
            yield self._update(hash_, part.number, "SET #one = :text", names, said)
            return
        room = {":most": {"N": str(self._a_part)}, ":more": {"N": "1"}}
        yield self._update(
            hash_, part.number, "SET #one = :text ADD #size :more", names | {"#size": "size"}, said | room,
            "attribute_not_exists(#size) OR #size < :most",
        )  # fmt: skip
        if part.fresh:
            before = {":now": {"N": str(part.number)}, ":then": {"N": str(part.number - 1)}}
            yield self._update(
                hash_, 0, "SET #last = :now", {"#last": "last"}, before,
                "attribute_not_exists(#last) OR #last = :then",
            )  # fmt: skip

    def _unpost(self, one: Subscription, hash_: str, number: int) -> Any:
        names = {"#one": f"{_POSTED}{one.subscription_id}", "#size": "size"}
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


def _list_key(hash_: str, number: int = 0) -> Item:
    return {"pk": {"S": f"term#{hash_}#{number}" if number else f"term#{hash_}"}, "sk": {"S": "posting"}}


def _postings(item: Any) -> Iterator[Posted]:
    for name, text in item.items():
        if name.startswith(_POSTED) and (one := posted(name[len(_POSTED) :], text["S"])):
            yield one
