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
    # Markdown, of which HTML's quotes and ampersands are no markup: what is, `_in_its_line` takes away.
    environment = Environment(  # noqa: S701
        loader=PackageLoader("functions.cli.documents"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=_in_its_line,
    )
    environment.filters |= {"first_word": lambda title: title.partition(":")[0].casefold()}
    juvenile = facts.people.get(words(f"right.{Right.JUVENILE.value}"), 0)
    template = environment.get_template(f"{kind.value}.md")
    return template.render(**facts._asdict(), agency=agency, juvenile_readers=juvenile)


def _in_its_line(value: object) -> object:
    """What an office, an agency or its profile is called adds no line, cell, link or markup to a document that people
    sign."""
    if not isinstance(value, str):
        return value
    return " ".join(value.split()).replace("<", "&lt;").replace("](", "] (").replace("|", "/")
