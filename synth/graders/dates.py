"""Dates in a list of words, whole or partial, and whether two of them can be the same day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from synth.graders.vocabulary import vocabulary

_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTHS: Final[dict[str, int]] = {
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}
_AROUND: Final = vocabulary(
    "in on since until from of by circa c ca about around early late mid ad ce "
    "monday tuesday wednesday thursday friday saturday sunday"
)


class Date(NamedTuple):
    """A date of which some parts may be unknown (None)."""

    year: int | None
    month: int | None
    day: int | None

    @property
    def parts(self) -> int:
        """How many of year, month and day are known."""
        return sum(part is not None for part in self)


def dates(words: Sequence[str]) -> list[tuple[Date, int, int]]:
    """The dates among normalised words, each with the positions where it begins and ends."""
    found = []
    position = 0
    while position < len(words):
        date, length = _date_at(words[position : position + 4])
        if date:
            found.append((date, position, position + length))
        position += length
    return found


def only_date(words: Sequence[str]) -> Date | None:
    """The date that the words are, or None where they say anything besides."""
    found = dates(words)
    if len(found) != 1:
        return None
    date, start, end = found[0]
    rest = (*words[:start], *words[end:])
    return date if all(word in _AROUND for word in rest) else None


def agree(gold: Date, date: Date) -> bool:
    """Whether no part that both know differs, and at least one is shared."""
    shared = [
        (left, right)
        for left, right in zip(gold, date, strict=True)
        if left is not None and right is not None
    ]
    return bool(shared) and all(left == right for left, right in shared)


def _date_at(words: Sequence[str]) -> tuple[Date | None, int]:
    """The date that begins at the first word, and how many words it takes (1 where there is none)."""
    first, second, third, fourth = (*words, "", "", "", "")[:4]
    if first in MONTHS and (_day(second) or _year(second)):
        if day := _day(second):
            year = _year(third)
            return Date(year, MONTHS[first], day), 3 if year else 2
        return Date(_year(second), MONTHS[first], None), 2
    if (day := _day(first)) and second == "of":
        second, third, extra = third, fourth, 1
    else:
        extra = 0
    if day and second in MONTHS:
        year = _year(third)
        return Date(year, MONTHS[second], day), (3 if year else 2) + extra
    if (year := _year(first)) and not extra:
        month, day = _number(second, 12), _day(third)
        if month and day and len(second) == len(third) == 2:
            return Date(year, month, day), 3
        return Date(year, None, None), 1
    if first in MONTHS and len(first) > 3 and first not in ("march", "may"):
        return Date(None, MONTHS[first], None), 1
    return None, 1


def _number(word: str, most: int) -> int | None:
    return int(word) if len(word) <= 2 and word.isdecimal() and 1 <= int(word) <= most else None


def _day(word: str) -> int | None:
    return _number(word, 31)


def _year(word: str) -> int | None:
    return int(word) if len(word) == 4 and word.isdecimal() and 1000 <= int(word) <= 2199 else None
