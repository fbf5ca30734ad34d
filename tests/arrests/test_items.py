"""What a drop makes of a stored arrest, decided from plain values."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.arrests.items import SEALED, StoredVersion, WriteOutcome, decide_write, next_version
from shared.arrests.model import NotifyMode, Provenance

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOW = NINE + timedelta(hours=1)


def drop(minute: int, notify_mode: NotifyMode = NotifyMode.NOTIFY) -> Provenance:
    return Provenance(drop_id=f"drop-{minute}", dropped_at=NINE + timedelta(minutes=minute), notify_mode=notify_mode)


def stored(minute: int = 5, content: str = "known", version: int = 1, quiet: str = "") -> StoredVersion:
    instant = (NINE + timedelta(minutes=minute)).isoformat()
    return StoredVersion(content, drop(minute).order, f"drop-{minute}", version, instant, instant, quiet)


@pytest.mark.parametrize(
    ("current", "content", "provenance", "outcome", "is_written"),
    [
        (None, "new", drop(1), WriteOutcome.ACCEPTED, True),
        (stored(), "new", drop(6), WriteOutcome.UPDATED, True),
        (stored(), "new", drop(4), WriteOutcome.SKIPPED, False),
        (stored(), "known", drop(6), WriteOutcome.UNCHANGED, True),
        (stored(), "known", drop(4), WriteOutcome.UNCHANGED, False),
        (stored(), "known", drop(5), WriteOutcome.ACCEPTED, False),
        (stored(version=2), "known", drop(5), WriteOutcome.UPDATED, False),
        (stored(), "known", drop(4, NotifyMode.REMATCH), WriteOutcome.UNCHANGED, True),
        (stored(quiet="held"), "known", drop(5), WriteOutcome.ACCEPTED, True),
        (stored(quiet="held"), "known", drop(5, NotifyMode.HELD), WriteOutcome.ACCEPTED, False),
        (stored(content=SEALED), "new", drop(6), WriteOutcome.SEALED, False),
    ],
)  # fmt: skip
def test_a_drop_has_one_outcome_for_each_arrest(
    current: StoredVersion | None, content: str, provenance: Provenance, outcome: WriteOutcome, is_written: bool
) -> None:
    assert decide_write(content, current, provenance) == (outcome, is_written)


def test_latency_is_measured_anew_from_a_release() -> None:
    released = next_version("known", stored(quiet="held"), drop(5), NOW)
    assert (released.dropped_at, released.stored_at, released.quiet, released.version) == (
        NOW.isoformat(),
        NOW.isoformat(),
        "",
        1,
    )
    assert next_version("known", stored(), drop(6), NOW) == stored()._replace(order=drop(6).order)


def test_a_held_version_keeps_the_document_that_readers_see() -> None:
    version = next_version("new", stored()._replace(shown_document="{}"), drop(6, NotifyMode.HELD), NOW)
    assert (version.version, version.quiet, version.shown_document) == (2, "held", "{}")
