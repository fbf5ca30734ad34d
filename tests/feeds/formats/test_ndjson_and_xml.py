import gc
import io
import json
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.niem.streaming_parser import documents
from shared.feeds.formats.niem.tree import Element, descendants
from shared.feeds.formats.streams import xml_parser
from tests.bench.records import niem_xml
from tests.feeds.cases import HERE, lenient, shipped
from tests.feeds.small_drops import codes, numbers, read

GOLDEN = HERE / "golden"


def test_deep_nesting_costs_one_row() -> None:
    first, second = (b'{"arrest": {"id": "%d", "at": "2026-09-01"}}\n' % number for number in (1, 2))
    drop = first + b'{"x": ' + b"[" * 100_000 + b"\n" + second
    outcome = read(drop, lenient(shipped("city-police")))
    assert (len(outcome.arrests), codes(outcome)) == (2, [(2, "json")])


def test_a_json_array_in_place_of_lines_is_refused_with_the_mend() -> None:
    with pytest.raises(Rejected, match="one JSON array"):
        read(b'[{"arrest": {"id": "1"}},\n{"arrest": {"id": "2"}}]\n', lenient(shipped("city-police")))


def test_prefixes_and_namespaces_make_no_difference() -> None:
    document = (GOLDEN / "niem-xml/two-arrestees.xml").read_text()
    for prefix in ("doc", "lexs", "dig", "lib", "nc", "ndex"):
        bare = document.replace(f"<{prefix}:", "<").replace(f"</{prefix}:", "</")
        assert read(bare.encode(), shipped("lexs")).arrests == read(document.encode(), shipped("lexs")).arrests


def test_suspects_and_the_injured_are_never_arrestees() -> None:
    outcome = read((GOLDEN / "niem-xml/two-arrestees.xml").read_bytes(), shipped("lexs"))
    assert "Notarrested" not in repr(outcome)
    assert "Injuredparty" not in repr(outcome)
    assert "900-11" not in repr(outcome)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "empty"),
        (b"no xml at all", "not-xml"),
        (b"<ArrestReport><unclosed>", "not-xml"),
        (b"<a>" * 300 + b"</a>" * 300, "not-xml"),
        (b'<?xml version="1.0" encoding="shift_jis"?><a/>', "not-xml"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "not-xml"),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "not-xml"),
        (b"<a>" + b"".join(b"<a%d/>" % number for number in range(70_000)) + b"</a>", "too-large"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "dtd"),
        (b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><a>&c;</a>', "dtd"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "dtd"),
        (b"<CrashReport/>", "not-an-arrest-feed"),
    ],
)
def test_a_document_that_cannot_or_may_not_be_read_is_refused(document: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(document, shipped("lexs"))
    assert refused.value.code == code


def test_a_report_of_nobody_is_rejected_with_what_to_send() -> None:
    outcome = read(b"<CustodyReleaseReport><Booking/></CustodyReleaseReport>", shipped("lexs"))
    (reject,) = outcome.rejects
    assert (outcome.rows, outcome.arrests, reject.code) == (1, [], "reference")
    assert reject.fix


BOOKINGS = "\n".join(niem_xml(3))
READ = read(BOOKINGS.encode(), shipped("niem-bookings"))


def surnames(document: str) -> list[str]:
    return [
        parsed.arrest.person.names[0].surname for parsed in read(document.encode(), shipped("niem-bookings")).arrests
    ]


def test_an_id_that_comes_again_in_another_record_means_another_person() -> None:
    alike = BOOKINGS
    for nth in range(3):
        for letter in "BCAPL":
            alike = alike.replace(f'"{letter}{nth}"', f'"{letter}"')
    assert surnames(alike) == surnames(BOOKINGS) == ["AAAAA", "BHLRD", "COWIG"]


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_record_that_refers_to_what_lies_outside_of_it_is_read_with_it(place: str) -> None:
    start, end = BOOKINGS.index('<Person s:id="P1">'), BOOKINGS.index('<Location s:id="L1">')
    person, rest = BOOKINGS[start:end], BOOKINGS[:start] + BOOKINGS[end:]
    person = person.replace("s:id", 'xmlns:s="http://release.niem.gov/niem/structures/3.0/" s:id')
    first, last = rest.index("<BookingReport"), rest.rindex("</Reports>")
    at = first if place == "before" else last
    assert sorted(surnames(rest[:at] + person + rest[at:])) == ["AAAAA", "BHLRD", "COWIG"]


STRAY = '<Officer><RoleOfPersonReference s:ref="{}"/></Officer></BookingReport>'


@pytest.mark.parametrize("stray", ["O", "nowhere"])
@pytest.mark.parametrize("outside", ["", '<Person xmlns:s="s" s:id="P"><PersonName/></Person>'])
def test_records_with_the_same_ids_stay_apart_while_they_wait_for_what_lies_outside(stray: str, outside: str) -> None:
    alike = BOOKINGS.replace("</BookingReport>", STRAY.format(stray))
    for nth in range(3):
        for letter in "BCAPL":
            alike = alike.replace(f'"{letter}{nth}"', f'"{letter}"')
    alike = alike.replace("</Reports>", f'{outside}<Person xmlns:s="s" s:id="O"/></Reports>')
    assert surnames(alike) == ["AAAAA", "BHLRD", "COWIG"]


LOST = [
    ("niem-bookings", BOOKINGS.replace('<Person s:id="P1">', "<Person>")),
    ("niem-bookings", BOOKINGS.replace('<Person s:id="P1">', '<Person s:id="P1"/><Person s:id="P1">')),
    ("lexs", (GOLDEN / "niem-xml/two-arrestees.xml").read_text().replace('s:id="P2"', 's:id="P9"', 1)),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "document"), LOST)
def test_an_arrest_whose_person_is_not_there_or_might_be_either_of_two_is_rejected_alone(
    profile: str, document: str
) -> None:
    whole = {"niem-bookings": BOOKINGS, "lexs": (GOLDEN / "niem-xml/two-arrestees.xml").read_text()}[profile]
    outcome = read(document.encode(), shipped(profile))
    assert [code for _, code in codes(outcome)] == ["reference"]
    assert len(outcome.arrests) == len(read(whole.encode(), shipped(profile)).arrests) - 1


def alive() -> int:
    return sum(
        type(instance) is Element and getattr(instance, "name", "") == "BookingReport" for instance in gc.get_objects()
    )


def test_of_the_records_of_a_document_no_more_than_those_of_a_chunk_are_in_memory() -> None:
    stream, most = io.BytesIO("\n".join(niem_xml(400)).encode()), 0
    for at, document in enumerate(documents(stream, ["BookingReport"], FieldFilter(()))):
        if at % 25 == 0:
            most = max(most, alive())
        assert document.is_rest == (at == 400)
    assert len(document.root) == 0
    assert 0 < most < 100  # those of one chunk


@pytest.mark.parametrize("beside", [b"", b"<BookingReport/>"])
def test_a_document_of_which_more_would_be_held_than_fits_is_refused(
    beside: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_parser, "MOST_HELD", 200_000)
    monkeypatch.setattr(xml_parser, "_CHUNK", 1_000)
    assert surnames("\n".join(niem_xml(60)))[0] == "AAAAA", "records that are done with do not count"
    with pytest.raises(Rejected, match="too-large: One record"):
        read(b"<a>" + (b"<b/>" * 100 + beside) * 20 + b"</a>", shipped("lexs"))


def test_a_tag_that_is_longer_than_fits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_parser, "_LONGEST_TAG", 400_000)
    image = "x" * 100_000
    assert len(surnames(BOOKINGS.replace("<Booking ", f'<Booking image="{image}" '))) == 3
    with pytest.raises(Rejected, match="too-large: A tag"):
        read(BOOKINGS.replace("<Booking ", f"<!-- {image * 8} --><Booking ").encode(), shipped("lexs"))


PARSER = expat.ParserCreate


class Deferring:
    """Keeps all for its last call, as expat may since 2.6 where a tag is longer than what it was given at a time."""

    def __init__(self, encoding: str | None) -> None:
        vars(self).update(CurrentByteIndex=0, parser=PARSER(encoding), said=[])

    def __setattr__(self, name: str, value: object) -> None:
        setattr(vars(self)["parser"], name, value)

    def Parse(self, said: bytes, is_last: bool = False) -> None:  # noqa: N802 - the name is expat's
        vars(self)["said"].append(said)
        if is_last:
            vars(self)["parser"].Parse(b"".join(vars(self)["said"]), True)


@pytest.mark.parametrize("long", ["", "<!-- {} -->", '<Image data="{}"/>', "<?image {}?>", "{}", "<![CDATA[{}]]>"])
def test_however_late_a_parser_says_what_it_read_every_record_is_read(
    long: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [*niem_xml(60)]
    lines.insert(2, long.format("x" * 150_000))
    document = "\n".join(lines)
    assert len(surnames(document)) == 60
    monkeypatch.setattr(expat, "ParserCreate", Deferring)
    assert len(surnames(document)) == 60


def test_the_encoding_that_a_document_declares_may_be_wrong() -> None:
    """.NET writes `utf-16` over text that somebody saves as UTF-8, and the other way round."""
    document = "<?xml version='1.0' encoding='{}'?>" + BOOKINGS
    assert read(document.format("utf-8").encode("utf-16"), shipped("niem-bookings")).arrests == READ.arrests
    with pytest.raises(Rejected, match="declares an encoding that is not known, or not the one it is written in"):
        read(document.format("utf-16").encode(), shipped("niem-bookings"))


@pytest.mark.parametrize("where", ["before {}", "{} after", "before {} after", " {}", "{}"])
def test_a_name_stands_as_if_what_may_not_be_kept_had_never_been_in_it(where: str) -> None:
    document = BOOKINGS.replace("AAAAA", where.format("<SSN>900-11-2222</SSN>"))
    (root,) = (document.root for document in documents(io.BytesIO(document.encode()), (), FieldFilter(())))
    said, *_ = (element.text for element in descendants(root, "PersonSurName"))
    assert said == where.partition("{")[0]


def test_who_refers_to_what_may_not_be_kept_waits_for_nothing_and_finds_nothing() -> None:
    record = b'<R><VictimOf s:id="P1"><Name>Injuredparty</Name></VictimOf><RoleOfPerson s:ref="P1"/></R>'
    whole, rest = documents(io.BytesIO(b"<Rs>" + record + b"</Rs>"), ["R"], FieldFilter(()))
    assert (whole.is_self_contained, whole.find("P1"), rest.is_rest, len(rest.root)) == (True, None, True, 0)
    assert [element.name for element in descendants(whole.root, "R", "VictimOf", "Name", "RoleOfPerson")] == [
        "R",
        "RoleOfPerson",
    ]


def test_two_people_of_one_arrest_are_two_arrests() -> None:
    document = (GOLDEN / "niem-xml/two-arrestees.xml").read_text().replace(
        '<nc:ActivityReference s:ref="Act2"/><nc:PersonReference s:ref="P2"/>',
        '<nc:ActivityReference s:ref="Act1"/><nc:PersonReference s:ref="P2"/>',
    )  # fmt: skip
    outcome = read(document.encode(), shipped("lexs"))
    assert [parsed.arrest.number for parsed in outcome.arrests] == ["26-0077/P1", "26-0077/P2"]


ARRAY = lenient(shipped("city-police")).model_copy(update={"format": "json"})


@given(st.lists(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(blacklist_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=8,
), max_size=6), st.sampled_from([None, 2]), st.booleans())  # fmt: skip
def test_an_array_has_as_many_records_as_a_json_parser_finds(
    said: list[object], indent: int | None, plain: bool
) -> None:
    drop = json.dumps(said, indent=indent, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    assert read(drop, ARRAY).rows == len(said)


def test_an_array_and_its_lines_are_the_same_arrests() -> None:
    arrests = ({"id": str(number), "at": "2026-09-01"} for number in range(3_000))
    lines = [json.dumps({"arrest": arrest, "note": '[{"\\' * (number % 90)}) for number, arrest in enumerate(arrests)]
    assert (
        read(f"[{','.join(lines)}]".encode(), ARRAY).arrests
        == read("\n".join(lines).encode(), lenient(shipped("city-police"))).arrests
    )


@pytest.mark.parametrize(
    ("drop", "code"),
    [
        (b"", "empty"),
        (b'{"arrest": {"id": "1"}}', "json"),
        (b"not json", "json"),
        (b"[] []", "json"),
        (b'[{"arrest": {"id": "' + b"x" * (3 << 20), "json"),
    ],
)
def test_what_is_no_array_is_refused(drop: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(drop, ARRAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (b'{"x": NaN}', "json"),
        (b'{"x": 1e999, "x": 2}', "json"),
        (b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json"),
        (b'{"x": "\xff"}', "undecodable"),
        (b'{"x": ["' + b'y", "' * 400_000 + b'"]}', "record-too-long"),
        (b'{"x": unquoted}', "json"),
        (b"17", "json"),
    ],
    ids=["NaN", "name twice", "deep", "undecodable", "long", "no json", "no object"],
)
def test_a_bad_element_costs_itself_alone(record: bytes, code: str) -> None:
    first, second = (b'{"arrest": {"id": "%d", "at": "2026-09-01"}}' % number for number in (1, 2))
    outcome = read(b"[" + b", ".join((first, record, second)) + b"]", ARRAY)
    assert (numbers(outcome), codes(outcome)) == (["1", "2"], [(2, code)])


def test_an_id_that_comes_again_in_a_json_document_is_nobodys() -> None:
    document = (GOLDEN / "niem-json/booking.json").read_text()
    first, second = json.loads(document), json.loads(document.replace("JB-900", "JB-901").replace("Hexham", "Other"))
    both = {"Reports": {"ext:BookingReport": [first["ext:BookingReport"], second["ext:BookingReport"]]}}
    profile = shipped("niem-bookings").model_copy(update={"format": "niem-json"})
    outcome = read(json.dumps(both).encode(), profile)
    assert (outcome.arrests, [code for _, code in codes(outcome)]) == ([], ["reference", "reference"])


def test_a_document_in_json_is_read_as_in_xml() -> None:
    xml, as_json = (GOLDEN / "niem-xml/booking.xml").read_bytes(), (GOLDEN / "niem-json/booking.json").read_bytes()
    profile = shipped("niem-bookings")
    assert read(as_json, profile.model_copy(update={"format": "niem-json"})).arrests == read(xml, profile).arrests


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "empty"),
        (b"{", "not-json"),
        (b"[]", "not-json"),
        (b'{"a": 1, "a": 2}', "not-json"),
        (b'{"a": NaN}', "not-json"),
        (b'{"a": ' * 1_000 + b"1" + b"}" * 1_000, "not-json"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not-json"),
        (b'{"a": [' + b"{}," * 1_400_000 + b"{}]}", "too-large"),
        (b'{"a": "\\ud800", "b c": {"@value": true}, "e": null}', "not-an-arrest-feed"),
        (b"{}", "not-an-arrest-feed"),
    ],
)
def test_a_json_document_that_cannot_be_read_is_refused(document: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(document, shipped("lexs").model_copy(update={"format": "niem-json"}))
    assert refused.value.code == code


# without the letters that begin UTF-8 read as cp1252: they are mended in a file, and not in an escape
letters = st.characters(exclude_categories=["Cs"], exclude_characters=[chr(code) for code in range(0xC2, 0xF5)])
value = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(letters, max_size=8),
    st.lists(st.text(letters, max_size=4)),
    st.sampled_from(["CP-1", "CP-2", "2026-09-01", "1980-01-02", {"ssn": "900-11-2222", "last": "Quill"}, 10**30, "é"]),
)  # fmt: skip
record = st.fixed_dictionaries(
    {"arrest": st.fixed_dictionaries({"id": st.one_of(st.text(letters, max_size=5), st.integers()), "at": value})},
    optional={
        "person": st.dictionaries(st.sampled_from(["name", "born", "sex", "state_id", "SSN"]), value),
        "charges": st.lists(
            st.dictionaries(st.sampled_from(["statute", "text", "class", "victim"]), value), max_size=3
        ),
        "place": st.dictionaries(st.sampled_from(["lat", "lon", "street", "district"]), value),
    },
)


@given(st.lists(record, max_size=4))
def test_a_record_says_the_same_however_its_json_is_written(records: list[object]) -> None:
    profile = lenient(shipped("city-police"))
    plain = read("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode(), profile)
    tabbed = read("".join(json.dumps(record, separators=("\t,", "\t:")) + "\n" for record in records).encode(), profile)
    assert plain.arrests == tabbed.arrests
    assert (codes(plain), plain.dropped_columns, plain.unknown_codes) == (
        codes(tabbed),
        tabbed.dropped_columns,
        tabbed.unknown_codes,
    )
    assert "900-11-2222" not in repr(plain)
