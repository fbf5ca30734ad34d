"""The words in American English (plainlanguage.gov)."""

from collections.abc import Mapping

from shared.words.english.reasons import REASONS
from shared.words.english.vocabulary import VOCABULARY
from shared.words.english.watches import WATCHES

ENGLISH: Mapping[str, str] = {**REASONS, **WATCHES, **VOCABULARY}
