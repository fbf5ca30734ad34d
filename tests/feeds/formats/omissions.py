"""What every format must have. `omissions_of` says of each thing that is missing what to write, and where."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from shared.feeds.formats.layout_keys import LayoutKeys
from shared.feeds.formats.streams.signatures import FileKind
from tests.feeds.cases import HERE, PROFILES, expected_file
from tests.feeds.formats.forbidden_drops import FORBIDDEN_DROPS

GOLDEN = HERE / "golden"
FORMATS_FOLDER = HERE.parents[1] / "shared" / "feeds" / "formats"
NO_CASES = (".expected.json", ".profile.yaml")

NO_READ = (
    "shared/{place} has no `read`: write `def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]`,"
    " which yields a RawRecord, Reject or Skip for each record"
)
NO_LIMIT = (
    "shared/{place} has no limit: write `LARGEST = LARGEST_DROP` (from streams/unpack.py) if `read` streams, otherwise"
    " the number of bytes that it can hold in memory"
)
NO_DATE_FORMS = (
    "shared/{place} has no date forms: write `DATE_FORMS: tuple[str, ...] = ()`, or the forms in which the format"
    " itself writes dates"
)
NO_KIND = (
    "shared/{place} does not say what kind of file it reads: write `KIND = FileKind.TEXT` (from"
    " streams/signatures.py), or add its kind and its first bytes there"
)
NO_KEYS = (
    "shared/{place} does not say which keys of a layout it uses: write `KEYS = LayoutKeys(...)` (from"
    " layout_keys.py), so that a profile with another key is refused"
)
NO_LINE = (
    'FORMATS in shared/feeds/formats/__init__.py has no line for {place}: add `"<name>": {module}`, with the name'
    " that a profile uses in `format`"
)
NO_GOLDEN_DROP = (
    "tests/feeds/golden/{name}/ has no drop: put `<case>.<ext>` and its `<case>.profile.yaml` there (invented people"
    " only), run `.venv/bin/python -m tests.feeds.cases golden/{name}/<case>.<ext>`, and read the"
    " `<case>.expected.json` that it writes as carefully as code"
)
NO_EXPECTATION = (
    "tests/feeds/golden/{name}/{case} has no expected result: run `.venv/bin/python -m tests.feeds.cases"
    " golden/{name}/{case}`, and read the file that it writes as carefully as code"
)
NO_FORBIDDEN_DROP = (
    "FORBIDDEN_DROPS in tests/feeds/formats/forbidden_drops.py has no `{name}`: add a function that makes a drop with"
    " CANARY under forbidden names, in a record that is read and in one that is rejected; where nothing in the format"
    " has a name, in a record whose cells cannot be told apart"
)
NOT_IN_SCHEMA = (
    "shared/feeds/profiles/profile.schema.json does not know `{name}`: run `.venv/bin/python -m"
    " shared.feeds.profiles.json_schema > shared/feeds/profiles/profile.schema.json`"
)


def omissions_of(name: str, module: object) -> list[str]:
    """`name` is the format's key in `FORMATS`, `module` its value. Returns a sentence for each omission."""
    place = str(getattr(module, "__file__", module)).rpartition("/shared/")[2]
    omissions = [sentence.format(place=place) for sentence in _missing_names(module)]
    omissions += _missing_golden_drops(name, GOLDEN / name)
    if name not in FORBIDDEN_DROPS:
        omissions.append(NO_FORBIDDEN_DROP.format(name=name))
    if f'"{name}"' not in (PROFILES / "profile.schema.json").read_text(encoding="utf-8"):
        omissions.append(NOT_IN_SCHEMA.format(name=name))
    return omissions


def unlisted_formats(listed: Iterable[object], folder: Path = FORMATS_FOLDER) -> list[str]:
    """Returns a sentence for each module that reads a format and is not among `listed`, the values of `FORMATS`."""
    files = {Path(str(getattr(module, "__file__", ""))) for module in listed}
    formats = [path for path in sorted(folder.rglob("*.py")) if "\ndef read(stream: BinaryIO" in path.read_text()]
    return [NO_LINE.format(place=path.relative_to(folder), module=path.stem) for path in formats if path not in files]


def _missing_names(module: object) -> Iterator[str]:
    if not callable(getattr(module, "read", None)):
        yield NO_READ
    if not isinstance(getattr(module, "LARGEST", None), int):
        yield NO_LIMIT
    if not isinstance(getattr(module, "DATE_FORMS", None), tuple):
        yield NO_DATE_FORMS
    if not isinstance(getattr(module, "KIND", None), FileKind):
        yield NO_KIND
    if not isinstance(getattr(module, "KEYS", None), LayoutKeys):
        yield NO_KEYS


def _missing_golden_drops(name: str, folder: Path) -> list[str]:
    cases = sorted(path for path in folder.glob("*") if not path.name.endswith(NO_CASES))
    if not cases:
        return [NO_GOLDEN_DROP.format(name=name)]
    return [NO_EXPECTATION.format(name=name, case=case.name) for case in cases if not expected_file(case).exists()]
