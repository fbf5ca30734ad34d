"""Lists of orders of protection and of persons under supervision: a watch ends when its order or supervision does."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.errors import Rejected
from shared.subscriptions.bulk.caselist_entry import CaselistKind, SupervisionKind, read_caselist
from shared.subscriptions.folders.model import Folder, Tab
from shared.subscriptions.model import Status
from tests.subscriptions.conftest import TODAY, Register
from tests.subscriptions.test_sync_caselist import Lists, became, row

ORDERS, SUPERVISION = CaselistKind.ORDERS, CaselistKind.SUPERVISION
NEXT_YEAR = "2027-06-30"


def order(**facts: Any) -> dict[str, Any]:
    return row(**{"case_number": "OP-1", "state": "active", "ends": NEXT_YEAR} | facts)


def supervised(**facts: Any) -> dict[str, Any]:
    return order(**{"case_number": "PAR-1", "supervision": "parole"} | facts)


@pytest.fixture
def lists(register: Register) -> Lists:
    return Lists(register)


@pytest.mark.parametrize(
    ("kind", "entry", "basis", "reference"),
    [(ORDERS, order(), "order of protection", ""), (SUPERVISION, supervised(), "supervision", "Parole")],
)
def test_s20_a_row_makes_a_watch_that_ends_with_it(
    lists: Lists, kind: CaselistKind, entry: dict[str, Any], basis: str, reference: str
) -> None:
    assert became(lists.says(entry, kind=kind)) == ["made"]
    (watch,) = lists.stored()
    assert (watch.basis.kind, watch.ends, watch.caselist) == (basis, date(2027, 6, 30), kind.value)
    assert watch.reference == reference, "what the supervision is stands in every alert"
    assert became(lists.says(entry, kind=kind)) == ["unchanged"]


@pytest.mark.parametrize("kind", SupervisionKind)
def test_each_kind_of_supervision_is_told_in_the_alert(lists: Lists, kind: SupervisionKind) -> None:
    lists.says(supervised(supervision=kind.value.upper()), kind=SUPERVISION)
    (watch,) = lists.stored()
    assert watch.reference.casefold() == kind.value
    assert became(lists.says(supervised(supervision="curfew", ends="2027-07-31"), kind=SUPERVISION)) == ["changed"]
    assert lists.stored()[0].reference == "Curfew"


def test_s20_a_supervision_watch_tells_on_its_last_day_and_not_on_the_next(lists: Lists, register: Register) -> None:
    lists.says(supervised(ends=TODAY.isoformat()), kind=SUPERVISION)
    assert register.alerts_for() == 1
    register.today += timedelta(days=1)
    assert register.alerts_for() == 0


@pytest.mark.parametrize(("kind", "entry"), [(ORDERS, order()), (SUPERVISION, supervised())])
def test_what_is_past_is_closed_although_the_list_still_says_that_it_is_active(
    lists: Lists, register: Register, kind: CaselistKind, entry: dict[str, Any]
) -> None:
    lists.says(entry, kind=kind)
    register.today = date(2027, 7, 1)
    assert became(lists.says(entry, kind=kind)) == ["closed"]
    assert became(lists.says(entry, kind=kind)) == ["unchanged"], "a nightly list rejects nothing for it"
    assert became(lists.says(entry | {"ends": "2028-06-30"}, kind=kind)) == ["reopened"], "it was extended"
    (watch,) = lists.stored()
    assert (watch.status, watch.ends) == (Status.ACTIVE, date(2028, 6, 30))


@pytest.mark.parametrize(
    ("kind", "entry", "state"), [(ORDERS, order(), "vacated"), (SUPERVISION, supervised(), "ended")]
)
def test_what_a_court_ends_early_is_closed_at_once(
    lists: Lists, kind: CaselistKind, entry: dict[str, Any], state: str
) -> None:
    lists.says(entry, kind=kind)
    ended = {name: text for name, text in entry.items() if name != "ends"} | {"state": state}
    assert became(lists.says(ended, kind=kind)) == ["closed"]


@pytest.mark.parametrize(
    ("kind", "entry", "code", "fix"),
    [
        (ORDERS, order(ends=""), "ends", "last day of the order"),
        (ORDERS, order(ends="life"), "ends", "last day of the order"),
        (SUPERVISION, supervised(ends=""), "ends", "`life` if it has none"),
        (SUPERVISION, supervised(supervision=""), "supervision", "parole, probation"),
        (SUPERVISION, supervised(supervision="house arrest"), "supervision", "parole"),
        (SUPERVISION, supervised(ends="soon"), "ends", "2026-12-31"),
        (ORDERS, supervised(), "supervision", "Leave supervision blank"),
        (CaselistKind.CASES, row(supervision="parole"), "supervision", "Leave supervision blank"),
    ],
)
def test_a_row_that_does_not_say_what_its_list_needs_is_rejected_with_a_mend(
    lists: Lists, kind: CaselistKind, entry: dict[str, Any], code: str, fix: str
) -> None:
    (report,) = lists.says(entry, kind=kind)
    assert report.result == "rejected"
    assert fix in report.fix, (code, report.fix)
    assert lists.stored() == []


def test_a_supervision_for_life_has_no_last_day_and_is_validated_after_five_years(
    lists: Lists, register: Register
) -> None:
    lists.says(supervised(ends="Life"), kind=SUPERVISION)
    (watch,) = lists.stored()
    assert (watch.ends, watch.validation_due) == (None, date(2031, 11, 20))
    register.today = date(2031, 11, 21)
    assert register.alerts_for() == 0


def test_a_reference_that_its_owner_wrote_is_not_touched_by_a_list_of_orders(lists: Lists, register: Register) -> None:
    lists.says(order(), kind=ORDERS)
    (watch,) = lists.stored()
    register.tables.watch_list.replace(watch, watch.model_copy(update={"reference": "Part 7", "revision": 2}))
    assert became(lists.says(order(ends="2027-08-31"), kind=ORDERS)) == ["changed"]
    assert lists.stored()[0].reference == "Part 7"


@pytest.mark.parametrize("kind", [ORDERS, SUPERVISION])
def test_a_folder_keeps_the_list(lists: Lists, kind: CaselistKind) -> None:
    table = lists.register.tables.subscriptions.folders
    keeper = Folder.model_validate({"folder_id": "c" * 32, "tab": Tab.PREDEFINED, "name": "List", "keeps": kind.value})
    table.save(table.tree("kings").with_folder(keeper))
    lists.says(supervised() if kind is SUPERVISION else order(), kind=kind)
    assert lists.stored()[0].folders == ("c" * 32,)


def test_an_order_of_the_number_of_its_case_goes_on_when_the_case_is_closed(lists: Lists, register: Register) -> None:
    case = row(case_number="X-1")
    assert became(lists.says(case)) == ["made"]
    assert became(lists.says(order(case_number="X-1"), kind=ORDERS)) == ["made"]
    assert became(lists.says(supervised(case_number="X-1"), kind=SUPERVISION)) == ["made"]
    assert register.alerts_for() == 1, "one message with three reasons"
    assert became(lists.says(case | {"state": "closed"})) == ["closed"]
    assert became(lists.says(order(case_number="X-1"), kind=ORDERS)) == ["unchanged"]
    assert register.alerts_for() == 1


@pytest.mark.parametrize(
    "column", ["protected_party", "Protected Person DOB", "PETITIONER", "victim", "Stay away from"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_with_a_column_for_whom_an_order_protects_is_refused_whole(column: str, delimiter: str) -> None:
    header = delimiter.join(["case_number", "prosecutor", "state", "ends", "surname", "given", column])
    with pytest.raises(Rejected) as refused:
        read_caselist(f"{header}\n".encode(), "csv")
    assert "nobody here may keep" in refused.value.reason
    assert "Take the column out" in refused.value.fix
