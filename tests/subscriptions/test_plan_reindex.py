"""How the postings of a subscription change, decided on plain values: texts, hashes of terms, numbers of shards."""

from shared.subscriptions.index.plan_reindex import ReindexPlan, plan_reindex


def plan(before="same", after="same", terms="", current=(), max_writes=10):
    """`terms` and `current` have one letter a term."""
    return plan_reindex(before, after, set(terms), dict(current), max_writes)


def test_a_new_subscription_adds_all_its_postings_and_nothing_else():
    assert plan("", "new", terms="ab") == ReindexPlan({}, frozenset(), frozenset("ab"), {}, {})


def test_a_posting_keeps_its_shard_and_is_written_only_where_its_text_changes():
    current = {"a": 0, "b": 7}
    unchanged = plan(terms="abc", current=current)
    assert (unchanged.keep, unchanged.rewrite, unchanged.add) == (current, frozenset(), frozenset("c"))
    changed = plan("old", "new", terms="abc", current=current)
    assert (changed.keep, changed.rewrite, changed.add) == (current, frozenset("ab"), frozenset("c"))


def test_an_obsolete_posting_is_dropped_from_the_shard_in_which_it_lies():
    assert plan("old", "new", terms="a", current={"a": 0, "x": 3}) == ReindexPlan(
        {"a": 0}, frozenset("a"), frozenset(), {"x": 3}, {}
    )


def test_a_subscription_that_is_not_active_drops_everything():
    assert plan("old", "", current={"a": 0, "b": 1}) == ReindexPlan({}, frozenset(), frozenset(), {"a": 0, "b": 1}, {})


def test_what_does_not_fit_into_the_transaction_overflows_and_only_obsolete_postings_do():
    current = {"a": 0, "x": 1, "y": 2, "z": 3}
    full = plan("old", "new", terms="ab", current=current, max_writes=3)
    assert (full.rewrite, full.add) == (frozenset("a"), frozenset("b"))
    assert (full.drop, full.overflow) == ({"x": 1}, {"y": 2, "z": 3})
    assert plan("old", "new", terms="ab", current=current, max_writes=1).drop == {}


def test_the_second_transaction_takes_the_overflow_and_changes_nothing_else():
    first = plan("old", "new", terms="ab", current={"x": 1, "y": 2, "z": 3}, max_writes=3)
    stored = {**first.keep, **first.overflow, **dict.fromkeys(first.add, 0)}
    second = plan("new", "new", terms="ab", current=stored, max_writes=3)
    assert (second.rewrite, second.add) == (frozenset(), frozenset())
    assert (second.drop, second.overflow) == (first.overflow, {})
