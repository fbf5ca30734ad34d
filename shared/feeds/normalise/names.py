"""Names as agencies write them: parts in columns, or a whole name in one cell (`whole_names.py`)."""

from collections.abc import Iterable, Iterator

from shared.arrests.person import PersonName, normal_name
from shared.arrests.placeholders import NOBODY, Blanks
from shared.feeds.normalise.fast_construct import unchecked_constructor
from shared.feeds.normalise.plain_text import plain_line
from shared.feeds.normalise.whole_names import NameParts, clean_part, read_whole_name, split_aliases
from shared.feeds.profiles.model import NameLayout
from shared.feeds.record import NameText

_new_name = unchecked_constructor(PersonName)


def parse_names(
    texts: Iterable[NameText], aliases: str, layout: NameLayout, blanks: Blanks | None = None
) -> tuple[PersonName, ...]:
    """Returns the name of record, then the aliases, each once. Words for nobody, such as `UNKNOWN`, are no name."""
    names: dict[tuple[str, str], PersonName] = {}
    if blanks:  # the agency has words of its own for nothing
        texts = [NameText(*("" if blanks.is_own(part) else part for part in text)) for text in texts]
        aliases = "" if blanks.is_own(aliases) else aliases
    for parts in (*_names(texts, layout), *_aliases(aliases, layout)):
        key = normal_name(parts.surname), normal_name(parts.given)
        if not NOBODY.issuperset(key) and key not in names:
            names[key] = _new_name(parts._asdict())
    return tuple(names.values())


def _names(texts: Iterable[NameText], layout: NameLayout) -> Iterator[NameParts]:
    for surname, given, middle, suffix, whole in texts:
        parts = NameParts(clean_part(surname), clean_part(given), clean_part(middle), plain_line(suffix))
        if whole and not (parts.surname or parts.given):
            yield from read_whole_name(whole, layout.order)
        else:
            yield parts


def _aliases(cell: str, layout: NameLayout) -> Iterator[NameParts]:
    for alias in split_aliases(cell, layout.alias_separators) if cell else ():
        yield from read_whole_name(alias, layout.order)
