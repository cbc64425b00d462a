"""What a model says of an answer: it is asked how likely each reply is that it may give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from synth.correctness.answers import NAME
from synth.errors import UsageError

LEAST_MASS: Final = 0.1
"""A model that gives all replies together less than this does not answer what was asked."""


def asks(answers: pl.LazyFrame, what: str, prompt: pl.Expr, replies: Sequence[str]) -> pl.LazyFrame:
    """What to ask about each answer, for `Request.asks`.

    Args:
        answers: `question_id, sample` and whatever the prompt is made of; a null `sample` is no answer.
        what: names the ask.
        prompt: the conversation; null to ask nothing.
        replies: worth 0 to 1 in even steps.
    """
    texts = pl.lit(list(replies), pl.List(pl.String()))
    named = pl.format(f"{what} {{}}", "sample")
    known = answers.filter(pl.col("sample").is_not_null()).collect()
    asked = known.select("question_id", ask=named, messages=prompt, continuations=texts)
    return asked.lazy().filter(pl.col("messages").is_not_null())


def worth(samples: pl.LazyFrame, what: str) -> pl.LazyFrame:
    """What the replies to each ask are worth on average, the i-th of n being worth i/(n − 1).

    Their probabilities are made to add up to 1. Where a reply could not be scored, or all together are
    unlikely, it is null: nothing is read into a model that says something else.

    Args:
        samples: of any requests.
        what: names the asks.

    Returns:
        `sample, worth` (0 to 1)`, keys` (key/index of each reply).

    Raises:
        UsageError: most of the asks got no such reply.
    """
    likely = pl.col("logprob_sum").exp()
    ranked = (pl.col("index") / pl.col("index").max()).cast(pl.Float64())
    found = (
        samples.filter(pl.col("ask").str.starts_with(f"{what} "))
        .sort("ask", "index")
        .group_by("ask", maintain_order=True)
        .agg(
            mass=pl.when(pl.col("logprob_sum").null_count() == 0).then(likely.sum()),
            worth=(likely * ranked).sum() / likely.sum(),
            keys=NAME,
        )
        .collect()
    )
    scored = found.filter(pl.col("mass").is_not_null())
    nonsense = scored.filter(pl.col("mass") < LEAST_MASS)
    if 2 * nonsense.height > scored.height:
        middle = float(nonsense.select(pl.col("mass").median()).item())
        raise UsageError(
            f"the model gives no sensible {what}: in {nonsense.height} of {scored.height} cases the replies "
            f"that were asked for have a probability below {LEAST_MASS:g}, all together "
            f"({middle:.2g} in the middle); ask another model, or none"
        )
    sensible = pl.when(pl.col("mass") >= LEAST_MASS).then("worth")
    return found.lazy().select(pl.col("ask").str.strip_prefix(f"{what} ").alias("sample"), sensible, "keys")
