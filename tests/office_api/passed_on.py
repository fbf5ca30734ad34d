"""An arrest of which something is passed on or disputed, and whom that concerns."""

from datetime import date

from shared.arrests.model import Arrest, Provenance
from shared.offices.agreements import OfficeAgreements
from shared.offices.users import Right
from tests.builders import NOW, a_user, an_arrest
from tests.conftest import Tables
from tests.office_api.conftest import ADA
from tests.offices.test_agreements import an_agreement

PAT = ADA | {"email": "pat@da.example.gov"}
IDA = ADA | {"email": "ida@da.example.gov"}
BO = ADA | {"email": "bo@da.example.gov"}
QUINN = {"token_use": "id", "email": "quinn@queens.example.gov", "custom:office": "queens"}


def an_arrest_of_the_office(tables: Tables) -> Arrest:
    """Ada may look up arrests and has the right `privacy`, as Pat has; Ida watches over the use."""
    arrest = an_arrest()
    tables.arrests.store([arrest], Provenance(drop_id="d", dropped_at=NOW), NOW)
    agreement = an_agreement(ends=date(2999, 12, 31))
    tables.subscriptions.agreements.save(OfficeAgreements(office_id="kings", agreements=(agreement,), revision=1))
    before = tables.users.find("kings", ADA["email"])
    assert before
    rights = frozenset({Right.ARRESTS, Right.PRIVACY})
    tables.users.change(before, before.model_copy(update={"rights": rights, "revision": before.revision + 1}))
    tables.users.add(a_user(PAT["email"], rights=frozenset({Right.PRIVACY})))
    tables.users.add(a_user(IDA["email"], rights=frozenset({Right.AUDIT})))
    return arrest
