"""The machine: sends what a pipeline requests, stores, grades, labels, and asks again until it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from synth import asking
from synth.engines.base import Engine, Sampling
from synth.errors import UsageError
from synth.graders import grade
from synth.labels import LABELS, label, mark_used
from synth.pipeline import Pipeline, Request, State
from synth.progress import Progress
from synth.sampling.draw import Drawn, draw
from synth.sampling.stopping import StopRules
from synth.schema import SAMPLES, VERDICTS
from synth.store import Store

MAX_ROUNDS: Final = 1000
"""A pipeline that still asks after so many rounds is taken to be stuck."""


@dataclass
class Machine:
    """One run over one set of questions.

    Attributes:
        questions: `synth.schema.QUESTIONS`.
        engine: who answers.
        store: where every answer goes.
        sampling: how to sample.
        system: a system message before every question, or None.
        shots: answered questions shown before each.
        seed: for a pipeline's choices.
        quiet: show no progress.
        offline: draw nothing; what is stored has to do.
        drawn: what the last request drew.
        used: the samples that the labels rest on, with their verdicts.
    """

    questions: pl.DataFrame
    engine: Engine
    store: Store
    sampling: Sampling
    system: str | None = None
    shots: int = 0
    seed: int = 0
    quiet: bool = False
    offline: bool = False
    drawn: Drawn = field(default_factory=Drawn)
    used: pl.DataFrame = field(default_factory=lambda: no_samples())

    def __post_init__(self) -> None:
        self.questions = self.questions.with_columns(
            asking.conversations(self.questions, self.system, self.shots),
            asking.gold_as_asked(self.questions),
        )
        self.labels = pl.DataFrame(schema=LABELS)

    def run(self, pipeline: Pipeline) -> State:
        """Answer a pipeline's requests until it has none left; the state it then builds from."""
        for asked in range(MAX_ROUNDS):
            state = self.state(asked)
            requests = list(pipeline.requests(state))
            if not requests:
                return state
            for request in requests:
                self.answer(request)
        raise UsageError(f"the pipeline still asks after {MAX_ROUNDS} rounds")

    def answer(self, request: Request) -> None:
        """Draw what a request lacks, then grade and label everything it uses.

        Raises:
            UsageError: recorded answers are asked for another role than the one they were given in.
        """
        if request.role != "target" and self.engine.name == "replay":
            raise UsageError(f"recorded answers cannot stand in for a {request.role}")
        rules = StopRules(request.stop_rule, request.rule)
        available = getattr(self.engine, "available", None)
        prompts = asking.prompts(self.questions, self.engine, request.n, available)
        with Progress(self.questions.height, self.quiet) as progress:
            self.drawn = draw(
                self.engine, self.store, prompts, self.sampling, rules, request.role, progress, self.offline
            )
        if not self.offline:
            self.store.seal()
            self.store.log_rate(self.engine.identity, self.drawn.tokens, progress.seconds)
        schema = {"question_id": pl.String(), "key": pl.String(), "n": pl.Int64()}
        asked = pl.DataFrame(self.drawn.asked, schema=schema, orient="row")
        verdicts = self.graded(self.store.samples(asked["key"]).collect())
        marked = mark_used(verdicts, asked, rules)
        self.used = marked.filter("used").select(no_samples().columns)
        self.labels = label(marked, asked, rules)

    def graded(self, samples: pl.DataFrame) -> pl.DataFrame:
        """The samples with their verdicts."""
        wanted = self.questions.select(
            pl.col("id").alias("question_id"),
            pl.col("kind").cast(pl.String()),
            "question",
            "answers",
            "choices",
        )
        rows = samples.join(wanted, on="question_id", how="left", maintain_order="left")
        return samples.hstack(grade(rows))

    def labelled(self) -> pl.DataFrame:
        """The questions with the columns of `synth.labels.LABELS`."""
        labels = self.labels.rename({"question_id": "id"})
        return self.questions.join(labels, on="id", how="left", maintain_order="left")

    def sample_counts(self) -> dict[str, int]:
        """The samples of the last request: drawn now, taken from the store, failed, and used in all."""
        new, failed, used = self.drawn.new, self.drawn.failed, self.used.height
        return {"new": new, "reused": max(0, used - new - failed), "failed": failed, "used": used}

    def close(self) -> None:
        """Free the engine, and leave the store as it should be found."""
        self.engine.close()
        self.store.commit()

    def state(self, asked: int) -> State:
        """What a pipeline is shown."""
        questions = self.questions.rename({"id": "question_id"})
        return State(
            questions=questions.join(self.labels, on="question_id", how="left", maintain_order="left").lazy(),
            samples=self.used.lazy(),
            seed=self.seed,
            asked=asked,
        )


def no_samples() -> pl.DataFrame:
    """An empty frame of samples with verdicts."""
    verdicts: dict[str, Any] = {name: dtype for name, dtype in VERDICTS.items() if name not in SAMPLES}
    return pl.DataFrame(schema={**SAMPLES, **verdicts})
