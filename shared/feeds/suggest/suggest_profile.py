"""A profile from one sample: read it, gather evidence, decide, write."""

import io
from collections.abc import Sequence

from shared.errors import Rejected
from shared.feeds.formats.streams.unpack import unpack
from shared.feeds.record import FIELD_NAMES
from shared.feeds.suggest.ask import questions_of
from shared.feeds.suggest.columns.assign_columns import Assignment
from shared.feeds.suggest.decide_profile import decide
from shared.feeds.suggest.decision import ProfileDecision
from shared.feeds.suggest.samples.read_sample import read_sample
from shared.feeds.suggest.suggestion import KEY_ONLY, Known, Question, SuggestedColumn, Suggestion
from shared.feeds.suggest.write_profile import write_profile

_NOTHING = Known()
_TELLING = frozenset(("number", "name", "surname", "charge", "statute", "sid", "person_number"))


def suggest_profile(content: bytes, file_name: str, known: Known = _NOTHING) -> Suggestion:
    """`known` is what the person who asks can say already. `file_name` is named in a comment.

    Raises Rejected for a file of which no profile can be made; it says what the file is and what to ask for.
    """
    table = read_sample(unpack(io.BytesIO(content)).read())
    decision = decide(table, known)
    _check_has_arrests(decision)
    questions = questions_of(decision, known)
    profile = write_profile(decision, known, questions, file_name)
    columns = [_suggested(assignment, decision, questions) for assignment in decision.assignments]
    return Suggestion(profile, table.format, columns, questions, table.rows)


def _suggested(assignment: Assignment, decision: ProfileDecision, questions: Sequence[Question]) -> SuggestedColumn:
    column = assignment.column
    fields = tuple(field for field in FIELD_NAMES if column in decision.fields.get(field, ()))
    in_key = KEY_ONLY if column in decision.arrest_key else ""
    numbers = tuple(number for number, question in enumerate(questions, 1) if column in question.columns)
    evidence = decision.evidence[column]
    unread = "" if fields else in_key or assignment.field.strip("()") or "not understood"
    return SuggestedColumn(column, fields, unread, assignment.doubt, numbers, evidence.filled, evidence.distinct)


def _check_has_arrests(decision: ProfileDecision) -> None:
    """Raises Rejected where no column tells whom or what an arrest is about."""
    if not _TELLING.intersection(decision.fields):
        raise Rejected(
            "no-arrests",
            f"None of its {len(decision.assignments)} columns looks like a name, a charge or a number of an arrest.",
            "Ask for the list of arrests or bookings, with a header line.",
        )
