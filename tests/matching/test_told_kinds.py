"""What a watch says of which events it tells, against the naive evaluator: nothing is told that it denies."""

import random
from collections import Counter
from typing import Any

from shared.arrests.model import EventKind
from shared.matching.criteria import is_about, kinds_told
from tests.matching.invented import an_invented_arrest, naive, parsed
from tests.matching.test_oracle import an_indexed_criterion


def events_alone(by: random.Random, depth: int = 3) -> Any:
    """A combination of event watches and of nothing else. It would be too broad to be saved."""

    def drawn(levels: int) -> dict[str, Any]:
        if levels == 0 or by.random() < 0.4:
            return {"watch": "event", "kinds": [kind.value for kind in by.sample(list(EventKind), by.randint(1, 9))]}
        words = [word for word in ("all", "any", "none") if by.random() < 0.5] or ["none"]
        return {word: [drawn(levels - 1) for _ in range(by.randint(1, 2))] for word in words}

    return parsed(drawn(depth))


def test_s19_no_arrest_is_told_of_a_kind_that_the_sentence_denies_over_24_000_random_pairs() -> None:
    by, kinds_that_hit = random.Random(20261129), Counter[EventKind]()
    arrests = [an_invented_arrest(by, number) for number in range(60)]
    for _ in range(400):
        criterion, _ = an_indexed_criterion(by)
        chosen = by.choice([None, frozenset(by.sample(list(EventKind), by.randint(1, 6)))])
        denied = frozenset(EventKind) - kinds_told(criterion, chosen)
        for arrest in arrests:
            if is_about(criterion, arrest.kind, chosen) and naive(criterion, arrest):
                kinds_that_hit[arrest.kind] += 1
                assert arrest.kind not in denied, (criterion, chosen, arrest.kind)
    assert len(kinds_that_hit) == len(EventKind), "each kind was told of at least once"


def test_s19_a_criterion_of_event_watches_alone_is_denied_exactly_what_the_naive_evaluator_denies() -> None:
    """Where nothing but the kind of event decides, the sentence is not only safe but right."""
    by, arrest = random.Random(20261130), an_invented_arrest(random.Random(1), 1)
    for _ in range(2_000):
        criterion = events_alone(by)
        told = {kind for kind in EventKind if naive(criterion, arrest.model_copy(update={"kind": kind}))}
        assert kinds_told(criterion, frozenset(EventKind)) == told, criterion
