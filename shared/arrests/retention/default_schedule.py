"""The schedule that is shipped, read from `schedule.yaml`."""

from functools import cache

from shared.arrests.retention.model import RetentionSchedule
from shared.value import read_rules


@cache
def default_schedule() -> RetentionSchedule:
    return read_rules(__file__, "schedule.yaml", RetentionSchedule)
