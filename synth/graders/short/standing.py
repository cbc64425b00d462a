"""Whether an accepted answer stands in a reply as it was written, and how it is meant there."""

from __future__ import annotations

import re
from typing import Final

from synth.graders.boolean import truth
from synth.graders.short import lexical
from synth.graders.short.occurrence import stances
from synth.graders.short.reading import Asked, Gold
from synth.graders.short.reply import Reply

_SQUASHED_FROM: Final = 8
_DIGITS_FROM: Final = 4
_GLUED_FROM: Final = 4
_ACRONYM: Final = re.compile(r"[A-Z]{2,5}")
_NEAR: Final = 25


def standing(gold: Gold, reply: Reply, asked: Asked) -> dict[str, float]:
    """The features that say how the gold stands in the reply; none where it does not.

    A gold that is yes or no stands in the reply that means it, whatever its words.
    """
    if gold.truth is not None:
        value, _, _ = truth(reply.text)
        stance = "hedged" if value is None else "affirmed" if value == gold.truth else "denied"
        return {stance: 1.0, "early": float(value == gold.truth)}
    if gold.joined in reply.joined:
        found = stances(gold.words, reply.words, asked.pairs, gold.echoed)
        if "affirmed" in found:
            before = reply.joined[: reply.joined.index(gold.joined)].count(" ")
            return {"affirmed": 1.0, "early": 1 / (1 + before / _NEAR)}
        stance = "hedged" if "hedged" in found else "denied" if "denied" in found else "echoed"
        return {stance: 1.0}
    if _is_squashed(gold, reply):
        return {"glued": 1.0}
    if len(gold.text) >= _GLUED_FROM and gold.text[0].isupper() and _is_glued(gold.text, reply.text):
        return {"glued": 1.0}
    if gold.initials and f" {gold.initials} " in reply.joined and gold.initials.upper() in reply.capitals:
        return {"initials": 1.0}
    if _ACRONYM.fullmatch(gold.text) and gold.text.casefold() in _initials(reply):
        return {"initials": 1.0}
    return {}


def _initials(reply: Reply) -> str:
    """The first letters of the reply's capitalised words, a space where any other telling word stands."""
    telling = (word for word in reply.words if word not in lexical.COMMON)
    return "".join(word[0] if word in reply.named else " " for word in telling)


def _is_squashed(gold: Gold, reply: Reply) -> bool:
    """Whether the gold stands in the reply with its spaces set otherwise ("18, 426", "note book")."""
    if gold.quantity:
        return len(gold.squashed) >= _DIGITS_FROM and gold.squashed == reply.squashed
    return len(gold.squashed) >= _SQUASHED_FROM and gold.squashed in reply.squashed


def _is_glued(gold: str, text: str) -> bool:
    """Whether a capitalised gold stands right behind a lower-case letter, where a space was lost."""
    place = text.find(gold)
    while place > 0:
        if text[place - 1].islower() and text[place - 2 : place] not in ("Mc", "ac"):
            return True
        place = text.find(gold, place + 1)
    return False
