"""Labels: from the verdicts on a question's samples to known / unknown / undecided, with its share.

Which samples count: those with index 0 … m − 1, m being the first index at which the stop rule is
satisfied. Later ones, drawn for another pipeline or in flight, never change a label.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from synth.sampling.rule import KNOWN, UNKNOWN
from synth.sampling.stopping import StopRule, StopRules

LABELS: Final = pl.Schema(
    {
        "question_id": pl.String(),
        "known": pl.Boolean(),  # null: undecided
        "p_hat": pl.Float64(),  # unbiased for the stop rule; null where nothing was judged
        "p_lo": pl.Float64(),
        "p_hi": pl.Float64(),
        "n": pl.Int32(),  # used samples
        "n_correct": pl.Int32(),
        "n_wrong": pl.Int32(),
        "n_refused": pl.Int32(),
        "key": pl.String(),  # of its samples in the store; 0 … n − 1 are used
    }
)


def mark_used(verdicts: pl.DataFrame, asked: pl.DataFrame, rules: StopRules) -> pl.DataFrame:
    """The verdicts with `used`, and with the running counts `k`, `w` and `position` that it rests on.

    Args:
        verdicts: one row a sample: `key, index, outcome` and whatever else.
        asked: `question_id, key, n, until, quota`: the questions, their keys, the draws their rule may make,
            those that a budget lets it make, and the quota of their own, if any.
        rules: the stop rule for each n.
    """
    wrong = list(rules.rule.counted_wrong)
    outcome = pl.col("outcome").cast(pl.String())
    counted = (
        verdicts.join(asked.select("key", "until", "quota", limit="n"), on="key", maintain_order="left")
        .sort("key", "index")
        .with_columns(
            position=pl.col("index").cum_count().over("key"),
            k=(outcome == "correct").cast(pl.Int32()).cum_sum().over("key"),
            w=outcome.is_in(wrong).cast(pl.Int32()).cum_sum().over("key"),
        )
    )
    states = counted.select("limit", "quota", "position", "k", "w").unique()
    done = [rules.wanting(n, quota).more(*state) == 0 for n, quota, *state in states.iter_rows()]
    done_at = pl.when("done").then("position").min().over("key")
    return (
        counted.join(
            states.with_columns(done=pl.Series(done, dtype=pl.Boolean())), on=states.columns, nulls_equal=True
        )
        .sort("key", "index")
        .with_columns(
            used=(pl.col("position") <= pl.min_horizontal(done_at, "until"))
            & (pl.col("index") == pl.col("position") - 1)
        )
        .drop("done")
    )


def label(marked: pl.DataFrame, asked: pl.DataFrame, rules: StopRules) -> pl.DataFrame:
    """One row a question with the columns of `LABELS`, in the order of `asked`.

    Args:
        marked: from `mark_used`.
        asked: as there.
        rules: as there.
    """
    outcome = pl.col("outcome").cast(pl.String())
    counts = (
        marked.filter("used")
        .sort("key", "index")
        .group_by("key", maintain_order=True)
        .agg(
            n=pl.len().cast(pl.Int32()),
            n_correct=(outcome == "correct").sum().cast(pl.Int32()),
            n_wrong=(outcome == "wrong").sum().cast(pl.Int32()),
            n_refused=(outcome == "refused").sum().cast(pl.Int32()),
            k=pl.col("k").last(),
            w=pl.col("w").last(),
            limit=pl.col("limit").last(),
            quota=pl.col("quota").last(),
        )
    )
    states = counts.select("limit", "quota", "n", "k", "w").unique()
    judged = [_judge(rules.wanting(most, quota), *state) for most, quota, *state in states.iter_rows()]
    estimates = states.hstack(
        pl.DataFrame(
            judged,
            schema={name: LABELS[name] for name in ("known", "p_hat", "p_lo", "p_hi")},
            orient="row",
        )
    )
    labelled = counts.join(estimates, on=states.columns, how="left", nulls_equal=True)
    zero = pl.lit(0, pl.Int32())
    return (
        asked.select("question_id", "key")
        .join(labelled, on="key", how="left", maintain_order="left")
        .with_columns(pl.col(name).fill_null(zero) for name in ("n", "n_correct", "n_wrong", "n_refused"))
        .select(list(LABELS))
        .cast(LABELS)
    )


def with_sample_keys(labels: pl.DataFrame) -> pl.DataFrame:
    """The labels with `sample_keys`, the key/index of every used sample, in the place of `key`."""
    used = labels.filter(pl.col("n") > 0).select("key", "question_id", index=pl.int_ranges("n"))
    each = used.explode("index").select("question_id", sample_keys=pl.format("{}/{}", "key", "index"))
    lists = each.group_by("question_id", maintain_order=True).agg("sample_keys")
    joined = labels.drop("key").join(lists, on="question_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("sample_keys").fill_null([]))


def _judge(rule: StopRule, n: int, k: int, w: int) -> tuple[Any, ...]:
    """known, p_hat, p_lo, p_hi at a stopping point."""
    bit = int(rule.settled_label(n, k, w))
    known = {KNOWN: True, UNKNOWN: False}.get(bit)
    if k + w == 0:
        return known, None, None, None
    return known, rule.estimate(n, k, w), *rule.interval(n, k, w)
