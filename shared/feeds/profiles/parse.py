"""A profile from its YAML text. What is wrong with it is reported key by key."""

from collections.abc import Sequence
from typing import NamedTuple

import yaml
from pydantic import ValidationError

from shared.errors import Rejected
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.strict_yaml import PlainTextLoader


class ProfileFault(NamedTuple):
    """`key` is the path of the wrong key in the YAML; empty when the whole text is no YAML."""

    key: str
    message: str


class ProfileError(Rejected):
    """Whoever wrote the profile must mend it. Its code is `profile`; `faults` lists each key and what to write."""

    def __init__(self, faults: Sequence[ProfileFault]) -> None:
        sentences = "; ".join(f"`{fault.key}` {fault.message}" if fault.key else fault.message for fault in faults)
        super().__init__("profile", f"The agency's profile is wrong: {sentences}.", "Mend these keys of the YAML.")
        self.faults = tuple(faults)


def parse_profile(text: str) -> Profile:
    """Raises ProfileError when the text is no YAML or no profile."""
    try:
        document = yaml.load(text, PlainTextLoader)  # noqa: S506 - a SafeLoader
        return Profile.model_validate(document)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "is no YAML"
        raise ProfileError([ProfileFault("", f"{place}{problem}")]) from error
    except ValidationError as error:
        raise ProfileError([_fault(detail["loc"], detail["msg"]) for detail in error.errors()]) from error


def _fault(location: tuple[int | str, ...], message: str) -> ProfileFault:
    key = ".".join(str(step) for step in location if step != "[key]") or "the whole profile"
    return ProfileFault(key, message.removeprefix("Value error, "))
