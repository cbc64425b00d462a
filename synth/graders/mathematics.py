"""Mathematical answers: normal form, exact value, then computer algebra in processes that can be killed.

The final answer is what the solution states as such (boxed, ####, JSON, "Answer:", "the answer is"). A
short reply is its own answer. A longer one that states none is judged only by a closing sentence that
concludes with one number; the last number of anything else is a guess, and a guess stays undecided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Final

from synth.graders.base import TRUNCATED, Item, Verdict
from synth.graders.expressions import LONGEST, Expression, expression, wordy
from synth.graders.extraction import Found, boxed, explicit, last_match, own_turn
from synth.graders.normal import clip, words
from synth.graders.refusals import is_refusal
from synth.graders.workers import shared

VERSION: Final = "1"

_SURE_DIGITS: Final = 6
_SOME_DIGITS: Final = 3

_CONCLUDES: Final = re.compile(
    r"\b(?:so|therefore|thus|hence|in total|altogether|in all|finally|total of|conclu\w+)\b|[∴⇒]|"
    r"\\(?:therefore|implies|Rightarrow)",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(?<![\w.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+)?(?![\w/]|\.\d)%?")
_FORMULA: Final = re.compile(r"\$([^$]{1,400})\$|\\\((.{1,400}?)\\\)|\\\[(.{1,400}?)\\\]", re.DOTALL)
_EQUALS: Final = re.compile(r"=\s*(?P<value>[$€£]?-?[\d.,/]*\d%?)(?:\s+[A-Za-z]+){0,4}[\s.\"'`})]*$")
_PROSE_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_ODD_BASE: Final = re.compile(r"\d_\{?[A-Za-z]")
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+|\n+")


def grade(items: Sequence[Item]) -> list[Verdict]:
    """One verdict for each item, in order; what needs computer algebra is settled together at the end."""
    verdicts: list[Verdict] = []
    waiting: list[tuple[int, list[tuple[str, str]]]] = []
    for item in items:
        found = _found(item)
        verdict, pairs = (found, []) if isinstance(found, Verdict) else _compare(found, item.answers)
        if pairs:
            waiting.append((len(verdicts), pairs))
        verdicts.append(verdict)
    distinct = list(dict.fromkeys(pair for _, pairs in waiting for pair in pairs))
    votes = dict(zip(distinct, shared().equal(distinct), strict=True))
    for place, pairs in waiting:
        verdicts[place] = _counted([votes[pair] for pair in pairs], verdicts[place])
    return verdicts


def _found(item: Item) -> Found | Verdict:
    """The answer that the reply states, or the verdict on a reply that states none."""
    text = own_turn(clip(item.text)).strip()
    if not text:
        return Verdict("unparsed", None, None, "empty")
    found = explicit(text)
    if found and (item.complete or found.closed):
        return found._replace(answer=_formula(found.answer))
    if not item.complete:
        return TRUNCATED
    if is_refusal(text):
        return Verdict("refused", text, 0.0, "refusal")
    if len(text) <= 80 and "\n" not in text and not _prose(text):
        equation = _EQUALS.search(text)
        return Found(equation["value"] if equation else _formula(text), "whole", True)
    return _conclusion(text)


def _prose(text: str) -> bool:
    """Whether a short text is a sentence about the answer rather than the answer."""
    return len(_PROSE_WORD.findall(text)) > 5 and not _FORMULA.fullmatch(text)


def _conclusion(text: str) -> Found | Verdict:
    """What the last sentence concludes with; else the last number, which is no more than a guess."""
    sentence = next((part for part in reversed(_SENTENCES.split(text)) if re.search(r"\w", part)), "")
    formulas = [_content(match) for match in _FORMULA.finditer(sentence)]
    numbers = [match.group() for match in _NUMBER.finditer(sentence)]
    if not formulas and (equation := _EQUALS.search(sentence)):
        return Found(equation["value"], "conclusion", True)
    if concludes := last_match(_CONCLUDES, sentence):
        if len(formulas) == 1:
            return Found(_right_side(formulas[0]), "conclusion", True)
        concluded = _NUMBER.findall(sentence[concludes.end() :])
        if len(concluded) == 1 and not formulas:
            return Found(concluded[0], "conclusion", True)
    last = (formulas or numbers or [match.group() for match in _NUMBER.finditer(text[-400:])])[-1:]
    return (
        Found(_right_side(last[0]), "guess", True) if last else Verdict("unparsed", None, None, "no_answer")
    )


def _formula(answer: str) -> str:
    """The formula where the answer is one in a few words ("$x = 5$ metres"); otherwise all of it."""
    if box := boxed(answer):
        return box.answer
    formulas = list(_FORMULA.finditer(answer))
    if len(formulas) == 1:
        return _content(formulas[0])
    return answer


def _content(formula: re.Match[str]) -> str:
    return formula[1] or formula[2] or formula[3]


def _only_number(answer: str) -> str | None:
    """The one number of an answer in words ("Sally has 9 books."); None where there is none such."""
    if (said := words(answer[:200])) and len(said) == 1 and said[0][0].isdigit():
        return said[0]
    numbers = _NUMBER.findall(answer)
    return (
        numbers[0]
        if len(numbers) == 1 and len(_PROSE_WORD.findall(answer)) >= 2 and "\\" not in answer
        else None
    )


def _right_side(formula: str) -> str:
    return formula.rsplit("=", 1)[-1].strip()


def _compare(found: Found, answers: Sequence[str]) -> tuple[Verdict, list[tuple[str, str]]]:
    """The verdict so far, and the pairs that computer algebra must settle."""
    if not answers:
        return Verdict("undecided", found.answer, None, "no_gold"), []
    said = expression(found.answer)
    number = _only_number(found.answer) if said.value is None else None
    guess = found.how == "guess"
    best = (-1.0, "")
    pairs = []
    for answer in answers:
        gold = _gold(answer)
        score, reason = _score(gold, expression(number) if number and gold.value is not None else said)
        if score is None:
            pairs.append((gold.form, said.form))
        elif score > best[0]:
            best = score, reason
    score, reason = best
    if guess:
        return Verdict("undecided", found.answer, {1.0: 0.7}.get(score, 0.2), "guess"), []
    if score == 1.0:
        return Verdict("correct", found.answer, score, reason), []
    if 0.3 < score < 0.7:
        return Verdict("undecided", found.answer, score, reason), []
    return Verdict("wrong", found.answer, max(score, 0.0), reason or "different"), pairs


def _score(gold: Expression, said: Expression) -> tuple[float | None, str]:
    """How sure it is that both are the same, and the rule; None where only computer algebra can say."""
    if gold.value is not None and said.value is not None:
        return _score_numbers(gold, said)
    if gold.form == said.form:
        return (1.0, "form") if gold.form else (0.0, "empty")
    if wordy(gold.form):
        left, right = words(gold.form), words(said.form)
        return (1.0, "text") if left == right and left else (0.02, "text")
    if not said.form:
        return 0.0, "empty"
    if _ODD_BASE.search(said.form) and not _ODD_BASE.search(gold.form):
        return 0.4, "base"
    if max(len(gold.form), len(said.form)) > LONGEST:
        return 0.2, "too_long"
    return None, "algebra"


def _score_numbers(gold: Expression, said: Expression) -> tuple[float, str]:
    assert gold.value is not None
    assert said.value is not None
    left = {gold.value, gold.value / 100} if gold.percent and not said.percent else {gold.value}
    right = {said.value, said.value / 100} if said.percent and not gold.percent else {said.value}
    if left & right:
        if gold.unit and said.unit and words(gold.unit)[:1] != words(said.unit)[:1]:
            return 0.5, "unit"
        return 1.0, "number"
    for one in left:
        for other in right:
            digits = _rounding(one, gold.digits, other, said.digits)
            if digits >= _SURE_DIGITS:
                return 1.0, "rounded"
            if digits >= _SOME_DIGITS:
                return 0.5, "rounded"
    return 0.01, "number"


def _rounding(gold: Fraction, gold_digits: int | None, said: Fraction, said_digits: int | None) -> int:
    """The significant digits to which one decimal is the other number rounded; 0 where neither is."""
    if said_digits and _rounded(gold, said_digits, said):
        return said_digits
    # A gold that is itself a rounding cannot ask for more digits than it has.
    return (
        _SURE_DIGITS
        if gold_digits and gold_digits >= _SOME_DIGITS and _rounded(said, gold_digits, gold)
        else 0
    )


def _rounded(value: Fraction, digits: int, to: Fraction) -> bool:
    """Whether the value, rounded either way at a half, is the other number."""
    if not value or abs(value - to) > abs(value) / 10:
        return False
    with localcontext() as context:
        context.prec = digits + 20
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        step = Decimal(1).scaleb(exact.adjusted() - digits + 1)
        return any(
            Fraction(exact.quantize(step, rounding)) == to for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)
        )


def _counted(votes: Sequence[bool | None], verdict: Verdict) -> Verdict:
    """The verdict after computer algebra has spoken on the pairs left open."""
    if True in votes:
        return verdict._replace(outcome="correct", score=0.98, reason="algebra")
    if None in votes:
        return verdict._replace(outcome="undecided", score=0.1, reason="unread")
    return verdict._replace(outcome="wrong", score=0.02, reason="algebra")


@lru_cache(maxsize=8192)
def _gold(answer: str) -> Expression:
    box = boxed(answer)
    return expression(box.answer if box else answer)
