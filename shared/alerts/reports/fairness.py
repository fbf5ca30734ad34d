"""Whom the office's alerts are about, by place and age group: counts for those who answer for the use of the system.

Source: the NYPD's impact-and-use policy of 2021 asks for disparate impact. Race and the like are never stored, so a
precinct and an age are all that can be counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum

from shared.alerts.model import Alert
from shared.alerts.responses.model import AlertResponse
from shared.arrests.model import Arrest
from shared.value import FrozenModel

_NO_RESPONSE = AlertResponse()


class AgeGroup(StrEnum):
    """Years at the arrest. Nobody is alerted of a minor."""

    TO_24 = "18 to 24"
    TO_34 = "25 to 34"
    TO_44 = "35 to 44"
    TO_54 = "45 to 54"
    OLDER = "55 and older"
    UNKNOWN = "not reported"


_LAST_YEARS = {24: AgeGroup.TO_24, 34: AgeGroup.TO_34, 44: AgeGroup.TO_44, 54: AgeGroup.TO_54}


class FairnessRow(FrozenModel):
    """`arrests` counts each arrest once, however many people were alerted of it. Verdicts are those of the alerts."""

    agency: str
    precinct: str
    age_group: AgeGroup
    arrests: int
    alerts: int
    right_person: int
    wrong_person: int
    not_useful: int


def by_place_and_age(
    alerts: Iterable[Alert], responses: Mapping[str, AlertResponse], arrests: Mapping[str, Arrest]
) -> list[FairnessRow]:
    """The groups with most alerts first. Counts the alerts whose arrest is among `arrests`, by arrest id: those that
    may still be read."""
    groups: defaultdict[tuple[str, str, AgeGroup], list[Alert]] = defaultdict(list)
    for alert in alerts:
        if arrest := arrests.get(alert.arrest_id):
            groups[arrest.agency, arrest.place.precinct, age_group_of(arrest)].append(alert)
    rows = [_row(*group, group_alerts, responses) for group, group_alerts in groups.items()]
    return sorted(rows, key=lambda row: (-row.alerts, row.agency, row.precinct, row.age_group))


def age_group_of(arrest: Arrest) -> AgeGroup:
    born, day = arrest.person.date_of_birth, arrest.arrested_on or arrest.happened_on
    if born is None or day is None:
        return AgeGroup.UNKNOWN
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next((group for last, group in _LAST_YEARS.items() if years <= last), AgeGroup.OLDER)


def _row(
    agency: str, precinct: str, age_group: AgeGroup, alerts: list[Alert], responses: Mapping[str, AlertResponse]
) -> FairnessRow:
    verdicts = [responses.get(alert.alert_id, _NO_RESPONSE) for alert in alerts]
    return FairnessRow(
        agency=agency,
        precinct=precinct,
        age_group=age_group,
        arrests=len({alert.arrest_id for alert in alerts}),
        alerts=len(alerts),
        right_person=sum(verdict.right_person is True for verdict in verdicts),
        wrong_person=sum(verdict.right_person is False for verdict in verdicts),
        not_useful=sum(verdict.useful is False for verdict in verdicts),
    )
