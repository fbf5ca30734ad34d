"""A format is one module, one line in `FORMATS` and its test drops. What a new one lacks is named here."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from shared.errors import Rejected
from shared.feeds.formats import FORMATS
from shared.feeds.formats.layout_keys import LayoutKeys
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.normalise.read_drop import read_records
from shared.feeds.profiles.model import Profile
from shared.feeds.record import DroppedColumns, ReadResult, Reject
from tests.feeds.cases import expected_file, golden_cases, profile_of
from tests.feeds.formats.omissions import omissions_of, unlisted_formats


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_format_has_all_that_a_format_needs(name: str) -> None:
    omissions = omissions_of(name, FORMATS[name])
    assert not omissions, "\n".join(omissions)


def test_every_module_that_reads_a_format_is_listed() -> None:
    assert unlisted_formats(FORMATS.values()) == []
    (omission,) = unlisted_formats(module for name, module in FORMATS.items() if name != "ebts")
    assert omission.startswith("FORMATS in shared/feeds/formats/__init__.py has no line for ebts.py: add")


def test_every_golden_drop_is_of_a_format() -> None:
    assert {case.parent.name for case in golden_cases()} <= set(FORMATS)


@pytest.mark.parametrize(
    ("omitted", "sentence"),
    [
        ("read", "shared/feeds/formats/papyrus.py has no `read`: write `def read("),
        ("LARGEST", "shared/feeds/formats/papyrus.py has no limit: write `LARGEST = LARGEST_DROP`"),
        ("DATE_FORMS", "shared/feeds/formats/papyrus.py has no date forms: write `DATE_FORMS: tuple[str, ...] = ()`"),
        ("KIND", "shared/feeds/formats/papyrus.py does not say what kind of file it reads: write `KIND = "),
        ("KEYS", "shared/feeds/formats/papyrus.py does not say which keys of a layout it uses: write `KEYS = "),
    ],
)
def test_a_name_that_a_format_module_lacks_is_named_with_what_to_write(omitted: str, sentence: str) -> None:
    names = {
        "read": lambda stream, layout: iter(()),
        "LARGEST": 1,
        "DATE_FORMS": (),
        "KIND": FileKind.TEXT,
        "KEYS": LayoutKeys(),
    }
    del names[omitted]
    module = SimpleNamespace(__file__="/anywhere/shared/feeds/formats/papyrus.py", **names)
    (omission,) = omissions_of("delimited", module)
    assert omission.startswith(sentence)


def test_the_drops_that_a_new_format_lacks_are_named_with_where_to_put_them() -> None:
    golden, forbidden, schema = omissions_of("papyrus", FORMATS["delimited"])
    assert golden.startswith("tests/feeds/golden/papyrus/ has no drop: put `<case>.<ext>`")
    assert forbidden.startswith("FORBIDDEN_DROPS in tests/feeds/formats/forbidden_drops.py has no `papyrus`: add")
    assert schema.startswith("shared/feeds/profiles/profile.schema.json does not know `papyrus`: run")


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_every_record_has_a_line_of_its_own_in_the_order_of_the_file(case: Path) -> None:
    """Whoever mends a reject finds its record by that number."""
    expected = json.loads(expected_file(case).read_text(encoding="utf-8"))
    try:
        results = list(read_records(io.BytesIO(case.read_bytes()), profile_of(case, expected)))
    except Rejected:
        return  # a document that is refused as a whole has no records
    numbers = [result.line for result in results if not isinstance(result, DroppedColumns)]
    assert numbers, "the golden drop has no record"
    assert numbers == sorted(set(numbers)), "give each record the number of its line, or its place in the file"


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_format_reads_more_bytes_than_it_declares(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case for case in golden_cases() if case.parent.name == name and case.stat().st_size > 300]
    assert cases, f"put a golden drop of more than 300 bytes into tests/feeds/golden/{name}/"
    case = cases[0]
    content = case.read_bytes()
    profile = profile_of(case, json.loads(expected_file(case).read_text(encoding="utf-8")))
    monkeypatch.setattr(FORMATS[name], "LARGEST", len(content) - 1)
    with pytest.raises(Rejected) as refused:
        list(read_records(io.BytesIO(content), profile))
    assert refused.value.code == "too-large"


def accounted(content: bytes, profile: Profile) -> list[ReadResult]:
    """Every record of the file in one way or another; empty where the file is refused as a whole."""
    try:
        results = list(read_records(io.BytesIO(content), profile))
    except Rejected:
        return []
    return [result for result in results if not isinstance(result, DroppedColumns)]


CHILD_PROCESSES = {"ods", "xls"}  # formats that begin a process for each reading


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_format_loses_a_record_whose_bytes_are_no_text(name: str) -> None:
    """Each damaged record is a reject, a skip with its reason, or read; or the file is refused. None just vanishes."""
    cases = [case for case in golden_cases() if case.parent.name == name]
    damaged = 0
    for case in cases:
        content = case.read_bytes()
        profile = profile_of(case, json.loads(expected_file(case).read_text(encoding="utf-8")))
        whole = accounted(content, profile)
        letters = [place for place, byte in enumerate(content) if chr(byte).isascii() and chr(byte).isalpha()]
        for place in letters[:: max(1, len(letters) // (6 if name in CHILD_PROCESSES else 40))]:
            results = accounted(content[:place] + b"\xff" + content[place + 1 :], profile)
            says_so = any(isinstance(result, Reject) and "from this record on" in result.reason for result in results)
            is_refused = not results
            assert is_refused or says_so or len(results) >= len(whole), f"{case.name}: byte {place} loses a record"
            damaged += bool(whole) and results != whole
    assert damaged, f"put a golden drop with records into tests/feeds/golden/{name}/"
