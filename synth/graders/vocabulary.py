"""Word lists, written as text."""

from __future__ import annotations


def vocabulary(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())
