"""Questions that no sample answered rightly: is the model at a loss, or is the accepted answer wrong?

A model that says the same thing almost every time, as often as it says what is right elsewhere, contradicts
the accepted answer rather than guess. That is the idea of confident learning (Northcutt, Jiang & Chuang,
"Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70, 2021); there about half of what is
flagged is no error, so nothing is relabelled: a person reads the list.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from synth import evidence

GOLD_DOUBTFUL: Final = "gold_doubtful"
"""A confident majority contradicts the accepted answer, and an unrelated model says the same."""
GOLD_UNCONFIRMED: Final = "gold_unconfirmed"
"""A confident majority contradicts it, and no other model was asked."""
REFUSAL: Final = "refusal"
"""The model does not know: a question to refuse."""


def confident_share(p_hat: pl.Series) -> float:
    """The share from which a majority is confident: the mean share of right answers where these lead.

    Confident learning's threshold for the class "the accepted answer is right". One half where nothing leads.

    Args:
        p_hat: shares of right answers of all questions, each from a fixed number of samples.
    """
    leading = p_hat.filter(p_hat >= 0.5)
    return float(leading.mean()) if len(leading) else 0.5  # type: ignore[arg-type]


def readings(questions: pl.DataFrame, samples: pl.DataFrame, confident: float) -> pl.DataFrame:
    """What the samples of unsolved questions say.

    Args:
        questions: `question_id, kind, question, choices, second`, one row an unsolved question; `second` is
            an unrelated model's answer, or null.
        samples: their samples with `question_id, text, answer, outcome`.
        confident: the share from which a majority is confident.

    Returns:
        `question_id, majority, share, agrees, reading`, in the order of the questions.
    """
    first = evidence.shares(samples.lazy()).unique("question_id", keep="first", maintain_order=True).collect()
    told = first.select("question_id", "share", majority="answer")
    joined = questions.join(told, on="question_id", how="left", maintain_order="left")
    asked = joined.select("kind", "question", "choices", "majority", "second").iter_rows()
    agrees = pl.Series("agrees", [_same(*row) for row in asked], dtype=pl.Boolean())
    contradicts = (pl.col("share") >= confident).fill_null(False)
    return joined.with_columns(agrees).select(
        "question_id",
        "majority",
        "share",
        "agrees",
        reading=pl.when(contradicts & pl.col("agrees")).then(pl.lit(GOLD_DOUBTFUL))
        .when(contradicts & pl.col("second").is_null()).then(pl.lit(GOLD_UNCONFIRMED))
        .otherwise(pl.lit(REFUSAL)),
    )  # fmt: skip


def _same(
    kind: str, question: str, choices: list[str] | None, majority: str | None, second: str | None
) -> bool | None:
    """Whether two answers are one by the question's grader; None where one is missing."""
    from synth.graders.clusters import clusters

    if majority is None or second is None:
        return None
    one, other = clusters(kind, question, [majority, second], choices)
    return one is not None and one == other
