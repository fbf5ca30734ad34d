"""The words that name immigration enforcement: each that must be refused, and each that only looks alike."""

import pytest

from shared.offices.immigration import names_immigration

REFUSED = """
    notify ICE
    ICE
    ICE-2026-0042
    I.C.E. asked for it
    I C E
    tell ice when he is booked
    hold for ice agents
    ICE detainer lodged
    ice hold
    Call the ICE field office
    please call ICE at release
    ERO Newark
    CBP liaison
    HSI task force
    DHS agent
    dhs detainer
    INS hold
    USCIS file
    immigration status unknown
    Immigrant without papers
    anti-immigration
    inmigración
    llamar a la migra
    deportation
    to be deported
    deportable
    deportación
    removal order
    Removal-Order 7
    removal proceedings
    final order of removal
    illegal alien
    criminal aliens
    alien registration number
    undocumented worker
    visa overstay
    border patrol
    Homeland Security
    287(g)
    287g agreement
    287 (g)
    field.office@ice.dhs.gov
    im\u00admigration
    im\u200bmigration
    \uff29\uff23\uff25 detainer
""".strip().splitlines()
MEANT_OTHERWISE = """
    Pat Ice
    Ice, Pat
    ICE, PAT
    People v. Ice
    Ms. Ice's attorney
    sold ice and meth
    slipped on ice in the yard
    black ice on Elm Street
    the ice rink at Exampleton Park
    police officer Vance
    POLICE REPORT
    JUSTICE CENTER
    NOTICE OF APPEARANCE
    service of process
    DHS caseworker visited the children
    Department of Human Services
    DHS-2026-114
    INS. fraud at Elm Mutual
    INS 2026-4
    insurance
    CR-287-G
    2026-287G-1
    287 grams
    case 287
    zero evidence
    hero
    deportment in court
    club de deportes
    centro deportivo
    removal of child from home
    removal of the vehicle
    alienated from family
    inalienable
    alien plate on the car
    undocumented injuries
    visa card found on him
    Visa ending 4242
    patrol at the border of beat 7
    migrant farm
    emigrated
    heroin, crack, ice
    2026-KN-000123
""".strip().splitlines()


@pytest.mark.parametrize("text", [line.strip() for line in REFUSED])
def test_tc6_a_text_that_names_immigration_enforcement_is_known(text: str) -> None:
    assert names_immigration(text)


@pytest.mark.parametrize("hidden", "\u00ad\u034f\u061c\u180e\u200b\u200d\u202d\u2063\u2067\u3164\ufe0f\U000e0049")
def test_tc6_a_character_that_nobody_sees_hides_no_word(hidden: str) -> None:
    assert names_immigration(f"depor{hidden}tation case")
    assert names_immigration(f"call I{hidden}C{hidden}E first")


@pytest.mark.parametrize("text", [line.strip() for line in MEANT_OTHERWISE])
def test_tc6_a_surname_a_drug_the_weather_an_insurer_and_a_childrens_service_are_no_false_alarm(text: str) -> None:
    assert not names_immigration(text)
