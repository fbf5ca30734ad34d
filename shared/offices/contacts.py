"""Whom an office has told of what concerns it as a whole: its contact or, if it names none, its super-owners. Pure."""

from collections.abc import Iterable

from shared.offices.model import Office
from shared.offices.users import Right, User


def contacts_of(office: Office, users: Iterable[User]) -> tuple[str, ...]:
    """E-mail addresses in lower case. Empty if there is nobody: then only operations hear of it.

    A contact outside of the office's domains, to whom no mail may go, counts as none.
    """
    if office.contact and office.allows(office.contact):
        return (office.contact.casefold(),)
    super_owners = (user for user in users if user.active and not user.machine and Right.SUPER_OWNER in user.rights)
    return tuple(sorted(user.email for user in super_owners))
