"""Decides which column is which of our fields. Pure: evidence in, one assignment a column out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.feeds.forbidden_fields import is_forbidden_name
from shared.feeds.suggest.columns.column_evidence import ColumnEvidence
from shared.feeds.suggest.columns.column_names import claims_of, names_second_surname
from shared.feeds.suggest.columns.field_fit import SPEAKING, Fit, fit_of
from shared.feeds.suggest.columns.value_shapes import Shape
from shared.feeds.suggest.columns.vocabulary import UNUSED

FORBIDDEN = "(forbidden)"
_CERTAIN, _HALF_CERTAIN = 0.95, 0.65  # of a claim
_SEVERAL = frozenset(("address", "alias"))  # fields that may have several columns
_F_AND_M = {"sex", "charge_class"}  # F and M are the codes of both
_SOME_CROSSINGS = 0.05  # share of addresses at which nobody lives
_MOST = 0.8  # share of values
_BY_VALUES_ALONE = 0.3
_PROOF, _NAMED = 0.45, 0.5
_OF_CROSSINGS = 0.01  # of two columns of addresses whose names say nothing, the one where nobody lives


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """`field` is one of our fields, a claim that is none (`column_names.py`), FORBIDDEN, or empty: not understood.

    `doubt` is empty where the mapping is certain; else it says in a sentence why a person must look.
    """

    column: str
    field: str
    doubt: str = ""
    vague: bool = False  # the name of its column says little, such as `date`
    drop: bool = False  # named in `drop`, because the product does not know the name as forbidden

    @property
    def is_read(self) -> bool:
        return bool(self.field) and not self.field.startswith("(")


@dataclass(frozen=True)
class _Candidate:
    score: float
    place: int
    field: str
    strength: float
    fit: Fit
    may_join: bool  # beside another column of the same field


def assign_columns(columns: Sequence[ColumnEvidence], *, are_paths: bool) -> list[Assignment]:
    """One assignment for each column, in their order."""
    forbidden = {
        place: assignment for place, column in enumerate(columns) if (assignment := _forbidden(column, are_paths))
    }
    candidates = [
        candidate
        for place, column in enumerate(columns)
        if place not in forbidden
        for candidate in _candidates(place, column, are_paths=are_paths)
    ]
    chosen = _choose(candidates)
    return [
        forbidden.get(place) or _assignment(column, chosen.get(place), [c for c in candidates if c.place == place])
        for place, column in enumerate(columns)
    ]


def _forbidden(column: ColumnEvidence, are_paths: bool) -> Assignment | None:
    names = column.name.replace("[]", "").split(".") if are_paths else [column.name]
    if any(map(is_forbidden_name, names)):
        return Assignment(column=column.name, field=FORBIDDEN)
    if column.share(Shape.SOCIAL_SECURITY) > 0.1:
        doubt = "Its values look like Social Security numbers, which may not be kept."
        return Assignment(column=column.name, field=FORBIDDEN, doubt=doubt, drop=True)
    if column.tells_race or (column.share(Shape.RACE_AND_SEX) > _MOST and not column.share(Shape.SEX_BEHIND) > _MOST):
        doubt = "Its values look like codes of race or descent, which are not read."
        return Assignment(column=column.name, field=FORBIDDEN, doubt=doubt, drop=True)
    return None


def _candidates(place: int, column: ColumnEvidence, *, are_paths: bool) -> list[_Candidate]:
    """What the name claims and the values do not deny; and what the values prove by themselves."""
    by_field = dict[str, _Candidate]()
    for claim in claims_of(column.name, is_path=are_paths):
        fit = fit_of(claim.field, column)
        if fit is not Fit.DENIED:
            is_named = claim.field.startswith("(") and claim.strength >= _CERTAIN
            score = claim.strength + (_PROOF if fit is Fit.PROVED else _NAMED if is_named else 0)
            may_join = claim.strength >= _CERTAIN and _may_join(claim.field, column.name)
            by_field[claim.field] = _Candidate(score, place, claim.field, claim.strength, fit, may_join)
    if not column.is_empty:
        for field in ("ori",) if UNUSED in by_field else SPEAKING:
            if field not in by_field and fit_of(field, column) is Fit.PROVED:
                score = _BY_VALUES_ALONE + _PROOF + (_OF_CROSSINGS if field == "address" and crosses(column) else 0)
                by_field[field] = _Candidate(score, place, field, 0.0, Fit.PROVED, False)
    return sorted(by_field.values(), key=lambda candidate: -candidate.score)


def _may_join(field: str, column: str) -> bool:
    return field in _SEVERAL or (field == "surname" and names_second_surname(column))


def crosses(column: ColumnEvidence) -> bool:
    """Whether some of its addresses are corners or blocks, where nobody lives."""
    return column.share(Shape.CROSSING) > _SOME_CROSSINGS


def _choose(candidates: Sequence[_Candidate]) -> Mapping[int, _Candidate]:
    """The best first: each column gets one field, and each field one column, but for those that may have several."""
    chosen, taken = dict[int, _Candidate](), set[str]()
    for candidate in sorted(candidates, key=lambda candidate: (-candidate.score, candidate.place)):
        is_free = candidate.field not in taken or candidate.field.startswith("(") or candidate.may_join
        if candidate.place not in chosen and is_free:
            chosen[candidate.place] = candidate
            taken.add(candidate.field)
    return chosen


def _assignment(column: ColumnEvidence, chosen: _Candidate | None, own: Sequence[_Candidate]) -> Assignment:
    if chosen is None:
        lost = [candidate.field for candidate in own]
        doubt = f"It may be `{lost[0]}` too, which another column is." if lost else ""
        return Assignment(column=column.name, field="", doubt=doubt)
    vague = chosen.strength < _CERTAIN
    return Assignment(column=column.name, field=chosen.field, doubt=_doubt(column, chosen, own), vague=vague)


def _doubt(column: ColumnEvidence, chosen: _Candidate, own: Sequence[_Candidate]) -> str:
    if chosen.field.startswith("("):
        return ""
    if column.is_empty:
        return "The sample has no value in it, so only its name speaks for this."
    if chosen.strength == 0:
        return "Only its values speak for this, not its name."
    if chosen.strength < _CERTAIN and chosen.fit is not Fit.PROVED:
        return "Its name says so in part only, and its values do not prove it."
    if chosen.strength < _HALF_CERTAIN:
        return "Its name says so in part only."
    rivals = [other.field for other in own if _is_rival(other, chosen)]
    return f"By its name it may be `{rivals[0]}` as well." if rivals else ""


def _is_rival(other: _Candidate, chosen: _Candidate) -> bool:
    """Whether the name claims another field as much, and the values speak for it nearly as much, or have its codes."""
    if other.field == chosen.field or other.strength < chosen.strength:
        return False
    return other.score >= chosen.score - 0.1 or {other.field, chosen.field} == _F_AND_M
