import pytest

from shared.domain.errors import Rejected
from tests.feeds.cases import HERE, shipped
from tests.feeds.drops import codes, read

GOLDEN = HERE / "golden"


def test_deep_nesting_costs_one_row() -> None:
    drop = b'{"arrest": {"id": "1"}}\n{"x": ' + b"[" * 100_000 + b"\n" + b'{"arrest": {"id": "2"}}\n'
    reading = read(drop, shipped("city-police"))
    assert (len(reading.found), codes(reading)) == (2, [(2, "json")])


def test_a_json_array_is_refused_with_the_mend() -> None:
    with pytest.raises(Rejected, match="one JSON array"):
        read(b'[{"arrest": {"id": "1"}},\n{"arrest": {"id": "2"}}]\n', shipped("city-police"))


def test_prefixes_and_namespaces_make_no_difference() -> None:
    document = (GOLDEN / "niem-xml/two-arrestees.xml").read_text()
    for prefix in ("doc", "lexs", "dig", "lib", "nc", "ndex"):
        bare = document.replace(f"<{prefix}:", "<").replace(f"</{prefix}:", "</")
        assert read(bare.encode(), shipped("lexs")).found == read(document.encode(), shipped("lexs")).found


def test_suspects_and_the_injured_are_never_arrestees() -> None:
    reading = read((GOLDEN / "niem-xml/two-arrestees.xml").read_bytes(), shipped("lexs"))
    assert "Notarrested" not in repr(reading)
    assert "Injuredparty" not in repr(reading)
    assert "900-11" not in repr(reading)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "empty"),
        (b"no xml at all", "not-xml"),
        (b"<ArrestReport><unclosed>", "not-xml"),
        (b"<a>" * 300 + b"</a>" * 300, "not-xml"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "dtd"),
        (b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><a>&c;</a>', "dtd"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "dtd"),
        (b"<CrashReport/>", "not-an-arrest-feed"),
        (b"<CustodyReleaseReport><Booking/></CustodyReleaseReport>", "not-an-arrest-feed"),
    ],
)
def test_a_document_that_cannot_or_may_not_be_read_is_refused(document: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(document, shipped("lexs"))
    assert refused.value.code == code


def test_two_people_of_one_arrest_are_two_arrests() -> None:
    document = (GOLDEN / "niem-xml/two-arrestees.xml").read_text().replace(
        '<nc:ActivityReference s:ref="Act2"/><nc:PersonReference s:ref="P2"/>',
        '<nc:ActivityReference s:ref="Act1"/><nc:PersonReference s:ref="P2"/>',
    )  # fmt: skip
    reading = read(document.encode(), shipped("lexs"))
    assert [one.arrest.number for one in reading.found] == ["26-0077/P1", "26-0077/P2"]
