"""What may not be kept leaves no trace, whatever the format: not in an arrest, a reject, a receipt or a key."""

from datetime import UTC, datetime

import pytest

from shared.feeds.drops.model import Drop
from shared.feeds.forbidden_fields import is_forbidden_name
from shared.feeds.formats import FORMATS
from shared.feeds.intake.dry_run import outcomes_if_new
from shared.feeds.intake.receipt import receipt_of, rejects_file
from tests.feeds.cases import lenient
from tests.feeds.formats.forbidden_drops import CANARY, FORBIDDEN_DROPS
from tests.feeds.small_drops import a_profile, read


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_what_may_not_be_kept_leaves_no_trace_and_is_named(form: str) -> None:
    content, profile, names = FORBIDDEN_DROPS[form]()
    assert CANARY.encode() in content or form in ("ods", "xlsx")  # whose parts are packed
    parsed_drop = read(content, profile)
    assert parsed_drop.arrests
    assert set(names) <= set(parsed_drop.dropped_columns)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    drop = Drop(key=f"{profile.agency}/in/day", size=len(content), dropped_at=now)
    receipt = receipt_of(drop, "d", parsed_drop, outcomes_if_new(parsed_drop), profile, now)
    for output in (repr(parsed_drop), rejects_file(parsed_drop.rejects).decode(), receipt.model_dump_json()):
        assert CANARY not in output


def test_a_file_of_nothing_else_tells_of_nobody() -> None:
    parsed_drop = read(b"SSN\n900-33-4444\n", lenient(a_profile()))
    assert (parsed_drop.arrests, [reject.code for reject in parsed_drop.rejects]) == ([], ["no-arrest"])


@pytest.mark.parametrize("name", """
    SSN|ssn|SSN#|SS#|SS No|SS_NUM|Soc Sec No|SocialSecurityNumber|SOCIAL_SECURITY_NO|SOCSECNUM|personSSN|INMATESSN
    Social|PersonSSNIdentification|SSN_LAST4|A#|A-Number|Alien No|Immigration Status|ICE Hold
    Citizenship|US Citizen|USCIS No|PersonCitizenshipFIPS10-4Code|Passport No|Medical Alert|MED_ALERT|Medications
    Mental Health|Diagnosis|Allergies|Disability Code|Suicidal|HIV Status|Pregnant?|Injury|Photo|PHOTO_URL|photoId
    Mugshot|Mug Shot|Booking Image|image_url|Facial Scars|Victim|VictimName|VIC NAME|Victims|VICTIM1_LAST|Witness|WIT1
    Wit. Name|Complainant|Religion|DNA Taken|ITIN|Race
    Raza|Etnia|Víctima|Perjudicado|Ciudadanía|Núm. Seguro Social|Condición Médica|ALERGIAS|FOTO_URL|Testigo 1
    PERP_RACE|RaceCode|Ethnicity|ETHN_CD|Hispanic|Descent|RELIG_CD|Religious Pref|CITZ_CD|Nationality|personRace|RAC
    Protected Party|PROTECTED_PERSON|ProtectedPartyName|Petitioner|Protectee|NoContactPerson|PROT_PARTY|PROTECTEDPARTY
    Person Protected|Protected 1 Last Name|protected_dob|Prot. Pers. Addr|No Contact With|StayAwayFrom|STAY_AWAY_PARTY
    Order in favor of|Parte Protegida|Persona protegida
""".replace("\n", "|").split("|"))  # fmt: skip
def test_a_name_that_tells_of_what_may_not_be_kept(name: str) -> None:
    assert is_forbidden_name(name) or not name.strip()


@pytest.mark.parametrize("name", """
    Class|CLASSNAME|Class No|Last Name|Arrest No|Agency|Office|Officer|Police District|SERVICE|Supplemental Report No
    Department|Case No|Surface Street|Precinct|Sex|Terrace|Trace No|Age|Severity|Associate|DOB|Address
    Issue Date|Process No|Suffix|PersonStateFingerprintIdentification|PersonFBIIdentification|PersonAugmentation
    Division|Village|With Warrant|Court|Docket No|Bail Amount|Disposition|Sentence|Warrant No|Next Court Date
    Protective Custody|Contact No|Order of Protection No|OOP_NO|Protection Order Expires|Protection Order Type
    Fecha del Arresto|Lugar|Núm. de Arresto|Agente|Artículo|Médano|Fotógrafo Blvd
    ArrestSubject|ReportingAgency|ActivityIdentification|Booking No|Visible Marks|Notice|A_NOTE|Vehicle|Victory Park
""".replace("\n", "|").split("|"))  # fmt: skip
def test_a_name_that_only_looks_like_one(name: str) -> None:
    assert not is_forbidden_name(name)
