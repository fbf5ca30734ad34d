"""What comes before the purpose: the office's policy is read and accepted, and whatever else is missing is said."""

from http import HTTPStatus

from functions.console import dependencies
from functions.console.api import ApiRefusedError
from functions.console.page import FormError, HtmlPage, Pages, Redirect
from functions.console.policy_text import policy_blocks
from functions.console.sessions.attempt import own_page
from functions.console.sessions.begin import person_in
from functions.console.visit import Visit
from shared.office_api.routes.office.governance import PolicyView
from shared.office_api.routes.office.me import Me
from shared.offices.governance.standing import Barrier

pages = Pages()
FIRST = "/console/first"


@pages.get(FIRST, needs_purpose=False)
def show(visit: Visit) -> HtmlPage | Redirect:
    """Leads on as soon as nothing is missing. Without a page to lead to, the policy can be read and accepted again."""
    goal = visit.query.get("next", "")
    return _page(visit, own_page(goal), leads_on=bool(goal))


@pages.post(FIRST, needs_purpose=False)
def accept(visit: Visit) -> HtmlPage | Redirect:
    goal, body = own_page(visit.form.text("next")), {name: visit.form.text(name) for name in ("version", "sha256")}
    try:
        visit.api.send("PUT", "/v1/me/acknowledgement", body)
    except ApiRefusedError as refused:
        if refused.status != HTTPStatus.CONFLICT:
            raise
        return _page(visit, goal, FormError("", "Another policy holds now. Nothing was accepted: read it below."))
    return _page(visit, goal)


def _page(visit: Visit, goal: str, *errors: FormError, leads_on: bool = True) -> HtmlPage | Redirect:
    me = visit.api.get("/v1/me", Me)
    dependencies.sessions.change(visit.session, person=person_in(me))
    if not me.before_access and leads_on:
        return Redirect(goal)
    is_wanted = me.policy is not None or not leads_on
    policy = _policy(visit) if is_wanted else None
    values = {
        "missing": [problem.mend for problem in me.before_access if problem.about != Barrier.POLICY],
        "policy": policy,
        "accepted": policy.acknowledged if policy and not me.policy else None,
        "again_by": policy.again_by if policy else None,
        "blocks": policy_blocks(policy.text) if policy else [],
        "goal": goal,
    }
    return HtmlPage(template="door/first.html", title="Before you go on", values=values, errors=errors)


def _policy(visit: Visit) -> PolicyView | None:
    """None in an office that has recorded none."""
    try:
        return visit.api.get("/v1/me/policy", PolicyView)
    except ApiRefusedError as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        return None
