"""Short answers: layered rules, from equality down to the share of the gold's words that were said.

Each accepted answer is compared by every rule in turn; the first rule that speaks decides for that
gold, and the gold with the best score decides for the answer. What no rule can settle is undecided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from synth.graders import lexical
from synth.graders.base import TRUNCATED, Item, Verdict
from synth.graders.dates import Date, agree, dates, only_date
from synth.graders.extraction import closed_line, labelled, own_turn
from synth.graders.normal import clip, stem, words
from synth.graders.occurrence import stances
from synth.graders.quantities import Quantity, only_quantity, quantities, same_value
from synth.graders.refusals import is_refusal
from synth.graders.vocabulary import vocabulary

VERSION: Final = "1"

WRONG_BELOW: Final = 0.35
RIGHT_FROM: Final = 0.65
_GLUED_FROM: Final = 8
_CAPITALS: Final = re.compile(r"\b[A-Z]{2,5}\b")
_PERSON: Final = vocabulary("who whose whom actor actress singer author")


class Asked(NamedTuple):
    """The question, read once."""

    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]


class Gold(NamedTuple):
    """One accepted answer, read once."""

    words: list[str]
    stems: list[str]
    weights: tuple[float, ...]
    joined: str
    squashed: str
    initials: str
    date: Date | None
    quantity: Quantity | None
    echoed: bool


class Reply(NamedTuple):
    """What was answered, read once."""

    words: list[str]
    stems: frozenset[str]
    joined: str
    capitals: frozenset[str]


def grade(items: Sequence[Item]) -> list[Verdict]:
    """One verdict for each item, in order."""
    return [_verdict(item) for item in items]


def _verdict(item: Item) -> Verdict:
    text = own_turn(clip(item.text)).strip()
    label = labelled(text)
    stated = label.answer if label else text
    if not item.complete:
        closed = label.answer if label and label.closed else closed_line(text)
        if closed is None:
            return TRUNCATED
        stated = closed
    said = words(stated)
    if not said:
        return Verdict("unparsed", None, None, "empty")
    golds = _golds(item.question, item.answers)
    if any(said == gold.words for gold in golds):
        return Verdict("correct", stated, 1.0, "equal")
    if is_refusal(stated):
        return Verdict("refused", stated, 0.0, "refusal")
    if not golds:
        return Verdict("undecided", stated, None, "no_gold")
    reply = Reply(
        said,
        frozenset(map(stem, said)),
        f" {' '.join(said)} ",
        frozenset(_CAPITALS.findall(stated.replace(".", ""))),
    )
    asked = _asked(item.question)
    score, reason = max(_compare(gold, reply, asked) for gold in golds)
    if score >= RIGHT_FROM and _finer_date_differs(golds, said):
        score, reason = 0.5, "finer_date"
    if score >= RIGHT_FROM:
        return Verdict("correct", stated, score, reason)
    return Verdict("wrong" if score < WRONG_BELOW else "undecided", stated, score, reason)


def _compare(gold: Gold, reply: Reply, asked: Asked) -> tuple[float, str]:
    if gold.joined in reply.joined:
        found = stances(gold.words, reply.words, asked.pairs, gold.echoed)
        if "affirmed" in found:
            length = len(reply.words)
            return 0.99 if length <= 8 else 0.97 if length <= 40 else 0.93, "contained"
        if "hedged" in found:
            return 0.6, "hedged"
        return (0.05, "denied") if "denied" in found else (0.4, "echo")
    if gold.date:
        return _compare_dates(gold.date, reply)
    if gold.quantity:
        return _compare_quantities(gold.quantity, reply)
    if len(gold.squashed) >= _GLUED_FROM and gold.squashed in reply.joined.replace(" ", ""):
        return 0.9, "contained"
    if gold.initials and f" {gold.initials} " in reply.joined and gold.initials.upper() in reply.capitals:
        return 0.8, "initials"
    share = lexical.share(gold.stems, gold.weights, reply.stems)
    return _SCORES[round(10 * share)], "words"


_SCORES: Final = (0.12, 0.25, 0.45, 0.55, 0.7, 0.75, 0.76, 0.85, 0.85, 0.9, 0.95)


def _compare_dates(gold: Date, reply: Reply) -> tuple[float, str]:
    said = [date for date, _, _ in dates(reply.words)]
    agreeing = [date for date in said if agree(gold, date)]
    if not agreeing:
        if any(len(word) in (5, 6) and word[:4] == str(gold.year) for word in reply.words):
            return 0.8, "footnoted_date"
        return (0.08, "date") if said else (0.2, "no_date")
    most = max(_shared_parts(gold, date) for date in agreeing)
    if most == gold.parts:
        return 0.95, "date"
    return 0.6, "partial_date"


def _shared_parts(left: Date, right: Date) -> int:
    """How many of year, month and day both dates know."""
    return sum(one is not None and other is not None for one, other in zip(left, right, strict=True))


def _finer_date_differs(golds: Sequence[Gold], said: list[str]) -> bool:
    """Whether the reply's date agrees with a gold that is a year, but not with a gold that says the month."""
    finer = [gold.date for gold in golds if gold.date and gold.date.month]
    if not finer or not any(gold.date and not gold.date.month for gold in golds):
        return False
    dated = [date for date, _, _ in dates(said) if date.month]
    return len(dated) == 1 and not any(agree(date, dated[0]) for date in finer)


def _compare_quantities(gold: Quantity, reply: Reply) -> tuple[float, str]:
    said = quantities(reply.words)
    if any(same_value(gold, quantity) for quantity in said):
        return 0.9, "number"
    return (0.1, "number") if said else (0.15, "no_number")


@lru_cache(maxsize=4096)
def _asked(question: str) -> Asked:
    said = words(clip(question))
    return Asked(frozenset(map(stem, said)), frozenset(pairwise(said)))


@lru_cache(maxsize=4096)
def _golds(question: str, answers: tuple[str, ...]) -> tuple[Gold, ...]:
    asked = f" {' '.join(words(clip(question)))} "
    stems_asked = _asked(question).stems
    person = not _PERSON.isdisjoint(words(clip(question)))
    golds = []
    for answer in answers:
        said = words(clip(answer))
        if not said:
            continue
        stems = [stem(word) for word in said]
        joined = f" {' '.join(said)} "
        initials = "".join(word[0] for word in said if word not in lexical.COMMON)
        golds.append(
            Gold(
                said,
                stems,
                lexical.weights(
                    said, stems, stems_asked, name=person and "," not in answer and answer.istitle()
                ),
                joined,
                "".join(said),
                initials if 2 <= len(initials) <= 5 and initials.isalpha() else "",
                only_date(said),
                only_quantity(said),
                joined in asked,
            )
        )
    return tuple(golds)
