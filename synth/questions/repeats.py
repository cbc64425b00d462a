"""Rows that share an id: the same question again is left out, another question is a mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from synth.questions.values import shown

_TEXT: Final = ("question", "choices", "context")
_SAME: Final = ("answers", "kind", "answerable")


def drop_repeats(frame: pl.DataFrame, place: Callable[[int, int], str]) -> tuple[pl.DataFrame, list[str]]:
    """The frame with one row for each id, and what is wrong with the rows left out.

    Rows with an id of their own must agree in their text to the letter. An id made from the text stands
    for all texts with its normal form, so only the answers can differ.

    Args:
        frame: question rows with `file`, `number` and `named`.
        place: says in words where a row stands, from its file and number.

    Returns:
        The first row of each id, in order, and a sentence for each row that differs from it.
    """
    if not frame["id"].is_duplicated().any():
        return frame, []
    shared = frame.filter(pl.col("id").is_duplicated())
    first = shared.unique("id", keep="first", maintain_order=True)
    pairs = shared.join(first, on="id", suffix="_first", maintain_order="left")
    other_text = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_first")) for name in _TEXT)
    other_answers = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_first")) for name in _SAME)
    differing = pairs.with_columns(
        other_text=pl.col("named") & other_text, other_answers=other_answers
    ).filter(pl.col("other_text") | pl.col("other_answers"))
    mistakes = []
    for row in differing.iter_rows(named=True):
        here, there = place(row["file"], row["number"]), place(row["file_first"], row["number_first"])
        what = "another question" if row["other_text"] else "other answers or another kind"
        which = f"id {row['id']!r}" if row["named"] else f"the question {shown(row['question'])}"
        mistakes.append(f"{here}: {which} is also at {there}, with {what}")
    return frame.unique("id", keep="first", maintain_order=True), mistakes
