"""From questions to prompts: each question as a conversation, and as the text that the model reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from string import ascii_uppercase
from typing import Final

import polars as pl

from synth.engines.base import Engine
from synth.formats import MESSAGES
from synth.prompts import Message, question_text

BLOCK: Final = 4096

Available = Callable[[str], "int | None"]


def conversations(questions: pl.DataFrame, system: str | None, shots: int = 0) -> pl.Series:
    """Each question as a list of messages: the system message, the shots, and the user's message.

    Args:
        questions: `synth.schema.QUESTIONS`.
        system: put before every question, or None.
        shots: so many answered questions come before each: the first ones of its kind, one a group and
            none of its own group, so that no paraphrase gives its answer away.
    """
    before: list[Message] = [{"role": "system", "content": system}] if system else []
    columns = questions.select(pl.col("kind").cast(pl.String()), "question", "choices", "context")
    texts = [question_text(*row) for row in columns.iter_rows()]
    kinds_and_groups = questions.select(pl.col("kind").cast(pl.String()), "group").rows()
    golds = gold_as_asked(questions).to_list() if shots else []
    examples = _examples(kinds_and_groups, texts, golds, shots) if shots else {}
    asked = []
    for (kind, group), text in zip(kinds_and_groups, texts, strict=True):
        others = [turns for other, turns in examples.get(kind, {}).items() if other != group][:shots]
        asked.append([*before, *(turn for turns in others for turn in turns), _turn("user", text)])
    return pl.Series("prompt", asked, dtype=MESSAGES)


def _examples(
    kinds_and_groups: Sequence[tuple[str, str]], texts: Sequence[str], golds: Sequence[str | None], shots: int
) -> dict[str, dict[str, list[Message]]]:
    """The first answered questions of each kind, one a group; `shots` and one, for none shows itself."""
    found: dict[str, dict[str, list[Message]]] = {}
    for (kind, group), text, gold in zip(kinds_and_groups, texts, golds, strict=True):
        chosen = found.setdefault(kind, {})
        if gold is not None and len(chosen) <= shots and group not in chosen:
            chosen[group] = [_turn("user", text), _turn("assistant", gold)]
    return found


def _turn(role: str, content: str) -> Message:
    return {"role": role, "content": content}


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
