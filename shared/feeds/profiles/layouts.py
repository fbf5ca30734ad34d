"""`layouts` of a profile: what is written once for all files of the agency, and what each layout adds. Pure."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from pydantic import ValidationError

from shared.feeds.formats import FORMATS
from shared.feeds.formats.layout_keys import KeyFault, key_faults
from shared.feeds.layout import FileLayout
from shared.feeds.profiles.claims import FileClaim, name_of_both
from shared.feeds.profiles.model import Join, LayoutOfFile, Profile
from shared.value import field_faults

OF_THE_AGENCY = frozenset({"agency", "title", "contacts", "rhythm", "notify_arrests_of_last", "layouts"})
"""Keys that no layout has."""
_OF_THE_CLAIM = ("files", "header")
_MEANINGS = (frozenset(Profile.model_fields) - frozenset(FileLayout.model_fields) - {"format"}) | {
    "blank",
    "arrest_key",
}
"""Keys that say what texts mean, not where they stand. An arrest is understood by those of its own layout alone."""
_HEADER_FORMATS = ("delimited",)


class LayoutsError(ValueError):
    """`faults` says what is wrong with each key."""

    def __init__(self, faults: list[KeyFault]) -> None:
        super().__init__("the layouts of a profile are wrong")
        self.faults = faults


def read_layouts(document: Mapping[str, Any]) -> dict[str, LayoutOfFile]:
    """Returns the layouts of a profile's YAML. Raises LayoutsError."""
    written = document["layouts"]
    if not isinstance(written, Mapping) or not written:
        raise LayoutsError([KeyFault("layouts", "is no object; write each layout with its name")])
    common = {key: value for key, value in document.items() if key != "layouts"}
    layouts, faults = dict[str, LayoutOfFile](), list[KeyFault]()
    for name, keys in written.items():
        try:
            layouts[name] = _layout_of(name, keys, common)
        except LayoutsError as error:
            faults += error.faults
    if not faults:
        faults = [*_join_faults(layouts, written), *_claim_faults(layouts), *_snapshot_faults(layouts)]
    if faults:
        raise LayoutsError(list(dict.fromkeys(faults)))
    return layouts


def _layout_of(name: str, keys: Any, common: Mapping[str, Any]) -> LayoutOfFile:
    if not isinstance(keys, Mapping):
        raise LayoutsError([KeyFault(f"layouts.{name}", "is no object; write its keys with their names")])
    if misplaced := sorted(OF_THE_AGENCY.intersection(keys)):
        message = "is said once for the agency; write it beside `layouts`"
        raise LayoutsError([KeyFault(f"layouts.{name}.{key}", message) for key in misplaced])
    of_profile = {key: value for key, value in keys.items() if key not in (*_OF_THE_CLAIM, "join")}
    try:
        claim = FileClaim.model_validate({key: keys[key] for key in _OF_THE_CLAIM if key in keys})
        join = Join.model_validate(keys["join"]) if "join" in keys else None
        profile = Profile.model_validate({**common, **of_profile})
    except ValidationError as error:
        raise LayoutsError([*_faults_of(name, keys, error)]) from error
    faults = [*key_faults(profile.format, FORMATS[profile.format].KEYS, profile), *_faults_of_claim(claim, profile)]
    if faults:
        raise LayoutsError([fault._replace(key=f"layouts.{name}.{fault.key}") for fault in faults])
    return LayoutOfFile(claim=claim, join=join, profile=profile)


def _faults_of(name: str, keys: Mapping[str, Any], error: ValidationError) -> Iterator[KeyFault]:
    """A key that the layout did not write itself is named as it stands beside `layouts`."""
    for fault in field_faults(error):
        path = [str(step) for step in fault.location if step != "[key]"]
        if error.title == Join.__name__:
            path = ["join", *path]
        is_own = not path or path[0] in keys or path[0] in ("join", "format")
        yield KeyFault(".".join(["layouts", name, *path] if is_own else path), fault.mend)


def _faults_of_claim(claim: FileClaim, profile: Profile) -> Iterator[KeyFault]:
    if not (claim.files or claim.header):
        yield KeyFault("files", "is missing; write patterns of the names of its files, like bookings_*.csv")
    if claim.header and profile.format not in _HEADER_FORMATS:
        yield KeyFault("header", f"tells only files of the format `{_HEADER_FORMATS[0]}` apart; write `files`")


def _claim_faults(layouts: Mapping[str, LayoutOfFile]) -> Iterator[KeyFault]:
    """Two layouts that both claim a name. Where one asks for a header too, only the file itself tells."""
    for (name, layout), (other, other_layout) in combinations(layouts.items(), 2):
        if layout.claim.header or other_layout.claim.header:
            continue
        if (both := name_of_both(layout.claim, other_layout.claim)) is not None:
            message = f"claims files like `{both}`, which the layout `{name}` claims too; let their patterns differ"
            yield KeyFault(f"layouts.{other}.files", message)


def _snapshot_faults(layouts: Mapping[str, LayoutOfFile]) -> Iterator[KeyFault]:
    snapshots = [name for name, layout in layouts.items() if layout.profile.snapshot and not layout.join]
    for name in snapshots[1:]:
        yield KeyFault(f"layouts.{name}.snapshot", f"is said of `{snapshots[0]}` too; say it of one layout")


def _join_faults(layouts: Mapping[str, LayoutOfFile], written: Mapping[str, Any]) -> Iterator[KeyFault]:
    for name, layout in layouts.items():
        if layout.join is None:
            continue
        key, target = f"layouts.{name}.join", layouts.get(layout.join.to)
        if target is None or target.join or target is layout:
            others = ", ".join(other for other, candidate in layouts.items() if candidate.join is None)
            yield KeyFault(f"{key}.to", f"is no layout to which rows can be joined; write one of: {others or 'none'}")
            continue
        yield from _faults_of_pair(name, layout, layout.join, target)
        for meaning in sorted(_MEANINGS.intersection(written[name])):
            message = f"is understood as the layout `{layout.join.to}` says; write it there, or beside `layouts`"
            yield KeyFault(f"layouts.{name}.{meaning}", message)


def _faults_of_pair(name: str, layout: LayoutOfFile, join: Join, target: LayoutOfFile) -> Iterator[KeyFault]:
    for place, profile in ((name, layout.profile), (join.to, target.profile)):
        if join.by not in profile.columns:
            message = f"lacks `{join.by}`, by which the files are joined; name its column"
            yield KeyFault(f"layouts.{place}.columns", message)
    if target.profile.charges != "row per charge":
        message = "must be `row per charge`: rows of other files are joined to its arrests"
        yield KeyFault(f"layouts.{join.to}.charges", message)
