"""The catalogue: every sentence that people read, by key, and how dates and times are written. Pure.

Code names a key and gives values; the templates stand in `english/`, one module for each kind of text. Another language
is another such folder with the same keys. `tests/words/test_catalogue.py` compares what code asks for with what stands
there.
"""

from shared.words.catalogue import Language, counted, words

__all__ = ["Language", "counted", "words"]
