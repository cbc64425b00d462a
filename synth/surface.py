"""What a reply looks like, whatever it says: its length, its marks of format and its first word."""

from __future__ import annotations

from typing import Final

import polars as pl

MARKS: Final[dict[str, str]] = {
    "several lines": r"\n",
    "a digit": r"\d",
    "a list": r"(?m)^\s*(?:[-*•]|\d+[.)])\s",
    "emphasis": r"\*\*|__|`|(?m:^#)",
    "a formula": r"[\\$=]",
    "a capital first": r"^\P{L}*\p{Lu}",
    "a closing mark": r"[.!?…。！？]\W*$",
    "an announced answer": r"(?i)\banswer(?:\s+is\b|\s*:)|boxed",
}
"""Marks of format: a name and the pattern that finds it."""


def length(text: pl.Expr) -> pl.Expr:
    """The natural logarithm of the number of characters, plus one."""
    return (text.str.len_chars().cast(pl.Float64()) + 1).log()


def has(text: pl.Expr, mark: str) -> pl.Expr:
    """Whether a text has a mark of format."""
    return text.str.contains(MARKS[mark])


def first_word(text: pl.Expr) -> pl.Expr:
    """The first word or sign, in lower case."""
    return text.str.to_lowercase().str.extract(r"(\w+|[^\w\s])").fill_null("")


def distance(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """How unlike two texts look: the gap of their `length`, and 1 for each mark that only one of them has."""
    marks = pl.sum_horizontal((has(one, mark) != has(other, mark)).cast(pl.Float64()) for mark in MARKS)
    return ((length(one) - length(other)).abs() + marks).round(9)
