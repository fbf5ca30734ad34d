"""The date forms of the whole profile: each column's forms, in one order, with what is ambiguous."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import NamedTuple

from shared.feeds.layout import Cut
from shared.feeds.suggest.columns.column_evidence import ColumnEvidence
from shared.feeds.suggest.columns.date_forms import ISO, DateForm, date_evidence, time_forms

DAY_FIELDS = ("arrested", "event_date", "born")
TIME_FIELDS = ("arrested_time", "event_time")
_DEFAULT_TIMES = ("%H:%M:%S", "%H:%M", "%H%M")
_LEAST_MIDNIGHTS = 10  # values that are all 00:00 before that means "no time"


class DateDecision(NamedTuple):
    """`unread` are masks of values of a column that no form reads, with their number. `ambiguous` names columns."""

    dates: tuple[str, ...]
    times: tuple[str, ...]
    cut: Mapping[str, Cut]
    ambiguous: tuple[str, ...]
    settled_by: str
    unread: Mapping[str, Mapping[str, int]]


def decide_dates(by_field: Mapping[str, ColumnEvidence], day_first: bool | None) -> DateDecision:
    """`by_field` has the columns of the date and time fields. `day_first` is what a person says."""
    cut = {field: part for field, evidence in by_field.items() if (part := _cut_of(field, evidence, by_field))}
    forms = {field: _forms_of(by_field[field], cut.get(field)) for field in DAY_FIELDS if field in by_field}
    all_forms = [*chain.from_iterable(forms.values())]
    proof = next((field for field, of_field in forms.items() if any(map(_tells_order, of_field))), "")
    order = day_first if day_first is not None else _order_of(all_forms)
    dates = dict.fromkeys(_ordered(form, order) for form in all_forms)
    is_open = order is None
    ambiguous = tuple(field for field, of_field in forms.items() if is_open and any(form.others for form in of_field))
    unread = {
        field: dict(evidence.dates.unread)
        for field, evidence in by_field.items()
        if field in DAY_FIELDS and evidence.dates.unread
    }
    return DateDecision(
        tuple(dates) or (ISO,),
        _times_of(by_field, cut),
        cut,
        ambiguous,
        proof if any(form.others for form in all_forms) else "",
        unread,
    )


def _cut_of(field: str, evidence: ColumnEvidence, by_field: Mapping[str, ColumnEvidence]) -> Cut | None:
    """A date whose time is always midnight says no time; a time may stand behind a day that says nothing."""
    between = "T" if any("T" in text for text in list(evidence.values)[:5]) else " "
    if field in TIME_FIELDS and evidence.dates.same_day:
        return Cut(after=between)
    is_proved = evidence.filled >= _LEAST_MIDNIGHTS or "arrested_time" in by_field
    return Cut(before=between) if field in DAY_FIELDS and evidence.dates.midnight and is_proved else None


def _forms_of(evidence: ColumnEvidence, cut: Cut | None) -> tuple[DateForm, ...]:
    if cut is None:
        return evidence.dates.forms
    return date_evidence({cut.apply(text): count for text, count in evidence.values.items()}).forms


def _times_of(by_field: Mapping[str, ColumnEvidence], cut: Mapping[str, Cut]) -> tuple[str, ...]:
    """Empty where the forms that a profile has by itself suffice."""
    forms: dict[str, None] = {}
    for field in TIME_FIELDS:
        if field in by_field:
            apply = cut[field].apply if field in cut else str
            proved, _ = time_forms({apply(text): count for text, count in by_field[field].values.items()})
            forms |= dict.fromkeys(proved)
    return () if set(forms) <= set(_DEFAULT_TIMES) else tuple(forms)


def _is_day_first(form: str) -> bool:
    return "%d" in form and "%m" in form and form.index("%d") < form.index("%m")


def _tells_order(form: DateForm) -> bool:
    """Whether the values of a form with numbers alone prove what stands first."""
    return not form.others and "%d" in form.form and "%m" in form.form and not form.form.startswith("%Y")


def _order_of(forms: Iterable[DateForm]) -> bool | None:
    """True: the day stands first; False: the month; None where nothing proves it, or columns prove both."""
    proved = {_is_day_first(form.form) for form in forms if _tells_order(form)}
    return proved.pop() if len(proved) == 1 else None


def _ordered(form: DateForm, day_first: bool | None) -> str:
    """Of an ambiguous form the one with this order; without one, the American."""
    wanted = bool(day_first)
    return (
        next((text for text in (form.form, *form.others) if _is_day_first(text) == wanted), form.form)
        if form.others
        else form.form
    )
