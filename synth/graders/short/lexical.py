"""How much of a gold answer was said, word by word: the last rule, for what no other could settle."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from synth.graders.vocabulary import vocabulary

COMMON: Final = vocabulary(
    "of in on at and or to for by with from is was were are be been as it its that this which who "
    "whom his her their "
    "he she they has had have not no but into than then there when what where how one also other "
    "about during i you we my your our s t would will can could may might should do does did if so"
)
_KINDS: Final = vocabulary(
    "city town village county state states province region district area country nation island river lake "
    "mountain mount sea ocean bay north south east west northern southern eastern western central upper "
    "lower national international federal royal united american british english french german "
    "university college school church company corporation group band team club league association "
    "organization organisation society council committee party army government department office agency "
    "war battle act law treaty system process theory method function form type kind part parts side "
    "people person man men woman women king queen prince princess emperor president minister prime "
    "general governor senator sir lord lady dr mr mrs st saint sr jr season episode series film movie "
    "book song album show game year years month months week day days century period era age time times "
    "early late mid end first second third last new old great big high low long small large main major "
    "minor number total approximately around million billion thousand percent per more most many "
    "several some any all both each every only just over under up down out before after between through"
)

Beginnings = dict[str, list[str]]

_BEGINNING: Final = 2
_LIKE_FROM: Final = 5
_AKIN: Final = 0.75
_ALIKE: Final = 0.9
_KIND: Final = 0.5
_FUNCTION: Final = 0.2


def weights(
    words: Sequence[str],
    stems: Sequence[str],
    asked: Collection[str],
    name: bool = False,
    place: int | None = None,
) -> tuple[float, ...]:
    """How much each gold word tells, adding up to 1.

    Long words tell more than short ones, function words little, and a word that the question says
    already (`asked`, as stems) little too: saying it again is no answer. Of a person's `name` the last
    word tells most and the first least. Words from `place` on only say where it is ("Lisbon, Portugal").
    """
    raw = [weight(word) * (0.3 if stem in asked else 1.0) for word, stem in zip(words, stems, strict=True)]
    if name and len(raw) > 1:
        raw[0] *= 0.6
        raw[-1] *= 1.6
    if place:
        raw[place:] = [0.4 * one for one in raw[place:]]
    total = sum(raw)
    return tuple(one / total for one in raw)


def weight(word: str) -> float:
    """How much a word tells by itself: function words least, words for kinds of things less than others."""
    if word in COMMON:
        return _FUNCTION
    if word[0].isdigit():
        return 1.0
    return min(len(word), 8) / 6 * (_KIND if word in _KINDS else 1.0)


def beginnings(stems: Collection[str]) -> Beginnings:
    """The stems by their first letters, to find a stem that is like another one."""
    found: Beginnings = {}
    for one in stems:
        found.setdefault(one[:_BEGINNING], []).append(one)
    return found


def shares(
    stems: Sequence[str], weights: Sequence[float], said: Collection[str], like: Beginnings
) -> tuple[float, float]:
    """The weighted share of the gold's stems that were said; 0 to 1.

    A word with the same long beginning counts for most ("Canada", "Canadian").

    Args:
        stems: the gold's stems.
        weights: how much each of them tells.
        said: the stems that were said.
        like: the same by their first letters.

    Returns:
        The share, and the share where a word may be spelled otherwise ("Rontgen", "Roentgen").
    """
    share = spelled = 0.0
    for stem, weight in zip(stems, weights, strict=True):
        if stem in said:
            share += weight
        elif len(stem) >= _LIKE_FROM and (others := like.get(stem[:_BEGINNING])) and not stem[0].isdigit():
            if any(_akin(stem, other) for other in others):
                share += _AKIN * weight
            elif any(_alike(stem, other) for other in others):
                spelled += _ALIKE * weight
    return min(share, 1.0), min(share + spelled, 1.0)


def resembles(stem: str, stems: Collection[str]) -> bool:
    """Whether a stem is one of others, or one of them spelled otherwise."""
    if stem in stems:
        return True
    if len(stem) < _LIKE_FROM or stem[0].isdigit():
        return False
    return any(other[:_BEGINNING] == stem[:_BEGINNING] and _alike(stem, other) for other in stems)


def _akin(left: str, right: str) -> bool:
    common = _common(left, right)
    return common >= _LIKE_FROM and common >= 0.65 * max(len(left), len(right))


def _common(left: str, right: str) -> int:
    """Length of the common beginning."""
    length = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        length += 1
    return length


def _alike(left: str, right: str) -> bool:
    """Whether two words of one beginning differ by one letter, or by two in a long word."""
    if abs(len(left) - len(right)) > 1 or len(right) < _LIKE_FROM:
        return False
    start = _common(left, right)
    end = _common(left[start:][::-1], right[start:][::-1])
    return max(len(left), len(right)) - start - end <= (2 if len(left) >= 8 else 1)
