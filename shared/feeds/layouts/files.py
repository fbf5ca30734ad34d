"""The files of one drop, each with the layout that claims it: the drop itself, or the members of its ZIP."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import BinaryIO

from shared.errors import Rejected
from shared.feeds.formats import FORMATS
from shared.feeds.formats.read_files import read_files
from shared.feeds.formats.streams.unpack import UnpackedFile, measured, unpack_files
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.layouts.claimed import PEEKED_FOR_HEADER, claimed_by
from shared.feeds.layouts.understand import DropFile, understand_files
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import MissingPartner, Profile
from shared.feeds.record import ReadResult, Reject
from shared.pseudonyms import Pseudonyms


def files_in(stream: Readable, file_name: str, profile: Profile) -> list[DropFile]:
    """Returns them in the order of the layouts. A file of a ZIP that no layout claims is one reject.

    Raises Rejected when no layout claims any of the files, or when one cannot be read.
    """
    unpacked = unpack_files(stream)
    if not unpacked:
        raise Rejected("zip", "The ZIP archive holds no file.", "Send the files of arrests in it.")
    is_alone = not unpacked[0].name
    claimed, unclaimed = list[DropFile](), list[Rejected]()
    for file in unpacked:
        opened = file.open()
        first = opened.peek(PEEKED_FOR_HEADER)[:PEEKED_FOR_HEADER]  # type: ignore[attr-defined]
        try:
            layout = claimed_by(file.name or file_name, first, profile.layouts)
        except Rejected as rejection:
            unclaimed.append(rejection)
            continue
        reopen = partial(_itself, opened) if is_alone else file.open
        claimed.append(DropFile(layout, read_claimed(reopen, profile.layouts[layout].profile)))
    if not claimed:
        raise unclaimed[0]
    order = [*profile.layouts]
    claimed.sort(key=lambda file: order.index(file.layout))
    return [*claimed, *(DropFile("", [Reject(1, *_parts_of(rejection))]) for rejection in unclaimed)]


def read_named_files(
    streams: Sequence[tuple[str, Readable]], profile: Profile, pseudonyms: Pseudonyms, today: date, *, may_seal: bool
) -> ParsedDrop:
    """Reads files, each with its name, as one drop. Raises Rejected where the intake refuses or waits."""
    order = [*profile.layouts, ""]
    files = [file for name, stream in streams for file in files_in(stream, name, profile)]
    files.sort(key=lambda file: order.index(file.layout))
    missing = check_complete((file.layout for file in files), profile)
    normaliser_of = partial(Normaliser, pseudonyms=pseudonyms, today=today, may_seal=may_seal)
    return understand_files(files, profile, normaliser_of, pseudonyms, missing)


def _itself(stream: BinaryIO) -> BinaryIO:
    return stream


def _parts_of(rejection: Rejected) -> tuple[str, str, str]:
    return rejection.code, rejection.reason, rejection.fix


def read_claimed(open_file: Callable[[], BinaryIO], profile: Profile) -> Iterator[ReadResult]:
    """Reads one file by the profile of its layout, when the first result is asked for."""
    form = FORMATS[profile.format]
    limited = UnpackedFile("", lambda: measured(open_file(), form.LARGEST))
    yield from read_files([limited], form, profile.format, profile)


def check_complete(layouts: Iterable[str], profile: Profile) -> tuple[str, ...]:
    """Returns the layouts of which files are missing beside these, where the profile says to read on without them.

    Raises Rejected where it does not.
    """
    present = {*layouts}
    missing = list[str]()
    for name, layout in profile.layouts.items():
        if layout.join and name in present and layout.join.to not in present:
            raise partner_missing([layout.join.to])
        if layout.join and name not in present and layout.join.to in present:
            if layout.join.missing is MissingPartner.REFUSE:
                raise partner_missing([name])
            missing.append(name)
    return tuple(missing)


def partner_missing(layouts: Collection[str]) -> Rejected:
    names = " and ".join(f"`{name}`" for name in layouts)
    return Rejected(
        "partner-missing",
        f"The {names} file that belongs to this file did not come.",
        "Send both; if they came under other names, let `files` in the profile say how they are called.",
    )
