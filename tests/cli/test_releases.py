"""After a bad release the versions before it are live again: all of them, or none."""

import pytest

from functions.cli.commands.releases import FunctionVersion, LiveFunction, RollBackError, plan_roll_back


def a_function(name: str, live: int, *releases: str, is_gradual: bool = False) -> LiveFunction:
    """`releases` are those of its versions, from version 1 on."""
    versions = tuple(
        FunctionVersion(number=number, release=release, published_at=f"2026-11-{number:02}T08:00:00.000+0000")
        for number, release in enumerate(releases, start=1)
    )
    return LiveFunction(name=name, live=live, versions=versions, is_gradual=is_gradual)


def test_every_function_goes_back_to_its_newest_version_of_other_code() -> None:
    functions = [a_function("api", 3, "a", "b", "c"), a_function("console", 2, "b", "c")]
    assert plan_roll_back(functions) == {"api": 2, "console": 1}


def test_a_change_of_settings_alone_is_no_release_of_its_own() -> None:
    """FunctionVersion 3 is the code of version 2 with more memory: a bug is in both."""
    assert plan_roll_back([a_function("api", 3, "a", "b", "b")]) == {"api": 1}


def test_a_second_roll_back_goes_further_and_never_forward() -> None:
    assert plan_roll_back([a_function("api", 2, "a", "b", "c")]) == {"api": 1}


def test_a_function_that_is_new_in_this_release_stays_as_it_is() -> None:
    functions = [a_function("api", 2, "a", "b"), a_function("new", 1, "b")]
    assert plan_roll_back(functions) == {"api": 1}


def test_the_first_release_has_none_before() -> None:
    with pytest.raises(RollBackError, match="no release before"):
        plan_roll_back([a_function("api", 1, "a"), a_function("console", 1, "a")])


def test_a_release_that_is_under_way_is_stopped_first() -> None:
    """CodeDeploy holds the alias, and would move it on."""
    functions = [a_function("api", 1, "a", "b", is_gradual=True), a_function("sender", 2, "a", "b")]
    with pytest.raises(RollBackError, match=r"\(api\).*aws deploy stop-deployment"):
        plan_roll_back(functions)
