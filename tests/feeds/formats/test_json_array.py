"""The tokenizer of a JSON array and the splitter over its tokens, without any file."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.feeds.formats.json_text import json_array, tokenizer
from shared.feeds.formats.json_text.json_array import elements_of
from shared.feeds.formats.json_text.tokenizer import Token
from shared.feeds.formats.json_text.wrapper import JsonText
from shared.feeds.record import Reject


def chunks_of(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def elements_in(text: str, size: int = 1 << 18, path: str = "") -> list[str]:
    """The elements in order; of a reject its code."""
    elements = elements_of(JsonText(chunks_of(text, size)), path.split(".") if path else [])
    return [element.code if isinstance(element, Reject) else element for element in elements]


def tokens_in(*chunks: str) -> list[Token]:
    text = JsonText(iter(chunks))
    text.take("[")
    return list(text.elements())


def test_a_token_is_an_element_with_the_sign_that_ends_it() -> None:
    tokens = tokens_in('[{"a": [1, 2]}, "x]"]')
    assert tokens == [Token('{"a": [1, 2]}', ","), Token(' "x]"', "]")]


def test_an_element_that_a_chunk_cuts_goes_on_in_the_next_token() -> None:
    tokens = tokens_in('[{"a": 1', ', "b', 'c": 2}', "]")
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
    assert elements_in(text) == elements


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n", "empty"), ("{}", "json"), ("[1] 2", "json"), ("[1]]", "json")]
)
def test_what_is_no_array_is_refused(text: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        elements_in(text)
    assert refused.value.code == code


def test_a_long_element_costs_itself_and_a_long_string_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "LONGEST_LINE", 100)
    monkeypatch.setattr(tokenizer, "LONGEST_LINE", 100)
    items = ", ".join(["1"] * 99)
    assert elements_in(f"[[1], [{items}], [2]]", size=16) == ["[1]", "record-too-long", " [2]"]
    with pytest.raises(Rejected, match="longer than 1 MiB"):
        elements_in(f'[1, "{"x" * 300}", 2]', size=16)


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
    assert [json.loads(element) for element in elements_in(text, size)] == values


@given(st.text('[]{},"\\\n 1a', max_size=40), st.integers(1, 5))
def test_wherever_chunks_are_cut_broken_json_is_split_alike(text: str, size: int) -> None:
    def result(chunk_size: int) -> list[str] | str:
        try:
            return elements_in(f"[{text}", chunk_size)
        except Rejected as rejection:
            return rejection.code

    assert result(size) == result(1_000)


WRAPPED = (
    '{"a": [1, {"at": [9]}], "data": {"text": "]}\\"", "at": [{"n": 1}, {"n": 2}], "n": -1.5e3}, "at": [8], "z": null}'
)


@pytest.mark.parametrize(
    ("text", "path", "elements"),
    [
        (WRAPPED, "data.at", ['{"n": 1}', ' {"n": 2}']),
        (WRAPPED, "at", ["8"]),
        ('{"days": [{"in": [1, 2]}, {"none": 0}, {"in": null}, {"in": [3]}]}', "days.in", ["1", " 2", "3"]),
        ('{"in": [1], "in": [2]}', "in", ["1", "2"]),
        ('{"in": {"a": [1, {}], "b": "}"}}', "in", ['{"a": [1, {}], "b": "}"}']),
        ('{"in": [1, 2', "in", ["1", "json-cut"]),
        ('{"in": [1], "more": {"a"', "in", ["1", "json-cut"]),
        ('{"in": [1], more}', "in", ["1", "json-cut"]),
        ('[{"in": [1]}, {"in": [2]}]', "in", ["1", "2"]),
    ],
)
def test_the_list_of_records_is_found_by_its_path_wherever_chunks_are_cut(
    text: str, path: str, elements: list[str]
) -> None:
    for size in (1, 2, 7, 1_000):
        assert elements_in(text, size, path) == elements


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ("{}", "in", "no list at `in`"),
        ('{"In": [1]}', "in", "no list at `in`"),
        ('{"in": "text"}', "in", "neither a list nor an object"),
        ('{"in": [[1]]}', "in.at", "neither a list nor an object"),
        ('{"a": 1', "in", "no JSON, or is cut short"),
        ('{"in": [1]} {"in": [2]}', "in", "Something follows"),
    ],
)
def test_a_document_without_a_list_at_the_path_is_refused(text: str, path: str, reason: str) -> None:
    for size in (1, 1_000):
        with pytest.raises(Rejected, match=reason):
            elements_in(text, size, path)


@given(
    st.dictionaries(st.text(max_size=3), json_values, max_size=4), st.lists(json_values, max_size=4), st.integers(1, 9)
)
def test_a_wrapped_array_has_the_elements_that_a_json_parser_finds(
    others: dict[str, object], values: list[object], size: int
) -> None:
    text = json.dumps({"first": others, **others, "the list": values, "last": [others]})
    assert [json.loads(element) for element in elements_in(text, size, "the list")] == values
