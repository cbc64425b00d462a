"""Replies with a teacher's likeliest tokens. Taken by no trainer as they are: for a loss of your own.

The loss is on the places of `loss_mask` alone: the i-th of them has the i-th entry of the other lists, the
distribution of that token given all before it. What is missing to 1 is the mass of all other tokens.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from synth.formats.messages import MESSAGES, complete

SCHEMA: Final = pl.Schema(
    {
        "prompt": MESSAGES,  # what the student reads
        "completion": MESSAGES,  # the reply along which the teacher was asked
        "input_ids": pl.List(pl.Int32()),  # both as the teacher's token ids, which are the student's too
        "loss_mask": pl.List(pl.Int8()),  # 1 for a token of the reply
        "topk_ids": pl.List(pl.List(pl.Int32())),  # of each token of the reply: the likeliest ones, in order
        "topk_logprobs": pl.List(pl.List(pl.Float32())),  # natural logs at the teacher's temperature
        "other_logprob": pl.List(pl.Float32()),  # natural log of the mass of all other tokens
        "temperature": pl.Float64(),  # of the teacher, chosen on questions apart; 1 where none was
    }
)


def distill(
    prompt: pl.Expr,
    completion: pl.Expr,
    input_ids: pl.Expr,
    loss_mask: pl.Expr,
    topk_ids: pl.Expr,
    topk_logprobs: pl.Expr,
    other_logprob: pl.Expr,
    temperature: pl.Expr,
) -> pl.Expr:
    """A reply with the teacher's distributions; null where one of its parts is null."""
    parts = complete(
        prompt=prompt,
        completion=completion,
        input_ids=input_ids,
        loss_mask=loss_mask,
        topk_ids=topk_ids,
        topk_logprobs=topk_logprobs,
        other_logprob=other_logprob,
        temperature=temperature,
    )
    return parts.alias("distill")
