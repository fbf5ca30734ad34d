"""What is particular to a channel is said in its module: no other code knows a channel by its name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.channels import CHANNELS

ALLOWED = {
    "shared/channels/": "the channels themselves",
    "shared/offices/recipient.py": "the e-mail address says who a recipient is",
    "shared/offices/users_table.py": "the stored attribute of a machine's address",
    "shared/provisioning/people.py": "the key of a user in an office's file",
    "functions/cli/commands/account.py": "the name of a command's argument",
    "functions/cli/commands/enrol.py": "the name of a command's argument",
    "shared/office_api/gate/authentication.py": "the claim of a sign-in token (OpenID Connect Core 1.0, section 5.1)",
    "shared/office_api/routes/office/users.py": "the field of a user in the API",
    "shared/offices/accounts.py": "the attribute of an account in the user pool",
    "functions/console/pages/office/reports.py": "a column of the report on people",
    "functions/console/pages/office/office.py": "the field of a person in a form",
    "shared/office_api/routes/examples.py": "the fields of requests in the API's document",
}
SOURCES = sorted(path for room in ("shared", "functions") for path in Path(room).rglob("*.py"))


def channel_names_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and node.value in CHANNELS:
            yield f"{path}:{node.lineno}: {node.value!r}"


def allowance_of(path: Path) -> str | None:
    return next((place for place in ALLOWED if path.as_posix().startswith(place)), None)


def test_no_channel_is_known_by_its_name_outside_its_module() -> None:
    strangers = [place for path in SOURCES if allowance_of(path) is None for place in channel_names_in(path)]
    assert strangers == [], (
        "Ask the channel instead (`CHANNELS[name].EVENTS`, ...; shared/channels/channel.py lists what it says), or the"
        " recipient (`recipient.email`). If it is a word of the API or of a stored document, name its file in ALLOWED."
    )


@pytest.mark.parametrize("place", ALLOWED)
def test_every_place_that_may_name_a_channel_does(place: str) -> None:
    named = [name for path in SOURCES if allowance_of(path) == place for name in channel_names_in(path)]
    assert named, f"{place} names no channel: take it off the list"
