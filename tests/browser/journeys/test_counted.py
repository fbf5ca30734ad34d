"""The tasks whose time counts: through the console alone, as the keystroke-level model has it."""

import pytest

from tests.browser.tasks import TASKS, Join, Task
from tests.e2e.scene import Scene


@pytest.mark.exhaustive  # three minutes of typing; what each step does is walked through by the journeys
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_kb6_an_everyday_task_is_done_in_its_time(task: Task, scene: Scene, join: Join) -> None:
    count = task.run(scene, join)
    assert count.model <= task.target, count
