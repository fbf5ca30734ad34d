"""A profile or an office's file, whatever it holds, is read or refused with the line and the limit."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bounded_reader import Limits, UnreadableDocumentError
from shared.errors import Rejected
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.profiles.strict_yaml import read_yaml
from tests.feeds.small_drops import PROFILE

LIMITS = Limits(max_bytes=200_000)
BOMBS = {
    "lists 20,000 deep": ("[" * 20_000 + "]" * 20_000, "deeper than 100 levels"),
    "objects 20,000 deep": ("{a: " * 20_000, "deeper than 100 levels"),
    "blocks 300 deep": ("\n".join(" " * depth + "a:" for depth in range(300)), "deeper than 100 levels"),
    "a list as a key": ("agency: x\n? [a, b]\n: c", "line 2: a list or an object is not allowed as a key"),
    "an object as a key": ("{{a: b}: c}", "line 1: a list or an object is not allowed as a key"),
    "an alias": ("a: &x b\nc: *x", "line 2: an alias is not allowed"),
    "an alias as a key": ("a: &x b\n*x : c", "line 2: an alias is not allowed"),
    "a bomb of aliases": ("a: &a [x, x]\nb: &b [*a, *a]", "line 2: an alias is not allowed"),
    "itself": ("&a [*a]", "line 1: an alias is not allowed"),
    "a key twice": ("a: b\nc: d\na: e", "line 3: `a` is said twice"),
    "a number with a tag": ("a: !!int x", "line 1: a tag is not allowed"),
    "a time with a tag": ("a: !!timestamp x", "line 1: a tag is not allowed"),
    "a call": ("!!python/object/apply:os.system [ls]", "line 1: a tag is not allowed"),
    "half a letter": ('a: "\\ud800"', "line 1: half a letter"),
    "no letter": ('a: "\\U00110000"', "an escape or a directive is no YAML"),
    "a version of 5,000 digits": ("%YAML 1." + "1" * 5_000 + "\n---\na", "no YAML"),
    "two documents": ("a: b\n---\nc: d", "line 2"),
    "a control letter": ("a: \x07", "no YAML"),
    "too much": ("a" * 200_001, "more than 200,000 bytes"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_td2_yaml_that_breaks_a_limit_is_refused_and_the_limit_is_said(name: str) -> None:
    text, limit = BOMBS[name]
    with pytest.raises(UnreadableDocumentError) as refusal:
        read_yaml(text, LIMITS)
    assert limit in refusal.value.reason


def test_every_scalar_is_text_and_an_empty_file_is_nothing() -> None:
    assert read_yaml("a: NO\nb: [007, 2026-01-01, ~]\n'': {c: }", LIMITS) == {
        "a": "NO", "b": ["007", "2026-01-01", "~"], "": {"c": ""},
    }  # fmt: skip
    assert read_yaml("# nothing", LIMITS) is None


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("dates", 'dates: ["%Y%Y"]'),
        ("dates", 'dates: ["%f%f"]'),
        ("dates", 'dates: ["%m/%d/%Y %m"]'),
        ("dates", 'dates: ["%"]'),
        ("times", 'times: ["%H%H"]'),
        ("text.skip_lines", "text: {skip_lines: " + "9" * 5_000 + "}"),
        ("rhythm", "rhythm: [a]"),
        ("text.encoding", 'text: {encoding: "utf\\0-8"}'),
        ("text", r'text: {delimiter: "\n"}'),
        ("text", "text: {delimiter: '\"'}"),
        ("text", r'text: {quote: "\r"}'),
        ("time_zone", "time_zone: " + "A" * 5_000),
        ("time_zone", "time_zone: ../../etc/passwd"),
    ],
)
def test_td2_a_fault_of_a_profile_names_its_key(key: str, line: str) -> None:
    name = line.partition(":")[0]
    lines = [kept for kept in PROFILE.splitlines() if not kept.startswith(f"{name}:")]
    with pytest.raises(Rejected) as refusal:
        parse_profile("\n".join([*lines, line]))
    assert f"`{key}" in refusal.value.reason


FRAGMENTS = st.sampled_from(
    ["[", "]", "{", "}", ": ", "? ", "- ", "\n", "  ", "&a ", "*a", "!!int ", "!x ", "|\n", ">\n", '"', "'", "\\U", "%",
     "#", "---\n", "...\n", "\t", "a", "1", "<<", "é", "\ud800", "\x00", "\ufeff", *PROFILE.splitlines(keepends=True)]
)  # fmt: skip


@given(st.lists(FRAGMENTS).map("".join) | st.text())
def test_td2_whatever_is_enrolled_is_a_profile_or_is_refused(text: str) -> None:
    with suppress(Rejected):
        assert parse_profile(text).agency
