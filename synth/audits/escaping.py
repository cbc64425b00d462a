"""Cells that a spreadsheet shows as they are and gives back as they were."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 4_000
"""Characters of a cell; Excel cuts at 32,767, and nobody reads more."""

_FORMULA: Final = ("=", "+", "-", "@", "'", "\t", "\r")
_CONVERTED: Final = re.compile(r"(?=.*\d).{1,40}")
"""Short texts with a digit: a spreadsheet makes dates of 3/4 and 12 May, and 7 of 007."""


def escape(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would compute or convert it."""
    taken = text.startswith(_FORMULA) or _CONVERTED.fullmatch(text)
    return f"'{text}" if taken else text


def unescape(cell: str) -> str:
    """The text of a cell."""
    return cell.removeprefix("'")


def shown(text: str) -> str:
    """The text as a sheet shows it: cut where it is very long, without what no cell can hold."""
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return cut.replace("\0", "\ufffd")


def folded(text: str) -> str:
    """The text without what spreadsheets change: line ends, white space, the case of TRUE."""
    return " ".join(text.split()).casefold()
