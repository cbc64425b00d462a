"""Does the share of right answers tell what the model will answer next? Measured with other answers' share.

Each answer is compared with the share among the *other* answers to its question, so none vouches for itself.
Where a stop rule decided how many answers there are, the count depends on the answers. So only as many of a
question's first answers are taken as every question has: these were drawn whatever they said.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from synth.exporting.shares import DIGITS, clustered_share

BINS: Final = 11
"""Bins of the share of right answers, centred on 0, 0.1, … 1."""


def first_answers(questions: pl.DataFrame, failed: pl.Series) -> int | None:
    """How many answers every question has, if it has any; None where none has.

    Args:
        questions: with `id` and `n`.
        failed: ids of questions with failed calls, which have fewer for no fault of the rule.
    """
    whole = questions.filter((pl.col("n") > 0) & ~pl.col("id").is_in(failed.implode()))
    return None if whole.is_empty() else int(str(whole["n"].min()))


def reliability(counts: pl.DataFrame) -> dict[str, Any] | None:
    """How often an answer is right, by the share of right ones among the others.

    Args:
        counts: `right` and `judged` of each of so many `questions`.

    Returns:
        `questions` and `answers` it rests on; `off`, the mean distance of the two shares weighted by answers;
        and `bins`, each with `expected` (the mean share among the others) and the share of right ones.
        None where no question has two judged answers.
    """
    several = counts.filter(pl.col("judged") > 1)
    kinds = several.group_by("right", "judged").agg(pl.col("questions").cast(pl.Int64()).sum())
    if kinds.is_empty():
        return None
    others = pl.col("judged") - 1
    # Of k right answers each sees k - 1 right ones among the others, and each wrong answer sees k.
    sides = pl.concat(
        [
            kinds.with_columns(n="right", x="right", among=(pl.col("right") - 1) / others),
            kinds.with_columns(
                n=pl.col("judged") - pl.col("right"), x=0 * others, among=pl.col("right") / others
            ),
        ],
        how="vertical_relaxed",
    )
    sides = sides.filter(pl.col("n") > 0).with_columns(
        bin=(pl.col("among") * (BINS - 1) + 0.5 + 1e-9).floor().cast(pl.Int32()),
        answers=pl.col("n") * pl.col("questions"),
    )
    bins = [_bin(part) for _, part in sorted(sides.group_by("bin"), key=lambda group: group[0])]
    answers = sum(b["total"] for b in bins)
    off = sum(b["total"] * abs(b["expected"] - b["value"]) for b in bins) / answers
    return {
        "questions": int(kinds["questions"].sum()),
        "answers": answers,
        "off": round(off, DIGITS),
        "bins": bins,
    }


def _bin(sides: pl.DataFrame) -> dict[str, Any]:
    weight = pl.col("answers")
    expected = (
        sides.sort("right", "judged", "x").select((pl.col("among") * weight).sum() / weight.sum()).item()
    )
    of_question = sides.group_by("right", "judged", "questions").agg(pl.col("n", "x").sum())
    found = clustered_share(of_question, "x", "n", "questions")
    assert found is not None
    return {"expected": round(expected, DIGITS), **found}
