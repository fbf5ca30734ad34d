"""Policies, for everybody: how an office uses arrests, whom to write to. No sign-in, and nothing about anybody."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from functions.console.error_pages import error_page
from functions.console.page import HtmlPage, Pages
from functions.console.policy_text import policy_blocks
from shared.office_api import dependencies
from shared.offices.agreements import AgreementState
from shared.offices.model import Office
from shared.words.agencies import agency_title

pages = Pages()


@pages.get("/policy", signed_in=False)
def list_policies(_event: dict[str, Any]) -> HtmlPage:
    offices = [(office.office_id, office.name) for office in dependencies.offices.each_office() if _is_public(office)]
    return HtmlPage(template="policy/list.html", title="How arrest alerts are used", values={"offices": offices})


@pages.get("/policy/{office_id}", signed_in=False)
def show_policy(_event: dict[str, Any], office_id: str) -> HtmlPage:
    office = dependencies.offices.office(office_id)
    policy = office.governance.policy if office and _is_public(office) else None
    adopted = dependencies.policies.find(office_id, policy.version) if policy else None
    if office is None or adopted is None:
        return error_page(HTTPStatus.NOT_FOUND)
    today = office.local_day(datetime.now(UTC))
    agreements = dependencies.subscriptions.agreements.of(office_id).agreements
    in_force = {recorded.agency for recorded in agreements if recorded.state(today) is AgreementState.IN_FORCE}
    values = {
        "policy": adopted,
        "contact": office.governance.contact or "",
        "agencies": sorted(map(agency_title, in_force)),
        "days": office.retention.copy_rule.days,
        "blocks": policy_blocks(adopted.text),
    }
    return HtmlPage(template="policy/policy.html", title=f"How {office.name} uses arrest alerts", values=values)


def _is_public(office: Office) -> bool:
    return office.governance.policy is not None and not office.suspended and office.live
