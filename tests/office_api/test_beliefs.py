"""28 CFR 23.20(b) through the API: said at save, listed for whoever watches over the use, settled."""

from shared.offices.users import Right
from tests.builders import a_user, a_wish
from tests.conftest import Tables
from tests.office_api.conftest import ADA, Call

IDA = ADA | {"email": "ida@da.example.gov"}


def test_28_cfr_23_20_b_a_note_is_saved_and_its_owner_is_told_that_somebody_will_look_at_it(
    call: Call, tables: Tables
) -> None:
    tables.users.add(a_user(IDA["email"], rights=frozenset({Right.AUDIT})))
    saved = call("POST", "/v1/subscriptions", a_wish(note={"private": "goes to the mosque"}))
    assert saved.status == 201
    assert "will look at it" in saved.body["notice"]
    assert call("GET", "/v1/reports/beliefs").status == 403
    [text] = call("GET", "/v1/reports/beliefs", claims=IDA).body["items"]
    assert (text["subject_id"], text["text"]) == (saved.body["subscription_id"], "goes to the mosque")
    fine = {name: text[name] for name in ("subject_id", "field", "text_hash")}
    assert call("POST", "/v1/reports/beliefs", fine, IDA).body["items"] == []
    assert call("POST", "/v1/subscriptions", a_wish(reference="parole", note={})).body["notice"] == ""


def test_28_cfr_23_20_b_a_folder_title_is_saved_and_listed(call: Call, tables: Tables) -> None:
    tables.users.add(a_user(IDA["email"], rights=frozenset({Right.PRIVACY, Right.SUPER_OWNER})))
    made = call("POST", "/v1/folders", {"name": "Anarchists", "tab": "team"}, IDA)
    assert (made.status, "will look at it" in made.body["notice"]) == (201, True)
    [text] = call("GET", "/v1/reports/beliefs", claims=IDA).body["items"]
    assert (text["field"], text["text"]) == ("name", "Anarchists")
