"""What a person may say of an answer, and what it means for the verdict on it."""

from __future__ import annotations

from typing import Final, NamedTuple

from synth.errors import UsageError, quoted
from synth.schema import OUTCOMES

UNJUDGED: Final = ("truncated", "unparsed", "undecided", "failed")
"""Outcomes that say only that the answer could not be judged."""

SPEAKING: Final = tuple(outcome for outcome in OUTCOMES if outcome not in UNJUDGED)
"""Outcomes that say something of the answer; where they are wrong, a label may be."""

OF_VERDICTS: Final = ("yes", "no", "unsure")
OF_ANSWERS: Final = ("correct", "wrong", "refused", "unjudgeable", "unsure")

_SHORT: Final = {"y": "yes", "n": "no", "u": "unsure", "true": "yes", "false": "no", "?": "unsure"}
_NOT: Final = {"correct": "wrong", "wrong": "correct", "refused": "undecided"}


class Filled(NamedTuple):
    """What a person wrote or typed about one answer.

    Attributes:
        id: of the sample, `key/index`.
        word: one of `OF_VERDICTS` or `OF_ANSWERS`.
        comment: anything.
        blind: they did not see the verdict.
        seed: of the random sample that it was asked for; None where that is not known.
    """

    id: str
    word: str
    comment: str
    blind: bool
    seed: int | None


class Said(NamedTuple):
    """What a person said.

    Attributes:
        right: whether the verdict is right; None where they were not sure.
        outcome: what the answer is; None where they did not say.
    """

    right: bool | None
    outcome: str | None


def read_word(word: str, blind: bool) -> str | None:
    """The word as one of `OF_VERDICTS` or `OF_ANSWERS`; None where nothing was said.

    Args:
        word: as written, in any case.
        blind: the verdict was not shown, so it cannot be called right.

    Raises:
        UsageError: it is none of them.
    """
    given = word.strip().lower()
    if not given:
        return None
    meant = given if blind else _SHORT.get(given, given)
    allowed = OF_ANSWERS if blind else (*OF_VERDICTS, *OF_ANSWERS)
    if meant not in allowed:
        raise UsageError(f"'{word.strip()}' is not {quoted(OF_ANSWERS if blind else OF_VERDICTS)}")
    return meant


def meaning(word: str, verdict: str) -> Said:
    """What a word says, of an answer with this verdict.

    That "correct" is not right makes it wrong, and the other way round. That "refused" is not right says
    only that there is an answer, which nobody has judged then: undecided.
    """
    if word == "unsure":
        return Said(None, None)
    if word == "yes":
        return Said(True, verdict)
    if word == "no":
        return Said(False, _NOT.get(verdict))
    if word == "unjudgeable":
        return Said(verdict in UNJUDGED, verdict if verdict in UNJUDGED else "undecided")
    return Said(verdict == word, word)
