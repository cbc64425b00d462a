"""Slips in worked solutions in prose, with all that follows from them.

A result that is wrong is wrong wherever it is used again: in later equations, which are worked out anew, and
where it is only mentioned. Where it cannot be told which number is meant, there is no slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from synth.steps.equations import Equation, equations, like, numbers, value_of
from synth.steps.tokens import NOTE

_CONSTANTS: Final = frozenset(map(Fraction, (7, 12, 24, 30, 52, 60, 100, 365, 1000)))
"""Inches of a foot, hours of a day, …: in later steps these may be meant."""
_SIGNS: Final = {
    "+": "-*",
    "-": "+",
    "*": "+",
    "/": "*",
    "×": "+",
    r"\times": "+",
    "x": "+",
    "−": "+",
    "÷": "×",
}


def edits(steps: Sequence[str], at: int, others: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Ways to get one step wrong: the kind of error, and the steps with it and all that follows from it.

    Args:
        steps: of a solution.
        at: the step to get wrong.
        others: numbers of the question, which another may be mistaken for.
    """
    before, step = "".join(steps[:at]), steps[at]
    given = {value_of(number) for number in others}
    for equation in equations(step):
        read = NOTE.sub("", before + step[: equation.result_start])
        known = {value_of(number[0]) for number in numbers(read)} | given
        result = value_of(equation.result)
        if result in known or result in _CONSTANTS:
            continue  # later on nobody could tell which of the two is meant
        for kind, texts, value in _slips(equation, [*others, *(n[0] for n in numbers(before))]):
            if value == result or not (kind == "swap" or _is_near(value, result)):
                continue
            slip = equation.written(step, texts, value)
            tail = [step[equation.end :], *steps[at + 1 :]]
            followed = _followed(tail, {result: value}, set(known)) if slip else None
            if slip and followed:
                yield kind, [*steps[:at], step[: equation.start] + slip + followed[0], *followed[1:]]


def _slips(equation: Equation, others: Sequence[str]) -> Iterator[tuple[str, list[str], Fraction]]:
    """Kinds of error, the left side with it, and what that comes to."""
    texts = [piece.text for piece in equation.pieces]
    for value in _misreckoned(value_of(equation.result)):
        yield "value", texts, value
    changed: list[tuple[str, list[str]]] = []
    places = equation.numbers
    for place in places:
        for other in dict.fromkeys(others):
            if value_of(other) not in (value_of(texts[place]), 0):
                changed.append(("substitution", _with(texts, {place: other})))
    if len(places) == 2:
        one, two = places
        changed.append(("swap", _with(texts, {one: texts[two], two: texts[one]})))
    for place, text in enumerate(texts):
        for other in _SIGNS.get(text, ""):
            changed.append(("operator", _with(texts, {place: other})))
    if len(places) > 2 and "(" not in texts:
        for place in places[1:]:
            if equation.pieces[place].kind == "number":  # a percent sign would stay behind
                changed.append(("deletion", _with(texts, {place - 1: "", place: ""})))
    for kind, left in changed:
        worth = equation.value(left)
        if worth is not None:
            yield kind, left, worth


def _is_near(value: Fraction, result: Fraction) -> bool:
    """Whether a wrong result is no absurd one: a subtle error is asked for."""
    return value > 0 and result / 10 < value < result * 10


def _misreckoned(value: Fraction) -> list[Fraction]:
    """Results that somebody who reckons badly may come to: one off, ten off, two digits exchanged."""
    if value.denominator != 1:
        return [value + 1, value + Fraction(1, 10)]
    digits = str(abs(int(value)))
    turned = [
        int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])
        for place in range(len(digits) - 1)
        if digits[place + 1] != "0" or place
    ]
    far = [value - 10, value + 10] if value > 20 else []
    return [value - 1, value + 1, *far, *map(Fraction, turned)]


def _with(texts: Sequence[str], other: dict[int, str]) -> list[str]:
    return [other.get(place, text) for place, text in enumerate(texts)]


def _followed(tail: Sequence[str], wrong: dict[Fraction, Fraction], known: set[Fraction]) -> list[str] | None:
    """The rest of a solution with wrong values in it; None where it cannot be worked out."""
    rest = []
    for step in tail:
        followed = _step(step, wrong, known)
        if followed is None:
            return None
        rest.append(followed)
    return rest


def _step(step: str, wrong: dict[Fraction, Fraction], known: set[Fraction]) -> str | None:
    """A step with the wrong values, which those that follow from them join; None where it stays unclear."""
    parts: list[str] = []
    place, unread = 0, False
    for equation in equations(step):
        between = step[place : equation.start]
        followed = _equation(step, equation, wrong, known)
        said = _mentioned(between, wrong) if followed else None
        if followed is None or said is None:
            return None
        unread |= said != between and "=" in between
        parts += [said, followed]
        place = equation.end
    rest = _mentioned(step[place:], wrong)
    if rest is None or unread or (rest != step[place:] and "=" in rest):
        return None
    return "".join([*parts, rest])


def _equation(
    step: str, equation: Equation, wrong: dict[Fraction, Fraction], known: set[Fraction]
) -> str | None:
    """An equation with the wrong values in it, worked out; None where it then has no value to write."""
    result = value_of(equation.result)
    texts: list[str] = []
    for place, piece in enumerate(equation.pieces):
        said = _replaced(piece.text, wrong) if place in equation.numbers else piece.text
        if said is None:
            return None
        texts.append(said)
    if texts == [piece.text for piece in equation.pieces]:
        known.add(result)
        return None if result in wrong else step[equation.start : equation.end]  # the same from elsewhere
    value = equation.value(texts)
    if value is None or value < 0 or (value != result and result in known):
        return None
    if wrong.get(result, value) != value:
        return None  # two of one value went wrong in two ways
    if value != result:
        wrong[result] = value
    return equation.written(step, texts, value)


def _mentioned(text: str, wrong: dict[Fraction, Fraction]) -> str | None:
    """A text without equations, with the wrong values in it."""
    parts, place = [], 0
    for number in numbers(text):
        said = _replaced(number[0], wrong)
        if said is None:
            return None
        parts += [text[place : number.start()], said]
        place = number.end()
    return "".join([*parts, text[place:]])


def _replaced(number: str, wrong: dict[Fraction, Fraction]) -> str | None:
    value = wrong.get(value_of(number))
    return number if value is None else like(value, number)
