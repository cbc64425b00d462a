r"""Conditions on one variable as the intervals they describe: `1<x\le2` is `(1,2]`."""

from __future__ import annotations

import re
from typing import Final

_SIGN: Final = r"(<=|>=|<|>|\\leq?(?![a-z])|\\geq?(?![a-z])|\\lt(?![a-z])|\\gt(?![a-z]))"
_SIDE: Final = r"((?:(?!\\[lg](?:e|eq|t)(?![a-z]))[^<>=,;|]){1,80}?)"
_BETWEEN: Final = re.compile(rf"\s*{_SIDE}\s*{_SIGN}\s*([A-Za-z])\s*{_SIGN}\s*{_SIDE}\s*")
_VARIABLE_FIRST: Final = re.compile(rf"\s*([A-Za-z])\s*{_SIGN}\s*{_SIDE}\s*")
_VARIABLE_LAST: Final = re.compile(rf"\s*{_SIDE}\s*{_SIGN}\s*([A-Za-z])\s*")
_OR: Final = re.compile(r"\s*(?:,?\s*\bor\b|\\lor\b|\\vee\b)\s*")
_RELATION: Final = re.compile(_SIGN)


def is_condition(form: str) -> bool:
    """Whether a form compares something ("x>3")."""
    return _RELATION.search(form) is not None


def as_intervals(form: str) -> str:
    """The intervals of a condition; the form itself where it is no condition on one variable."""
    parts = [_interval(part) for part in _OR.split(form)]
    if any(part is None for part in parts):
        return form
    return r"\cup".join(part for part in parts if part)


def _interval(part: str) -> str | None:
    if match := _BETWEEN.fullmatch(part):
        low, first, _, second, high = match.groups()
        if _up(first) and _up(second):
            return f"{_open('(', '[', first)}{low},{high}{_open(')', ']', second)}"
        if not _up(first) and not _up(second):
            return f"{_open('(', '[', second)}{high},{low}{_open(')', ']', first)}"
        return None
    if match := _VARIABLE_FIRST.fullmatch(part):
        _, sign, bound = match.groups()
    elif match := _VARIABLE_LAST.fullmatch(part):
        bound, sign, _ = match.groups()
        return _half_line(bound, _open(")", "]", sign), not _up(sign))
    else:
        return None
    return _half_line(bound, _open(")", "]", sign), _up(sign))


def _half_line(bound: str, end: str, below: bool) -> str:
    if below:
        return rf"(-\infty,{bound}{end}"
    return rf"{'(' if end == ')' else '['}{bound},\infty)"


def _up(sign: str) -> bool:
    """Whether the sign says that the left side is the smaller one."""
    return sign[0] == "<" or sign.startswith("\\l")


def _open(without: str, including: str, sign: str) -> str:
    return including if "=" in sign or sign[-1] in "eq" else without
