"""From questions to prompts: each question as a conversation, and as the text that the model reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from string import ascii_uppercase
from typing import Final

import polars as pl

from synth.engines.base import Engine
from synth.formats import MESSAGES
from synth.prompts import Message, question_text

BLOCK: Final = 4096

Available = Callable[[str], "int | None"]


def conversations(questions: pl.DataFrame, system: str | None) -> pl.Series:
    """Each question as a list of messages: the system message, if any, and the user's."""
    before: list[Message] = [{"role": "system", "content": system}] if system else []
    columns = questions.select(pl.col("kind").cast(pl.String()), "question", "choices", "context")
    asked = [
        [*before, {"role": "user", "content": question_text(kind, question, choices, context)}]
        for kind, question, choices, context in columns.iter_rows()
    ]
    return pl.Series("prompt", asked, dtype=MESSAGES)


def prompts(
    questions: pl.DataFrame, engine: Engine, n: int, available: Available | None
) -> Iterator[pl.DataFrame]:
    """Blocks of prompts for `synth.sampling.draw`.

    Args:
        questions: with `prompt` from `conversations`.
        engine: renders them.
        n: samples wanted of each.
        available: how many samples of a question there can be, None for any number.
    """
    for block in questions.iter_slices(BLOCK):
        rendered = [engine.render(messages) for messages in block["prompt"].to_list()]
        limits = [
            n if (most := available(i) if available else None) is None else min(n, most) for i in block["id"]
        ]
        yield block.select(
            pl.col("id").alias("question_id"),
            pl.col("kind").cast(pl.String()),
            "question",
            "answers",
            "choices",
            prompt=pl.Series(rendered, dtype=pl.String()),
            n=pl.Series(limits, dtype=pl.Int64()),
        )


def gold_as_asked(questions: pl.DataFrame) -> pl.Series:
    """The first accepted answer as the prompt wants it: for options "B. Paris", else its text."""
    columns = questions.select(pl.col("kind").cast(pl.String()), "answers", "choices")
    return pl.Series(
        "gold",
        [
            f"{ascii_uppercase[choices.index(answers[0])]}. {answers[0]}"
            if kind == "choice" and answers and choices and answers[0] in choices[:26]
            else answers[0]
            if answers
            else None
            for kind, answers, choices in columns.iter_rows()
        ],
        dtype=pl.String(),
    )
