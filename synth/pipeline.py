"""What a pipeline is: two pure duties, `requests` and `build`, and what they are given.

`requests(state)` looks at everything answered so far and returns the next model calls, or none.
`build(state)` turns the answers into examples. The machine sends, stores, grades and asks again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Final, Protocol

import polars as pl

from synth.engines.base import DISTRIBUTIONS, SAMPLE, SCORE, Sampling
from synth.formats import MESSAGES
from synth.sampling.rule import LabelRule
from synth.sampling.settings import StopName, StopSettings
from synth.schema import SPINE, Role

ASKS: Final = pl.Schema(
    {
        "ask": pl.String(),  # the pipeline's own name for it, unique within a request
        "question_id": pl.String(),  # whose question it is about
        "messages": MESSAGES,  # the conversation, as in `State.questions.prompt`
        "prefix": pl.String(),  # the beginning of the reply, given; null for none
        "continuations": pl.List(pl.String()),  # texts to be scored, not written; null to have samples
        "n": pl.Int64(),  # samples of it at most; null for the request's
        "quota": pl.Int64(),  # correct answers that the stop rule "quota" waits for; null for the settings'
    }
)
"""Prompts for `Request.asks`: a pipeline's own, or those of the questions. A missing column is null."""


@dataclass(frozen=True)
class Request:
    """One round of model calls: every question, or every prompt of `asks`, `n` times.

    Asks with the `prompt` of their question draw on where its samples end, and leave its label as it is.
    Answers of the role "target" are graded as answers to their question, a forced prefix included; those of
    writers, judges and proposers are not.

    Where `asks` has `continuations`, nothing is written: the model says how likely each of them is. They come
    back as samples with finish "score", the i-th with index i and its natural log in `logprob_sum`. Sampling,
    stop rules and budgets have no say in them, and none is graded.

    Attributes:
        n: samples a prompt, at most; scores are one a continuation.
        role: who is asked.
        stop_rule: when a prompt is done (docs/stopping.md).
        rule: the label that "curtail" waits for, and that `State.questions` carries.
        stopping: the numbers behind the stop rule; None for what the user chose.
        asks: prompts with the columns of `ASKS`; None for the questions themselves.
        sampling: how to sample; None for what the user chose.
        grade: whether the target's answers are graded at all.
        top: with each scored continuation, so many of the likeliest tokens at each of its places (JSON in
            the sample's `meta`: `prompt_tokens`; `tokens`, `top_tokens`, `top_logprobs`, one entry a place).
    """

    n: int = 1
    role: Role = "target"
    stop_rule: StopName = "fixed"
    rule: LabelRule = field(default_factory=LabelRule)
    stopping: StopSettings | None = None
    asks: pl.LazyFrame | pl.DataFrame | None = None
    sampling: Sampling | None = None
    grade: bool = True
    top: int = 0

    @property
    def scored(self) -> bool:
        """Whether given continuations are scored, and nothing is written."""
        return self.asks is not None and "continuations" in self.asks.lazy().collect_schema()

    @property
    def graded(self) -> bool:
        """Whether answers are graded as answers to their question."""
        return self.grade and self.role == "target" and not self.scored

    @property
    def needs(self) -> frozenset[str]:
        """What an engine must be able to do."""
        if not self.scored:
            return frozenset({SAMPLE})
        return frozenset({SCORE, DISTRIBUTIONS} if self.top else {SCORE})


@dataclass(frozen=True)
class State:
    """Everything known when a pipeline is asked.

    Attributes:
        questions: one row a question: `synth.schema.QUESTIONS` with `question_id` for `id`, the columns of
            `synth.labels.LABELS` from the last request that asked the questions themselves with
            `sample_keys` (the key/index of every used sample) for `key`, and `prompt` (the conversation as
            asked, a list of role and content).
        samples: one row a used sample of any request: `synth.schema.SAMPLES`, `synth.schema.VERDICTS` (null
            where not graded), and which request it answers: `request` (0, 1, …, in the order made) and `ask`
            (of `Request.asks`, or the question's id).
        seed: for every choice; the same seed chooses the same.
        asked: rounds of requests already answered.
        sampling: how the questions are sampled, as the user chose.
    """

    questions: pl.LazyFrame
    samples: pl.LazyFrame
    seed: int
    asked: int
    sampling: Sampling = field(default_factory=Sampling)

    @staticmethod
    def spine(**columns: pl.Expr) -> list[pl.Expr]:
        """The columns that every example has (`synth.schema.SPINE`), from the columns of `questions`.

        Args:
            columns: expressions that replace a default, e.g. `known=…`, `confidence=…`.
        """
        defaults = {
            "id": pl.col("question_id"),
            "confidence": pl.lit(None),
            "difficulty": 1 - pl.col("p_hat"),
            "weight": pl.lit(1.0),
            "split": pl.lit("train"),
        }
        chosen = {name: columns.get(name, defaults.get(name, pl.col(name))) for name in SPINE}
        return [chosen[name].cast(dtype).alias(name) for name, dtype in SPINE.items()]


class Pipeline(Protocol):
    """A pipeline drawer's class: a frozen dataclass with these two methods.

    Attributes:
        formats: the format columns that `build` adds, names of `synth.formats`.
        methods: named sets of settings, for `--method NAME`.
        needs_answers: whether questions without an accepted answer are an error.
        needs: what the engine must be able to do (`synth.engines.base`), a frozen set or a property that
            looks at the settings; only "sample" where left out. An engine that cannot is refused at once.
        asks_again: whether it asks prompts of its own; recorded answers are then refused at once.

    One that asks in rounds may also have `foresee(labels)`: the samples that a question is expected to take
    in all its rounds, on average, given the labels of the first (`synth.labels.LABELS`). A plan tells it, and
    a build does after its first round.
    """

    formats: ClassVar[tuple[str, ...]]

    def requests(self, state: State) -> Iterable[Request]:
        """The next round of calls; empty when nothing is left to ask."""
        ...

    def build(self, state: State) -> pl.LazyFrame:
        """The examples: `State.spine` and a struct column for each of `formats`.

        An optional column `reason` (text) drops a row for that reason; null keeps it.
        """
        ...
