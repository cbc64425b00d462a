"""What a solution has worked out after each step, where steps can be executed: sums, equations, simple code.

Two solutions in one state will go on to one answer, whatever their wording. As in Ni et al., names are
dropped: the state of code is the sorted values of its variables, so two states may be equal by chance.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from synth.steps import columns
from synth.steps.equations import equations, value_of

State = tuple[object, ...]

_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w* = [\w .+*/()%-]+")
_SAYS_NOTHING: Final = re.compile(r"$|#|def |return |print|```|import |\"\"\"|'''")
_LARGEST: Final = 10**18
"""Values beyond this are not computed with: a power of powers would never end."""
_OPERATORS: Final[Mapping[type[ast.AST], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: lambda one, other: Fraction(one // other),
    ast.Mod: operator.mod,
}


def states(steps: Sequence[str]) -> list[State | None]:
    """The state after each step; None where it cannot be executed, or is false.

    A step that computes nothing leaves the state as it was: before the first that does, it has no values.
    """
    found = columns.states(steps)
    if found is not None:
        return found
    text = "".join(steps)
    return _of_code(steps) if "```py" in text or "def " in text else _of_equations(steps)


def furthest(steps: Sequence[str], known: set[State]) -> int:
    """How many steps of a solution stand before the first one whose state is not known.

    Args:
        steps: of the solution.
        known: the states that right solutions come through.
    """
    reached = 0
    for count, state in enumerate(states(steps), 1):
        has_values = state is not None and len(state) > 1
        if has_values and state in known:
            reached = count
        elif has_values or state is None:
            break
    return reached


def _of_equations(steps: Sequence[str]) -> list[State | None]:
    """The values of all equations so far; None from a step on whose equations cannot all be worked out."""
    values: list[Fraction] = []
    found: list[State | None] = []
    lost = False
    for step in steps:
        read = equations(step)
        lost |= step.count("=") != sum(step[e.start : e.end].count("=") for e in read)
        values += [value_of(equation.result) for equation in read]
        found.append(None if lost else ("equations", *sorted(values)))
    return found


def _of_code(steps: Sequence[str]) -> list[State | None]:
    """The values of the variables after each line of code; None from the first on that is no assignment."""
    variables: dict[str, Fraction] = {}
    found: list[State | None] = []
    ended = False
    for step in steps:
        for line in step.splitlines():
            ended |= not _ran(line.strip(), variables)
        found.append(None if ended else ("code", *sorted(variables.values())))
    return found


def _ran(line: str, variables: dict[str, Fraction]) -> bool:
    """Whether a line is an assignment that could be worked out, or nothing that computes."""
    if not _ASSIGNMENT.fullmatch(line):
        return bool(_SAYS_NOTHING.match(line))
    name, _, expression = line.partition(" = ")
    try:
        variables[name] = _value(ast.parse(expression, mode="eval").body, variables)
    except (SyntaxError, ValueError, KeyError, ZeroDivisionError, RecursionError, MemoryError):
        return False
    return True


def _value(node: ast.AST, variables: Mapping[str, Fraction]) -> Fraction:
    """The value of an expression of numbers, names and the four operations; nothing is ever called.

    Raises:
        ValueError: it holds anything else.
        KeyError: a name has no value.
    """
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Fraction(str(node.value))
    if isinstance(node, ast.Name):
        return variables[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, variables)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        value = _OPERATORS[type(node.op)](_value(node.left, variables), _value(node.right, variables))
        if abs(value) < _LARGEST:
            return value
    raise ValueError(f"not worked out: {type(node).__name__}")
