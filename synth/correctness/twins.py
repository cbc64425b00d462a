"""Questions asked again without their context: what the model knows when it has nothing to read."""

from __future__ import annotations

from typing import Final

import polars as pl

from synth import formats
from synth.correctness.answers import judged
from synth.correctness.wording import without_context

_NAME: Final = "without context "


def asks(questions: pl.LazyFrame) -> pl.LazyFrame:
    """The questions that have a context, as they would be asked without it, for `Request.asks`.

    Args:
        questions: of `State`.
    """
    some = questions.filter(pl.col("context").is_not_null()).collect()
    bare = formats.conversation(formats.user(pl.col("asked_bare")))
    before = pl.col("prompt").list.head(pl.col("prompt").list.len() - 1)
    name = pl.format(f"{_NAME}{{}}", "question_id")
    return (
        some.lazy()
        .with_columns(without_context(some))
        .select("question_id", ask=name, messages=pl.concat_list(before, bare))
    )


def shares(samples: pl.LazyFrame, questions: pl.LazyFrame) -> pl.LazyFrame:
    """How often the model is right without the context.

    Args:
        samples: of any requests.
        questions: `question_id, answerable`.

    Returns:
        `question_id, twin_share, twin_judged` (answers it rests on)`, twin_keys` (their key/index).
    """
    asked = samples.filter(pl.col("ask").str.starts_with(_NAME), pl.col("request") > 0)
    return (
        judged(asked, questions)
        .group_by("question_id")
        .agg(twin_share=pl.col("correct").mean(), twin_judged=pl.len(), twin_keys=pl.col("sample").sort())
    )
