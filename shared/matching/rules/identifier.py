"""Rule for watched identifiers: the index term is the number, whoever issued it."""

from shared.arrests.person import Identifier, PersonName
from shared.matching.criteria import Contrast, Grade, Reason, ReasonKind, Term
from shared.matching.criteria.identifier import Holder, IdentifierWatch
from shared.matching.linkage.name_tokens import tokens_of
from shared.matching.linkage.names import compare_names
from shared.matching.linkage.weights import WEIGHTS
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import Matcher, Rule, Selectivity, WatchTerms


def watch_terms(watch: IdentifierWatch) -> WatchTerms:
    return WatchTerms(Selectivity.IDENTIFIER, tuple(dict.fromkeys(map(term_of, watch.numbers))))


def arrest_terms(features: ArrestFeatures) -> list[Term]:
    return [term_of(identifier) for identifier in features.arrest.person.identifiers if identifier.value]


def matcher(watch: IdentifierWatch) -> Matcher:
    def reason(features: ArrestFeatures) -> Reason | None:
        equal = _equal_numbers(watch, features)
        if equal is None:
            return None
        watched, reported = equal
        facts = {"number": watched.kind.value, "issuer": watched.issuer or reported.issuer or ""}
        if watched is not watch.identifier:
            facts["merged"] = watch.identifier.value
        contrasts = contrasts_with(watch.holder, features) if watch.holder else ()
        return Reason(
            kind=ReasonKind.IDENTIFIER,
            facts=facts,
            contrasts=contrasts,
            grade=Grade.IDENTIFIER,
            watched=watched.value,
            reported=reported.value,
            disagrees=bool(contrasts),
        )

    return reason


def _equal_numbers(watch: IdentifierWatch, features: ArrestFeatures) -> tuple[Identifier, Identifier] | None:
    """The watched number and the reported one. The number in use goes before those that were merged into it."""
    for watched in watch.numbers:
        for reported in features.arrest.person.identifiers:
            if watched.same_as(reported):
                return watched, reported
    return None


def contrasts_with(holder: Holder, features: ArrestFeatures) -> tuple[Contrast, ...]:
    """In what the reported person differs from the person who is believed to hold the number. Empty when nothing speaks
    against it."""
    contrasts = []
    reported = features.person
    if holder.date_of_birth and reported.date_of_birth and holder.date_of_birth != reported.date_of_birth:
        contrasts.append(
            Contrast(field="born", watched=str(holder.date_of_birth), reported=str(reported.date_of_birth))
        )
    holder_name = tokens_of(PersonName(surname=holder.surname, given=holder.given))
    if any(holder_name.key) and reported.names:
        comparisons = [compare_names(holder_name, name, WEIGHTS, features.frequencies) for name in reported.names]
        if all(comparison.differing_parts for comparison in comparisons):
            watched_name, reported_name = holder_name.shown.strip(", "), reported.names[0].shown
            contrasts.append(Contrast(field="name", watched=watched_name, reported=reported_name))
    return tuple(contrasts)


def term_of(identifier: Identifier) -> Term:
    return identifier.kind, identifier.number


RULE = Rule(IdentifierWatch, matcher, watch_terms, arrest_terms)
