"""The few keys by which two reports of one person meet, whatever one slip parts them. A key that few people share: none
of them grows with the number of watched persons faster than one list in some ten thousand."""

from collections.abc import Iterator
from datetime import date

from shared.domain.likeness.persons import Described
from shared.domain.likeness.sounds import sound
from shared.domain.likeness.tokens import Words, bare

Key = tuple[str, ...]


def keys_of(person: Described) -> set[Key]:
    """The same for the watched and for the reported person; they meet if they share one."""
    return {key for name in person.names for key in _keys(name, person)}


def _keys(name: Words, person: Described) -> Iterator[Key]:
    sounds = {sound(bare(word)) for word in (*name.surname, *name.given) if len(word) > 1}
    if len(sounds) > 1:
        codes = sorted(sounds)
        for at, first in enumerate(codes):
            for second in codes[at + 1 :]:
                yield "pair", first, second
    if person.born:
        yield from _dated(sounds, name, person.born)


def _dated(sounds: set[str], name: Words, born: date) -> Iterator[Key]:
    """Any one of year, month, day may be wrong, or month and day swapped; or the day right and a word badly wrong."""
    day = born.isoformat()
    for initial in {word[0] for word in (*name.surname, *name.given) if word}:
        yield "born", day, initial
    low, high = sorted((born.month, born.day))
    for code in sounds:
        yield "year", code, f"{born.year}-{low:02d}"
        yield "month and day", code, f"{low:02d}-{high:02d}"
        if high != low:
            yield "year", code, f"{born.year}-{high:02d}"
