"""The language that all parts speak: the four frames, their columns, meanings and units.

    questions ─▶ samples ─▶ verdicts ─▶ examples

Each schema is a polars schema; `conform` gives a frame exactly its columns. The struct columns that
formats add to the example frame are declared in `synth.formats`.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import polars as pl

Kind = Literal["short", "math", "choice", "boolean", "claim", "free"]
"""What sort of answer a question wants; it picks the grader."""

Outcome = Literal["correct", "wrong", "refused", "truncated", "unparsed", "undecided", "failed"]
"""What became of one sample. Only `correct` and `wrong` speak about knowledge."""

Role = Literal["target", "writer", "judge", "proposer"]
"""Who was asked: the model a label speaks about, or a helper."""

KINDS: Final[tuple[str, ...]] = get_args(Kind)
OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)
ROLES: Final[tuple[str, ...]] = get_args(Role)

QUESTIONS: Final = pl.Schema(
    {
        "id": pl.String(),  # unique within a set
        "question": pl.String(),  # what is asked, without context, options or instructions
        "answers": pl.List(pl.String()),  # every accepted answer; empty where none is known
        "kind": pl.Enum(KINDS),
        "choices": pl.List(pl.String()),  # the options in the order shown; null where there are none
        "context": pl.String(),  # a passage to answer from; null where there is none
        "answerable": pl.Boolean(),  # false: a right reply is a refusal
        "group": pl.String(),  # paraphrases, twins and mutations of one question share it
        "source": pl.String(),  # the dataset that the question comes from
        "license": pl.String(),
        "meta": pl.String(),  # JSON: whatever else the source says
    }
)

SAMPLES: Final = pl.Schema(
    {
        "key": pl.String(),  # hash of all that could change the text, except the index
        "question_id": pl.String(),
        "index": pl.Int32(),  # 0, 1, 2, … within a key; never reused
        "role": pl.Enum(ROLES),
        "text": pl.String(),  # the answer, without reasoning; null where the call failed
        "reasoning": pl.String(),  # what a reasoning model thought first; null where it did not
        "finish": pl.String(),  # stop, length, error, or score: a given text, not a written one
        "n_tokens": pl.Int32(),  # generated tokens, end mark included; null of a given text
        "logprob_sum": pl.Float64(),  # natural log, of the text under the model at temperature 1
        "token_logprobs": pl.List(pl.Float32()),  # null unless asked for
        "seed": pl.Int64(),
        "model": pl.String(),  # the identity that a label speaks about
        "prompt_id": pl.String(),  # hash of the rendered prompt
        "temperature": pl.Float64(),
        "top_p": pl.Float64(),
        "max_tokens": pl.Int32(),
        "stop_reason": pl.String(),  # the stop string or token that ended it
        "error": pl.String(),  # type and message of a failed call; null where it succeeded
        # A scored text's likeliest tokens stand in it too: see `synth.pipeline.Request.top`.
        "meta": pl.String(),  # JSON: what a recorded file says besides (its own model, its own verdict)
    }
)

VERDICTS: Final = pl.Schema(
    {
        "key": pl.String(),
        "index": pl.Int32(),
        "answer": pl.String(),  # extracted from the text; null where none was found
        "outcome": pl.Enum(OUTCOMES),
        "score": pl.Float64(),  # 0 to 1, how sure the grader is that the answer is right
        "reason": pl.String(),  # a stable word: which rule decided
        "grader": pl.String(),  # the grader's file name
        "grader_version": pl.String(),
    }
)

SPINE: Final = pl.Schema(
    {
        "id": pl.String(),
        "question_id": pl.String(),
        "group": pl.String(),
        "sample_keys": pl.List(pl.String()),  # `key/index` of every sample that the row rests on
        "known": pl.Boolean(),  # null: undecided
        "p_hat": pl.Float64(),  # share of correct answers, unbiased for its stop rule
        "p_lo": pl.Float64(),  # Jeffreys' 90 % interval
        "p_hi": pl.Float64(),
        "n": pl.Int32(),  # used samples
        "n_correct": pl.Int32(),
        "confidence": pl.Float64(),  # 0 to 1, what the row teaches the model to state; null where nothing
        "difficulty": pl.Float64(),  # 1 − p_hat
        "weight": pl.Float64(),
        "split": pl.String(),
        "meta": pl.String(),  # JSON
    }
)
"""The columns that every example has; a pipeline adds one struct column for each format it declares."""

DROPPED: Final = pl.Schema(
    {
        "id": pl.String(),  # of the example
        "reason": pl.String(),  # a stable word; numbers go to `score`
        "twin": pl.String(),  # the kept example that made this one superfluous, if any
        "score": pl.Float64(),
    }
)


def conform(frame: pl.LazyFrame, schema: pl.Schema) -> pl.LazyFrame:
    """The frame with exactly the schema's columns, in its order and types; what is missing is null."""
    present = frame.collect_schema().names()
    return frame.select(
        (pl.col(name) if name in present else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )
