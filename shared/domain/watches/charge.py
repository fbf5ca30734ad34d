from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.domain.arrests import Arrest
from shared.domain.charges import LONGEST_PREFIX, SHORTEST_PREFIX, prefixes
from shared.domain.identity import normal_code
from shared.domain.value import Value
from shared.domain.watches.contract import Grade, Reason, Term


class ChargeWatch(Value):
    """A charge by its statute code, or every charge whose code begins so. `PL 120.05` and `PL12005` are one code."""

    watch: Literal["charge"]
    statute: str = Field(max_length=200, description="the code as the agency writes it, such as PL 120.05")
    begins_with: bool = Field(default=False, description="true to watch every code that begins so")

    @model_validator(mode="after")
    def _narrow_enough(self) -> Self:
        if not SHORTEST_PREFIX <= len(self._code) <= LONGEST_PREFIX:
            raise ValueError(
                f"statute needs {SHORTEST_PREFIX} to {LONGEST_PREFIX} letters and digits; "
                "fewer would watch a whole body of law"
            )
        return self

    @property
    def anchor(self) -> Term:
        return ("charge^" if self.begins_with else "charge="), self._code

    @property
    def identity(self) -> Term:
        return self.anchor

    @staticmethod
    def terms(arrest: Arrest) -> Iterator[Term]:
        for code in {charge.code for charge in arrest.charges}:
            if code:
                yield "charge=", code
                for prefix in prefixes(code):
                    yield "charge^", prefix

    def reason(self, arrest: Arrest) -> Reason | None:
        hits = sorted({charge.statute for charge in arrest.charges if self._covers(charge.code)})
        if not hits:
            return None
        sentence = f"charge {', '.join(hits)}" + (f" begins with {self.statute}" if self.begins_with else " is watched")
        return Reason(sentence=sentence, grade=Grade.STRONG)

    @property
    def _code(self) -> str:
        return normal_code(self.statute)

    def _covers(self, code: str) -> bool:
        return code.startswith(self._code) if self.begins_with else code == self._code
