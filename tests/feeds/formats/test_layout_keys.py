"""A key of a profile is used by its format, or refused with its name."""

import pytest

from shared.errors import Rejected
from shared.feeds.formats import FORMATS
from shared.feeds.formats.layout_keys import key_faults
from shared.feeds.layout import FileLayout
from shared.feeds.profiles.parse import ProfileError, parse_profile
from tests.feeds.cases import PROFILES
from tests.feeds.small_drops import PROFILE, a_drop, a_profile, a_row, numbers, read

KEYS = """
text: {encoding: cp1252}
text: {delimiter: tab}
text: {quote: "'"}
text: {skip_lines: 2}
text: {header: [No, Date]}
text: {header_contains: [No, Date]}
text: {sheet: June}
records: data.list
charges: joined in a cell
cut: {number: {after: "="}}
arrest_key: [No]
optional: [Last]
positions: {No: {start: 1, width: 5}}
record_types: {column: No, arrests: A}
""".strip().splitlines()


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("line", KEYS)
def test_a_key_that_a_format_does_not_use_is_refused_with_its_name(name: str, line: str) -> None:
    text = f"{PROFILE}\n{line}\n".replace("format: delimited", f"format: {name}")
    key, _, rest = line.partition(":")
    written = f"text.{rest.strip(' {').partition(':')[0]}" if key == "text" else key
    try:
        parse_profile(text)
        is_refused = False
    except ProfileError as error:
        is_refused = any(fault.key == written and "can use" in fault.message for fault in error.faults)
    assert is_refused == (written not in FORMATS[name].KEYS.used)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ("charge_separator: ;", "charge_separator"),
        ("cut: {fbi: {after: x}}", "cut.fbi"),
        ("optional: [Nowhere]", "the whole profile"),
    ],
)
def test_a_key_that_would_do_nothing_is_refused(change: str, key: str) -> None:
    with pytest.raises(ProfileError) as refused:
        parse_profile(f"{PROFILE}\n{change}\n")
    assert [fault.key for fault in refused.value.faults] == [key]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"number": "a..b"}, "blank step"),
        ({"statute": "a[].x", "charge": "b[].y"}, "several lists"),
        ({"statute": "a[]", "charge": "a[].y"}, "as texts and as objects"),
    ],
)
def test_a_path_that_cannot_be_read_is_refused(columns: dict[str, str], message: str) -> None:
    layout = FileLayout.model_validate({"columns": columns})
    assert any(message in fault.message for fault in key_faults("json", FORMATS["json"].KEYS, layout))


def test_a_path_that_no_record_has_refuses_the_drop_unless_it_is_optional() -> None:
    text = (PROFILES / "city-police.yaml").read_text()
    drop = (
        b'{"arrest": {"id": "1", "at": "2026-11-01"}, "person": {"name": {"Last": "A", "first": "B"},'
        b' "born": null, "sex": ""}, "charges": [], "place": null}'
    )
    with pytest.raises(Rejected, match=r"No record of the file has person\.name\.last\. "):
        read(drop, parse_profile(text))
    read(drop, parse_profile(text.replace("optional: [", "optional: [person.name.last, ")))


def test_an_optional_column_may_be_missing_in_a_table() -> None:
    profile = a_profile(optional=("Born", "Class"))
    header, row = (
        ",".join(line.split(",")[:4] + line.split(",")[5:7]) for line in (a_drop().decode().strip(), a_row(1))
    )
    outcome = read(f"{header}\n{row}\n".encode(), profile)
    assert numbers(outcome) == ["T-1"]
    assert outcome.arrests[0].arrest.charges[0].statute == "PL 120.00"
    with pytest.raises(Rejected, match="lacks the columns Born, Class"):
        read(f"{header}\n{row}\n".encode())
