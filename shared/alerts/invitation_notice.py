"""What a person hears who was added to an office that has its own sign-in. Who signs in with a password gets the user
pool's mail instead (`infra/stores/sign_in.py`). No I/O."""

from datetime import datetime

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Section
from shared.alerts.model import derived_id
from shared.offices.model import Office
from shared.offices.users import User
from shared.words import words


def invitation_notice(user: User, office: Office, now: datetime) -> Notice:
    """An invitation that is sent again is another notice."""
    happened, remedy = words("invitation.happened", office=office.name), words("invitation.to do")
    sections = (
        Section(heading=words("notice.happened"), lines=(happened,)),
        Section(heading=words("notice.to do"), lines=(remedy,)),
    )
    return Notice(
        notice_id=derived_id("invitation", office.office_id, user.email, now.isoformat()),
        office_id=office.office_id,
        email=user.email,
        title=words("invitation.title"),
        lines=(),
        sections=sections,
        path="/console/alerts",
        opens=words("invitation.open"),
        created_at=now,
    )
