"""Watched charges."""

from typing import Literal, Self

from pydantic import Field, model_validator

from shared.arrests.charges import LONGEST_PREFIX, SHORTEST_PREFIX, ChargeClass
from shared.arrests.numbers import normal_code
from shared.arrests.person import normal_name
from shared.arrests.statutes.notation import watched_codes
from shared.arrests.statutes.offense_families import Family
from shared.matching.criteria.reason import Term
from shared.value import FrozenModel

SHORTEST_KEYWORD = 4


class ChargeWatch(FrozenModel):
    """One charge to which everything here applies: a statute code (or every code that begins so), a class, a family of
    offences, a keyword of the charge's own text. `PL 120.05 01`, `PL 1200501` and, in New York, `120.05(1)` are one
    code."""

    watch: Literal["charge"]
    statute: str = Field(default="", max_length=200, description="the code as the agency writes it, such as PL 120.05")
    begins_with: bool = Field(
        default=False,
        description="true to watch whatever lies below this code too: 120.05 is above 120.05(1), not above 120.051",
    )
    jurisdiction: Literal["NY", "CA"] | None = Field(default=None, description="whose notation the statute is in")
    charge_class: ChargeClass | None = Field(default=None, description="only together with something narrower")
    family: Family | None = Field(default=None, description="a family of offences as the FBI counts them")
    keyword: str = Field(default="", max_length=60, description="words of the charge's text; the last resort")

    @model_validator(mode="after")
    def _narrow_enough(self) -> Self:
        if self.statute and not SHORTEST_PREFIX <= len(normal_code(self.statute)) <= LONGEST_PREFIX:
            raise ValueError(
                f"statute needs {SHORTEST_PREFIX} to {LONGEST_PREFIX} letters and digits; "
                "fewer would watch a whole body of law"
            )
        if self.begins_with and not self.statute:
            raise ValueError("begins_with needs a statute to begin with")
        if self.keyword and max(map(len, self.words), default=0) < SHORTEST_KEYWORD:
            raise ValueError(f"keyword needs a word of at least {SHORTEST_KEYWORD} letters")
        if not (self.statute or self.charge_class or self.family or self.keyword):
            raise ValueError("says nothing; write statute, charge_class, family or keyword")
        return self

    @property
    def codes(self) -> tuple[str, ...]:
        """The texts of the statute's codes, in which they are compared."""
        return tuple(dict.fromkeys(code.text for code in watched_codes(self.statute, self.jurisdiction)))

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word in map(normal_name, self.keyword.replace("-", " ").split()) if word)

    @property
    def identity(self) -> Term:
        return (
            "charge^" if self.begins_with else "charge=",
            *sorted(self.codes),
            self.charge_class or "",
            self.family or "",
            " ".join(self.words),
        )
