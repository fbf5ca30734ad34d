"""Which reasons of an alert hold for the version of the arrest that is shown now. Pure.

An alert is decided when an arrest is matched and shown days later. In between the agency may have corrected the record:
another person, another birth date, a charge less. Whoever sends or shows an alert asks here first.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from shared.alerts.model import Alert, AlertReason
from shared.arrests.minimisation import WithheldFields, redact
from shared.arrests.model import Arrest
from shared.matching.criteria import Grade, Reason
from shared.subscriptions.model import Subscription

if TYPE_CHECKING:
    from shared.matching.rules import ArrestFeatures


def current_reasons(
    alert: Alert, arrest: Arrest | None, subscriptions: Mapping[str, Subscription]
) -> tuple[AlertReason, ...]:
    """The reasons that hold for this version, as they are today. `subscriptions` are keyed by their id; it needs only
    those of an alert whose arrest has changed since (`needs_evaluation`).

    Of which events a subscription tells is not asked: whoever chose fewer since keeps what they were told, and hears if
    the agency takes it back.
    None holds if the arrest can be read no more (`arrest` is None), or if it is a minor's. Each reason is evaluated on
    the fields that its agreement shared at the match. A reason whose subscription is gone holds only for the version
    that it was given for.
    """
    if arrest is None or arrest.juvenile:
        return ()
    if not needs_evaluation(alert, arrest):
        return alert.because
    # The rules take long to load, and senders seldom need them.
    from shared.matching.rules import ArrestFeatures, compile_rule  # noqa: PLC0415

    @cache
    def features_without(withheld: WithheldFields) -> "ArrestFeatures":
        return ArrestFeatures(redact(withheld, arrest))

    reasons = []
    for reason in alert.because:
        subscription = subscriptions.get(reason.subscription_id)
        if subscription is None:
            continue
        result = compile_rule(subscription.criterion)(features_without(reason.withheld))
        if result and (current := _current_reason(reason, result)):
            reasons.append(current)
    return tuple(reasons)


def needs_evaluation(alert: Alert, arrest: Arrest) -> bool:
    """Whether the arrest has changed since the alert's last notification."""
    return alert.notified_content != arrest.content


def _current_reason(reason: AlertReason, result: Reason) -> AlertReason | None:
    """The reason as `result`, its evaluation today, gives it.

    If the same values were compared, the reason stays as it was: its grade was given with the term frequencies of the
    agency, and a person may have confirmed it. A possible match with other values than those confirmed is none.
    """
    subreasons = result.subreasons or (result,)
    if _compared_values(reason.reasons) == _compared_values(subreasons):
        return reason
    if result.grade is Grade.POSSIBLE:
        return None
    return reason.model_copy(update=_NOT_CONFIRMED | {"grade": result.grade, "reasons": subreasons})


_NOT_CONFIRMED = {"sentence": "", "confirmed_by": "", "confirmed_on": None}


def _compared_values(reasons: tuple[Reason, ...]) -> list[tuple[str, str]]:
    return [(reason.watched, reason.reported) for reason in reasons]
