"""The subscription index in DynamoDB: an inverted index, by which an arrest finds the subscriptions that may match it.

A subscription changes in one transaction with all its postings, so a reader never sees one without the others. Obsolete
postings that do not fit into the transaction follow in a second one (`plan_reindex.py`). The index only proposes
candidates: whether a subscription is in force and covers the arrest is decided on its document. How postings are
stored: `items.py`. Matchers remember which terms have any: `known_terms_table.py`.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from shared.arrests.person import Identifier
from shared.aws.dynamodb import Item, get_all
from shared.aws.optimistic_lock import ConflictError
from shared.aws.throttling import back_off
from shared.aws.transactions import transact
from shared.errors import TryLater
from shared.matching.criteria import Term
from shared.matching.rules import alias_term, posting_terms
from shared.matching.rules.identifier import term_of
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.index import items
from shared.subscriptions.index.known_terms_table import KnownTermsTable, register
from shared.subscriptions.index.plan_reindex import MAX_TRANSACTION_WRITES, ReindexPlan, plan_reindex
from shared.subscriptions.index.posting import Posting, posting_text, postings_in
from shared.subscriptions.model import Status, Subscription, SubscriptionKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SHARD_SIZE = 50  # postings, 35 KB: a transaction of 100 writes to full shards stays below its quota of 4 MB
_ATTEMPTS = 8


class _ShardState(NamedTuple):
    """How many postings a shard has; of a first shard also the number of the last shard of its list."""

    size: int = 0
    last_shard: int = 0


class SubscriptionIndex:
    """`pseudonyms` hash the terms, because a term may be a name or a number of a person. Whoever looks up many terms,
    as matchers do, gives `known`."""

    def __init__(
        self,
        client: "DynamoDBClient",
        name: str,
        pseudonyms: Pseudonyms,
        shard_size: int = SHARD_SIZE,
        known: KnownTermsTable | None = None,
    ) -> None:
        self._client, self._name, self._pseudonyms, self._shard_size = client, name, pseudonyms, shard_size
        self._known = known

    def find_same(self, subscription: Subscription) -> SubscriptionKey | None:
        """Returns the subscription of the same owner with the same criterion and case, cancelled or not."""
        claim = self._client.get_item(TableName=self._name, Key=self._claim_key(subscription), ConsistentRead=True)
        item = claim.get("Item")
        return SubscriptionKey(subscription.office_id, item["subscription_id"]["S"]) if item else None

    def add(self, subscription: Subscription) -> None:
        """Stores a new subscription with its postings.

        Raises ConflictError when the owner already watches the same for the same case, TooBroadError when it would
        watch everybody, and TryLater when others keep writing to the same shards.
        """
        self._write(None, subscription)

    def replace(self, before: Subscription, after: Subscription) -> None:
        """Stores `after` in place of `before`, with its postings. Call it with the same value twice to repair postings.

        Raises ConflictError when `before` is no longer the stored revision or the owner already watches what `after`
        watches; TooBroadError and TryLater as `add`.
        """
        if self._write(before, after).overflow:
            self._remove_overflow(after)

    def is_indexed(self, subscription: Subscription) -> bool:
        """Whether it has exactly the postings that it should have, and lies in the index of last days as it should.
        Raises TooBroadError."""
        item = self._indexed_attributes(subscription)
        due = {name: item[name] for name in ("due_shard", "last_day") if name in item}
        is_posted = items.shards_of(item).keys() == self._term_hashes(subscription)
        return is_posted and due == items.due_attributes(subscription)

    def make_known(self, subscription: Subscription) -> None:
        """Registers its terms for the matchers, as earlier releases did not. Raises TooBroadError and TryLater."""
        register(self._client, self._name, self._term_hashes(subscription))

    def postings_under(self, terms: Iterable[Term]) -> dict[Term, set[Posting]]:
        """Returns the postings under each of these terms; a term without postings is left out.

        Reads 100 shards a call: the first shard of every list, then the further ones.
        """
        term_by_hash = {self._hash(term): term for term in set(terms)}
        postings: dict[Term, set[Posting]] = {}
        further_shards: list[Item] = []
        hashes = self._known.among(term_by_hash.keys()) if self._known else term_by_hash
        first_shards = [items.shard_key(term_hash) for term_hash in sorted(hashes)]
        for item in get_all(self._client, self._name, first_shards):
            term_hash = items.term_hash_of(item)
            postings[term_by_hash[term_hash]] = set(postings_in(item))
            shards = range(1, items.number_in(item, "last") + 1)
            further_shards += [items.shard_key(term_hash, shard) for shard in shards]
        for item in get_all(self._client, self._name, further_shards):
            postings[term_by_hash[items.term_hash_of(item)]] |= set(postings_in(item))
        return postings

    def find_by_identifiers(self, identifiers: Iterable[Identifier]) -> set[SubscriptionKey]:
        """Returns the subscriptions whose criterion names one of these identifiers anywhere, also in `none`.

        A subscription that names an equal number of another issuer is included.
        """
        terms = [term_of(identifier) for identifier in identifiers]
        found_under = self.postings_under([*terms, *(alias_term(term) for term in terms)])
        return {posting.key for postings in found_under.values() for posting in postings}

    def _write(self, before: Subscription | None, after: Subscription) -> ReindexPlan:
        """Stores `after` with its postings, and retries while others write to the same shards."""
        terms, claims = self._term_hashes(after), self._claim_writes(before, after)
        max_postings = MAX_TRANSACTION_WRITES - 1 - len(claims)
        text_before = posting_text(before) if before else ""
        for attempt in range(_ATTEMPTS):
            current = self._shards_of(before) if before else {}
            condition = items.is_unchanged(before.revision, current) if before else items.IS_NEW
            plan = plan_reindex(text_before, posting_text(after), terms, current, max_postings)
            try:
                if self._apply(plan, after, claims, condition):
                    return plan
            except ConflictError:
                if before is None or self._shards_of(before) == current:
                    raise  # otherwise only its postings were moved, and the next attempt sees where they lie now
            back_off(attempt)
        raise TryLater("others kept writing postings under the same terms")

    def _apply(
        self, plan: ReindexPlan, subscription: Subscription, claims: list[items.Write], condition: items.Condition
    ) -> bool:
        """Writes the plan in one transaction. Returns False if somebody else has just filled a shard.

        Raises ConflictError if a claim or the condition on the document fails.
        """
        table, subscription_id, text = self._name, subscription.subscription_id, posting_text(subscription)
        shards = {**plan.keep, **plan.overflow, **self._shards_with_room(plan.add)}
        decisive = [
            *claims,
            *(items.remove_posting(table, *where, subscription_id) for where in plan.drop.items()),
            items.put_document(table, subscription, shards, condition),
        ]
        postings = [
            items.rewrite_posting(table, term_hash, shards[term_hash], subscription_id, text)
            if term_hash in plan.keep
            else items.add_posting(table, term_hash, shards[term_hash], subscription_id, text, self._shard_size)
            for term_hash in sorted(plan.rewrite | plan.add)
        ]
        return self._transact(decisive, postings)

    def _transact(self, decisive: list[items.Write], postings: list[items.Write]) -> bool:
        """Returns False if only writes of postings failed. Raises ConflictError if a decisive write did; TryLater."""
        failed = transact(self._client, [*decisive, *postings])
        if failed and failed[0] < len(decisive):
            raise ConflictError
        return not failed

    def _remove_overflow(self, subscription: Subscription) -> None:
        """Removes the obsolete postings that the first transaction left. On a conflict, whoever was faster does it."""
        with suppress(ConflictError):
            self.replace(subscription, subscription)

    def _shards_with_room(self, term_hashes: Iterable[str]) -> dict[str, int]:
        """Returns the last shard of each list, or a new one if that is full.

        A new shard is opened and a new term is registered before the transaction, so that the transaction has one
        write per posting. What is not used after all does no harm.
        """
        states = self._shard_states((term_hash, 0) for term_hash in term_hashes)
        last = {term_hash: state.last_shard for (term_hash, _), state in states.items()}
        new = [term_hash for (term_hash, _), state in states.items() if state == _ShardState()]
        register(self._client, self._name, new)
        states |= self._shard_states((term_hash, shard) for term_hash, shard in last.items() if shard)
        return {
            term_hash: shard
            if states[term_hash, shard].size < self._shard_size
            else self._open_shard(term_hash, shard + 1)
            for term_hash, shard in last.items()
        }

    def _open_shard(self, term_hash: str, shard: int) -> int:
        with suppress(self._client.exceptions.ConditionalCheckFailedException):  # somebody else opened it
            self._client.update_item(**items.open_shard(self._name, term_hash, shard))
        return shard

    def _shard_states(self, shards: Iterable[tuple[str, int]]) -> dict[tuple[str, int], _ShardState]:
        """Returns the state of each of these shards, (term hash, number); one that is not stored yet is empty."""
        keys = {items.shard_key(*shard)["pk"]["S"]: shard for shard in shards}
        stored = get_all(
            self._client,
            self._name,
            [items.shard_key(*shard) for _, shard in sorted(keys.items())],
            ProjectionExpression="pk, #size, #last",
            ExpressionAttributeNames={"#size": "size", "#last": "last"},
        )
        states = {shard: _ShardState() for shard in keys.values()}
        for item in stored:
            state = _ShardState(items.number_in(item, "size"), items.number_in(item, "last"))
            states[keys[item["pk"]["S"]]] = state
        return states

    def _shards_of(self, subscription: Subscription) -> dict[str, int]:
        """Returns hash of the term -> shard for each posting of the stored subscription."""
        return items.shards_of(self._indexed_attributes(subscription))

    def _indexed_attributes(self, subscription: Subscription) -> Item:
        answer = self._client.get_item(
            TableName=self._name,
            Key=items.document_key(subscription.key),
            ConsistentRead=True,
            ProjectionExpression="posted, due_shard, last_day",
        )
        return answer.get("Item", {})

    def _term_hashes(self, subscription: Subscription) -> set[str]:
        """Returns the terms under which it must be posted: none unless it is active. Raises TooBroadError."""
        if subscription.status is not Status.ACTIVE:
            return set()
        return {self._hash(term) for term in posting_terms(subscription.criterion)}

    def _hash(self, term: Term) -> str:
        return self._pseudonyms.of("term", *term)

    def _claim_key(self, subscription: Subscription) -> Item:
        return items.claim_key(subscription, self._pseudonyms)

    def _claim_writes(self, before: Subscription | None, after: Subscription) -> list[items.Write]:
        """Claims what `after` watches for its owner and case, and gives up the claim of `before`, if they differ."""
        if before and self._claim_key(before) == self._claim_key(after):
            return []
        item = self._claim_key(after) | {"subscription_id": {"S": after.subscription_id}}
        put = {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        release = {"TableName": self._name, "Key": self._claim_key(before)} if before else None
        return [*([{"Delete": release}] if release else []), {"Put": put}]
