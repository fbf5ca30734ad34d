"""Whatever an agency says of one number, in whatever order it is matched, sent and read: no reader sees a version that
meets no watch of theirs, and nobody who was told of what no longer holds is left untold."""

import os
from random import Random
from typing import Any

import pytest

from shared.arrests.model import NotifyMode
from tests.alerts.version_world import ASSAULT, LARCENY, PERSONS, Told, VersionWorld, office_with_watchers
from tests.widths import exhaustive, thorough

CHARGES = ((ASSAULT,), (LARCENY,), (ASSAULT, LARCENY), ())
MODES = (NotifyMode.NOTIFY,) * 6 + (NotifyMode.SILENT, NotifyMode.HELD)
SEQUENCES = 1_250  # of each seed
FEW = 25


def a_sequence(random: Random) -> list[tuple[str, Any]]:
    """Steps of the agency, the product and the readers, in any order. A seal is rare and comes at any time."""
    steps: list[tuple[str, Any]] = []
    for _ in range(random.randint(3, 18)):
        roll = random.random()
        if roll < 0.40:
            told = Told(random.choice(list(PERSONS)), random.choice(CHARGES))
            steps.append(("store", (told, random.choice(MODES))))
        elif roll < 0.62:
            steps.append(("match", (random.randint(1, 3),)))
        elif roll < 0.76:
            steps.append(("work", ()))
        elif roll < 0.83:
            steps.append(("pass_time", (random.choice([0.1, 0.4, 1.5, 10]),)))
        elif roll < 0.90:
            steps.append(("read", ()))
        elif roll < 0.94:
            steps.append(("confirm", ()))
        elif roll < 0.98:
            steps.append(("release", ()))
        else:
            steps.append(("seal", ()))
    return steps


def lived(steps: list[tuple[str, Any]], world: VersionWorld) -> list[str]:
    """Everything that went wrong."""
    for name, arguments in steps:
        getattr(world, name)(*arguments)
    world.read()
    world.drain()
    world.read()
    return [*world.faults, *world.untold()]


def shrunk(steps: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The fewest of these steps that still go wrong, found by leaving out one after the other."""
    db = office_with_watchers()
    for position in reversed(range(len(steps))):
        fewer = steps[:position] + steps[position + 1 :]
        if lived(fewer, VersionWorld(db.copy())):
            steps = fewer
    return steps


def test_ta1_ta2_ta3_no_reader_sees_what_meets_no_watch_and_nobody_is_left_untold() -> None:
    live_sequences(seed=0, count=FEW)


@pytest.mark.parametrize("seed", [*thorough(1), *exhaustive(*range(2, 9))])
def test_ta1_ta2_ta3_ten_thousand_sequences_show_nobody_a_stranger_and_leave_nobody_untold(seed: int) -> None:
    live_sequences(seed, SEQUENCES)


def live_sequences(seed: int, count: int) -> None:
    random, db, told = Random(seed), office_with_watchers(), 0
    for number in range(count):
        steps = a_sequence(random)
        world = VersionWorld(db.copy())
        wrong = lived(steps, world)
        told += len(world.mails)
        assert not wrong, f"{wrong}\nsequence {number} of seed {seed}: {shrunk(steps)}"
    print(f"{count} sequences of seed {seed}: {told} messages", os.getpid())
    assert told > count  # the sequences tell people something
