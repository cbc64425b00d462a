"""What differs between two texts, in numbers, words and signs."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[^\w\s]")
NOTE: Final = re.compile(r"<<[^<>]*>>")
"""A calculator's note, as in GSM8K: it repeats what stands beside it."""


def tokens(text: str) -> list[str]:
    """The numbers, words and signs of a text, without calculators' notes."""
    return _TOKEN.findall(NOTE.sub("", text))


def changes(before: str, after: str) -> int:
    """How many tokens were replaced, put in or left out."""
    if before == after:
        return 0
    matcher = SequenceMatcher(None, tokens(before), tokens(after), autojunk=False)
    return sum(
        max(end - start, to - since)
        for what, start, end, since, to in matcher.get_opcodes()
        if what != "equal"
    )
