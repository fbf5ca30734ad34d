"""What a person hears who was added to an office that has its own sign-in. Who signs in with a password gets the user
pool's mail instead (`infra/capabilities/sign_in.py`). No I/O."""

from datetime import datetime

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Section
from shared.alerts.model import derived_id
from shared.offices.model import Office
from shared.offices.users import User


def invitation_notice(user: User, office: Office, now: datetime) -> Notice:
    """An invitation that is sent again is another notice."""
    happened = f"You have been added to Arrest Alert at {office.name}."
    remedy = "Sign in with your office's own account: the one with which you sign in at work."
    sections = (Section(heading="What happened", lines=(happened,)), Section(heading="What to do", lines=(remedy,)))
    return Notice(
        notice_id=derived_id("invitation", office.office_id, user.email, now.isoformat()),
        office_id=office.office_id,
        email=user.email,
        title="You can sign in to Arrest Alert",
        lines=(),
        sections=sections,
        path="/console/alerts",
        opens="Sign in",
        created_at=now,
    )
