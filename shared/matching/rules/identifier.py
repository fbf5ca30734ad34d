from shared.arrests.person import Identifier, PersonName
from shared.matching.criteria import Grade, Reason, Term
from shared.matching.criteria.identifier import Holder, IdentifierWatch
from shared.matching.linkage import names
from shared.matching.linkage.name_tokens import tokens_of
from shared.matching.linkage.weights import WEIGHTS
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.rule import IDENTIFIER, Matcher, WatchTerms


def watch_terms(watch: IdentifierWatch) -> WatchTerms:
    return WatchTerms(IDENTIFIER, tuple(dict.fromkeys(map(term_of, watch.numbers))))


def arrest_terms(facts: ArrestFeatures) -> list[Term]:
    return [term_of(identifier) for identifier in facts.arrest.person.identifiers if identifier.value]


def matcher(watch: IdentifierWatch) -> Matcher:
    def reason(facts: ArrestFeatures) -> Reason | None:
        found = _equal(watch, facts)
        if found is None:
            return None
        wanted, reported = found
        sentence = f"{wanted.kind.words} equal: {wanted.value}"
        if wanted is not watch.identifier:
            sentence += f", which was merged into {watch.identifier.value}"
        against = disagreement(watch.holder, facts) if watch.holder else ""
        return Reason(
            sentence=f"{sentence}, but the identifiers disagree: {against}" if against else sentence,
            grade=Grade.IDENTIFIER,
            watched=wanted.value,
            reported=reported.value,
            disagrees=bool(against),
        )

    return reason


def _equal(watch: IdentifierWatch, facts: ArrestFeatures) -> tuple[Identifier, Identifier] | None:
    """The watched number and the reported one, the number in use before those that were merged into it."""
    for wanted in watch.numbers:
        for reported in facts.arrest.person.identifiers:
            if wanted.same_as(reported):
                return wanted, reported
    return None


def disagreement(holder: Holder, facts: ArrestFeatures) -> str:
    """What of the believed holder is not the reported person; empty when nothing speaks against it."""
    found = []
    reported = facts.person
    if holder.date_of_birth and reported.date_of_birth and holder.date_of_birth != reported.date_of_birth:
        found.append(f"born {holder.date_of_birth} / {reported.date_of_birth}")
    mine = tokens_of(PersonName(surname=holder.surname, given=holder.given))
    if any(mine.key) and reported.names:
        apart = [
            names.compare_names(mine, theirs, WEIGHTS, facts.frequencies).differing_parts for theirs in reported.names
        ]
        if all(apart):
            found.append(f"named {mine.shown.strip(', ')} / {reported.names[0].shown}")
    return ", ".join(found)


def term_of(identifier: Identifier) -> Term:
    return identifier.kind, identifier.value
