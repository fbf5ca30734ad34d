"""What an office may rely on, numbered as in the list of behaviours (19 to 39) and of faults (W) that acceptance tests
are made from."""

from datetime import date, timedelta
from itertools import product

import pytest

from shared.alerts.matches.reason_words import reason_sentence, shown_differences, sureness
from shared.alerts.reviews.model import ReviewVerdict
from shared.arrests.charges import Charge
from shared.arrests.diff import changes
from shared.arrests.model import ArrestChange
from shared.arrests.person import Identifier, IdentifierKind, Person, PersonName, Sex
from shared.arrests.places import Place
from shared.matching.criteria import Reason
from shared.matching.rules import TooBroadError
from shared.subscriptions.model import Status
from tests.alerts.conftest import Desk
from tests.builders import CHARGE_WATCH, NAME_WATCH, NOW, SID_WATCH, a_subscription, an_arrest

TODAY = date(2026, 11, 20)


def shifted(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


# 19 to 24: in time


@pytest.mark.parametrize(
    ("why", "facts", "alerts"),
    [
        ("19 active and in range", {}, 1),
        ("20 it starts tomorrow", {"starts": shifted(1)}, 0),
        ("20 the arrest happened before it started", {"starts": shifted(0)}, 0),
        ("21 it ended yesterday", {"ends": shifted(-1)}, 0),
        ("21 it ends today: it still alerts on its last day", {"ends": shifted(0)}, 1),
        ("22 its validation is overdue", {"validation_due": shifted(-1)}, 0),
        ("22 its validation is due today", {"validation_due": shifted(0)}, 1),
        ("22 it was validated again", {"validation_due": shifted(365)}, 1),
        ("23 it was cancelled", {"status": "cancelled"}, 0),
        ("W15 it was never validated at all", {"validation_due": None}, 1),
        ("W22 overdue, although watched by FBI number", {"validation_due": shifted(-1), "criterion": "fbi"}, 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_subscription_alerts_within_its_time_and_never_outside(desk: Desk, why, facts, alerts):
    fbi = {"watch": "identifier", "identifier": {"kind": "fbi", "value": "77AB"}}
    desk.watch(fbi if facts.pop("criterion", None) else SID_WATCH, **facts)
    arrest = an_arrest()
    numbers = (*arrest.person.identifiers, Identifier(kind=IdentifierKind.FBI, value="77AB"))
    arrest = arrest.model_copy(update={"person": arrest.person.model_copy(update={"identifiers": numbers})})
    assert desk.match(arrest).alerts == alerts, why


def test_23_several_inactive_ones_beside_an_active_one_alert_once(desk: Desk):
    for number in range(3):
        case = {"kind": "open case", "case_number": f"C-{number}"}
        desk.watch(SID_WATCH, status="active" if number == 1 else "cancelled", basis=case)
    assert desk.match(an_arrest()).alerts == 1


def test_24_an_office_may_go_by_the_day_of_the_arrest_instead_of_today(desk: Desk, enrolled):
    desk.watch(SID_WATCH, ends=shifted(-1))
    assert desk.match(an_arrest(arrested_on=TODAY - timedelta(days=1))).alerts == 0
    enrolled(goes_by="arrest")
    assert desk.match(an_arrest(arrested_on=TODAY - timedelta(days=1))).alerts == 1
    assert desk.match(an_arrest("K-2", arrested_on=TODAY)).alerts == 0


def test_25_a_broken_subscription_is_reported_and_stops_nobody_else(desk: Desk):
    broken, _ = desk.watch(SID_WATCH, "bo"), desk.watch(NAME_WATCH, "cy")
    key = {"pk": {"S": "office#kings"}, "sk": {"S": f"subscription#{broken.subscription_id}"}}
    desk.tables.client.update_item(
        TableName="Subscriptions", Key=key, UpdateExpression="SET doc = :doc",
        ExpressionAttributeValues={":doc": {"S": '{"last_validated": null'}},
    )  # fmt: skip
    told = desk.match(an_arrest())
    assert (told.broken, set(desk.alerts())) == ([broken.subscription_id], {"cy"})


def test_25_a_broken_posting_is_asked_of_the_document_itself(desk: Desk):
    one = desk.watch(SID_WATCH)
    for item in desk.tables.everything_in("Subscriptions"):
        if item["sk"]["S"] == "posting":
            desk.tables.client.update_item(
                TableName="Subscriptions", Key={name: item[name] for name in ("pk", "sk")},
                UpdateExpression="SET #one = :text", ExpressionAttributeNames={"#one": f"s_{one.subscription_id}"},
                ExpressionAttributeValues={":text": {"S": '{"o": "kings", "c": "{]"}'}},
            )  # fmt: skip
    assert desk.match(an_arrest()).alerts == 1


# 26 to 34: in identity


def a_person(surname="Example", given="Pat", born=date(1990, 2, 3), sid=None, **facts):
    arrest = an_arrest(sid=sid, born=born, surname=surname, given=given)
    return arrest.model_copy(update={"person": arrest.person.model_copy(update=facts)})


def test_26_an_unknown_subject_alerts_nobody(desk: Desk):
    desk.watch(SID_WATCH)
    desk.watch(NAME_WATCH)
    told = desk.match(a_person("Stranger", "Sam", date(1961, 7, 9), sid="99999999Z"))
    assert (told.alerts, told.waiting, told.candidates) == (0, 0, 0)


@pytest.mark.parametrize("written", ["01234567a", " 0123-4567 A\n", "01234567A"])
def test_s1_27_an_equal_state_id_alerts_although_the_names_differ_in_case_and_spacing(desk: Desk, written):
    desk.watch(SID_WATCH)
    assert desk.match(a_person(" eXAMPLE ", "PAT", sid=written)).alerts == 1


def test_28_w2_name_and_date_of_birth_alert_without_a_state_id(desk: Desk):
    desk.watch(NAME_WATCH)
    assert desk.match(a_person(sid=None)).alerts == 1


def test_s1_s2_29_w1_all_routes_are_tried_and_united(desk: Desk):
    desk.watch(SID_WATCH, "bo")
    desk.watch(NAME_WATCH, "cy")
    desk.watch({"any": [SID_WATCH, CHARGE_WATCH]}, "dora")
    assert desk.match(an_arrest()).alerts == 3
    assert {who: alert.because[0].grade for who, alert in desk.alerts().items()} == {
        "bo": "identifier", "cy": "strong", "dora": "identifier"
    }  # fmt: skip


@pytest.mark.parametrize("born", [date(1981, 9, 28), date(1984, 2, 17)])
def test_30_the_same_name_with_another_date_of_birth_is_at_most_reviewed(desk: Desk, born):
    desk.watch(NAME_WATCH)
    assert desk.match(a_person(born=born)).alerts == 0


def test_30_a_common_name_with_another_date_of_birth_is_not_even_reviewed(desk: Desk):
    desk.watch(NAME_WATCH | {"surname": "Smith", "given": "John"})
    told = desk.match(a_person("Smith", "John", date(1981, 9, 28)))
    assert (told.alerts, told.waiting) == (0, 0)


def test_31_the_same_state_id_with_another_date_of_birth_alerts_and_says_so(desk: Desk):
    holder = {"surname": "Example", "given": "Pat", "date_of_birth": "1990-02-03"}
    desk.watch(SID_WATCH | {"holder": holder}, "bo")
    desk.watch({"any": [SID_WATCH, NAME_WATCH]}, "cy")
    desk.match(a_person("Stranger", "Sam", date(1961, 7, 9), sid="01234567A"))
    for who in ("bo", "cy"):
        (because,) = desk.alerts()[who].because
        assert because.grade == "identifier"
        assert [difference.line for difference in shown_differences(because)] == [
            "Born: you watch 2/3/1990, reported 7/9/1961.",
            "Name: you watch EXAMPLE, PAT, reported STRANGER, SAM.",
        ]
        assert sureness(because) == "May be another person."
        assert because.reasons[0].disagrees


def test_31_nothing_disagrees_where_the_person_is_the_same(desk: Desk):
    desk.watch({"any": [SID_WATCH, NAME_WATCH]})
    desk.match(an_arrest())
    (because,) = desk.alerts()["ada"].because
    assert (shown_differences(because), sureness(because)) == ((), "Surest kind of match.")


def test_32_an_alias_alerts_and_is_named(desk: Desk):
    desk.watch(NAME_WATCH)
    aliases = (PersonName(surname="Other", given="Sam"), PersonName(surname="EXAMPLE", given="PAT"))
    desk.match(a_person(names=aliases))
    assert "(EXAMPLE, PAT, an alias, born Feb 3, 1990)" in reason_sentence(desk.alerts()["ada"].because[0])


def test_32_a_watched_alias_counts_as_well(desk: Desk):
    desk.watch(NAME_WATCH | {"surname": "Other", "aliases": [{"surname": "Example", "given": "Pat"}]})
    assert desk.match(a_person()).alerts == 1


NEVER_SILENT = [
    ("a nickname", ("Quillmoor", "Joseph"), ("QUILLMOOR", "JOE"), None, "given"),
    ("a typo", ("Quillmoor", "Joseph"), ("QUILMOOR", "JOSEPH"), None, "surname"),
    ("swapped day and month", ("Quillmoor", "Joseph"), ("QUILLMOOR", "JOSEPH"), date(1990, 3, 2), "born"),
    ("a slip in the year", ("Quillmoor", "Joseph"), ("QUILLMOOR", "JOSEPH"), date(1991, 2, 3), "born"),
    ("swapped names", ("Quillmoor", "Joseph"), ("JOSEPH", "QUILLMOOR"), None, "surname given"),
    ("an initial", ("Quillmoor", "Joseph"), ("QUILLMOOR", "J"), None, "given"),
    ("half of a hyphenated name", ("Quillmoor-Vane", "Ana"), ("VANE", "ANA"), None, "surname"),
    ("a sound", ("Reyes", "Jacinda"), ("REIS", "JACINDA"), None, "surname"),
    ("a suffix in the surname", ("Quillmoor", "Joseph"), ("QUILLMOOR JR", "JOSEPH"), None, ""),
    ("a particle", ("De la Cruz", "Jacinda"), ("CRUZ", "JACINDA"), None, "surname"),
    ("an accent", ("Núñez", "José"), ("NUNEZ", "JOSE"), None, ""),
    ("W3 an apostrophe", ("O'Brien", "Jo Ann"), ("OBRIEN", "JOANN"), None, ""),
    ("a gap and a slip", ("Quillmoor", "Jo Ann"), ("QUILLMOOR", "JOANN"), date(1991, 2, 3), "born"),
    ("a short form and a slip", ("Quillmoor", "Patricia"), ("QUILLMOOR", "TRISHA"), date(1991, 2, 3), "given born"),
    ("a common name with a slip in the year", ("Smith", "John"), ("SMITH", "JOHN"), date(1991, 2, 3), "born"),
    ("... in the month", ("Smith", "John"), ("SMITH", "JOHN"), date(1990, 3, 3), "born"),
    ("... in the day", ("Smith", "John"), ("SMITH", "JOHN"), date(1990, 2, 4), "born"),
    ("... and two given names", ("Kelly", "Joseph Ann"), ("KELLY", "ANN JOSEPH"), date(1991, 2, 3), "given born"),
    *(
        (
            f"{', '.join(said)} of two and two common names, and a slip",
            ("Davis Perez", "Jose Maria"),
            said,
            date(1991, 2, 3),
            "surname given born",
        )
        for said in product(("DAVIS", "PEREZ", "PEREZ DAVIS"), ("JOSE", "MARIA", "MARIA JOSE"))
    ),
    (
        "the second of two, misspelt, and a slip",
        ("Singh", "Maria Jean"),
        ("SINGH", "JEANE"),
        date(1991, 2, 3),
        "given born",
    ),
    ("... of two surnames", ("Brown Nguyen", "Luis"), ("NGUYEM", "LUIS"), date(1990, 12, 3), "surname born"),
    (
        "swapped names and a slip",
        ("Quillmoor", "Joseph"),
        ("JOSEPH", "QUILLMOOR"),
        date(1990, 3, 3),
        "surname given born",
    ),
]


@pytest.mark.parametrize(("why", "watched", "reported", "born", "differs"), NEVER_SILENT, ids=lambda one: str(one)[:30])
def test_s2_33_w3_a_slip_is_never_silent_and_is_said(desk: Desk, why, watched, reported, born, differs):
    desk.watch(NAME_WATCH | {"surname": watched[0], "given": watched[1]})
    surname, given = reported
    told = desk.match(a_person(surname, given, born=born or date(1990, 2, 3)))
    assert told.alerts + told.waiting == 1, why
    reviews, _ = desk.tables.alerts.reviews.page("kings", ReviewVerdict.WAITING, 10, None)
    stored: list[Reason] = [alert.because[0].reasons[0] for alert in desk.alerts().values()]
    stored += [review.reason for review in reviews]
    (reason,) = stored
    assert [contrast.field for contrast in reason.contrasts] == differs.split()
    assert reason_sentence(reason).startswith("Name and date of birth " + ("are alike (" if differs else "match ("))


def test_33_a_surname_taken_for_a_given_name_leaves_one_difference_and_is_looked_at(desk: Desk):
    desk.watch(NAME_WATCH | {"surname": "Quillmoor", "given": "Joseph", "sex": "M"})
    told = desk.match(a_person("BRODY", "QUILLMOOR", sex=Sex.MALE))
    assert (told.alerts, told.waiting) == (0, 1)


def test_33_another_sex_is_never_told_without_a_persons_word(desk: Desk):
    desk.watch(NAME_WATCH | {"sex": "F"})
    told = desk.match(a_person(sex=Sex.MALE))
    assert (told.alerts, told.waiting) == (0, 1)


def test_33_father_and_son_are_two(desk: Desk):
    desk.watch(NAME_WATCH | {"suffix": "Sr."})
    told = desk.match(a_person(names=(PersonName(surname="Example", given="Pat", suffix="JR"),), born=date(1965, 5, 5)))
    assert told.alerts == 0


# 39, 42 and W8: a new version of an arrest


@pytest.mark.parametrize(
    ("why", "later", "change"),
    [
        ("a charge was added", {"statutes": ["PL 120.05", "PL 265.03"]}, ArrestChange.CHARGE_ADDED),
        ("an identifier was added", {"sid": "01234567A"}, ArrestChange.IDENTIFIER_ADDED),
        ("the person was corrected", {"surname": "Exampel"}, ArrestChange.PERSON_CORRECTED),
    ],
)
def test_42_w8_new_content_is_one_update_to_who_knew_and_never_suppressed(desk: Desk, why, later, change):
    desk.watch(CHARGE_WATCH)
    before = an_arrest(sid=None)
    assert desk.match(before).alerts == 1
    after = an_arrest(**{"sid": None} | later)
    told = desk.match(after, before=before)
    assert (told.alerts, told.updates) == (0, 1), why
    assert desk.alerts()["ada"].changes == changes(before, after) == (change,)
    assert desk.match(after, before=before).updates == 0


@pytest.mark.parametrize("everybody", [
    {"watch": "charge", "charge_class": "felony"}, {"watch": "agency", "agencies": ["roster"]},
    {"watch": "event", "kinds": ["arrest"]}, {"none": [SID_WATCH]},
    {"any": [SID_WATCH, {"watch": "charge", "charge_class": "felony"}]},
])  # fmt: skip
def test_34_a_subscription_that_matches_everybody_is_refused_and_told_what_to_add(desk: Desk, everybody):
    with pytest.raises(TooBroadError, match="would watch nearly everybody; add a person, an identifier"):
        desk.watch(everybody)
    assert desk.tables.everything_in("Subscriptions") == []


def test_w8_two_nameless_persons_are_two(desk: Desk):
    desk.watch(CHARGE_WATCH)
    nobody = Person()
    told = desk.match(*(an_arrest(number).model_copy(update={"person": nobody}) for number in ("K-1", "K-2")))
    assert told.alerts == 2


def test_39_corrected_demographics_are_matched_from_then_on(desk: Desk):
    desk.watch(NAME_WATCH)
    before = a_person("Stranger", "Sam", date(1961, 7, 9))
    assert desk.match(before).alerts == 0
    assert desk.match(a_person(), before=before).alerts == 1


def test_w19_changed_identifiers_move_the_watch_and_never_overwrite_another(desk: Desk):
    first, second = desk.watch(SID_WATCH, "bo"), desk.watch(NAME_WATCH, "cy")
    other = {"watch": "identifier", "identifier": {"kind": "sid", "value": "7654321B", "issuer": "NY"}}
    moved = a_subscription(other).criterion
    after = first.model_copy(update={"criterion": moved, "revision": 2})
    desk.tables.watch_list.replace(first, after)
    assert set(desk_alerts_of(desk, an_arrest())) == {"cy"}
    assert desk.match(a_person("Stranger", "Sam", date(1961, 7, 9), sid="7654321B")).alerts == 1
    assert desk.tables.subscriptions.find("kings", second.subscription_id) == second


def desk_alerts_of(desk: Desk, arrest):
    desk.match(arrest)
    return desk.alerts()


# Combinations, charges and places


@pytest.mark.parametrize(
    ("why", "criterion", "alerts"),
    [
        ("both hold", {"all": [CHARGE_WATCH, {"watch": "place", "agency": "roster", "precinct": "101"}]}, 1),
        ("one fails", {"all": [CHARGE_WATCH, {"watch": "place", "agency": "roster", "precinct": "7"}]}, 0),
        ("either holds", {"any": [SID_WATCH, {"watch": "charge", "statute": "VTL 511"}]}, 1),
        ("excluded", {"all": [CHARGE_WATCH], "none": [SID_WATCH]}, 0),
        ("of the agency", {"all": [CHARGE_WATCH, {"watch": "agency", "agencies": ["roster"]}]}, 1),
        ("46 of another agency", {"all": [CHARGE_WATCH, {"watch": "agency", "agencies": ["nypd"]}]}, 0),
        ("another kind of event", {"all": [CHARGE_WATCH, {"watch": "event", "kinds": ["booking"]}]}, 0),
        ("a family", {"watch": "charge", "family": "assault"}, 1),
        ("a class in a precinct", {"all": [{"watch": "charge", "charge_class": "felony"},
                                           {"watch": "place", "agency": "roster", "precinct": "101"}]}, 1),
        ("a keyword of a charge that cannot be read", {"watch": "charge", "keyword": "open container"}, 1),
        ("within metres", {"watch": "place", "near": {"latitude": 40.7, "longitude": -73.9, "metres": 200}}, 1),
        ("too far", {"watch": "place", "near": {"latitude": 40.71, "longitude": -73.9, "metres": 200}}, 0),
        ("inside", {"watch": "place", "area": [[-73.91, 40.69], [-73.89, 40.69], [-73.9, 40.71]]}, 1),
        ("an ORI", {"watch": "place", "ori": "NY0303000"}, 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_s5_criteria_combine(desk: Desk, why, criterion, alerts):
    desk.watch(criterion)
    arrest = an_arrest(
        ori="NY0303000", charges=(Charge(statute="PL 120.05 01", charge_class="felony"), Charge(text="OPEN CONTAINER")),
        place=Place(precinct="101", latitude=40.7001, longitude=-73.9001),
    )  # fmt: skip
    assert desk.match(arrest).alerts == alerts, why


def test_an_alert_keeps_every_reason_with_the_values_compared(desk: Desk):
    desk.watch({"all": [NAME_WATCH, CHARGE_WATCH]})
    desk.match(an_arrest())
    (because,) = desk.alerts()["ada"].because
    by_name, by_charge = because.reasons
    assert (by_name.watched, by_name.reported) == ("EXAMPLE, PAT, born 1990-02-03",) * 2
    assert by_name.score is not None
    assert by_name.score > 20
    assert reason_sentence(by_charge) == "Charge matches (PL 120.05 begins with PL 120)."
    assert reason_sentence(because) == f"{reason_sentence(by_name)} {reason_sentence(by_charge)}"


def test_a_long_list_is_read_in_all_its_parts(desk: Desk):
    desk.tables.watch_list._shard_size = 3
    watched = [desk.watch(CHARGE_WATCH, f"who{number}") for number in range(8)]
    assert desk.match(an_arrest()).alerts == 8
    for one in watched[:5]:
        cancelled = one.model_copy(update={"status": Status.CANCELLED, "revision": 2})
        desk.tables.watch_list.replace(one, cancelled)
    assert desk.match(an_arrest("K-2")).alerts == 3


def test_what_is_posted_names_nobody_in_its_keys(desk: Desk):
    desk.watch({"any": [NAME_WATCH, SID_WATCH]})
    keys = [item["pk"]["S"] + item["sk"]["S"] for item in desk.tables.everything_in("Subscriptions")]
    assert not [key for key in keys if "example" in key.lower() or "1990-" in key or "01234567" in key]


def test_an_unread_statute_is_counted_and_still_matches_by_its_own_text(desk: Desk):
    desk.watch({"watch": "charge", "statute": "LOCAL 9-9"})
    told = desk.match(an_arrest(ori="NY0303000", statutes=["Local 9-9"]))
    assert (told.alerts, told.unread_charges) == (1, 1)


def test_now_is_what_the_builders_say():
    assert NOW.date() == TODAY
