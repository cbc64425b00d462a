"""Accepted answers that say several things: lists ("iron, cobalt and nickel"), variants ("lens (glass)")."""

from __future__ import annotations

import re
from typing import Final

from synth.graders.normal import words

_BETWEEN: Final = re.compile(r"\s*(?:[;\n]|,\s*(?:and\b|&)?|\band\b|&)\s*", re.IGNORECASE)
_LISTS: Final = re.compile(r";|\n|\band\b|&|,.*,", re.IGNORECASE)
_LONGEST: Final = 4
_BRACKETS: Final = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_ALTERNATIVES: Final = re.compile(r"\s+or\s+|(?<=\w{3})\s*/\s*(?=\w{3})")


def variants(text: str) -> tuple[str, ...]:
    """The text, and what it also stands for: without its brackets, and each of its "or"s."""
    plain = _BRACKETS.sub(" ", text).strip()
    parts = [part.strip() for part in _ALTERNATIVES.split(plain)]
    return tuple(dict.fromkeys(part for part in (text, plain, *parts) if part))


def items(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of each thing that a short text lists; empty where it is no list.

    One comma alone makes no list ("Woodward, Oklahoma"), nor do long parts: those are clauses.
    """
    if not _LISTS.search(text):
        return ()
    parts = [tuple(words(part)) for part in _BETWEEN.split(text)]
    parts = [part for part in parts if part]
    if len(parts) < 2 or any(len(part) > _LONGEST for part in parts):
        return ()
    return tuple(parts)
