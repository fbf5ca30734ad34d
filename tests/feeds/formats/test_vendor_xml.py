"""XML of any vendor: what is a record, what is a field, and what is refused."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.streams import xml_parser
from shared.feeds.formats.streams.xml_parser import parse_into
from shared.feeds.formats.vendor_xml import records
from shared.feeds.formats.vendor_xml.records import RecordBuilder
from shared.feeds.layout import FileLayout
from shared.feeds.normalise.read_drop import read_records
from shared.feeds.record import RawRecord, Skip
from tests.feeds.cases import HERE, lenient, shipped
from tests.feeds.small_drops import codes, read

PROFILE = lenient(shipped("jail-xml"))
ROSTER = "<Roster><Inmates>{}</Inmates></Roster>"


def an_inmate(number: int, more: str = "") -> str:
    return f'<Inmate bookingId="B-{number}"><Name><Last>Elm</Last></Name>{more}</Inmate>'


def records_of(document: str, path: str = "Inmates.Inmate") -> list[Any]:
    builder = RecordBuilder(path.split("."), FieldFilter(()))
    return [record for _ in parse_into(builder, io.BytesIO(document.encode())) for record in builder.take_complete()]


def test_a_record_is_the_object_that_it_stands_for() -> None:
    document = """<a><r id="1" xmlns="urn:x">text <c>one</c> and <c k="2"/> more<c/><d.e x.y="3"> f
      g </d.e></r></a>"""
    (record,) = records_of(document, "r")
    assert record == {
        "@id": "1",
        "#text": "text and more",
        "c": [{"#text": "one"}, {"@k": "2"}, None],
        "d_e": {"@x_y": "3", "#text": "f g"},
    }


@pytest.mark.parametrize(
    ("path", "found"),
    [("r", ["1", "2", "4"]), ("list.r", ["2"]), ("a.list.r", ["2"]), ("a.r", ["1"]), ("list", [None])],
)
def test_the_element_of_a_record_is_named_alone_or_behind_its_ancestors(path: str, found: list[str | None]) -> None:
    document = '<a><r n="1"/><list><r n="2"><r n="3"/></r></list><b><r n="4"/></b></a>'
    assert [record.get("@n") for record in records_of(document, path)] == found


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "empty"),
        ("no xml", "not-xml"),
        ("<Roster><Inmates>", "not-xml"),
        ("<Roster/>", "records"),
        ("<Roster><Inmate/></Roster>", "records"),
        ("<!DOCTYPE Roster><Roster/>", "dtd"),
        ('<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><a>&b;</a>', "dtd"),
        ("<a>" * 300 + "</a>" * 300, "not-xml"),
        (ROSTER.format("<Inmate>" + "<a>" * 300 + "</a>" * 300 + "</Inmate>"), "not-xml"),
        (ROSTER.format("<Inmate><SSN>" + "<a>" * 300 + "</a>" * 300 + "</SSN></Inmate>"), "not-xml"),
    ],
    ids=lambda value: value[:24],
)
def test_a_document_that_cannot_or_may_not_be_read_is_refused(document: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(document.encode(), PROFILE)
    assert refused.value.code == code


def test_a_document_with_too_many_names_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_parser, "_MOST_NAMES", 50)
    with pytest.raises(Rejected, match="different names"):
        read(ROSTER.format("".join(f"<a{n}/>" for n in range(60))).encode(), PROFILE)


def test_an_empty_list_of_records_is_a_drop_without_arrests() -> None:
    assert read(b"<Roster><Inmates/></Roster>", shipped("jail-xml")).rows == 0


def test_a_long_record_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LONGEST_LINE", 2_000)
    drop = ROSTER.format(an_inmate(1) + an_inmate(2, f"<Note>{'x' * 3_000}</Note>") + an_inmate(3, "<N>x</N>" * 9))
    outcome = read(drop.encode(), PROFILE)
    assert codes(outcome) == [(2, "record-too-long"), (3, "record-too-long")]
    assert [parsed.arrest.number for parsed in outcome.arrests] == ["B-1"]


def test_of_a_large_document_only_the_records_of_a_chunk_are_held() -> None:
    builder = RecordBuilder(["Inmate"], FieldFilter(()))
    drop = ROSTER.format("".join(map(an_inmate, range(20_000)))).encode()
    held = [len(builder.take_complete()) for _ in parse_into(builder, io.BytesIO(drop))]
    assert (sum(held), max(held) < 1_500) == (20_000, True)


def test_an_element_that_no_record_has_refuses_the_drop() -> None:
    drop = (HERE / "golden/xml/jail-xml.xml").read_text().replace("Last>", "Surname>")
    with pytest.raises(Rejected, match=r"No record of the file has Name\.Last\. "):
        read(drop.encode(), shipped("jail-xml"))


def test_charges_in_numbered_elements_and_joined_in_a_text() -> None:
    columns = {"number": ("@n",), "charge": ("Charge{n}",), "statute": ("Charge{n}.@law",)}
    numbered = FileLayout(records="r", columns=columns, charges="numbered columns")
    drop = b'<a><r n="1"><Charge2 law="L2">Two</Charge2><Charge1>One</Charge1></r></a>'
    (record,) = raw_records(drop, numbered)
    assert [(charge.statute, charge.charge) for charge in record.charges] == [("", "One"), ("L2", "Two")]
    joined = FileLayout(records="r", columns={"number": ("@n",), "charge": ("C",)}, charges="joined in a cell")
    (record,) = raw_records(b'<a><r n="1"><C>One | Two</C></r></a>', joined)
    assert [charge.charge for charge in record.charges] == ["One", "Two"]


@pytest.mark.parametrize(
    ("written", "charge"),
    [
        ("Theft <b>of</b> a <i>red <u>car</u></i>", "Theft of a red car"),
        ("<B>Theft</B> of a car", "Theft of a car"),
        ("Theft<br/>of a car", "Theft of a car"),
        ("Theft <SSN>900-33-4444</SSN> of a car", "Theft of a car"),
    ],
)
def test_a_text_keeps_what_its_markup_says(written: str, charge: str) -> None:
    layout = FileLayout(records="r", columns={"number": ("@n",), "charge": ("C",)})
    (record,) = raw_records(f'<a><r n="1"><C>{written}</C></r></a>'.encode(), layout)
    assert [text.charge for text in record.charges] == [charge]


def test_elements_of_one_letter_beside_each_other_are_no_markup() -> None:
    layout = FileLayout(records="r", columns={"number": ("a",), "charge": ("b",)})
    (record,) = raw_records(b"<l><r><a>7</a><b>Theft</b></r></l>", layout)
    assert (record.event.number, record.charges[0].charge) == ("7", "Theft")


def raw_records(drop: bytes, layout: FileLayout) -> list[RawRecord]:
    profile = PROFILE.model_copy(update=dict(layout) | {"optional": ()})
    return [result for result in read_records(io.BytesIO(drop), profile) if isinstance(result, RawRecord)]


texts = st.text(st.sampled_from("ab c&<\"'é"), max_size=5)
names = st.sampled_from(["r", "c", "{urn:n}r", "{urn:n}d", "SSN"])
attributes = st.dictionaries(st.sampled_from(["x", "{urn:s}y", "ssn"]), texts, max_size=2)
trees: st.SearchStrategy[Any] = st.recursive(
    st.tuples(names, texts, attributes, st.just([])),
    lambda inner: st.tuples(names, texts, attributes, st.lists(inner, max_size=4)),
    max_leaves=12,
)


def grown(tree: Any) -> etree._Element:
    name, text, more, inner = tree
    element = etree.Element(name, more)
    element.text = text
    for child in inner:
        element.append(grown(child))
        element[-1].tail = text
    return element


def as_object(element: etree._Element) -> Any:
    found: dict[str, Any] = {
        f"@{etree.QName(key).localname}": value for key, value in element.items() if "ssn" not in str(key)
    }
    if text := " ".join(" ".join([element.text or "", *(child.tail or "" for child in element)]).split()):
        found["#text"] = text
    for child in element:
        if (name := etree.QName(child).localname) != "SSN":
            found.setdefault(name, []).append(as_object(child) or None)
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in found.items()}


@given(trees, st.sampled_from(["utf-8", "utf-16", "iso-8859-1"]))
def test_the_records_of_a_document_are_those_that_lxml_finds(tree: Any, encoding: str) -> None:
    root = grown(tree)
    drop = etree.tostring(root, encoding=encoding, xml_declaration=True)
    assert isinstance(drop, bytes)
    builder = RecordBuilder(["r"], FieldFilter(()))
    ours = [record for _ in parse_into(builder, io.BytesIO(drop)) for record in builder.take_complete()]
    inside = "ancestor::*[local-name()='r' or local-name()='SSN']"
    theirs: Any = root.xpath(f"//*[local-name()='r'][not({inside})]")
    assert ours == [as_object(element) for element in theirs]


def test_a_blank_record_is_skipped_and_every_other_is_accounted_for() -> None:
    drop = ROSTER.format(f"<Inmate/>{an_inmate(1)}<Inmate> <!-- none --> </Inmate>").encode()
    results = list(read_records(io.BytesIO(drop), PROFILE))
    assert [type(result) for result in results] == [Skip, RawRecord, Skip]
