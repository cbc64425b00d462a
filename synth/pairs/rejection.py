"""Statistical rejection sampling: answers as a policy would give them that is drawn towards high scores.

Source: Liu et al., "Statistical Rejection Sampling Improves Preference Optimization", ICLR 2024, algorithm 1.
"""

from __future__ import annotations

import polars as pl

from synth import choose


def accepted(answers: pl.LazyFrame, quota: int, beta: float, seed: int) -> pl.LazyFrame:
    """Of each question's answers those that are accepted: at most `quota`, drawn without replacement.

    A walk goes through the answers left, in an order drawn once, and accepts each with the chance
    exp((r − r_max) / β), where r_max is the highest score among those left when the walk begins; then it
    begins again with the rest. Scores are standardised within each question first, so that β means the
    same for all.

    Args:
        answers: `question_id, name` (unique) and `score`, one row an answer.
        quota: answers of a question to accept.
        beta: near 0 accepts the best alone, large accepts any; in standard deviations of a question's scores.
        seed: of the order and of every acceptance.

    Returns:
        The rows accepted, in the order of `answers`.
    """
    if quota < 1:
        return answers.clear()
    score = pl.col("score")
    spread = score.std(ddof=0).over("question_id")
    standard = (
        pl.when(spread > 1e-12).then((score - score.mean().over("question_id")) / spread).otherwise(0.0)
    )
    frame = answers.with_row_index("_row").with_columns(_r=standard).collect()
    left = frame.select(
        "question_id", "name", "_row", "_r", _order=choose.chance(pl.col("name"), seed, "walk")
    )
    taken: list[pl.DataFrame] = []
    need = left.select(pl.col("question_id").unique(), _need=pl.lit(quota, pl.Int64()))
    walk = 0
    while left.height:
        walk += 1
        likely = ((pl.col("_r") - pl.col("_r").max().over("question_id")) / beta).exp()
        rolled = left.with_columns(
            _accept=choose.chance(pl.col("name"), seed, f"accept in walk {walk}") < likely
        ).join(need, on="question_id", how="left")
        place = pl.col("_order").rank("ordinal").over("question_id")
        got = rolled.filter("_accept").filter(place <= pl.col("_need"))
        taken.append(got.select("question_id", "_row"))
        counts = got.group_by("question_id").len("_got")
        need = (
            need.join(counts, on="question_id", how="left")
            .select("question_id", _need=pl.col("_need") - pl.col("_got").fill_null(0).cast(pl.Int64()))
            .filter(pl.col("_need") > 0)
        )
        left = left.join(got, on="_row", how="anti").join(need, on="question_id", how="semi")
    rows = pl.concat([frame.head(0).select("question_id", "_row"), *taken]).select("_row")
    return frame.join(rows, on="_row", how="semi", maintain_order="left").drop("_row", "_r").lazy()
