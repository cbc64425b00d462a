"""How much of a gold answer was said, word by word: the last rule, for what no other could settle."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from synth.graders.vocabulary import vocabulary

COMMON: Final = vocabulary(
    "of in on at and or to for by with from is was were are be been as it its that this which who "
    "whom his her their "
    "he she they has had have not no but into than then there when what where how one also other "
    "about during"
)


def weights(
    words: Sequence[str], stems: Sequence[str], asked: Collection[str], name: bool = False
) -> tuple[float, ...]:
    """How much each gold word tells, adding up to 1.

    Long words tell more than short ones, function words little, and a word that the question says
    already (`asked`, as stems) little too: saying it again is no answer. Of a person's `name` the last
    word tells most and the first least.
    """
    raw = [_weight(word) * (0.3 if stem in asked else 1.0) for word, stem in zip(words, stems, strict=True)]
    if name and len(raw) > 1:
        raw[0] *= 0.6
        raw[-1] *= 1.6
    total = sum(raw)
    return tuple(weight / total for weight in raw)


def share(stems: Sequence[str], weights: Sequence[float], said: Collection[str]) -> float:
    """The weighted share of the gold's stems that were said; 0 to 1.

    A word with the same long beginning counts for most ("Canada", "Canadian").
    """
    total = 0.0
    for stem, weight in zip(stems, weights, strict=True):
        if stem in said:
            total += weight
        elif len(stem) >= 5 and not stem[0].isdigit() and _akin(stem, said):
            total += 0.75 * weight
    return total


def _weight(word: str) -> float:
    if word in COMMON:
        return 0.2
    return 1.0 if word[0].isdigit() else min(len(word), 8) / 6


def _akin(stem: str, said: Collection[str]) -> bool:
    beginning = stem[:5]
    return any(
        other.startswith(beginning) and _common(stem, other) >= 0.65 * max(len(stem), len(other))
        for other in said
    )


def _common(left: str, right: str) -> int:
    """Length of the common beginning."""
    length = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        length += 1
    return length
