"""Writes a decision as the YAML of a profile, with a comment for whatever a person must check."""

import re
from collections.abc import Iterator, Mapping, Sequence

from shared.feeds.record import FIELD_NAMES
from shared.feeds.suggest.ask import assumed_agency, assumed_zone
from shared.feeds.suggest.columns.assign_columns import FORBIDDEN
from shared.feeds.suggest.decision import ProfileDecision
from shared.feeds.suggest.suggestion import Known, Question

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_ .\-]*[A-Za-z0-9]|[A-Za-z]")
_KEYWORDS = frozenset("y n yes no true false on off null".split())
_COMMENT_COLUMN = 42
ASKED = "ASK"  # where a person's answer belongs; whoever enrols a profile that still has it is told
_ESSENTIAL = ("number", "arrested")  # a file without them is refused
_OFTEN_ABSENT = 0.1  # share of the records without a path


def write_profile(decision: ProfileDecision, known: Known, questions: Sequence[Question], file_name: str) -> str:
    """Returns YAML that `parse_profile` takes. Comments name columns, codes and counts, and never a person's value."""
    asked: dict[str, list[int]] = {}
    for number, question in enumerate(questions, 1):
        for about in (question.about, *question.columns):
            asked.setdefault(about, []).append(number)
    lines = [
        "# yaml-language-server: $schema=profile.schema.json",
        f"# Suggested from {_one_line(file_name)}: {decision.table.rows} rows. Before it is used, a person answers:",
        *_question_lines(questions),
        *_head(decision, known, asked),
        *_columns(decision, asked),
        *_positions(decision),
        *_optional(decision),
        *_cuts(decision),
        *_charges(decision, asked),
        *_dates(decision, asked),
        *_codes(decision, asked),
        *_drop(decision),
        *_not_read(decision),
    ]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A scalar of YAML that reads as this very text."""
    is_plain = _PLAIN.fullmatch(text) and text.casefold() not in _KEYWORDS
    return text if is_plain else f'"{"".join(map(_escaped, text))}"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"


def _question_lines(questions: Sequence[Question]) -> Iterator[str]:
    for number, question in enumerate(questions, 1):
        assumed = f" Until then: {_one_line(question.assumed)}." if question.assumed else ""
        yield f"#  {number}. {_one_line(question.about)}: {_one_line(question.text)}{assumed}"


def _head(decision: ProfileDecision, known: Known, asked: Mapping[str, list[int]]) -> Iterator[str]:
    yield _with_comment(f"agency: {assumed_agency(known)}", _ask(asked, "agency"))
    if known.title:
        yield f"title: {quoted(known.title)}"
    yield f"format: {decision.table.format}"
    yield _with_comment(f"time_zone: {assumed_zone(known)}", _ask(asked, "time_zone"))
    yield _with_comment(f"event: {decision.event}", _ask(asked, "event"))
    if known.ori:
        yield f"ori: {quoted(known.ori)}"
    if known.sid_issuer:
        yield f"sid_issuer: {quoted(known.sid_issuer)}"
    if decision.table.text:
        yield _with_comment(f"text: {_flow(decision.table.text)}", _ask(asked, "text"))
    if decision.table.records:
        yield f"records: {quoted(decision.table.records)}"


def _columns(decision: ProfileDecision, asked: Mapping[str, list[int]]) -> Iterator[str]:
    doubts = {assignment.column: assignment.doubt for assignment in decision.assignments}
    yield "columns:"
    for name in FIELD_NAMES:
        columns = decision.fields.get(name, [])
        if not columns:
            continue
        value = quoted(columns[0]) if len(columns) == 1 else f"[{', '.join(map(quoted, columns))}]"
        evidence = decision.evidence[columns[0]]
        seen = f"{evidence.filled} filled, {evidence.distinct} different"
        doubt = " ".join(doubt for column in columns if (doubt := doubts.get(column, "")))
        numbers = sorted({number for column in (*columns, name) for number in asked.get(column, ())})
        yield _with_comment(f"  {name}: {value}", "; ".join(filter(None, (_see(numbers), seen, doubt))))
    if not decision.fields:
        yield "  {}"


def _positions(decision: ProfileDecision) -> Iterator[str]:
    """Of the columns that are read: what has no position is never seen."""
    positions = decision.table.positions
    read = dict.fromkeys([name for columns in decision.fields.values() for name in columns] + decision.arrest_key)
    if positions:
        yield "positions:"
        yield from (f"  {quoted(name)}: {_flow(positions[name].model_dump())}" for name in read if name in positions)


def _cuts(decision: ProfileDecision) -> Iterator[str]:
    cuts = {name: {key: text for key, text in cut.model_dump().items() if text} for name, cut in decision.cut.items()}
    if cuts:
        yield "cut:"
        yield from (f"  {name}: {_flow(cut)}" for name, cut in cuts.items())


def _optional(decision: ProfileDecision) -> Iterator[str]:
    """Paths of JSON that some records lack: without this key, a file in which no record has one would be refused."""
    rare = [
        name
        for field, columns in decision.fields.items()
        for name in columns
        if field not in _ESSENTIAL and decision.evidence[name].absences > decision.table.rows * _OFTEN_ABSENT
    ]
    if rare:
        yield f"optional: [{', '.join(map(quoted, dict.fromkeys(rare)))}]"


def _charges(decision: ProfileDecision, asked: Mapping[str, list[int]]) -> Iterator[str]:
    yield _with_comment(f"charges: {decision.charges}", _ask(asked, "charges"))
    if decision.charge_separator:
        yield _with_comment(f"charge_separator: {quoted(decision.charge_separator)}", _ask(asked, "charge_separator"))
    if decision.arrest_key:
        yield _with_comment(f"arrest_key: [{', '.join(map(quoted, decision.arrest_key))}]", _ask(asked, "number"))
    if decision.names:
        yield _with_comment(f"names: {_flow(decision.names)}", _ask(asked, "names"))


def _dates(decision: ProfileDecision, asked: Mapping[str, list[int]]) -> Iterator[str]:
    dates = decision.dates
    about = [number for name in dates.ambiguous for number in asked.get(decision.fields[name][0], ())]
    settled = f"the values of `{dates.settled_by}` prove what stands first" if dates.settled_by else ""
    yield _with_comment(
        f"dates: [{', '.join(map(quoted, dates.dates))}]", "; ".join(filter(None, (_see(about), settled)))
    )
    if dates.times:
        yield f"times: [{', '.join(map(quoted, dates.times))}]"


def _codes(decision: ProfileDecision, asked: Mapping[str, list[int]]) -> Iterator[str]:
    maps = {name: codes for name, codes in decision.codes.items() if codes.words}
    if not maps:
        return
    yield "codes:"
    for name, codes in maps.items():
        if name == "age_group":
            yield f"  juvenile: [{', '.join(map(quoted, codes.words))}]"
            continue
        yield _with_comment(f"  {name}:", _ask(asked, name))
        for code, word in codes.words.items():
            yield _with_comment(f"    {quoted(code)}: {word}", f"{codes.counts[code]} times")


def _drop(decision: ProfileDecision) -> Iterator[str]:
    dropped = [assignment.column for assignment in decision.assignments if assignment.drop]
    if dropped:
        yield f"drop: [{', '.join(map(quoted, dropped))}]"


def _not_read(decision: ProfileDecision) -> Iterator[str]:
    """What the file has and the profile does not read."""
    forbidden = [a.column for a in decision.assignments if a.field == FORBIDDEN and not a.drop]
    if forbidden:
        yield f"# Never read, because nobody may keep it: {_one_line(', '.join(forbidden))}."
    for assignment in decision.assignments:
        if not assignment.is_read and assignment.field != FORBIDDEN and assignment.column not in decision.arrest_key:
            why = assignment.field.strip("()") or "not understood"
            yield f"# Not read: {_one_line(assignment.column)} ({why}). {assignment.doubt}".rstrip()


def _flow(values: Mapping[str, object]) -> str:
    def written(value: object) -> str:
        if isinstance(value, int):
            return str(value)
        return f"[{', '.join(quoted(str(item)) for item in value)}]" if isinstance(value, list) else quoted(str(value))

    return "{" + ", ".join(f"{key}: {written(value)}" for key, value in values.items()) + "}"


def _ask(asked: Mapping[str, list[int]], about: str) -> str:
    return _see(asked.get(about, ()))


def _see(numbers: Sequence[int]) -> str:
    return f"{ASKED} {', '.join(map(str, numbers))}" if numbers else ""


def _with_comment(line: str, comment: str) -> str:
    return f"{line.ljust(_COMMENT_COLUMN)} # {_one_line(comment)}" if comment else line


def _one_line(text: str) -> str:
    """Without line ends and control characters: a name of a column must not end a comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
