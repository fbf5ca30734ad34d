"""The forms in which a column writes dates and times, proved on all its values.

A value is parted into day and time, and both are proved by themselves: a column has many moments, but few different
days and times of day. Forms that read the same values otherwise are an ambiguity, which a person must settle.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from shared.feeds.normalise.dates import date_reader

ISO = "iso"
_DAY_FORMS: Mapping[str, Sequence[str]] = {
    "N/N/NNNN": ("%m/%d/%Y", "%d/%m/%Y"),
    "N-N-NNNN": ("%m-%d-%Y", "%d-%m-%Y"),
    "N.N.NNNN": ("%m.%d.%Y", "%d.%m.%Y"),
    "N N NNNN": ("%m %d %Y", "%d %m %Y"),
    "NNNN/N/N": ("%Y/%m/%d", "%Y/%d/%m"),
    "NNNN.N.N": ("%Y.%m.%d",),
    "NNNN-N-N": ("%Y-%m-%d",),
    "N/N/N": ("%m/%d/%y", "%d/%m/%y", "%y/%m/%d"),
    "N-N-N": ("%m-%d-%y", "%d-%m-%y", "%y-%m-%d"),
    "N.N.N": ("%m.%d.%y", "%d.%m.%y"),
    "NNNNNNNN": ("%Y%m%d", "%m%d%Y", "%d%m%Y"),
    "NNNNNN": ("%m%d%y", "%y%m%d", "%d%m%y"),
    "N-A-NNNN": ("%d-%b-%Y", "%d-%B-%Y"),
    "N-A-N": ("%d-%b-%y",),
    "N A NNNN": ("%d %b %Y", "%d %B %Y"),
    "N A N": ("%d %b %y",),
    "A N, NNNN": ("%b %d, %Y", "%B %d, %Y"),
    "A N NNNN": ("%b %d %Y", "%B %d %Y"),
    "A-N-NNNN": ("%b-%d-%Y",),
    "N/A/NNNN": ("%d/%b/%Y",),
    "NANNNN": ("%d%b%Y",),
    "NAN": ("%d%b%y",),
    "A, A N, NNNN": ("%a, %b %d, %Y", "%A, %B %d, %Y"),
}
_TIME_FORMS: Mapping[str, Sequence[str]] = {
    "N:N:N": ("%H:%M:%S",),
    "N:N": ("%H:%M",),
    "N:N A": ("%I:%M %p",),
    "N:N:N A": ("%I:%M:%S %p",),
    "N:NA": ("%I:%M%p",),
    "N:N:NA": ("%I:%M:%S%p",),
    "N:N:N.F": ("%H:%M:%S.%f",),
    "NNNN": ("%H%M",),
    "NNNNNN": ("%H%M%S",),
    "NNNN A": ("%I%M %p",),
}
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:?\d\d)?)?")
_WITH_TIME = re.compile(
    r"(?P<day>.*\d.*?)(?P<between>[ T]+)(?P<time>\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AP]M)?)(?P<zone> [A-Z]{3,4})?",
    re.IGNORECASE,
)
_WITH_DIGIT_TIME = re.compile(r"(?P<day>\d[\d/.\-]{5,9})(?P<between> )(?P<time>\d{4})(?P<zone>)")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_YEARS = range(1850, 2101)
_LAST_YEAR = 2035
_TOLERATED = 0.3  # share of the values of one shape that may be slips of the pen: they are asked about
_TOLERATED_DIGITS = 0.05
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_ZEROS = str.maketrans("", "", "0:.")


class DateForm(NamedTuple):
    """One form of a column. `others` read the same values as other days. `unread` of its `values` it cannot read."""

    form: str
    others: tuple[str, ...]
    values: int
    unread: int = 0


class DateEvidence(NamedTuple):
    """`unread` counts the masks of values that no form reads. `years` are the first and last year.

    `midnight`: there are times, and all of them are 00:00. `same_day`: there are times, and all on one day.
    """

    forms: tuple[DateForm, ...]
    unread: Counter[str]
    years: tuple[int, int] = (0, 0)
    has_time: bool = False
    midnight: bool = False
    same_day: bool = False
    epoch: int = 0  # values that are seconds or milliseconds since 1970

    @property
    def read(self) -> int:
        return sum(form.values - form.unread for form in self.forms)


class _Split(NamedTuple):
    day: str
    between: str
    time: str
    zone: str


def mask_of(text: str) -> str:
    """Digits become 9, letters A: what may be shown of a value without showing it."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", text))[:30]


def date_evidence(values: Mapping[str, int]) -> DateEvidence:
    """`values` counts the distinct texts of a column, without blanks."""
    groups, unread = _by_shape(values)
    forms, years, clocks, days = list[DateForm](), set[int](), set[str](), set[str]()
    for (day_shape, between, time_shape, zone), splits in groups.items():
        total = sum(count for _, count in splits)
        day_count, time_count = Counter[str](), Counter[str]()
        for split, count in splits:
            day_count[split.day] += count
            time_count[split.time] += count
        day_forms = _proved(day_count, [ISO] if day_shape == ISO else _DAY_FORMS.get(day_shape, ()))
        time_forms = _proved(time_count, _TIME_FORMS.get(time_shape, ())) if time_shape else {"": 0}
        if not day_forms or not time_forms:
            for split, count in splits:
                unread[mask_of(split.day + split.between + split.time)] += count
            continue
        (day_form, missed), (time_form, missed_times) = next(iter(day_forms.items())), next(iter(time_forms.items()))
        suffix = "" if day_form == ISO else f"{between}{time_form}{' %Z' if zone else ''}"
        for text, count in day_count.items() if missed else ():
            if _read(day_form, text) is None:
                unread[mask_of(text)] += count
        others = tuple(form + suffix for form in list(day_forms)[1:] if _differ(day_form, form, day_count))
        forms.append(DateForm(day_form + suffix, others, total, missed + missed_times))
        years |= {_full_year(moment.year, day_form) for text in day_count if (moment := _read(day_form, text))}
        clocks |= {*time_count} if time_shape else set()
        days |= {*day_count} if time_shape else set()
    return DateEvidence(
        tuple(sorted(forms, key=lambda form: -form.values)),
        unread,
        (min(years, default=0), max(years, default=0)),
        bool(clocks),
        bool(clocks) and all(not clock.translate(_ZEROS) or clock.upper() == "12:00 AM" for clock in clocks),
        len(days) == 1 and len(clocks) > 1,
        sum(count for text, count in values.items() if _EPOCH.fullmatch(text)),
    )


def time_forms(values: Mapping[str, int]) -> tuple[tuple[str, ...], Counter[str]]:
    """Returns the forms of a column of times of day, and the masks of what they cannot read."""
    by_shape: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, count in values.items():
        by_shape[_time_shape(text)][text] += count
    forms, unread = dict[str, None](), Counter[str]()
    for shape, texts in by_shape.items():
        proved = _proved(texts, _TIME_FORMS.get(shape, ()))
        if proved:
            forms[next(iter(proved))] = None
        else:
            for text, count in texts.items():
                unread[mask_of(text)] += count
    return tuple(forms), unread


def _full_year(year: int, form: str) -> int:
    """Two digits of a year that lies ahead mean the century before."""
    return year - 100 if "%y" in form and year > _LAST_YEAR else year


def _by_shape(
    values: Mapping[str, int],
) -> tuple[dict[tuple[str, str, str, bool], list[tuple[_Split, int]]], Counter[str]]:
    groups: defaultdict[tuple[str, str, str, bool], list[tuple[_Split, int]]] = defaultdict(list)
    unread = Counter[str]()
    for text, count in values.items():
        if iso := _ISO.fullmatch(text):
            split = _Split(iso[1], "", iso[2] or "", iso[3] or "")
            groups[ISO, "", "N:N:N" if iso[2] and iso[2].count(":") == 2 else "N:N" if iso[2] else "", False].append(
                (split._replace(time=(iso[2] or "").partition(".")[0]), count)
            )
            continue
        match = _WITH_TIME.fullmatch(text) or _WITH_DIGIT_TIME.fullmatch(text)
        split = (
            _Split(match["day"], match["between"], match["time"], match["zone"] or "")
            if match
            else _Split(text, "", "", "")
        )
        shape = _day_shape(split.day)
        if shape in _DAY_FORMS:
            groups[shape, split.between, _time_shape(split.time), bool(split.zone)].append((split, count))
        else:
            unread[mask_of(text)] += count
    return groups, unread


def _day_shape(text: str) -> str:
    return _DIGITS.sub(_digits_of_shape, _LETTERS.sub("A", text.strip()))


def _time_shape(text: str) -> str:
    shape = re.sub(r"\.\d+", ".F", re.sub(r"[AP]M", "A", text.strip(), flags=re.IGNORECASE))
    return _DIGITS.sub(_digits_of_shape, shape)


def _digits_of_shape(digits: re.Match[str]) -> str:
    """One or two digits are one N: a day or month may be written without its nought."""
    return "N" if len(digits[0]) < 3 else "N" * len(digits[0])


def _proved(texts: Mapping[str, int], forms: Iterable[str]) -> dict[str, int]:
    """The forms that read all texts but a few slips, those that read most first, with the number they cannot read."""
    total, results = sum(texts.values()), dict[str, int]()
    for form in forms:
        missed = _missed(form, texts, total)
        if missed is not None:
            results[form] = missed
    fewest = min(results.values(), default=0)
    return {form: missed for form, missed in results.items() if missed == fewest}


def _differ(form: str, other: str, texts: Iterable[str]) -> bool:
    """Whether two forms read some text as two different days."""
    return any(_read(form, text) != _read(other, text) for text in texts)


def _missed(form: str, texts: Mapping[str, int], total: int) -> int | None:
    """The number of values that the form cannot read; None as soon as they are too many."""
    missed = 0
    for text, count in texts.items():
        if _read(form, text) is None:
            missed += count
            if missed > total * (_TOLERATED if _has_signs(text) else _TOLERATED_DIGITS):
                return None
    return missed


def _has_signs(text: str) -> bool:
    """Digits alone may be a number of anything: few of them may be slips."""
    return not text.isdigit()


def _read(form: str, text: str) -> datetime | None:
    try:
        moment = _reader(form)(text)
    except ValueError:
        return None
    return moment if moment.year in _YEARS else None


_reader: Callable[[str], Callable[[str], datetime]] = lru_cache(maxsize=None)(date_reader)
