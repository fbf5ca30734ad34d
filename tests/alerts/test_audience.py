"""Who is told through folders, and who no longer: asked when an arrest is matched, and again when an alert is sent."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.alerts.delivery.revalidate import revalidate
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.model import Alert
from shared.arrests.model import Provenance
from shared.arrests.table import Version
from shared.subscriptions.folders.model import Folder, Role, Tab
from tests.builders import NOW, PSEUDONYMS, a_subscription, a_user, an_arrest, an_office, discard

ED, VIC, MAKER = "ed@da.example.gov", "vic@da.example.gov", "ada.example@da.example.gov"
GANGS = Folder(folder_id="a" * 32, tab=Tab.TEAM, name="Gangs", roles={ED: Role.OWNER, VIC: Role.VISITOR})


@pytest.fixture
def desk(tables):
    tables.offices.enrol(an_office())
    for email in (ED, VIC, MAKER):
        tables.users.add(a_user(email))
    tables.subscriptions.folders.save(tables.subscriptions.folders.tree("kings").with_folder(GANGS))
    note = {"private": "informant Q", "public": "call first"}
    tables.watch_list.add(a_subscription(folders=(GANGS.folder_id,), recipients=[], note=note))
    return tables


@pytest.fixture
def arrested(desk):
    def arrest() -> dict[str, Alert]:
        one = an_arrest()
        desk.arrests.store([one], Provenance(drop_id="d", dropped_at=NOW), NOW)
        at = MatchDeps(desk.watch_list, desk.subscriptions, desk.offices, desk.alerts, PSEUDONYMS, discard)
        match_versions([Version(one, None, NOW, NOW)], at, NOW)
        items = (item for item in desk.everything_in("Alerts") if item["part"]["S"] == "alert")
        alerts = (Alert.model_validate_json(item["doc"]["S"]) for item in items)
        return {alert.recipient.root["email"]: alert for alert in alerts}

    return arrest


def change(tables, email, **facts):
    before = tables.users.find("kings", email)
    tables.users.change(before, before.model_copy(update=facts | {"revision": before.revision + 1}))


def test_s11_s12_everyone_with_a_role_is_told_with_the_folder_and_the_note_that_is_theirs(arrested):
    told = {email: (alert.because[0].folder, alert.because[0].note) for email, alert in arrested().items()}
    assert told == {ED: ("Gangs", "informant Q"), VIC: ("Gangs", "call first")}


def test_p1_who_was_removed_is_told_nothing_while_the_others_are(desk, arrested):
    change(desk, VIC, deprovisioned_at=NOW)
    assert set(arrested()) == {ED}


def test_p1_a_suspended_office_is_told_nothing(desk, arrested):
    desk.offices.enrol(an_office(suspended=True))
    assert arrested() == {}


def test_s9_an_archived_folder_is_silent(desk, arrested):
    tree = desk.subscriptions.folders.tree("kings")
    desk.subscriptions.folders.save(tree.with_folder(GANGS.model_copy(update={"archived_at": NOW})))
    assert arrested() == {}


def test_what_changed_between_matching_and_sending_counts_when_it_is_sent(desk, arrested):
    alerts = arrested()

    deps: Any = SimpleNamespace(
        subscriptions=desk.subscriptions, arrests=desk.arrests
    )  # all that it reads of its dependencies

    assert not revalidate(alerts[VIC], an_office(), deps, NOW).shown.alert.withdrawn_at
    change(desk, VIC, deprovisioned_at=NOW)
    assert revalidate(alerts[VIC], an_office(), deps, NOW).shown.alert.withdrawn_at
    assert revalidate(alerts[ED], an_office(suspended=True), deps, NOW).shown.alert.withdrawn_at
    tree = desk.subscriptions.folders.tree("kings")
    desk.subscriptions.folders.save(tree.with_folder(GANGS.model_copy(update={"roles": {}})))
    assert revalidate(alerts[ED], an_office(), deps, NOW).shown.alert.withdrawn_at
