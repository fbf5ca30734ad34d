"""Which files, each an object of its own, belong together, and whether they wait for others. Pure.

The answer follows from the set of files that came, not from the order in which their events were handled.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.feeds.drops.model import Drop
from shared.feeds.profiles.model import LayoutOfFile, MissingPartner, Profile
from shared.value import FrozenModel


class BatchFile(FrozenModel):
    layout: str
    drop: Drop

    @property
    def order(self) -> tuple[datetime, str, str]:
        return self.drop.dropped_at, self.drop.sequencer.zfill(32), self.drop.version_id


class BatchRule(NamedTuple):
    """`arrests` is the layout to which the others are joined. If the files of a batch bear the same stamp in their
    names, the newest of each layout belong together; else those that came within `wait` of each other."""

    arrests: str
    layouts: Collection[str]
    wait: timedelta
    is_stamped: bool


def files_of_batch(file: BatchFile, known: Iterable[BatchFile], rule: BatchRule) -> Mapping[str, Drop]:
    """Maps layouts to the files that belong together with this one.

    It is not among them if a newer file of its layout took its place.
    """
    batches = list[dict[str, BatchFile]]()
    for other in sorted({*known, file}, key=lambda other: other.order):
        if not batches or (not rule.is_stamped and _begins_batch(other, batches[-1], rule)):
            batches.append({})
        batches[-1][other.layout] = other
    batch = next((batch for batch in batches if batch.get(file.layout) == file), batches[-1])
    return {layout: other.drop for layout, other in batch.items()}


def _begins_batch(file: BatchFile, batch: Mapping[str, BatchFile], rule: BatchRule) -> bool:
    """A file of a layout that the batch has already, or that comes too late for it, begins the next batch."""
    first = min(other.drop.dropped_at for other in batch.values())
    return file.layout in batch or file.drop.dropped_at - first > rule.wait


class Waiting(NamedTuple):
    """The files wait for those of the layouts `missing`."""

    missing: tuple[str, ...]
    until: datetime


class ReadTogether(NamedTuple):
    """The files are read as one drop, without those of the layouts `missing`."""

    missing: tuple[str, ...] = ()


class RefuseBatch(NamedTuple):
    """The files `missing` did not come until then."""

    missing: tuple[str, ...]
    until: datetime


def decide_batch(
    files: Mapping[str, Drop], rule: BatchRule, partners: Mapping[str, LayoutOfFile], now: datetime
) -> Waiting | ReadTogether | RefuseBatch:
    """`partners` are the layouts that are joined to that of the arrests."""
    missing = tuple(layout for layout in rule.layouts if layout not in files)
    if not missing:
        return ReadTogether()
    has_arrests = rule.arrests in files
    waiting = [name for name in partners if name not in files] if has_arrests else [*files]
    joins = [join for name in waiting if (join := partners[name].join)]
    first = files[rule.arrests].dropped_at if has_arrests else min(drop.dropped_at for drop in files.values())
    until = first + timedelta(minutes=max(join.wait for join in joins))
    if now < until:
        return Waiting(missing, until)
    is_read = has_arrests and all(join.missing is MissingPartner.READ for join in joins)
    return ReadTogether(missing) if is_read else RefuseBatch(missing, until)


def rule_of(layout: str, profile: Profile, *, is_stamped: bool) -> BatchRule | None:
    """None for a layout that stands alone."""
    join = profile.layouts[layout].join
    arrests = join.to if join else layout
    partners = profile.partners_of(arrests)
    if not partners:
        return None
    wait = max(partner.join.wait for partner in partners.values() if partner.join)
    return BatchRule(arrests, (arrests, *partners), timedelta(minutes=wait), is_stamped)
