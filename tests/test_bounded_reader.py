"""JSON that somebody else wrote: read as any parser reads it, or refused with the limit that it breaks."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bounded_reader import BODY_LIMITS, Limits, UnreadableDocumentError, read_json

BOMBS: dict[str, tuple[str | bytes, str]] = {
    "a hundred thousand lists": ("[" * 100_000 + "]" * 100_000, "deeper than 100 levels"),
    "a hundred thousand objects, never closed": ('{"a":' * 100_000, "deeper than 100 levels"),
    "one level too many": ("[" * 101 + "]" * 101, "deeper than 100 levels"),
    "an integer of 5,000 digits": ("[" + "1" * 5_000 + "]", "a number of more than 40 digits"),
    "an integer of 41 digits": ("1" * 41, "a number of more than 40 digits"),
    "a fraction of 5,000 digits": ("0." + "1" * 5_000, "a number of more than 40 digits"),
    "infinity in figures": ('{"lat": 1e999}', "out of range"),
    "infinity in words": ('{"lat": Infinity}', "not valid JSON"),
    "no number": ('{"lat": NaN}', "not valid JSON"),
    "half a letter": (r'{"a": "\ud800"}', "half a letter"),
    "half a letter in a name": (r'{"\udfff": 1}', "half a letter"),
    "half a letter before another": (r'{"a": "\ud800\u0041"}', "half a letter"),
    "half a letter of Python": ('"\ud800"', "half a letter"),
    "bytes of Latin-1": (b'{"name": "Jos\xe9"}', "not UTF-8"),
    "a name twice": ('{"a": 1, "a": 2}', "a name twice"),
    "a name twice, once escaped": (r'{"a": 1, "\u0061": 2}', "a name twice"),
    "a name twice, deep inside": ('{"a": [{"b": 1, "b": 1}]}', "a name twice"),
    "nothing": ("", "not valid JSON"),
    "cut short": ('{"a": 1', "not valid JSON"),
    "a second document": ("{} {}", "not valid JSON"),
    "bytes of UTF-16": ('{"a": 1}'.encode("utf-16"), "not valid JSON"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_td2_json_that_breaks_a_limit_is_refused_and_the_limit_is_said(name: str) -> None:
    text, limit = BOMBS[name]
    with pytest.raises(UnreadableDocumentError) as refusal:
        read_json(text)
    assert limit in refusal.value.reason
    assert refusal.value.fix


def test_td2_a_document_is_as_large_as_the_limit_and_no_larger() -> None:
    assert read_json('"é"', Limits(max_bytes=4)) == "é"
    with pytest.raises(UnreadableDocumentError, match="more than 3 bytes"):
        read_json('"é"', Limits(max_bytes=3))


def test_td2_a_document_is_as_deep_as_the_limit() -> None:
    assert read_json("[" * BODY_LIMITS.max_depth + "]" * BODY_LIMITS.max_depth)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**38), 10**38) | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    )
)  # fmt: skip
def test_what_breaks_no_limit_is_read_as_it_was_written(document: object) -> None:
    assert read_json(json.dumps(document)) == document
    assert read_json(json.dumps(document, ensure_ascii=False).encode()) == document


@given(st.binary() | st.text(st.characters()) | st.text('[]{}",:\\u0d8-+eE.truefalsn '))
def test_td2_whatever_is_sent_is_read_or_refused(text: str | bytes) -> None:
    with suppress(UnreadableDocumentError):
        json.dumps(read_json(text)).encode()
