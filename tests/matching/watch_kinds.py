"""What a kind of watch is asked for. `omissions_of` says, sentence by sentence, what to write where."""

import inspect
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.alerts.matches.reason_words import reason_sentence
from shared.matching.criteria import Criterion
from shared.matching.criteria.refusals import MayHoldWildcards
from shared.matching.criteria.registry import WATCHES, kind_of
from shared.matching.rules import ArrestFeatures
from shared.matching.rules.registry import RULES
from shared.matching.rules.rule import Rule
from tests.matching.invented import INVENTED, NAIVE, an_invented_arrest

README = Path(__file__).parents[2] / "shared" / "matching" / "README.md"
WILDCARDS = ("*", "%", "?", "SMI*", "%SON", "S.+", "^S", "[AB]", "(?i)s")
_validate = TypeAdapter[Any](Criterion).validate_python


def documented_watches() -> list[dict[str, Any]]:
    """The examples in the table of watches in the room's README."""
    rows = [line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [json.loads(example) for row in rows for example in re.findall(r"`(\{.*?\})`", row)]


class Registries(NamedTuple):
    watches: Mapping[str, Any] = WATCHES
    rules: Mapping[Any, Rule] = RULES
    generators: Mapping[str, Callable[[random.Random], dict[str, Any]]] = INVENTED
    evaluators: Mapping[str, Any] = NAIVE


def omissions_of(watch: type[BaseModel], registries: Registries | None = None) -> list[str]:
    registered = registries or Registries()
    kind, name = kind_of(watch), watch.__name__  # type: ignore[arg-type]
    rule = registered.rules.get(watch)
    omissions = []
    if not watch.__doc__:
        omissions.append(f"{name} has no docstring. Write one: the API's document shows it.")
    if not isinstance(inspect.getattr_static(watch, "identity", None), property | cached_property):
        omissions.append(
            f"shared/matching/criteria/{kind}.py: write the property `identity` of {name}, everything that tells two "
            "such watches apart."
        )
    if kind not in registered.watches:
        omissions.append(f"shared/matching/criteria/registry.py: add {name} to Leaf.")
    if rule is None:
        omissions.append(
            f"shared/matching/rules/{kind}.py: write RULE = Rule({name}, matcher, watch_terms, arrest_terms), and add "
            "the module to _MODULES in shared/matching/rules/registry.py."
        )
    if kind not in registered.generators:
        omissions.append(f"tests/matching/invented.py: write _invented_{kind}(by) and add it to INVENTED.")
    if kind not in registered.evaluators:
        omissions.append(f"tests/matching/invented.py: write _naive_{kind}(watch, arrest) and add it to NAIVE.")
    if kind not in {example.get("watch") for example in documented_watches()}:
        omissions.append(f"shared/matching/README.md: add an example of {kind} to the table of watches.")
    omissions += wildcard_omissions(watch)
    if rule and kind in registered.generators:
        omissions += rule_omissions(kind, watch, rule, registered.generators[kind])
    return omissions


# Rules


def rule_omissions(
    kind: str, watch: type[BaseModel], rule: Rule, generate: Callable[[random.Random], dict[str, Any]]
) -> Iterator[str]:
    module = f"shared/matching/rules/{kind}.py"
    by = random.Random(1)
    watches = [watch.model_validate(generate(by)) for _ in range(60)]
    arrests = [ArrestFeatures(an_invented_arrest(by, number)) for number in range(60)]
    if rule.watch_terms and not any(map(rule.watch_terms, watches)):
        yield f"{module}: watch_terms gives no index terms. Give some, or leave watch_terms and arrest_terms out."
    if bool(rule.watch_terms) != bool(rule.arrest_terms):
        yield f"{module}: watch_terms and arrest_terms find each other. Give both, or neither."
    matches = [
        (invented, features, reason)
        for invented in watches
        for features in arrests
        if (reason := rule.matcher(invented)(features))
    ]
    if not matches:
        yield f"tests/matching/invented.py: nothing matches; let an_invented_arrest report what _invented_{kind} gives."
    if not all(reason_sentence(reason) for _, _, reason in matches):
        yield f"{module}: a reason has no words. Give it a kind, with a sentence in shared/alerts/matches/reason_words."
    if rule.watch_terms and rule.arrest_terms:
        for invented, features, _ in matches:
            terms = rule.watch_terms(invented)
            if terms and set(terms.terms).isdisjoint(rule.arrest_terms(features)):
                yield f"{module}: arrest_terms misses an arrest that the watch matches. Give one of {terms.terms}."
                return


# Wildcards


def wildcard_omissions(watch: type[BaseModel]) -> Iterator[str]:
    """Every text field refuses wildcards, or says in the model why it may hold them."""
    kind = kind_of(watch)  # type: ignore[arg-type]
    for path, reasons in text_fields(watch):
        name = ".".join(map(str, path))
        if reasons and not any(reason.strip() for reason in reasons):
            yield f"{watch.__name__}.{name}: say in MayHoldWildcards why it may hold them."
        if reasons:
            continue
        for text in WILDCARDS:
            if kind in WATCHES and not refuses({"watch": kind, **nested(path, text)}, name):
                yield (
                    f"{watch.__name__}.{name} takes `{text}`. Let shared/matching/criteria/refusals.py search it, or "
                    'mark the field Annotated[str, MayHoldWildcards("why")].'
                )


def refuses(document: dict[str, Any], name: str) -> bool:
    try:
        _validate(document)
    except ValidationError as error:
        return any(f"{name} holds a wildcard" in mistake["msg"] for mistake in error.errors())
    return False


def nested(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    for key in reversed(path):
        value = [value] if isinstance(key, int) else {key: value}
    result: dict[str, Any] = value
    return result


def text_fields(model: type[BaseModel]) -> Iterator[tuple[tuple[str | int, ...], list[str]]]:
    """The path of each field that takes text, however deep, with the reasons for which it may hold wildcards."""
    for name, field in model.model_fields.items():
        reasons = [mark.reason for mark in field.metadata if isinstance(mark, MayHoldWildcards)]
        for path in _text_paths(field.annotation):
            yield (field.alias or name, *path), reasons


def _text_paths(annotation: Any) -> Iterator[tuple[str | int, ...]]:
    origin = get_origin(annotation)
    if annotation is str:
        yield ()
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for path, _ in text_fields(annotation):
            yield path
    elif origin is Annotated:
        yield from _text_paths(get_args(annotation)[0])
    elif origin is tuple or origin is list:
        for path in {path for inner in get_args(annotation) if inner is not ... for path in _text_paths(inner)}:
            yield (0, *path)
    elif origin is Literal or _is_never_free_text(annotation):
        return
    elif origin is Union or origin is type(int | str):
        for inner in get_args(annotation):
            yield from _text_paths(inner)
    else:
        raise NotImplementedError(f"tests/matching/watch_kinds.py: say in _text_paths whether {annotation} holds text.")


def _is_never_free_text(annotation: Any) -> bool:
    return annotation in (bool, int, float, date, type(None)) or (
        isinstance(annotation, type) and issubclass(annotation, Enum)
    )
