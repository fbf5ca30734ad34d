"""The id of an arrest that has no number: from the profile's key columns, from the person, or from the whole record."""

from shared.arrests.model import CUSTODY_BEGINS, EventKind
from shared.arrests.person import Person
from shared.feeds.normalise.dates import Moment
from shared.feeds.normalise.duplicates import DuplicatePolicy
from shared.feeds.profiles.model import Profile
from shared.feeds.record import RawRecord
from shared.pseudonyms import Pseudonyms


def policy_of(profile: Profile) -> DuplicatePolicy:
    """What two records with one number mean."""
    return DuplicatePolicy.CHARGES if profile.charges == "row per charge" else DuplicatePolicy.VERSIONS


def derive_id(
    record: RawRecord,
    kind: EventKind,
    person: Person,
    moment: Moment | None,
    profile: Profile,
    pseudonyms: Pseudonyms,
) -> tuple[str, DuplicatePolicy]:
    """Tries the `arrest_key` columns; then name, birth and time of the arrest or event; then all facts of the record.

    In the last two cases records with one id may still be two arrests, so all of them are kept.
    """
    policy = policy_of(profile)
    agency = profile.agency if kind in CUSTODY_BEGINS else f"{profile.agency} {kind}"
    facts = [fact.strip() for fact in record.facts]
    if profile.arrest_key and any(facts):
        return pseudonyms.of("arrest by key columns", agency, *facts), policy
    born = person.date_of_birth or person.birth_year
    if born and moment and person.names and all(person.names[0].key):
        time = str(moment.instant or moment.day)
        arrest_id = pseudonyms.of("arrest by person", agency, *person.names[0].key, str(born), time)
        return arrest_id, policy if policy is DuplicatePolicy.CHARGES else DuplicatePolicy.STRANGERS
    return pseudonyms.of("arrest by facts", agency, *facts), DuplicatePolicy.STRANGERS
