"""On clean files our rows are those of readers that others wrote: csv, polars, openpyxl, json, lxml."""

import csv
import io
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.niem.streaming_parser import documents
from shared.feeds.formats.niem.tree import Element
from shared.feeds.normalise.read_drop import ParsedDrop
from tests.feeds.cases import HERE, SAMPLES, read_file, shipped
from tests.feeds.small_drops import HEADER, a_profile, a_row, read
from tests.feeds.workbooks import a_workbook
from tests.widths import thorough

WORDS = ("plain", "with, comma", 'a "quoted" word', "two\nlines", "Ünïcode", "semi;colon", "  spaces  ", "O'Neil",
         "12,5", '"x', "tab\there", "ends with quote\"", "|x")  # fmt: skip
Row = tuple[str, str, str]


def a_clean_table(seed: int) -> list[list[str]]:
    by = random.Random(seed)
    rows = [a_row(n).split(",") for n in range(by.randrange(1, 40))]
    for row in rows:
        row[5], row[6] = by.choice(WORDS), by.choice(WORDS)
    return [HEADER.split(","), *rows]


def ours(outcome: ParsedDrop) -> list[Row]:
    assert outcome.rejects == []
    return [
        (parsed.arrest.number, parsed.arrest.charges[0].statute, parsed.arrest.charges[0].text)
        for parsed in outcome.arrests
    ]


def others(rows: list[list[str]]) -> list[Row]:
    return [(row[0].strip(), row[5].strip(), row[6].strip()) for row in rows[1:]]


@pytest.fixture(scope="session")
def pl() -> Any:
    """A tenth of what loading all tests takes, so it is loaded by the process that needs it."""
    import polars as pl  # noqa: PLC0415

    return pl


DELIMITERS = [",", "\t", *thorough("|", ";")]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_delimited_rows_are_those_of_csv_reader(delimiter: str, quoting: int) -> None:
    for seed in range(30):
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(a_clean_table(seed))  # type: ignore[arg-type]
        layout = a_profile().text.model_copy(update={"delimiter": delimiter})
        outcome = read(text.getvalue().encode(), a_profile(text=layout))
        assert ours(outcome) == others(list(csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=delimiter)))


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_delimited_rows_are_those_of_polars(pl: Any, delimiter: str) -> None:
    for seed in range(10):
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(a_clean_table(seed))
        drop, layout = text.getvalue().encode(), a_profile().text.model_copy(update={"delimiter": delimiter})
        frame = pl.read_csv(drop, separator=delimiter, infer_schema=False)
        theirs = [frame.columns, *map(list, frame.fill_null("").rows())]
        assert ours(read(drop, a_profile(text=layout))) == others(theirs)


def test_the_real_files_have_the_rows_of_csv_reader(pl: Any) -> None:
    paths = {
        "nypd": SAMPLES / "feeds/nypd/nypd_ytd_2021_queens_19col.csv",
        "cobb": SAMPLES / "feeds/cobb_ga/cobb_a.csv",
    }
    if not SAMPLES.exists():
        pytest.skip(f"no sample files at {SAMPLES}")
    for name, path in paths.items():
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        outcome = read_file(path, shipped(name))
        assert outcome.rows == len(rows) == pl.read_csv(path, infer_schema=False).height
        if name == "nypd":
            told = [
                (parsed.arrest.number, parsed.arrest.charges[0].text if parsed.arrest.charges else "")
                for parsed in outcome.arrests
            ]
            assert told == [(row["ARREST_KEY"], row["PD_DESC"].strip()) for row in rows]


def test_a_workbooks_rows_are_those_of_openpyxl() -> None:
    for seed in range(5):
        drop = a_workbook(a_clean_table(seed))
        sheet = load_workbook(io.BytesIO(drop))["Arrests"]
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert ours(read(drop, a_profile(format="xlsx"))) == others(rows)


def test_json_lines_are_those_of_json() -> None:
    columns = {"number": ("id",), "statute": ("charges[].code",), "charge": ("charges[].text",), "arrested": ("at",)}
    for seed in range(30):
        records = [{"id": row[0], "at": "09/01/2026", "charges": [{"code": row[5], "text": row[6]}]}
                   for row in a_clean_table(seed)[1:]]  # fmt: skip
        drop = "\n".join(json.dumps(record, ensure_ascii=bool(seed % 2)) for record in records)
        read_back = [json.loads(line) for line in drop.split("\n")]
        wanted = [
            (record["id"], record["charges"][0]["code"].strip(), record["charges"][0]["text"].strip())
            for record in read_back
        ]
        assert ours(read(drop.encode(), a_profile(format="ndjson", columns=columns))) == wanted


@pytest.mark.parametrize(
    ("case", "profile", "holder"),
    [("booking", "niem-bookings", "BookingAgencyRecordIdentification"),
     ("two-arrestees", "lexs", "ActivityIdentification")],
)  # fmt: skip
def test_a_documents_arrests_are_those_that_xpath_finds(case: str, profile: str, holder: str) -> None:
    path = HERE / f"golden/niem-xml/{case}.xml"
    outcome, root = read_file(path, shipped(profile)), etree.parse(path)
    said = {str(node.text).strip() for node in root.xpath(f"//*[local-name()='{holder}']/*")}
    assert {parsed.arrest.number for parsed in outcome.arrests} == said
    names = [
        str(node.text) for node in root.xpath("//*[local-name()='PersonSurName' or local-name()='PersonFullName']")
    ]
    for parsed in outcome.arrests:
        assert any(parsed.arrest.person.names[0].surname in text for text in names)


said = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=6
)
names = st.sampled_from(["Person", "{urn:nc}Person", "{urn:nc}PersonName", "Booking", "{urn:other}Booking"])
attributes = st.dictionaries(st.sampled_from(["{urn:s}id", "{urn:s}ref", "{urn:s}metadata"]), said, max_size=2)
branches: st.SearchStrategy[Any] = st.recursive(
    st.tuples(names, said, attributes, st.just([])),
    lambda inner: st.tuples(names, said, attributes, st.lists(inner, max_size=4)), max_leaves=12,
)  # fmt: skip


def grown(branch: Any) -> etree._Element:
    name, text, more, inner = branch
    element = etree.Element(name, more)
    element.text = text
    for child in inner:
        element.append(etree.Comment("a comment"))
        element.append(grown(child))
        element[-1].tail = text
    return element


def as_lxml_says(element: etree._Element) -> tuple[Any, ...]:
    local = {etree.QName(key).localname: value for key, value in element.items()}
    children = [as_lxml_says(child) for child in element if isinstance(child.tag, str)]
    return etree.QName(element).localname, element.text or "", local.get("id", ""), local.get("ref", ""), children


def as_we_say(element: Element) -> tuple[Any, ...]:
    return element.name, element.text, element.id, element.ref, [as_we_say(child) for child in element]


@given(branches, st.sampled_from(["utf-8", "utf-16", "iso-8859-1", "windows-1252"]))
def test_a_document_is_the_tree_that_lxml_finds(branch: Any, encoding: str) -> None:
    drop = etree.tostring(grown(branch), encoding=encoding, xml_declaration=True)
    assert isinstance(drop, bytes)
    (found,) = documents(io.BytesIO(drop), (), FieldFilter(()))
    without_comments: Any = etree.fromstring(drop, etree.XMLParser(remove_comments=True))
    assert as_we_say(found.root) == as_lxml_says(without_comments)
    assert {name: len(some) for name, some in found.by_name.items()} == {
        name: len(without_comments.xpath(f"//*[local-name()='{name}']")) for name in found.by_name
    }
