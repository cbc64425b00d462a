"""What a rationale is about: the answers that a model gave to one question, and the one that a row shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Final

from synth.graders.normal import stem, words
from synth.graders.vocabulary import vocabulary

NAMEABLE: Final = 60
"""Characters of an answer up to which it is a name; of a longer one a part is sought that names it."""
MOST_WORDS: Final = 6
"""Words of one."""

_SENTENCE: Final = re.compile(r"(?<=[.!?…])[\"”')\]]*\s+(?=[^a-z])|\n+")
_INITIAL: Final = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|No|vs))\.$")
_SAYS: Final = re.compile(
    r"\b(?:is|was|are|were|by|in|on|at|to|from|of|as|called|named|be)\b:?\s+", re.IGNORECASE
)
_ASIDE: Final = re.compile(
    r"\s*(?:,? who\b|,? which\b|,? where\b|,? when\b|,? that\b|[;:(—–]| - |, (?!\d)).*$"
)
_CITED: Final = re.compile(r"(?<!\\sqrt)(?:\[\^?\d+\^?\])+")
_STATING: Final = re.compile(r"(?i)\banswer\b|\\boxed")


@dataclass(frozen=True)
class Stated:
    """One answer of a model to a question, however it worded it.

    Attributes:
        name: a short wording of it, part of one of its texts or an option with its letter.
        wordings: every answer as it was extracted.
        texts: every whole reply that gives it.
        chains: what was thought on the way to it: the steps of each reply that has any.
        share: of the samples that answered.
    """

    name: str
    wordings: tuple[str, ...]
    texts: tuple[str, ...]
    chains: tuple[tuple[str, ...], ...]
    share: float


@dataclass(frozen=True)
class Case:
    """A question with the answers that a model gave to it.

    Attributes:
        question: as asked.
        kind: its kind.
        answers: most frequent first.
        shown: the place in `answers` of the one that the row shows.
        confidence: that the row teaches, 0 to 1.
        label: the same as the row states it.
        gold: the accepted answers; no writer reads them.
        right: whether the shown answer is one of them; None where nobody knows.
        above: the share from which an answer has to be named.
    """

    question: str
    kind: str
    answers: tuple[Stated, ...]
    shown: int
    confidence: float
    label: str
    gold: tuple[str, ...] = ()
    right: bool | None = None
    above: float = 0.1

    @property
    def named(self) -> tuple[Stated, ...]:
        """The answers to name: those at or above the share, and the one shown; most frequent first."""
        return tuple(
            answer
            for place, answer in enumerate(self.answers)
            if answer.share >= self.above - 1e-9 or place == self.shown
        )

    @property
    def rest(self) -> float:
        """The share of the answers that need no name."""
        return 1 - sum(answer.share for answer in self.named)


def sentences(text: str) -> list[str]:
    """The sentences or lines of a text, without what an ellipsis shows to be cut off."""
    found: list[str] = []
    joined = False
    for part in _SENTENCE.split(text):
        if joined and found:
            found[-1] += " " + part.strip()
        elif part.strip():
            found.append(part.strip())
        joined = bool(found) and bool(_INITIAL.search(found[-1]))
    return [each for each in found if not each.startswith(("…", "..."))]


def name_of(
    kind: str, question: str, wordings: Sequence[str], choices: Sequence[str] | None = None
) -> str | None:
    """A short wording of an answer, or None where it has none: only then nothing can be said about it.

    That is the option with its letter (the letter alone of a long one), else the most frequent wording that
    is short, else the part of the shortest one that says more than the question.
    """
    if option := in_full(kind, wordings[0], choices):
        return option if len(option) <= NAMEABLE else f"option {option[0]}"
    bare = [_bare(wording) for wording in wordings]
    short = [each for each in bare if each and len(each) <= NAMEABLE and len(each.split()) <= MOST_WORDS]
    if short:
        return min(short, key=lambda each: (-short.count(each), len(each), each))
    if kind == "math":
        return None
    asked = {stem(word) for word in words(question)} | {stem(word) for word in _FILLERS}
    parts = {part for each in bare if (part := _telling_part(asked, each))}
    return min(parts, key=lambda part: (len(part), part), default=None)


def in_full(kind: str, wording: str, choices: Sequence[str] | None) -> str | None:
    """An option with its letter, as a prompt shows it; None for what is no option."""
    options = [choice.strip() for choice in (choices or ())[:26]]
    if kind != "choice" or wording not in options:
        return None
    return f"{ascii_uppercase[options.index(wording)]}. {wording}"


def _bare(wording: str) -> str:
    """A wording without what stands around it: marks of emphasis, citations, its full stop."""
    text = _CITED.sub("", wording).translate(_QUOTES).strip(" \n\t.,;:?!*_")
    return text if len(text) <= NAMEABLE else text.lstrip('" ')


def _telling_part(asked: frozenset[str] | set[str], wording: str) -> str | None:
    """What the first sentence of a long answer says beyond the question."""
    first = next((each for each in sentences(wording) if not NO_STEP.search(each)), "").rstrip(" .,;:")
    for found in reversed(list(_SAYS.finditer(first))):
        after = _ASIDE.sub("", first[found.end() :]).strip(" .,;:")
        if all(stem(word) in asked for word in words(first[: found.start()])) and _tells(after, asked):
            return after if len(after) <= 2 * NAMEABLE else None
    return first if len(first) <= 2 * NAMEABLE and _tells(first, asked) else None


def _tells(text: str, asked: frozenset[str] | set[str]) -> bool:
    """Whether a part of an answer says something of its own, and is whole."""
    whole = text.count('"') % 2 == 0 and all(text.count(a) == text.count(b) for a, b in ("()", "[]"))
    return whole and any(word.isalpha() and stem(word) not in asked for word in words(text))


_QUOTES: Final = str.maketrans({"“": '"', "”": '"'})
_FILLERS: Final = vocabulary(
    "the a an it its he she they this that there is was are were been be has have had in on at of to by for "
    "according wikipedia i believe think answer based as known awarded given held written made built created "
    "directed released published born located called named performed sung recorded played"
)
NO_STEP: Final = re.compile(
    r"(?i)\bAI\b|language model|knowledge cutoff|^\W*$"
    r"|^(?:we refer to|let'?s|sure|hello|this is bing|certainly|i'?m sorry|unfortunately"
    r"|i don'?t|i do not|i couldn'?t|i could not)\b"
)
"""What a reply says about itself: neither an answer nor a step towards one."""


def steps(kind: str, text: str, reasoning: str | None, said: str) -> tuple[str, ...]:
    """What a reply says on its way to its answer, sentence by sentence.

    That is its reasoning, and what stands in the reply before the answer is stated; what comes after is
    talk about the answer and no step towards it.
    """
    before: list[str] = []
    for sentence in sentences(text):
        if NO_STEP.search(sentence):
            continue
        stated = kind != "math" and said != "" and said.casefold() in sentence.casefold()
        if stated or _STATING.search(sentence):
            break
        before.append(sentence)
    else:
        before = before[:-1]  # the last sentence is where an answer stands that is not announced
    thought = [each for each in sentences(reasoning or "") if not NO_STEP.search(each)]
    return (*thought, *before)
