"""The tokenizer of a JSON array and the splitter over its tokens, without any file."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.feeds.formats import json_array
from shared.feeds.formats.json_array import Token, split_elements, tokens_of
from shared.feeds.record import Reject


def chunks_of(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def elements_of(text: str, size: int = 1 << 18) -> list[str]:
    """The elements in order; of a reject its code."""
    elements = split_elements(tokens_of(chunks_of(text, size)))
    return [element.code if isinstance(element, Reject) else element for element in elements]


def test_a_token_is_an_element_with_the_sign_that_ends_it() -> None:
    tokens = list(tokens_of(iter(['[{"a": [1, 2]}, "x]"]'])))
    assert tokens == [Token('{"a": [1, 2]}', ","), Token(' "x]"', "]")]


def test_an_element_that_a_chunk_cuts_goes_on_in_the_next_token() -> None:
    tokens = list(tokens_of(iter(['[{"a": 1', ', "b', 'c": 2}', "]"])))
    assert tokens == [Token('{"a": 1', ""), Token(", ", ""), Token('"bc": 2}', ""), Token("", "]")]


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("[]", []),
        ("[ \n ]", []),
        ("[1]", ["1"]),
        ("[1,]", ["1", ""]),
        ("[,1]", ["", "1"]),
        ('\ufeff [{"a": "}]"}, {"b": "\\""}] \n', ['{"a": "}]"}', ' {"b": "\\""}']),
        ('[{"a": "no end\n}, 2]', ['{"a": "no end\n}', " 2"]),
        ("[1, 2", ["1", "json-cut"]),
        ('[1, "2', ["1", "json-cut"]),
        ("[", ["json-cut"]),
    ],
)
def test_the_elements_of_an_array_are_split_by_brackets_and_strings(text: str, elements: list[str]) -> None:
    assert elements_of(text) == elements


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n", "empty"), ("{}", "json"), ("[1] 2", "json"), ("[1]]", "json")]
)
def test_what_is_no_array_is_refused(text: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        elements_of(text)
    assert refused.value.code == code


def test_a_long_element_costs_itself_and_a_long_string_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "LONGEST_LINE", 100)
    items = ", ".join(["1"] * 99)
    assert elements_of(f"[[1], [{items}], [2]]", size=16) == ["[1]", "record-too-long", " [2]"]
    with pytest.raises(Rejected, match="longer than 1 MiB"):
        elements_of(f'[1, "{"x" * 300}", 2]', size=16)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(json_values, max_size=6), st.integers(1, 9), st.booleans())
def test_wherever_chunks_are_cut_the_elements_are_those_of_a_json_parser(
    values: list[object], size: int, ensure_ascii: bool
) -> None:
    text = json.dumps(values, ensure_ascii=ensure_ascii)
    assert [json.loads(element) for element in elements_of(text, size)] == values


@given(st.text('[]{},"\\\n 1a', max_size=40), st.integers(1, 5))
def test_wherever_chunks_are_cut_broken_json_is_split_alike(text: str, size: int) -> None:
    def result(chunk_size: int) -> list[str] | str:
        try:
            return elements_of(f"[{text}", chunk_size)
        except Rejected as rejection:
            return rejection.code

    assert result(size) == result(1_000)
