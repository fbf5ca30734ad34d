"""Whether a recipient may have what a statute seals, and nonconviction data (28 CFR 20.21(b); CPL 160.57). Pure: the
rules are data (`rules.yaml`), by kind of recipient.

The office itself is another question: `shared/offices/criminal_justice.py` says what it may read.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from shared.arrests.model import Arrest
from shared.arrests.nonconviction import nonconviction, without_nonconviction
from shared.disclosures.model import DisclosureRequest, DisclosureRules, Permission, RecipientRule


class NonconvictionPart(StrEnum):
    """How much of a record is nonconviction data."""

    NOTHING = "nothing"
    SOME_CHARGES = "some charges"
    ALL = "all"


class RecordStanding(NamedTuple):
    """What the law says of a record today. `mark` is the statute that seals it and leaves it to some; empty if none
    does."""

    mark: str = ""
    nonconviction: NonconvictionPart = NonconvictionPart.NOTHING


RecordStandings = Mapping[str, RecordStanding]  # by arrest


def standing_of(arrest: Arrest, mark: str, today: date) -> RecordStanding:
    """`arrest` is the record as far as the office may have it."""
    if nonconviction(arrest, today):
        return RecordStanding(mark, NonconvictionPart.ALL)
    is_whole = without_nonconviction(arrest, today) is arrest
    return RecordStanding(mark, NonconvictionPart.NOTHING if is_whole else NonconvictionPart.SOME_CHARGES)


class RecipientEligibility(NamedTuple):
    """The rule for a recipient, and whether a request names a law or an order for this recipient."""

    rule: RecipientRule
    has_authority: bool

    def permits_mark(self, statute: str) -> bool:
        return not statute or statute in self.rule.marked_under or self._permits(self.rule.marked)

    @property
    def permits_nonconviction(self) -> bool:
        return self._permits(self.rule.nonconviction)

    def _permits(self, permission: Permission) -> bool:
        return permission is Permission.YES or (permission is Permission.BY_ORDER and self.has_authority)


def eligibility_of(request: DisclosureRequest, rules: DisclosureRules) -> RecipientEligibility:
    return RecipientEligibility(rules.rule_for(request.recipient_kind), request.authority is not None)
