"""What the office's own lists of cases and warrants say."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from shared.matching.criteria import Criterion
from shared.offices.recipient import BasisKind, Email, Text
from shared.value import FrozenModel


class CaselistKind(StrEnum):
    CASES = "cases"
    WARRANTS = "warrants"

    @property
    def basis(self) -> BasisKind:
        return BasisKind.OPEN_CASE if self is CaselistKind.CASES else BasisKind.WARRANT

    @property
    def name_of_list(self) -> str:
        return f"list of {self.value}"


class CaselistEntry(FrozenModel):
    """One defendant of one case or warrant. `defendant` tells several of one case apart."""

    case_number: Text
    defendant: str = Field(default="", max_length=100)
    prosecutor: Email
    state: Literal["open", "closed", "active", "cleared"]
    criterion: Criterion
    ends: date | None = Field(default=None, description="the last day, such as the end of supervision")

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "active")
