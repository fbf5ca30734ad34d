"""A sweep goes through everything in pieces, whatever there is, and no run of it takes more than half of its time."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from shared.aws import throttling
from shared.aws.rounds import Piece, Round, RoundsTable, go_on
from tests.builders import NOW
from tests.conftest import Tables

EVERY, PLACES = timedelta(hours=6), ["a", "b", "c", "d", "e"]


class Sweep:
    """Does the pieces `a` to `e`. The time of a run is over after `at_once` of them."""

    def __init__(self, tables: Tables, monkeypatch: pytest.MonkeyPatch, at_once: int = 9) -> None:
        self.rounds, self.at_once = RoundsTable(tables.client, "Subscriptions"), at_once
        self.done: list[str] = []
        self.clock = 0.0
        self.breaks_at = ""
        monkeypatch.setattr(throttling, "time", SimpleNamespace(monotonic=lambda: self.clock))

    def pieces(self, current: Round) -> Iterator[Piece]:
        for place in PLACES:
            if place > current.after:
                if place == self.breaks_at:
                    raise ValueError(place)
                self.done.append(place)
                self.clock += 0.4 * 120 / self.at_once
                yield Piece(place, 1)

    def runs(self, later: timedelta = timedelta()) -> tuple[int, str]:
        """One invocation of 120 s. Returns what it found, and the pieces that it did."""
        self.done = []
        throttling.begin_invocation(SimpleNamespace(get_remaining_time_in_millis=lambda: 120_000))
        began = self.clock
        try:
            found = go_on(self.rounds, "sweep", EVERY, self.pieces, NOW + later)
        finally:
            throttling.begin_invocation(None)
        assert self.clock - began <= 60
        return found, "".join(self.done)


def test_a_round_is_done_in_as_many_runs_as_it_takes_and_the_next_begins_when_it_is_due(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = Sweep(tables, monkeypatch, at_once=2)
    minutes = [sweep.runs(timedelta(minutes=minute)) for minute in range(5)]
    assert minutes == [(2, "ab"), (2, "cd"), (1, "e"), (0, ""), (0, "")]
    assert sweep.runs(EVERY - timedelta(minutes=1)) == (0, "")
    assert sweep.runs(EVERY) == (2, "ab")


def test_a_round_that_takes_longer_than_its_interval_is_done_to_its_end_first(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = Sweep(tables, monkeypatch, at_once=2)
    assert [sweep.runs(timedelta(hours=5 * run))[1] for run in range(4)] == ["ab", "cd", "e", "ab"]


def test_a_piece_that_fails_is_done_again_and_those_before_it_are_not(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = Sweep(tables, monkeypatch)
    sweep.breaks_at = "c"
    with pytest.raises(ValueError, match="c"):
        sweep.runs()
    sweep.breaks_at = ""
    assert sweep.runs() == (3, "cde")


def test_two_runs_at_once_do_the_same_pieces_and_one_of_them_says_how_far_they_are(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = Sweep(tables, monkeypatch, at_once=20)
    find = sweep.rounds.find

    def while_another_runs(name: str) -> Round | None:
        stored = find(name)
        monkeypatch.setattr(sweep.rounds, "find", find)
        go_on(sweep.rounds, "sweep", EVERY, sweep.pieces, NOW)
        return stored

    monkeypatch.setattr(sweep.rounds, "find", while_another_runs)
    assert sweep.runs()[0] == 5
    assert sweep.done == PLACES * 2
    assert find("sweep") == Round(NOW, "e", is_complete=True)
