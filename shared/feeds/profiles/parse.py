"""A profile from its YAML text. What is wrong with it is reported key by key."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from shared.bounded_reader import Limits, UnreadableDocumentError
from shared.errors import Rejected
from shared.feeds.formats import FORMATS
from shared.feeds.formats.layout_keys import key_faults
from shared.feeds.layout import FileLayout
from shared.feeds.profiles.layouts import LayoutsError, read_layouts
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.strict_yaml import read_yaml
from shared.value import FieldFault, field_faults

PROFILE_LIMITS = Limits(max_bytes=190_000)  # in an item a line break and a quote are two bytes: 400 KB are its most


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
    """Raises ProfileError when the text is no YAML within its limits, no profile, or has a key that its format does
    not use."""
    try:
        document = read_yaml(text, PROFILE_LIMITS)
        if isinstance(document, dict) and "layouts" in document:
            return _with_layouts(document)
        profile = Profile.model_validate(document)
    except LayoutsError as error:
        raise ProfileError([ProfileFault(*fault) for fault in error.faults]) from error
    except UnreadableDocumentError as error:
        raise ProfileError([ProfileFault("", error.reason.rstrip("."))]) from error
    except ValidationError as error:
        raise ProfileError([_fault(fault) for fault in field_faults(error)]) from error
    if faults := [*key_faults(profile.format, FORMATS[profile.format].KEYS, profile)]:
        raise ProfileError([ProfileFault(*fault) for fault in faults])
    return profile


def _with_layouts(document: dict[str, Any]) -> Profile:
    """A profile whose layouts say how files are read; of itself it says what no file says.

    Raises LayoutsError and ValidationError.
    """
    layouts = read_layouts(document)
    first = next(iter(layouts.values())).profile
    of_no_file = {key: value for key, value in document.items() if key not in FileLayout.model_fields}
    return Profile.model_validate({"format": first.format, **of_no_file, "layouts": layouts})


def _fault(fault: FieldFault) -> ProfileFault:
    key = ".".join(str(step) for step in fault.location if step != "[key]") or "the whole profile"
    return ProfileFault(key, fault.mend)
