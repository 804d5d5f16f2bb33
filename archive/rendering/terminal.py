"""Text from models, made safe to print on a terminal.

Pure. A terminal obeys control characters, and bidirectional overrides put words where they do
not stand: both are shown as marks instead.
"""

import unicodedata

MARK = "\N{REPLACEMENT CHARACTER}"

_KEPT = frozenset("\n\t")
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # within words of many scripts, and within emoji


def for_terminal(text: str) -> str:
    """Return `text` with a mark for each character that a terminal would act on."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(character if _is_safe(character) else MARK for character in text)


def _is_safe(character: str) -> bool:
    kept = character in _KEPT or character in _JOINERS
    return kept or unicodedata.category(character) not in _UNSAFE
