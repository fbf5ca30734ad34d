"""The words in American English (plainlanguage.gov)."""

from collections.abc import Mapping

from shared.words.english.accounts import ACCOUNTS
from shared.words.english.alerts import ALERTS
from shared.words.english.incidents import INCIDENTS
from shared.words.english.links import LINKS
from shared.words.english.notices import NOTICES
from shared.words.english.reasons import REASONS
from shared.words.english.vocabulary import VOCABULARY
from shared.words.english.watches import WATCHES

ENGLISH: Mapping[str, str] = {
    **ACCOUNTS,
    **ALERTS,
    **INCIDENTS,
    **LINKS,
    **NOTICES,
    **REASONS,
    **VOCABULARY,
    **WATCHES,
}
