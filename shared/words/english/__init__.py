"""The words in American English (plainlanguage.gov)."""

from collections.abc import Mapping

from shared.words.english.reasons import REASONS

ENGLISH: Mapping[str, str] = {**REASONS}
