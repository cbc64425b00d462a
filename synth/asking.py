"""From questions to prompts: each question as a conversation, and as the text that the model reads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from string import ascii_uppercase
from typing import Final

import orjson
import polars as pl

from synth.engines.base import Engine, Sampling
from synth.errors import UsageError
from synth.formats import MESSAGES
from synth.pipeline import ASKS, Request
from synth.prompt_template import PromptTemplate
from synth.prompts import Message, question_text
from synth.schema import conform
from synth.store import graded_as, sample_key, score_key

BLOCK: Final = 16_384
"""Prompts rendered, and looked up in the store, at once."""

Available = Callable[[str], "int | None"]

_KIND: Final = pl.col("kind").cast(pl.String())

ASKED: Final = pl.Schema(
    {
        "ask": pl.String(),
        "question_id": pl.String(),
        "key": pl.String(),  # of its samples in the store
        "n": pl.Int64(),  # samples its stop rule may want
        "until": pl.Int64(),  # samples it may have so far; a budget may keep it below n
        "quota": pl.Int64(),  # correct answers it waits for where it has a number of its own, else null
        "prefix": pl.String(),  # what its reply begins with, "" for nothing
        "graded_as": pl.String(),  # see `synth.store.graded_as`
    }
)
"""A prompt as it was asked, without its text."""

PROMPTS: Final = pl.Schema(
    {
        "request": pl.Int32(),  # which of the run's requests asks it: 0, 1, …
        "ask": pl.String(),
        "question_id": pl.String(),
        "key": pl.String(),  # of its samples
        "n": pl.Int32(),  # samples its stop rule may want
        "conversation": pl.String(),  # see `conversation_id`
        "prompt": pl.String(),  # what the model read
    }
)
"""A prompt with its text, for who wants to check a set without the model that rendered it."""


def conversations(
    questions: pl.DataFrame, system: str | None, shots: int = 0, template: PromptTemplate | None = None
) -> pl.Series:
    """Each question as a list of messages: the system message, the shots, and the user's message.

    Args:
        questions: `synth.schema.QUESTIONS`.
        system: put before every question, or None.
        shots: so many answered questions come before each: the first ones of its kind, one a group and
            none of its own group, so that no paraphrase gives its answer away.
        template: words the user's messages, the shots' too; `synth.prompts.question_text` where left out.

    Raises:
        UsageError: the template cannot word a question.
    """
    word = template.render if template else question_text
    before: list[Message] = [{"role": "system", "content": system}] if system else []
    examples = _examples(questions, shots, word) if shots else {}
    parts = [pl.Series("prompt", [], dtype=MESSAGES)]
    # Part by part: as Python objects the conversations take ten times the memory.
    for part in questions.iter_slices(BLOCK):
        asked = []
        for kind, group, *content in part.select(
            _KIND, "group", "question", "choices", "context"
        ).iter_rows():
            others = [turns for other, turns in examples.get(kind, {}).items() if other != group][:shots]
            turn = _turn("user", word(kind, *content))
            asked.append([*before, *(turn for turns in others for turn in turns), turn])
        parts.append(pl.Series("prompt", asked, dtype=MESSAGES))
    return pl.concat(parts)


def _examples(
    questions: pl.DataFrame, shots: int, word: Callable[..., str]
) -> dict[str, dict[str, list[Message]]]:
    """The first answered questions of each kind, one a group; `shots` and one, for none shows itself."""
    answered = questions.with_columns(gold=gold_as_asked(questions)).filter(pl.col("gold").is_not_null())
    first = answered.unique(["kind", "group"], keep="first", maintain_order=True)
    found: dict[str, dict[str, list[Message]]] = {}
    for part in first.partition_by("kind", maintain_order=True):
        rows = part.head(shots + 1).select(_KIND, "group", "gold", "question", "choices", "context")
        for kind, group, gold, *content in rows.iter_rows():
            turns = [_turn("user", word(kind, *content)), _turn("assistant", gold)]
            found.setdefault(kind, {})[group] = turns
    return found


def _turn(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def asks(questions: pl.DataFrame, request: Request) -> pl.DataFrame:
    """What a request asks: `synth.pipeline.ASKS` and what graders look at.

    Args:
        questions: with `prompt` from `conversations`.
        request: of a pipeline.

    Raises:
        UsageError: a prompt is about no question of the set, lacks a column, or two have one name.
    """
    looked_at = graders_see(questions)
    if request.asks is None:
        whole = looked_at.with_columns(ask="question_id", messages=questions["prompt"])
        missing = [name for name in ASKS if name not in whole.columns]
        return whole.with_columns(pl.lit(None, ASKS[name]).alias(name) for name in missing)
    asked = conform(request.asks.lazy(), ASKS).collect()
    needed = ["ask", "question_id", "messages", *(["continuations"] if request.scored else [])]
    for column in needed:
        if count := asked[column].null_count():
            raise UsageError(f"the pipeline asks {count} times without '{column}'")
    if asked["ask"].is_duplicated().any():
        twice = asked.filter(pl.col("ask").is_duplicated())["ask"][0]
        raise UsageError(f"the pipeline asks twice under the name '{twice}'")
    if (asked["continuations"].list.len() == 0).any():
        none = asked.filter(pl.col("continuations").list.len() == 0)["ask"][0]
        raise UsageError(f"the pipeline asks how likely nothing is, under the name '{none}'")
    joined = asked.join(looked_at, on="question_id", how="left", maintain_order="left")
    if joined["question"].null_count():
        stranger = joined.filter(pl.col("question").is_null())["question_id"][0]
        raise UsageError(f"the pipeline asks about '{stranger}', which is no question of the set")
    return joined


def asks_itself(questions: pl.DataFrame, request: Request) -> bool:
    """Whether a request asks the questions as they stand, and nothing of a pipeline's own making.

    Args:
        questions: with `prompt` from `conversations`.
        request: of a pipeline.
    """
    if request.role != "target" or request.asks is None:
        return request.role == "target"
    own = questions.select("prompt", question_id="id")
    asked = asks(questions, request).join(own, on="question_id", how="left")
    as_it_stands = pl.col("messages").eq_missing(pl.col("prompt")) & pl.col("prefix").is_null()
    return bool(asked.select(as_it_stands.all()).item())


def graders_see(questions: pl.DataFrame) -> pl.DataFrame:
    """Of each question what graders look at, under `question_id`."""
    return questions.select(pl.col("id").alias("question_id"), _KIND, "question", "answers", "choices")


def prompts(
    asks: pl.DataFrame,
    engine: Engine,
    sampling: Sampling,
    n: int,
    available: Available | None,
    top: int = 0,
) -> Iterator[pl.DataFrame]:
    """Blocks of prompts for `synth.sampling`: `ASKED`, `prompt`, `conversation`, what graders look at.

    A prompt that stands twice, about one question, is asked once.

    Args:
        asks: from the function of that name.
        engine: renders them.
        sampling: part of the key.
        n: samples wanted of each that does not say.
        available: how many samples of a question there can be, None for any number.
        top: likeliest tokens wanted with each scored continuation; part of its key.
    """
    for block in asks.iter_slices(BLOCK):
        columns = block.select("question_id", "messages", pl.col("prefix").fill_null(""))
        asked = [(messages, prefix) for _, messages, prefix in columns.iter_rows()]
        rendered = [engine.render(messages, prefix) for messages, prefix in asked]
        named = list(zip(rendered, block["question_id"], block["continuations"].to_list(), strict=True))
        keys = [
            sample_key(engine.identity, prompt, sampling, question_id)
            if texts is None
            else score_key(engine.identity, prompt, texts, top, question_id)
            for prompt, question_id, texts in named
        ]
        wanted = pl.coalesce(pl.col("continuations").list.len(), "n", pl.lit(n)).cast(pl.Int64())
        limits = [
            most if (there := available(question_id) if available else None) is None else min(most, there)
            for question_id, most in block.select("question_id", wanted).iter_rows()
        ]
        looked_at = block.select(
            "kind", "question", "answers", "choices", pl.col("prefix").fill_null("")
        ).iter_rows()
        yield block.drop("messages").with_columns(
            key=pl.Series(keys, dtype=pl.String()),
            n=pl.Series(limits, dtype=pl.Int64()),
            until=pl.Series(limits, dtype=pl.Int64()),
            prefix=pl.col("prefix").fill_null(""),
            graded_as=pl.Series([graded_as(*row) for row in looked_at], dtype=pl.String()),
            prompt=pl.Series(rendered, dtype=pl.String()),
            conversation=pl.Series([conversation_id(*each) for each in asked], dtype=pl.String()),
        )


def conversation_id(messages: Sequence[Message], prefix: str = "") -> str:
    """A short hash of a conversation and of how its reply begins: what a prompt is rendered from."""
    return hashlib.blake2b(orjson.dumps([messages, prefix]), digest_size=8).hexdigest()


def gold_as_asked(questions: pl.DataFrame) -> pl.Series:
    """The first accepted answer as the prompt wants it: for options "B. Paris", else its text."""
    columns = questions.select(_KIND, "answers", "choices")
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
