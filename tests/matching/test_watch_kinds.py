"""A kind of watch is one model, one rule and one example. Whatever is left out is named by a sentence."""

import pkgutil
import random
from importlib import import_module
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.matching import criteria
from shared.matching.criteria import STORED, Criterion, Grade, Reason
from shared.matching.criteria.refusals import MayHoldWildcards, refuse_wildcards
from shared.matching.criteria.registry import WATCHES
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher, Rule, Selectivity, WatchTerms
from shared.value import FrozenModel
from tests.builders import NAME_WATCH, SID_WATCH
from tests.matching.invented import INVENTED, NAIVE
from tests.matching.watch_kinds import Registries, documented_watches, omissions_of, refuses, text_fields

validate = TypeAdapter[Any](Criterion).validate_python


def watch_models() -> list[type[BaseModel]]:
    """Every model in the package that has a field `watch`, registered or not."""
    modules = [
        import_module(f"{criteria.__name__}.{module.name}") for module in pkgutil.iter_modules(criteria.__path__)
    ]
    classes = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    models = [model for model in classes if issubclass(model, BaseModel) and "watch" in model.model_fields]
    return sorted(models, key=lambda model: model.__name__)


@pytest.mark.parametrize("watch", watch_models())
def test_a_watch_kind_is_complete(watch: type[BaseModel]) -> None:
    omissions = omissions_of(watch)
    assert not omissions, "\n".join(omissions)


@pytest.mark.parametrize("example", documented_watches(), ids=lambda example: example.get("watch", "combination"))
def test_an_example_of_the_readme_is_a_criterion(example: dict[str, Any]) -> None:
    assert validate(example)


# A kind that nobody has finished


class VehicleWatch(FrozenModel):
    watch: Literal["vehicle"]
    plate: Annotated[str, MayHoldWildcards(" ")] = ""


class Wheel(FrozenModel):
    maker: str = ""


def a_vehicle_rule(sentence: str = "in a watched vehicle", terms: Any = (("plate", "X"),)) -> Rule:
    def matcher(watch: VehicleWatch) -> Matcher:
        return lambda _: Reason(sentence=sentence, grade=Grade.STRONG)

    def watch_terms(watch: VehicleWatch) -> WatchTerms | None:
        return WatchTerms(Selectivity.CODE, terms) if terms else None

    def arrest_terms(features: ArrestFeatures) -> list[tuple[str, ...]]:
        return []

    return Rule(VehicleWatch, matcher, watch_terms, arrest_terms)  # type: ignore[arg-type]


def test_a_kind_that_is_a_model_alone_is_told_everything_that_is_missing() -> None:
    omissions = "\n".join(omissions_of(VehicleWatch))
    for sentence in (
        "VehicleWatch has no docstring",
        "criteria/registry.py: add VehicleWatch to Leaf",
        "rules/vehicle.py: write RULE = Rule(VehicleWatch",
        "invented.py: write _invented_vehicle(by) and add it to INVENTED",
        "invented.py: write _naive_vehicle(watch, arrest) and add it to NAIVE",
        "shared/matching/README.md: add an example of vehicle",
        "VehicleWatch.plate: say in MayHoldWildcards why",
    ):
        assert sentence in omissions


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (a_vehicle_rule(sentence=""), "a reason has no words"),
        (a_vehicle_rule(terms=None), "watch_terms gives no index terms"),
        (a_vehicle_rule(), "arrest_terms misses an arrest that the watch matches"),
        (a_vehicle_rule()._replace(arrest_terms=None), "Give both, or neither"),
        (a_vehicle_rule()._replace(matcher=lambda watch: lambda _: None), "nothing matches"),
    ],
)
def test_a_rule_that_is_not_finished_is_told_what_is_missing(rule: Rule, sentence: str) -> None:
    def generate(by: random.Random) -> dict[str, Any]:
        return {"watch": "vehicle", "plate": "X"}

    registries = Registries(
        WATCHES, {VehicleWatch: rule}, INVENTED | {"vehicle": generate}, NAIVE | {"vehicle": lambda *_: 0}
    )
    assert sentence in "\n".join(omissions_of(VehicleWatch, registries))


# Wildcards


def test_the_text_fields_of_a_watch_are_read_from_its_model() -> None:
    fields = {".".join(map(str, path)) for watch in WATCHES.values() for path, _ in text_fields(watch)}
    assert {"surname", "suffix", "aliases.0.surname", "identifier.value", "former.0.issuer", "holder.given",
            "statute", "keyword", "beat", "address", "agency", "agencies.0"} <= fields  # fmt: skip
    assert not {"date_of_birth", "sex", "identifier.kind", "watch", "near.metres"} & fields


def test_a_text_field_that_took_wildcards_would_be_told_what_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the refusal forgot what lies in lists."""
    monkeypatch.setattr("shared.matching.criteria.refusals._texts", lambda value, path="": iter(()))
    omissions = "\n".join(omissions_of(WATCHES["person"]))
    assert "PersonWatch.aliases.0.surname takes `*`. Let shared/matching/criteria/refusals.py search it" in omissions


def test_a_field_may_hold_wildcards_where_its_model_says_why() -> None:
    class PlateWatch(FrozenModel):
        plate: Annotated[str, MayHoldWildcards("a plate may show an asterisk")] = ""
        wheels: tuple[Wheel, ...] = ()

    refuse_wildcards({"plate": "12*34"}, PlateWatch)
    with pytest.raises(ValueError, match=r"wheels\.0\.maker holds a wildcard"):
        refuse_wildcards({"plate": "12*34", "wheels": [{"maker": "%"}]}, PlateWatch)


def test_a_question_mark_that_stands_for_a_letter_is_taken() -> None:
    assert validate(NAME_WATCH | {"surname": "Mu?oz"})
    assert refuses(NAME_WATCH | {"middle": "?"}, "middle")


@pytest.mark.parametrize(
    "document",
    [NAME_WATCH | {"aliases": [{"surname": "O*", "given": "Pat"}]}, SID_WATCH | {"holder": {"surname": "%"}}],
)
def test_what_was_stored_before_a_refusal_is_still_read(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="holds a wildcard"):
        validate(document)
    assert TypeAdapter[Any](Criterion).validate_python(document, context=STORED)
