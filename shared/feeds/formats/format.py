"""What a format module offers. `FORMATS` in `formats/__init__.py` lists the modules by the name that a profile uses."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from shared.feeds.formats.layout_keys import LayoutKeys
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.layout import FileLayout
from shared.feeds.record import ReadResult


class Format(Protocol):
    """A module with these five names."""

    LARGEST: int
    """Bytes of a drop, unpacked, that the format takes; `streams/unpack.py` refuses more with the code `too-large`.

    `LARGEST_DROP` for a format that streams; less for one that holds the whole drop in memory.
    """

    DATE_FORMS: tuple[str, ...]
    """Forms in which the format itself writes dates, tried after the `dates` of the profile. Empty for most."""

    KIND: FileKind
    """The kind of file that it reads. A file that begins like another kind is refused with its name."""

    KEYS: LayoutKeys
    """The keys of a layout that the format uses. A profile that writes another is refused."""

    def read(self, stream: BinaryIO, layout: FileLayout, /) -> Iterator[ReadResult]:
        """Yields one result a record, in the order of the file, and the forbidden columns that it has.

        A record that needs a later one, such as a charge before its arrest, comes behind that.

        Raises Rejected, at once or on the way, when nothing of the file can be read. Nothing is stored before the
        whole file is read.
        """
