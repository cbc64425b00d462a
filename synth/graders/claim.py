"""Claims: which label the reply gives. Labels contain one another ("supported", "not_supported")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from synth.graders.base import TRUNCATED, Item, Verdict
from synth.graders.extraction import explicit, own_turn
from synth.graders.normal import clip, words
from synth.graders.refusals import is_refusal

VERSION: Final = "1"

SPELLINGS: Final[dict[str, str]] = {
    "supported": (
        "supported, supports, support, true, entailment, entailed, entails, correct, yes, verified, "
        "not refuted"
    ),
    "refuted": (
        "refuted, refutes, refute, false, contradiction, contradicted, contradicts, incorrect, no, wrong, "
        "not supported, unsupported, not true, disproved"
    ),
    "not enough information": (
        "not enough information, not enough info, not enough evidence, nei, unknown, unverifiable, neutral, "
        "insufficient information, insufficient evidence, cannot be determined, can not be determined, "
        "cannot be verified, not verifiable, undetermined, inconclusive, unclear, uncertain, neither, "
        "lack of information"
    ),
}
"""The three standard labels and how they are spelled; FEVER's and natural-language inference's among them."""

_CLASS: Final = {
    spelling: label for label, spellings in SPELLINGS.items() for spelling in spellings.split(", ")
}
_WORD: Final = re.compile(r"[^\W_]+")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")


class Labels(NamedTuple):
    """The labels to tell apart: each spelling's words, longest first, and the label it means."""

    spellings: tuple[tuple[tuple[str, ...], str], ...]


def grade(items: Sequence[Item]) -> list[Verdict]:
    """One verdict for each item, in order."""
    return [_verdict(item) for item in items]


def _verdict(item: Item) -> Verdict:
    text = own_turn(clip(item.text)).strip()
    if not text:
        return Verdict("unparsed", None, None, "empty")
    labels = _labels(item.choices)
    found, reason, closed = label(text, labels)
    if not item.complete and not closed:
        return TRUNCATED
    if not found:
        if is_refusal(text):
            return Verdict("refused", text, 0.0, "refusal")
        return Verdict("unparsed", None, None, "no_label")
    if len(found) > 1:
        return Verdict("undecided", ", ".join(sorted(found)), 1 / len(found), "several")
    (said,) = found
    golds = {gold for answer in item.answers for gold in _found(words(answer), labels)}
    if not golds:
        return Verdict("undecided", said, None, "no_gold")
    right = said in golds
    return Verdict("correct" if right else "wrong", said, 0.98 if right else 0.02, reason)


def is_label(text: str, choices: tuple[str, ...] | None) -> bool:
    """Whether a gold answer names one of a claim's labels, its own or a standard one."""
    said = tuple(words(text))
    return any(spelling == said for spelling, _ in _labels(choices).spellings)


def label(text: str, labels: Labels) -> tuple[set[str], str, bool]:
    """The labels that a reply gives, the rule that found them, and whether it was closed before a cut."""
    if stated := explicit(text):
        found = _found(words(stated.answer), labels)
        if len(found) == 1:
            return found, "stated", stated.closed
    said = words(text)
    if opening := _at(said, 0, labels):
        return {opening[0]}, "leading", len(_WORD.findall(text)) > opening[1]
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    for part in (sentences[0], sentences[-1], text):
        found = _found(words(part), labels)
        if len(found) == 1:
            return found, "mentioned", False
    return _found(said, labels), "mentioned", False


def _found(said: Sequence[str], labels: Labels) -> set[str]:
    """Every label among the words; at each place the longest spelling counts, so none is found in another."""
    found = set()
    position = 0
    while position < len(said):
        here = _at(said, position, labels)
        if here:
            found.add(here[0])
        position += here[1] if here else 1
    return found


def _at(said: Sequence[str], position: int, labels: Labels) -> tuple[str, int] | None:
    for spelling, meaning in labels.spellings:
        if tuple(said[position : position + len(spelling)]) == spelling:
            return meaning, len(spelling)
    return None


@lru_cache(maxsize=1024)
def _labels(choices: tuple[str, ...] | None) -> Labels:
    """The spellings of a claim's labels: its own, and the standard ones where they fit just one of them."""
    spellings: dict[tuple[str, ...], str] = {}
    if not choices:
        spellings = {tuple(words(spelling)): label for spelling, label in _CLASS.items()}
    else:
        own = {tuple(words(choice)): choice for choice in choices}
        classes = [_CLASS.get(" ".join(form)) for form in own]
        for form, choice in own.items():
            standard = _CLASS.get(" ".join(form))
            if standard and classes.count(standard) == 1:
                spellings.update(
                    {tuple(words(spelling)): choice for spelling in SPELLINGS[standard].split(", ")}
                )
        spellings.update(own)
    return Labels(tuple(sorted(spellings.items(), key=lambda pair: -len(pair[0]))))
