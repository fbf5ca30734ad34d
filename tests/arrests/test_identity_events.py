from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from shared.arrests.identity_events.event import IdentityChange, IdentityEvent, identity_event_id
from shared.arrests.identity_events.table import IdentityEventsTable, identity_events_in
from shared.arrests.model import Provenance
from shared.arrests.person import Identifier, IdentifierKind
from shared.arrests.stream import versions_in
from tests.builders import NOW, PSEUDONYMS
from tests.conftest import Tables

OLD, NEW = (Identifier(kind=IdentifierKind.SID, value=value, issuer="NY") for value in ("01234567A", "07654321B"))


def an_event(before: Identifier = OLD, after: Identifier = NEW) -> IdentityEvent:
    change, day = IdentityChange.MERGED, date(2026, 11, 19)
    key = identity_event_id(PSEUDONYMS, "roster", change, before, after, day)
    return IdentityEvent(event_id=key, agency="roster", change=change, before=before, after=after, reported_on=day)


def test_an_event_is_new_once_and_is_no_arrest(tables: Tables) -> None:
    events, event = IdentityEventsTable(tables.client, "Arrests", "Agencies"), an_event()
    first, second = (Provenance(drop_id=name, dropped_at=datetime(2026, 11, 20, tzinfo=UTC)) for name in ("d1", "d2"))
    assert events.store(event, first, NOW)
    assert not events.store(event, second, NOW)
    (item,) = tables.everything_in("Arrests")
    record = {"dynamodb": {"NewImage": item}}
    assert identity_events_in([record, {"dynamodb": {"NewImage": item, "OldImage": item}}]) == [event]
    assert versions_in([record]) == []
    assert tables.arrests.find(event.event_id) is None
    assert list(tables.arrests.since(datetime(2020, 1, 1, tzinfo=UTC), 0, 1)) == [[]]


@pytest.mark.parametrize("after", [OLD, Identifier(kind=IdentifierKind.FBI, value="1"), NEW.model_copy(
    update={"value": ""})])  # fmt: skip
def test_an_identity_changes_between_two_numbers_of_one_kind(after: Identifier) -> None:
    with pytest.raises(ValidationError):
        an_event(after=after)
