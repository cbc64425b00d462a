"""A teacher's likeliest tokens, and the temperature at which its confidence in them comes true.

Of each place the k likeliest tokens are known and the mass of all others, which counts as one token more. A
temperature T makes p ∝ p^(1/T) of these k + 1; so what the student is shown always adds up to 1.

Source: Shum et al., "FIRST: Teach A Reliable Large Language Model Through Efficient Trustworthy
Distillation", EMNLP 2024, where the k are made to add up to 1 without the others.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth import metrics
from synth.correctness.answers import NAME
from synth.errors import UsageError

_NAME: Final = "reply "
LEAST_PLACES: Final = 50
"""Tokens of gold replies that a temperature is fitted on, at least."""
_RANGE: Final = (0.1, 10.0)
_STEPS: Final = 201
_NOTHING: Final = 1e-12
"""The least mass of all other tokens: its log has to be a number."""
_TOLD: Final = pl.Struct(
    {
        "prompt_tokens": pl.List(pl.Int32()),
        "tokens": pl.List(pl.Int32()),
        "top_tokens": pl.List(pl.List(pl.Int32())),
        "top_logprobs": pl.List(pl.List(pl.Float64())),
    }
)

Reals = NDArray[np.float64]


def asks(rows: pl.LazyFrame) -> pl.LazyFrame:
    """What to ask of a teacher about the reply to each question, for `Request.asks`, with `top`.

    Args:
        rows: `question_id, prompt, reply`; the first of each question counts, one without a reply does not.
    """
    replied = rows.filter(pl.col("reply").is_not_null()).select("question_id", "prompt", "reply").collect()
    first = replied.unique("question_id", keep="first", maintain_order=True)
    return first.select(
        "question_id",
        ask=pl.format(f"{_NAME}{{}}", "question_id"),
        messages="prompt",
        continuations=pl.concat_list("reply"),
    ).lazy()


def distributions(samples: pl.LazyFrame, apart: pl.LazyFrame, by: str) -> pl.LazyFrame:
    """The teacher's distributions along each scored reply, at the temperature chosen on questions apart.

    Args:
        samples: of any requests.
        apart: `question_id` of the questions that the temperature is chosen on.
        by: "nll", "ece", or "none" for a temperature of 1.

    Returns:
        `question_id`, the columns `input_ids` to `temperature` of the format, and `reply_keys` (key/index).

    Raises:
        UsageError: there are too few tokens to choose on.
    """
    replies = samples.filter(pl.col("ask").str.starts_with(_NAME), pl.col("finish") == "score")
    told = places(replies)
    on = told.join(apart.select("question_id").collect(), on="question_id", how="semi")
    at = 1.0 if by == "none" else temperature(on, by)
    rows = _by_reply(tempered(told, at)).lazy()
    names = replies.group_by("question_id").agg(reply_keys=NAME)
    return rows.join(names, on="question_id", how="left").with_columns(temperature=pl.lit(at))


def places(scores: pl.LazyFrame) -> pl.DataFrame:
    """One row a token: `question_id, token, ids, logprobs` (of k and of the others)`, prompt_tokens`.

    Args:
        scores: samples of a request with `top`; empty replies have no row.
    """
    told = scores.select("question_id", told=pl.col("meta").str.json_decode(_TOLD))
    each = (
        told.unnest("told")
        .filter(pl.col("tokens").list.len() > 0)
        .collect()
        .explode("tokens", "top_tokens", "top_logprobs")
        .rename({"tokens": "token", "top_tokens": "ids", "top_logprobs": "logprobs"})
    )
    mass = pl.col("logprobs").list.eval(pl.element().exp()).list.sum()
    other = (1 - mass).clip(_NOTHING).log()
    return each.with_columns(logprobs=pl.concat_list("logprobs", other))


def temperature(told: pl.DataFrame, by: str) -> float:
    """The temperature at which the teacher is best calibrated, one of a grid.

    Args:
        told: from `places`, of questions apart; the replies have to be the accepted ones.
        by: "nll" for the least mean loss, "ece" for the least calibration error of the likeliest token
            (10 bins of equal width).

    Raises:
        UsageError: there are too few tokens to fit it on.
    """
    if told.height < LEAST_PLACES:
        raise UsageError(
            f"the teacher's temperature needs {LEAST_PLACES} tokens of accepted answers, and the validation "
            f"split has {told.height}: give it more of the questions, or say --calibrate none"
        )
    logprobs = np.array(told["logprobs"].to_list(), np.float64)
    own = _place(told)
    grid = np.geomspace(*_RANGE, _STEPS)
    found = [_loss(logprobs, own, one) if by == "nll" else _ece(logprobs, own, one) for one in grid]
    return round(float(grid[int(np.argmin(found))]), 4)


def tempered(told: pl.DataFrame, at: float) -> pl.DataFrame:
    """The same with `logprobs` at another temperature; they add up to 1 still."""
    scaled = pl.col("logprobs").list.eval(pl.element() / at)
    most = scaled.list.max()
    total = scaled.list.eval((pl.element() - pl.element().max()).exp()).list.sum().log() + most
    return told.with_columns(logprobs=scaled - total)


def _by_reply(told: pl.DataFrame) -> pl.DataFrame:
    """One row a question again, with the columns `input_ids` to `other_logprob` of the format."""
    listed = told.group_by("question_id", maintain_order=True).agg(
        "token", "ids", "logprobs", before=pl.col("prompt_tokens").first()
    )
    likeliest = pl.element().list.head(pl.element().list.len() - 1)
    return listed.select(
        "question_id",
        input_ids=pl.concat_list("before", "token"),
        loss_mask=pl.concat_list(
            pl.lit(0, pl.Int8()).repeat_by(pl.col("before").list.len()),
            pl.lit(1, pl.Int8()).repeat_by(pl.col("token").list.len()),
        ),
        topk_ids="ids",
        topk_logprobs=pl.col("logprobs").list.eval(likeliest).cast(pl.List(pl.List(pl.Float32()))),
        other_logprob=pl.col("logprobs").list.eval(pl.element().list.last()).cast(pl.List(pl.Float32())),
    )


def _place(told: pl.DataFrame) -> NDArray[np.int64]:
    """Of each reply's own token its place among the likeliest; the last one where it is another."""
    ids = np.array(told["ids"].to_list(), np.int64)
    hit = ids == told["token"].to_numpy()[:, None]
    return np.where(hit.any(1), hit.argmax(1), ids.shape[1])


def _at(logprobs: Reals, one: float) -> Reals:
    scaled = logprobs / one
    scaled -= scaled.max(1, keepdims=True)
    out: Reals = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
    return out


def _loss(logprobs: Reals, own: NDArray[np.int64], one: float) -> float:
    return -float(_at(logprobs, one)[np.arange(len(own)), own].mean())


def _ece(logprobs: Reals, own: NDArray[np.int64], one: float) -> float:
    sure = np.exp(_at(logprobs, one)[:, 0])
    return float(metrics.ece(metrics.by_level(own == 0, sure.clip(0, 1))))
