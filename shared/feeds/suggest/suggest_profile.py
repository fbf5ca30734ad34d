"""A profile from one sample: read it, gather evidence, decide, write."""

import io

from shared.errors import Rejected
from shared.feeds.formats.streams.unpack import unpack
from shared.feeds.suggest.ask import questions_of
from shared.feeds.suggest.decision import Decision, decide
from shared.feeds.suggest.samples.read_sample import read_sample
from shared.feeds.suggest.suggestion import Known, Suggestion
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
    return Suggestion(profile, table.format, decision.assignments, questions, table.rows)


def _check_has_arrests(decision: Decision) -> None:
    """Raises Rejected where no column tells whom or what an arrest is about."""
    if not _TELLING.intersection(decision.fields):
        raise Rejected(
            "no-arrests",
            f"None of the file's {len(decision.assignments)} columns looks like a name, a charge or a number of an arrest.",
            "Ask for the list of arrests or bookings, with a header line.",
        )
