"""Sums in columns, from the right: `5 + 8 + 1 = 14`, the digit written and the one carried; last the answer.

Here every step can be worked out again, so what a slip leads to is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_COLUMN: Final = re.compile(r"(\d) \+ (\d)( \+ 1)? = (\d{1,2})(\n?)")
_ANSWER: Final = re.compile(r"(Answer: )(\d+)(\s*)")

State = tuple[object, ...]


class Column(NamedTuple):
    """One line of a sum.

    Attributes:
        x: a digit.
        y: the one below it.
        plus: " + 1" for what is carried, or "".
        result: as written.
        end: the line's.
    """

    x: str
    y: str
    plus: str
    result: str
    end: str


def states(steps: Sequence[str]) -> list[State | None] | None:
    """After each step what has been written and what is carried; None for a step that is false.

    Returns:
        None where the solution is no sum in columns.
    """
    if not _is_sum(steps):
        return None
    found: list[State | None] = []
    digits, carry = "", 0
    for step in steps[:-1]:
        column = _read(step)
        true = column is not None and _adds_up(column) and bool(column.plus) == bool(carry)
        digits, carry = f"{int(_result(step)) % 10}{digits}", int(_result(step)) // 10
        found.append(("columns", digits, carry) if true else None)
    answer = _answer(steps[-1])
    found.append(("columns", answer) if answer == int(f"{carry}{digits}") else None)
    return found


def edits(steps: Sequence[str], at: int, others: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Ways to get one column wrong: the kind of error, and the steps with it and all that follows from it.

    Args:
        steps: of a sum without a false step.
        at: the step to get wrong.
        others: numbers of the question.
    """
    known = states(steps)
    column = _read(steps[at])
    if known is None or None in known or column is None:
        return
    x, y, plus, _, end = column
    for value in range(20):
        yield "value", _gone_on(steps, at, f"{x} + {y}{plus} = {value}{end}")
    for digit in sorted(set("".join(others))):
        yield "substitution", _gone_on(steps, at, _line(digit, y, plus, end))
        yield "substitution", _gone_on(steps, at, _line(x, digit, plus, end))
    if int(x) >= int(y):
        less = int(x) - int(y) + bool(plus)
        yield "operator", _gone_on(steps, at, f"{x} - {y}{plus} = {less}{end}")
    if plus:
        yield "deletion", _gone_on(steps, at, _line(x, y, "", end))


def _is_sum(steps: Sequence[str]) -> bool:
    return len(steps) > 1 and _answer(steps[-1]) is not None and all(_read(step) for step in steps[:-1])


def _gone_on(steps: Sequence[str], at: int, edited: str) -> list[str]:
    """The steps with the edited one, and those after it added up again with what it carries."""
    whole = [*steps[:at], edited]
    for step in steps[at + 1 : -1]:
        if column := _read(step):
            plus = " + 1" if int(_result(whole[-1])) > 9 else ""
            whole.append(_line(column.x, column.y, plus, column.end))
    columns = [int(_result(step)) for step in whole]
    answer = f"{columns[-1] // 10}" + "".join(str(column % 10) for column in reversed(columns))
    return [*whole, _ANSWER.sub(rf"\g<1>{int(answer)}\g<3>", steps[-1])]


def _line(x: str, y: str, plus: str, end: str) -> str:
    return f"{x} + {y}{plus} = {int(x) + int(y) + bool(plus)}{end}"


def _read(step: str) -> Column | None:
    match = _COLUMN.fullmatch(step)
    return Column(match[1], match[2], match[3] or "", match[4], match[5]) if match else None


def _result(step: str) -> str:
    return step.rpartition("=")[2].strip()


def _adds_up(column: Column) -> bool:
    return int(column.x) + int(column.y) + bool(column.plus) == int(column.result)


def _answer(step: str) -> int | None:
    match = _ANSWER.fullmatch(step)
    return int(match[2]) if match else None
