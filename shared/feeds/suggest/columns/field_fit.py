"""Whether the values of a column fit one of our fields: they prove it, allow it or deny it. Values outrank names."""

from collections.abc import Callable, Mapping
from enum import IntEnum

from shared.feeds.suggest.columns.column_evidence import ColumnEvidence
from shared.feeds.suggest.columns.value_shapes import Shape
from shared.feeds.suggest.columns.vocabulary import BOOKED, BOOKED_TIME, CASE, HOME, RELEASE, SEQUENCE, UNUSED


class Fit(IntEnum):
    DENIED = 0
    ALLOWED = 1
    PROVED = 2


_MOST = 0.8  # share of the values that proves a shape
_SOME = 0.5
_FEW = 0.1
_OLDEST_FEED = 1990  # a column with earlier days than this over many years has days of birth
_ONE_GENERATION = 15  # years between the first and the last: days of birth lie further apart, days of arrest do not
_OLDEST_MINOR = 2012  # no birth date of a column lies before it: then the column has other days
_MANY = 20  # values that are more than chance
_MOST_CODES = 40  # different codes of a class, sex or event


def fit_of(field: str, evidence: ColumnEvidence) -> Fit:
    """A column without values denies nothing and proves nothing."""
    return Fit.ALLOWED if evidence.is_empty and field != "event" else _FITS[field](evidence)


def _proved_by(shape: Shape, *, least: float = _MOST, otherwise: Fit = Fit.DENIED) -> Callable[[ColumnEvidence], Fit]:
    return lambda evidence: Fit.PROVED if evidence.share(shape) >= least else otherwise


def _born(evidence: ColumnEvidence) -> Fit:
    if evidence.share(Shape.YEAR) >= _MOST:
        return Fit.PROVED
    if evidence.date_share < _SOME:
        return Fit.DENIED
    first, last = evidence.dates.years
    if last - first > _ONE_GENERATION:
        return Fit.PROVED
    return Fit.ALLOWED if first < _OLDEST_MINOR else Fit.DENIED


def _day(evidence: ColumnEvidence) -> Fit:
    if evidence.date_share < _SOME:
        return Fit.DENIED
    first, last = evidence.dates.years
    if last < _OLDEST_FEED or (first < _OLDEST_FEED and last - first > _ONE_GENERATION):
        return Fit.DENIED
    return Fit.PROVED if first >= _OLDEST_FEED else Fit.ALLOWED


def _clock(evidence: ColumnEvidence) -> Fit:
    if evidence.time_share >= _MOST or evidence.dates.same_day:
        return Fit.PROVED
    return Fit.DENIED


def _name_part(evidence: ColumnEvidence) -> Fit:
    if evidence.date_share > _SOME or evidence.share(Shape.DIGIT) > _FEW or evidence.share(Shape.COMMA_NAME) > _SOME:
        return Fit.DENIED
    return Fit.PROVED if evidence.share(Shape.NAME_PART) >= _MOST and evidence.average_length > 2 else Fit.ALLOWED


def _middle(evidence: ColumnEvidence) -> Fit:
    if evidence.share(Shape.DIGIT) > _FEW:
        return Fit.DENIED
    return Fit.PROVED if evidence.share(Shape.NAME_PART) >= _MOST else Fit.ALLOWED


def _whole_name(evidence: ColumnEvidence) -> Fit:
    if evidence.share(Shape.COMMA_NAME) >= _SOME:
        return Fit.PROVED if evidence.share(Shape.CHARGE) < _FEW else Fit.DENIED
    if evidence.share(Shape.DIGIT) > 0.5 or evidence.share(Shape.CHARGE) > 0.3 or evidence.share(Shape.ADDRESS) > 0.3:
        return Fit.DENIED
    is_name = evidence.share(Shape.FULL_NAME) >= _MOST and evidence.distinct > min(15, evidence.filled * 0.3)
    return Fit.PROVED if is_name else Fit.ALLOWED if evidence.share(Shape.FULL_NAME) >= 0.4 else Fit.DENIED


def _alias(evidence: ColumnEvidence) -> Fit:
    return Fit.ALLOWED if evidence.share(Shape.DIGIT) < 0.3 and evidence.average_length > 2 else Fit.DENIED


def _number(evidence: ColumnEvidence) -> Fit:
    """A number: digits, perhaps letters, no date, coordinate or amount of money."""
    if evidence.share(Shape.DIGIT) < 0.7 or evidence.average_length < 2 or evidence.average_length > 40:
        return Fit.DENIED
    if (
        evidence.share(Shape.SOCIAL_SECURITY) > _FEW
        or evidence.share(Shape.PHONE) > _SOME
        or evidence.share(Shape.MONEY) > _SOME
    ):
        return Fit.DENIED
    if evidence.date_share > _SOME and not _is_digits(evidence):
        return Fit.DENIED
    return Fit.ALLOWED  # digits may number anything, so the name must say it


def _is_digits(evidence: ColumnEvidence) -> bool:
    return evidence.share(Shape.INTEGER) > _SOME


def _charge(evidence: ColumnEvidence) -> Fit:
    if evidence.share(Shape.CHARGE) >= 0.4 and evidence.average_length > 6:
        return Fit.PROVED
    if (
        _is_class(evidence)
        or evidence.share(Shape.STATUTE) > _MOST
        or evidence.average_length < 5
        or evidence.date_share > _SOME
    ):
        return Fit.DENIED
    return Fit.ALLOWED if evidence.share(Shape.INTEGER) < _SOME else Fit.DENIED


def _statute(evidence: ColumnEvidence) -> Fit:
    if evidence.time_share >= _MOST:
        return Fit.DENIED
    if evidence.share(Shape.ADDRESS) > 0.3:
        return Fit.DENIED
    if evidence.share(Shape.STATUTE) >= 0.6 and not evidence.date_share > _MOST:
        return Fit.ALLOWED if _are_all_different(evidence) else Fit.PROVED
    if evidence.share(Shape.CHARGE) > 0.3 or evidence.share(Shape.DIGIT) < _SOME or evidence.date_share > _MOST:
        return Fit.DENIED
    return Fit.DENIED if _is_point(evidence) else Fit.ALLOWED


def _are_all_different(evidence: ColumnEvidence) -> bool:
    """Numbers of arrests are; statutes come again and again."""
    return evidence.filled >= _MANY and evidence.distinct > evidence.filled * 0.9


def _is_point(evidence: ColumnEvidence) -> bool:
    return evidence.share(Shape.LATITUDE) > _SOME or evidence.share(Shape.LONGITUDE) > _SOME


def _is_class(evidence: ColumnEvidence) -> bool:
    return evidence.share(Shape.CLASS) + evidence.share(Shape.DEGREE_CLASS) >= 0.7


def _charge_class(evidence: ColumnEvidence) -> Fit:
    if _is_class(evidence) and evidence.distinct <= _MOST_CODES:
        return Fit.PROVED if evidence.share(Shape.SEX) < 0.95 else Fit.ALLOWED
    is_code = evidence.distinct <= _MOST_CODES and evidence.average_length <= 25 and evidence.share(Shape.CHARGE) < 0.3
    return Fit.ALLOWED if is_code and evidence.date_share < _FEW else Fit.DENIED


def _degree(evidence: ColumnEvidence) -> Fit:
    return Fit.ALLOWED if evidence.distinct <= _MOST_CODES and evidence.average_length <= 12 else Fit.DENIED


def _sex(evidence: ColumnEvidence) -> Fit:
    if evidence.in_list:  # a person has one
        return Fit.DENIED
    if evidence.share(Shape.SEX_BEHIND) >= _MOST:
        return Fit.PROVED
    if evidence.share(Shape.SEX) >= _MOST and evidence.distinct <= 8:
        return Fit.PROVED
    return Fit.ALLOWED if evidence.distinct <= 4 and evidence.average_length <= 10 else Fit.DENIED


def _place_text(evidence: ColumnEvidence) -> Fit:
    """An address, or a part of one."""
    if evidence.share(Shape.ADDRESS) >= _SOME:
        return Fit.PROVED
    if evidence.share(Shape.CHARGE) > _SOME or evidence.share(Shape.STATE) > _MOST:
        return Fit.DENIED
    return Fit.DENIED if evidence.date_share > _SOME or evidence.share(Shape.URL) > _FEW else Fit.ALLOWED


def _city(evidence: ColumnEvidence) -> Fit:
    is_words = evidence.share(Shape.DIGIT) < _FEW and evidence.average_length > 2 and evidence.share(Shape.CHARGE) < 0.3
    return Fit.ALLOWED if is_words else Fit.DENIED


def _area(evidence: ColumnEvidence) -> Fit:
    is_short = evidence.average_length <= 30 and evidence.distinct <= 400
    return (
        Fit.ALLOWED if is_short and evidence.date_share < _SOME and evidence.share(Shape.CHARGE) < 0.3 else Fit.DENIED
    )


def _event(evidence: ColumnEvidence) -> Fit:
    if evidence.is_empty or evidence.distinct > 20 or evidence.share(Shape.EVENT) < 0.3:
        return Fit.DENIED
    return Fit.PROVED if evidence.share(Shape.EVENT) >= _MOST else Fit.ALLOWED


def _age_group(evidence: ColumnEvidence) -> Fit:
    if evidence.share(Shape.AGE_GROUP) >= _SOME or evidence.share(Shape.YES_NO) >= _MOST:
        return Fit.PROVED
    return Fit.ALLOWED if evidence.distinct <= 15 else Fit.DENIED


def _always(_evidence: ColumnEvidence) -> Fit:
    return Fit.ALLOWED


_FITS: Mapping[str, Callable[[ColumnEvidence], Fit]] = {
    "number": _number,
    "booking_number": _number,
    "person_number": _number,
    "sid": _number,
    "fbi": _number,
    "arrested": _day,
    "arrested_time": _clock,
    "event": _event,
    "event_date": _day,
    "event_time": _clock,
    "ori": _proved_by(Shape.ORI),
    "surname": _name_part,
    "given": _name_part,
    "middle": _middle,
    "suffix": _proved_by(Shape.SUFFIX),
    "name": _whole_name,
    "alias": _alias,
    "born": _born,
    "sex": _sex,
    "age": _proved_by(Shape.AGE),
    "age_group": _age_group,
    "address": _place_text,
    "city": _city,
    "state": _proved_by(Shape.STATE, least=0.9),
    "postcode": _proved_by(Shape.POSTCODE),
    "latitude": _proved_by(Shape.LATITUDE),
    "longitude": _proved_by(Shape.LONGITUDE),
    "precinct": _area,
    "beat": _area,
    "statute": _statute,
    "charge": _charge,
    "charge_class": _charge_class,
    "degree": _degree,
    HOME: _always,
    CASE: _always,
    SEQUENCE: _always,
    RELEASE: _always,
    BOOKED: _day,
    BOOKED_TIME: _clock,
    UNUSED: _always,
}

SPEAKING = (
    *("name", "born", "sex", "event", "statute", "charge", "charge_class", "state", "ori", "latitude", "longitude"),
    *("address", "arrested", "arrested_time"),
)
"""Fields whose values speak for themselves: a column whose name claims nothing may be one of these."""
