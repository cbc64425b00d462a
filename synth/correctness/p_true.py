"""P(True): the model is asked whether a proposed answer is true, with the options in both orders.

Source: Kadavath et al., "Language Models (Mostly) Know What They Know", 2022, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from synth.correctness import reading, wording


def asks(answers: pl.LazyFrame) -> Iterator[pl.LazyFrame]:
    """What to ask about each answer, for `Request.asks`: once for each order of the options.

    Args:
        answers: `question_id, sample, about` (`synth.correctness.wording.about`)`, text`.
    """
    for order in wording.ORDERS:
        replies = wording.true_replies(order)
        yield reading.asks(answers, _name(order), wording.is_true(order), replies)


def read(samples: pl.LazyFrame) -> pl.LazyFrame:
    """The mean of both orders, so that neither place nor letter tells anything.

    Args:
        samples: of any requests.

    Returns:
        `sample, p_true` (null where an order is missing)`, true_keys` (key/index of each reply).

    Raises:
        UsageError: the model does not answer what it is asked.
    """
    both = pl.concat([reading.worth(samples, _name(order)) for order in wording.ORDERS])
    whole = pl.when(pl.col("worth").null_count() == 0)
    return both.group_by("sample").agg(
        p_true=whole.then(pl.col("worth").mean().round(6)), true_keys=pl.col("keys").explode().sort()
    )


def _name(order: tuple[str, str]) -> str:
    return f"P({order[0]} or {order[1]})"
