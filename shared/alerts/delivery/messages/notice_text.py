"""What a notice says."""

from itertools import groupby

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Section
from shared.alerts.expiry import EXPIRED_STEP, ExpiryWarning


def notice_sections(notice: Notice, *, with_cases: bool) -> list[Section]:
    """Its lines, its sections, and a section of expiry warnings for each basis, the soonest first."""
    changed = [Section(heading="What has changed", lines=notice.lines)] if notice.lines else []
    changed += notice.sections
    ordered = sorted(notice.warnings, key=lambda warning: (warning.basis, warning.last_day, warning.case_number))
    return changed + [
        Section(
            heading=basis.value.capitalize(),
            lines=tuple(_warning_line(warning, with_case=with_cases) for warning in warnings),
        )
        for basis, warnings in groupby(ordered, key=lambda warning: warning.basis)
    ]


def _warning_line(warning: ExpiryWarning, *, with_case: bool) -> str:
    subscription = warning.case_number if with_case else f"watch {warning.subscription_id[:8]}"
    remedy = "renew" if warning.by_its_own_end else "validate"
    if warning.step == EXPIRED_STEP:
        return f"{subscription}: it alerted until {warning.last_day} and alerts nobody any more; {remedy} or cancel it"
    return f"{subscription}: it alerts until {warning.last_day}; {remedy} it by then, if it is still needed"
