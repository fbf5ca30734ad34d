"""Several charges in one cell that is a list. And how many charges of an arrest are kept."""

from collections.abc import Sequence

from shared.arrests.charges import Charge
from shared.feeds.normalise.cell_lists import list_items
from shared.feeds.record import ChargeText

MOST_CHARGES = 100  # of at most 2 KB, so that a document stays below the 400 KB of a DynamoDB item


def split_lists(texts: tuple[ChargeText, ...]) -> tuple[tuple[ChargeText, ...], bool]:
    """Returns the charges, each with its own text, and whether the lists of one charge have different lengths: each
    statute and each text is then a charge of its own."""
    if not any("[" in cell or "(" in cell or "{" in cell for text in texts for cell in text):
        return texts, False
    split = [_split(text) for text in texts]
    return tuple(charge for charges, _ in split for charge in charges), any(unpaired for _, unpaired in split)


def first_charges(charges: Sequence[Charge]) -> tuple[Charge, ...]:
    """At most `MOST_CHARGES`. Where there are more, each is kept once, because most of them are counts of one."""
    return tuple(charges) if len(charges) <= MOST_CHARGES else tuple(dict.fromkeys(charges))[:MOST_CHARGES]


def _split(text: ChargeText) -> tuple[list[ChargeText], bool]:
    items = [list_items(cell) for cell in text]
    lengths = {len(cells) for cells, cell in zip(items, text, strict=True) if cells != [cell] and cell}
    if not lengths:
        return [text], False
    if len(lengths) == 1:
        (length,) = lengths
        columns = [cells if len(cells) == length else cells * length for cells in items]
        return [ChargeText(*fields) for fields in zip(*columns, strict=True)], False
    statutes = [ChargeText(statute=statute) for statute in items[0]]
    return [*statutes, *(ChargeText(charge=charge) for charge in items[1])], True
