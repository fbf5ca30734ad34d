import pytest

from infra.bundle import requirements


@pytest.mark.parametrize("force", ["0", "1"])
def test_a_deploy_tool_that_wants_colours_does_not_colour_the_requirements(monkeypatch: pytest.MonkeyPatch, force: str):
    monkeypatch.setenv("FORCE_COLOR", force)
    assert "\x1b" not in requirements(["core"])
