"""The schedule that is shipped, read from `schedule.yaml`."""

from functools import cache
from pathlib import Path

import yaml

from shared.arrests.retention.model import RetentionSchedule


@cache
def default_schedule() -> RetentionSchedule:
    text = Path(__file__).with_name("schedule.yaml").read_text(encoding="utf-8")
    return RetentionSchedule.model_validate(yaml.safe_load(text))
