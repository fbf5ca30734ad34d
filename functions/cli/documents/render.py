"""Fills a document from the facts."""

from enum import StrEnum

from jinja2 import Environment, PackageLoader, StrictUndefined

from functions.cli.documents.facts import AgencyFacts, DocumentFacts
from shared.offices.users import Right
from shared.words import words


class DocumentKind(StrEnum):
    IMPACT_STATEMENT = "impact-statement"
    AGREEMENT = "agreement"
    PRIVACY_POLICY = "privacy-policy"
    RELEASE_NOTICE = "release-notice"
    TRAINING = "training"


def render_document(kind: DocumentKind, facts: DocumentFacts, agency: AgencyFacts | None = None) -> str:
    """Markdown. `agency` is the one whose agreement is drafted; without it, its places stay in brackets."""
    # Markdown for people to finish: no browser reads it as it is, so nothing is escaped.
    environment = Environment(  # noqa: S701
        loader=PackageLoader("functions.cli.documents"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"first_word": lambda title: title.partition(":")[0].casefold()}
    juvenile = facts.people.get(words(f"right.{Right.JUVENILE.value}"), 0)
    template = environment.get_template(f"{kind.value}.md")
    return template.render(**facts._asdict(), agency=agency, juvenile_readers=juvenile)
