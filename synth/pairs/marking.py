"""Single answers marked good or bad: which may be marked, and which to take."""

from __future__ import annotations

import polars as pl

from synth import choose
from synth.text import normal_form

FAULTS = ("equal_scores", "identical", "only_format", "off_policy")
"""Why an answer is not marked, in the order in which it is looked at.

The score is the middle one; the same text, or the same but for its format, is marked both ways; another model
gave it.
"""


def marked(answers: pl.LazyFrame, middle: pl.Expr, own_only: bool = False) -> pl.LazyFrame:
    """The answers with `good`, whether a score is above the middle one, and `fault`, one of `FAULTS` or null.

    Args:
        answers: `question_id, text, score, on_policy`.
        middle: the score between good and bad.
        own_only: refuse answers that are not the target model's own.
    """
    apart = (pl.col("score") - middle).round(9)
    said = answers.with_columns(good=pl.when(apart != 0).then(apart > 0), _form=normal_form(pl.col("text")))
    same_text, same_form = (
        pl.col("good").drop_nulls().n_unique().over("question_id", same) > 1 for same in ("text", "_form")
    )
    fault = (
        pl.when(pl.col("good").is_null()).then(pl.lit("equal_scores"))
        .when(same_text).then(pl.lit("identical"))
        .when(same_form).then(pl.lit("only_format"))
        .when(pl.lit(own_only) & ~pl.col("on_policy")).then(pl.lit("off_policy"))
    )  # fmt: skip
    return said.with_columns(fault=fault).drop("_form")


def taken(marked: pl.LazyFrame, most: int, both: bool, seed: int) -> pl.LazyFrame:
    """At most so many good and so many bad answers of each question, with `number` 1, 2, …; good ones first.

    Args:
        marked: from `marked`, those without a fault, with `name`.
        most: answers of a question and a mark.
        both: only of questions that have both.
        seed: of the choice.
    """
    two = pl.col("good").n_unique().over("question_id") > 1
    sided = marked.filter(two | pl.lit(not both)).with_columns(
        _side=pl.format("{} {}", "question_id", "good")
    )
    some = choose.first_of(sided, "_side", pl.col("name"), seed, most).drop("_side")
    number = pl.int_range(1, pl.len() + 1).over("question_id")
    order = choose.chance(pl.col("name"), seed, "order of marked answers")
    return some.sort("question_id", pl.col("good").not_(), order).with_columns(number=number)
