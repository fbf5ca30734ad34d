"""Many rows read at once say what each of them says by itself."""

import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.tabular.columns import Columns
from shared.feeds.formats.tabular.csv_records import CsvRecords
from shared.feeds.formats.tabular.delimited import read
from shared.feeds.formats.tabular.rows import header_of, read_row
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.profiles.model import Profile
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult
from tests.feeds.cases import PSEUDONYMS, TODAY
from tests.feeds.small_drops import HEADER, a_drop, a_profile, a_row

MORE = f"{HEADER},Event,Sex,House,Street,Lat,Charge 1,Charge 2"
LAYOUTS = {
    "an arrest a row": a_profile(),
    "a charge a row": a_profile(charges="row per charge"),
    "charges joined in a cell": a_profile(charges="joined in a cell"),
    "charges in numbered columns": a_profile(
        charges="numbered columns", columns={**a_profile().columns, "charge": ("Charge {n}",)}
    ),
    "nobody named": a_profile(
        columns={word: names for word, names in a_profile().columns.items() if word not in ("surname", "given", "born")}
    ),
    "without columns that may not be kept": a_profile(drop=("Street",)),
    "address joined, events": a_profile(
        columns={**a_profile().columns, "event": ("Event",), "sex": ("Sex",), "address": ("House", "Street"),
                 "latitude": ("Lat",)}
    ),
}  # fmt: skip

row = st.builds(
    a_row,
    st.integers(0, 9),
    No=st.sampled_from(["T-1", "T-2", " T-3 ", "x" * 150]),
    Date=st.sampled_from(["09/01/2026", "09/02/2026", ""]),
    Born=st.sampled_from(["04/05/1981", "04/05/2012", "01/01/1700", "never"]),
    Charge=st.sampled_from(["Assault 3", "A|B", ""]),
    Class=st.sampled_from(["M", "F", "Z", "M|F"]),
    Event=st.sampled_from(["", "booking"]),
    Sex=st.sampled_from(["M", "F", "Q"]),
    House=st.sampled_from(["", "12"]),
    Street=st.sampled_from(["Elm St", " "]),
    Lat=st.sampled_from(["", "40.1", "x"]),
    One=st.sampled_from(["", "Theft"]),
    Two=st.sampled_from(["", "Trespass"]),
)
odd = st.one_of(
    st.sampled_from(["", MORE, '"', "a,b", ",,,,,,,,,,,,,,", "\0"]),
    st.builds(a_row, st.just(3), No=st.sampled_from(["", "y" * 201]), E=st.sampled_from(["release", "seal", "?"]),
              S=st.just(""), H=st.just(""), T=st.just(""), L=st.just(""), A=st.just(""), B=st.just("")),
    st.builds(a_row, st.just(4), Date=st.just("soon"), E=st.just("seal"), S=st.just(""), H=st.just(""), T=st.just(""),
              L=st.just(""), A=st.just(""), B=st.just("")),
)  # fmt: skip


def one_by_one(drop: bytes, profile: Profile) -> list[ReadResult]:
    records = CsvRecords(lines(io.BytesIO(drop), "utf-8"), profile)
    columns = Columns(header_of(records, profile.text), profile)
    records.width = columns.width
    return [read_row(record, columns, profile.text) for record in records]


@pytest.mark.parametrize("profile", LAYOUTS.values(), ids=LAYOUTS.keys())
@given(rows=st.lists(row, max_size=6), odd_ones=st.lists(odd, max_size=1), end=st.sampled_from(["\n", ""]))
def test_rows_that_are_read_together_are_what_each_is_by_itself(
    rows: list[str], odd_ones: list[str], end: str, profile: Profile
) -> None:
    drop = a_drop(*rows[:3], *odd_ones, *rows[3:], header=MORE).removesuffix(b"\n") + end.encode()
    reads = [result for result in read(io.BytesIO(drop), profile) if not isinstance(result, DroppedColumns)]
    assert reads == one_by_one(drop, profile)
    records = [result for result in reads if isinstance(result, RawRecord)]
    normaliser, other = (Normaliser(profile, PSEUDONYMS, TODAY, may_seal=True) for _ in range(2))
    assert [*normaliser.normalise(records)] == [other.normalise_record(record) for record in records]
    assert Counter(normaliser.unknown_codes) == Counter(other.unknown_codes)
