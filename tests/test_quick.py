"""`make quick` runs the tests of what changed."""

import subprocess

import pytest

from tests import quick

SEND, SCHEDULE = "tests/alerts/delivery/test_send.py", "tests/alerts/delivery/test_schedule.py"
AUDIENCE = "tests/alerts/test_audience.py"
TESTS = {
    "tests/access/test_policies.py": "from shared.access.authorize import authorize\n",
    SEND: "from shared.alerts.delivery.send import deliver\n",
    SCHEDULE: "from shared.alerts.delivery import schedule\n",
    AUDIENCE: "from shared.alerts.audience import resolve_audience\n",
    "tests/cli/test_set_up.py": "from functions.cli.main import main\n",
    "tests/e2e/test_spine.py": "from shared.alerts.audience import resolve_audience\n",
    "tests/infra/test_template.py": "",
    "tests/office_api/test_me.py": "",
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("shared/alerts/delivery/send.py", [SEND, SCHEDULE]),
        ("shared/alerts/delivery/schedule.py", [SCHEDULE, SEND]),
        ("shared/alerts/reviews/table.py", [SEND, SCHEDULE, AUDIENCE]),
        ("shared/alerts/delivery/model.py", [SEND, SCHEDULE]),
        (SCHEDULE, [SCHEDULE]),
        ("shared/office_api/routes/office/me.py", ["tests/office_api/test_me.py"]),
        ("functions/cli/commands/set_up.py", ["tests/cli/test_set_up.py"]),
        ("shared/provisioning/people.py", ["tests/cli/test_set_up.py"]),
        ("infra/stores/tables.py", ["tests/infra/test_template.py"]),
        ("tests/infra/template.py", ["tests/infra/test_template.py"]),
    ],
)
def test_a_changed_file_brings_the_tests_that_import_it_then_those_of_the_folder_that_mirrors_its_own(
    changed: str, expected: list[str]
):
    assert quick.select([changed], TESTS) == expected


def test_the_test_of_the_same_name_comes_before_others_that_import_the_module():
    tests = {"tests/alerts/test_a.py": TESTS[AUDIENCE], AUDIENCE: TESTS[AUDIENCE]}
    assert quick.select(["shared/alerts/audience.py"], tests) == [AUDIENCE, "tests/alerts/test_a.py"]


def test_tests_on_the_local_cloud_are_not_quick_even_when_they_changed():
    assert quick.select(["shared/alerts/audience.py"], TESTS)[0] == "tests/alerts/test_audience.py"
    assert "tests/e2e/test_spine.py" not in quick.select(
        ["shared/alerts/audience.py", "tests/e2e/test_spine.py"], TESTS
    )


@pytest.mark.parametrize("changed", [[], ["README.md"], ["pyproject.toml"]])
def test_where_nothing_has_tests_of_its_own_a_small_set_runs(changed: list[str]):
    assert quick.select(changed, TESTS) == ["tests/access/test_policies.py"]


def test_a_helper_of_all_tests_brings_the_small_set_as_well():
    assert "tests/access/test_policies.py" in quick.select(["tests/builders.py", "infra/service.py"], TESTS)


def test_every_source_folder_has_a_folder_of_tests():
    """A new room or function without one falls back to a set that does not know it."""
    tests = quick.all_tests()
    sources = {
        path.parent.relative_to(quick.ROOT).as_posix()
        for top in ("shared", "functions", "infra")
        for path in (quick.ROOT / top).rglob("*.py")
    } - {"shared", "functions"}
    alone = sorted(folder for folder in sources if quick.mirror_of(f"{folder}/module.py", tests) is None)
    assert alone == [], "name the folder that tests these in ELSEWHERE of tests/quick.py"


def test_folders_that_are_named_exist():
    for source, tested_in in quick.ELSEWHERE.items():
        assert (quick.ROOT / source).is_dir(), source
        assert (quick.ROOT / tested_in).is_dir(), tested_in
    assert [folder for folder in quick.FALLBACK if not (quick.ROOT / folder).is_dir()] == []
    assert [path for path in quick.HELPERS_OF_ALL if not (quick.ROOT / path).is_file()] == []


def test_a_test_that_starts_after_the_limit_is_left_out_and_counted(request: pytest.FixtureRequest):
    over, open_ = quick.TimeLimit(-1_000_000), quick.TimeLimit(1_000_000)
    assert over.pytest_runtest_protocol(request.node) is True
    assert open_.pytest_runtest_protocol(request.node) is None
    assert (over.left_out, open_.left_out) == (1, 0)


def test_make_quick_runs_this_and_make_test_runs_everything():
    def planned(target: str) -> str:
        done = subprocess.run(["make", "-n", target], cwd=quick.ROOT, capture_output=True, text=True, check=True)
        return done.stdout

    assert "python -m tests.quick" in planned("quick")
    assert "tests.quick" not in planned("test")
