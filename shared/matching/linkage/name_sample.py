"""A fair sample of the persons whom each agency has arrested, of bounded size.

Shares need a fair sample, not everybody: of 5,000 persons a name that one in fifty bears is found with an error of a
tenth. So an agency keeps those persons whose hashes are the smallest, a sample of distinct persons however often each
was arrested and in whatever order they come (bottom-k sampling: Broder 1997, "On the resemblance and containment of
documents"). A person whose hash is too large is forgotten and never comes in again. Where all agencies together have
too many, the largest samples are made smaller, so a large agency takes no room from a small one.
"""

from collections.abc import Iterable
from datetime import date
from hashlib import blake2b

from shared.arrests.model import Arrest, Flag
from shared.matching.linkage.agency_frequencies import NamedPerson
from shared.matching.linkage.name_tokens import NameTokens, tokens_of

MOST_PERSONS = 1_000_000
"""Of all agencies together: 400 bytes each at most (`tests/matching/test_name_sample.py`), so 400 MB. Each of 200
agencies can have the 5,000 that are needed."""
_SHRINK = 0.9  # of the largest sample: sorting it takes time, so it is not made smaller by one
_HASHES = 1 << 64


def named_person(arrest: Arrest) -> NamedPerson | None:
    """The person's name of record and date of birth; None for an arrest that may not be counted: a juvenile's, one
    that is sealed and open to law enforcement alone, one without a name."""
    if arrest.juvenile or Flag.SEALED_AND_OPEN in arrest.flags or not arrest.person.names:
        return None
    name = tokens_of(arrest.person.names[0])
    if not name.surname:
        return None
    return NameTokens(name.surname, name.given, name.middle, name.suffix), arrest.person.date_of_birth


class _Sample:
    """Persons of one agency by hash. `limit`: the smallest hash that is no longer taken."""

    def __init__(self) -> None:
        self.people: dict[int, NamedPerson] = {}
        self.limit = _HASHES

    def add(self, person: NamedPerson) -> int:
        """Returns by how many the sample has grown."""
        digest = _hash_of(*person)
        if digest >= self.limit or digest in self.people:
            return 0
        self.people[digest] = person
        return 1

    def shrink(self, size: int) -> int:
        """Keeps the `size` smallest hashes. Returns how many persons were forgotten."""
        if len(self.people) <= size:
            return 0
        forgotten = sorted(self.people)[size:]
        for digest in forgotten:
            del self.people[digest]
        self.limit = forgotten[0]
        return len(forgotten)


class NameSample:
    """The persons of each agency, at most `most` of all agencies together."""

    def __init__(self, most: int = MOST_PERSONS) -> None:
        self._samples: dict[str, _Sample] = {}
        self._most, self._size = most, 0

    def __len__(self) -> int:
        return self._size

    def add(self, arrests: Iterable[Arrest]) -> None:
        for arrest in arrests:
            person = named_person(arrest)
            if person:
                self._size += self._samples.setdefault(arrest.agency, _Sample()).add(person)
                if self._size > self._most:
                    self._shrink()

    def agencies(self) -> list[str]:
        return sorted(self._samples)

    def people(self, agency: str) -> list[NamedPerson]:
        return list(self._samples[agency].people.values()) if agency in self._samples else []

    def _shrink(self) -> None:
        samples = self._samples.values()
        size = int(max(len(sample.people) for sample in samples) * _SHRINK)
        self._size -= sum(sample.shrink(size) for sample in samples)


def _hash_of(name: NameTokens, born: date | None) -> int:
    text = repr((name.surname, name.given, name.middle, name.suffix, born and born.isoformat()))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
