"""The files of a drop, each read by the same format: one, or the members of a ZIP."""

from collections.abc import Iterator, Sequence

from shared.errors import Rejected
from shared.feeds.formats.format import Format
from shared.feeds.formats.streams.signatures import FileKind, check_kind
from shared.feeds.formats.streams.unpack import UnpackedFile
from shared.feeds.formats.streams.zipped import SIGNATURES
from shared.feeds.layout import FileLayout
from shared.feeds.record import DroppedColumns, ReadResult, Reject, moved

_NO_LIST = ("wrong-kind", "empty")  # codes of what is no list of arrests at all
_IN_ZIP = (FileKind.WORKBOOK, FileKind.OPEN_WORKBOOK)  # kinds that are ZIP archives themselves


def read_files(
    files: Sequence[UnpackedFile], form: Format, format_name: str, layout: FileLayout
) -> Iterator[ReadResult]:
    """Raises Rejected when nothing of the drop can be read, or when a file of it proves wrong: else a part would be
    taken for the whole."""
    if len(files) == 1:
        return form.read(check_kind(files[0].open(), format_name, form.KIND), layout)
    if not files:
        raise Rejected("zip", "The ZIP archive holds no file.", "Send the files of arrests in it.")
    return _read_members(files, form, format_name, layout)


def _read_members(
    files: Sequence[UnpackedFile], form: Format, format_name: str, layout: FileLayout
) -> Iterator[ReadResult]:
    """The lines of a file count on from those of the files before it. A file of another kind, such as a logo, is a
    reject; any other fault of a file refuses the drop, with the number of the file."""
    before, unread, dropped = 0, list[Rejected](), dict[str, None]()
    for number, file in enumerate(files, 1):
        last = before
        try:
            for result in _read_member(file, form, format_name, layout):
                if isinstance(result, DroppedColumns):
                    dropped |= dict.fromkeys(result.columns)
                else:
                    last = max(last, before + result.line)
                    yield moved(result, before, "Line", f"file {number} of the archive")
        except Rejected as rejection:
            reason = f"File {number} of the archive: {rejection.reason}"
            if rejection.code not in _NO_LIST or last > before:
                raise Rejected(rejection.code, reason, rejection.fix) from rejection
            unread.append(rejection)
            last += 1
            yield Reject(last, rejection.code, reason, rejection.fix)
        before = last
    if len(unread) == len(files):
        raise unread[0]
    if dropped:
        yield DroppedColumns(tuple(dropped))


def _read_member(file: UnpackedFile, form: Format, format_name: str, layout: FileLayout) -> Iterator[ReadResult]:
    stream = file.open()
    if form.KIND not in _IN_ZIP and stream.peek(4)[:4] in SIGNATURES:  # type: ignore[attr-defined]
        raise Rejected("zip", "It is an archive in the archive.", "Send the files themselves in one archive.")
    return form.read(check_kind(stream, format_name, form.KIND), layout)
