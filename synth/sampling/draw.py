"""The scheduler: keeps an engine full until every question has the samples its rule wants.

A question goes on with what is stored, asks for the fewest further samples that could settle it, and
leaves. Answers are stored before they are looked at, so a kill loses nothing and draws nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import polars as pl

from synth.engines.base import Answer, Call, Engine, Sampling
from synth.graders import grade
from synth.sampling.stopping import StopRule, StopRules
from synth.schema import Role
from synth.store import Store, base_seed, prompt_id, sample_key

BLOCK: Final = 4096
"""Questions looked up in the store at once."""

_GRADED: Final = ("kind", "question", "answers", "choices")


@dataclass
class Task:
    """One question on its way: what is known of its samples, and what is in flight.

    Attributes:
        key: the store key of its samples.
        prompt: as rendered.
        rule: when it is done.
        graded: what its grader needs: kind, question, answers, choices.
        have: outcome of each sample that is at hand, by index.
        used: samples looked at, in index order.
        k: correct ones among them.
        w: wrong ones (and refused ones, where the label rule says so).
        waiting: samples in flight.
    """

    question_id: str
    key: str
    prompt: str
    rule: StopRule
    graded: Mapping[str, Any]
    have: dict[int, str]
    used: int = 0
    k: int = 0
    w: int = 0
    waiting: int = 0

    def next_call(self, sampling: Sampling) -> Call | None:
        """The next call to make, after everything at hand has been looked at; None when done."""
        while more := self.rule.more(self.used, self.k, self.w):
            outcome = self.have.pop(self.used, None)
            if outcome is None:
                missing = next((i for i in range(more) if self.used + i in self.have), more)
                self.waiting = missing
                return Call(
                    self.key, self.question_id, self.prompt, self.used, missing, base_seed(self.key), sampling
                )
            self.used += 1
            self.k += outcome == "correct"
            self.w += outcome in self.rule.rule.counted_wrong
        return None


@dataclass
class Drawn:
    """What a draw did.

    Attributes:
        new: samples drawn now, failed ones left out.
        failed: calls that failed now.
        tokens: tokens generated now.
        failures: the first error of each question that had one.
        asked: `question_id, key, n` of every question, n being the draws its rule may make.
    """

    new: int = 0
    failed: int = 0
    tokens: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, int]] = field(default_factory=list)


class Watcher(Protocol):
    """Is told how a draw gets on."""

    def drew(self, samples: int, tokens: int) -> None:
        """Samples came in."""
        ...

    def finished(self, task: Task) -> None:
        """A question needs no more samples."""
        ...


def draw(
    engine: Engine,
    store: Store,
    prompts: Iterable[pl.DataFrame],
    sampling: Sampling,
    rules: StopRules,
    role: Role,
    watcher: Watcher,
    offline: bool = False,
) -> Drawn:
    """Ask every prompt until its rule is satisfied.

    Args:
        engine: answers the calls.
        store: takes every answer, and gives back those of earlier runs.
        prompts: blocks with the columns `question_id, prompt, n` and those that graders look at.
        sampling: how to sample.
        rules: the stop rule for each n.
        role: whom the calls are made to.
        watcher: is told of progress.
        offline: make no call; each question has to do with what is stored.
    """
    drawn = Drawn()
    writer = _Writer(engine, sampling, role)
    todo = _tasks(engine, store, prompts, sampling, rules, drawn)
    flying: dict[str, Task] = {}
    try:
        while True:
            while engine.room() > 0 and (task := next(todo, None)):
                call = task.next_call(sampling)
                if offline or call is None:
                    watcher.finished(task)
                else:
                    flying[task.key] = task
                    engine.submit(call)
            if not flying:
                return drawn
            answers = engine.collect()
            store.add([writer.row(answer, flying[answer.key]) for answer in answers])
            _take(answers, flying, drawn, watcher)
            for key in {answer.key for answer in answers}:
                task = flying[key]
                if task.waiting:
                    continue
                if call := task.next_call(sampling):
                    engine.submit(call)
                else:
                    watcher.finished(flying.pop(key))
    finally:
        store.commit()


def _take(answers: list[Answer], flying: Mapping[str, Task], drawn: Drawn, watcher: Watcher) -> None:
    tasks = [flying[answer.key] for answer in answers]
    outcomes = _outcomes([task.graded for task in tasks], answers)
    for answer, task, outcome in zip(answers, tasks, outcomes, strict=True):
        task.have[answer.index] = outcome
        task.waiting -= 1
        if answer.error is None:
            drawn.new += 1
        else:
            drawn.failed += 1
            drawn.failures.setdefault(task.question_id, answer.error)
    tokens = sum(answer.n_tokens or 0 for answer in answers)
    drawn.tokens += tokens
    watcher.drew(len(answers), tokens)


def _outcomes(graded: list[Mapping[str, Any]], answers: list[Answer]) -> list[str]:
    rows = [(*(g[name] for name in _GRADED), a.text, a.finish) for g, a in zip(graded, answers, strict=True)]
    schema = {
        "kind": pl.String(),
        "question": pl.String(),
        "answers": pl.List(pl.String()),
        "choices": pl.List(pl.String()),
        "text": pl.String(),
        "finish": pl.String(),
    }
    outcomes: list[str] = grade(pl.DataFrame(rows, schema=schema, orient="row"))["outcome"].to_list()
    return outcomes


def _tasks(
    engine: Engine,
    store: Store,
    prompts: Iterable[pl.DataFrame],
    sampling: Sampling,
    rules: StopRules,
    drawn: Drawn,
) -> Iterator[Task]:
    for frame in prompts:
        for block in frame.iter_slices(BLOCK):
            keys = [
                sample_key(engine.identity, prompt, sampling, question_id)
                for question_id, prompt in block.select("question_id", "prompt").iter_rows()
            ]
            block = block.with_columns(key=pl.Series(keys, dtype=pl.String()))
            drawn.asked += block.select("question_id", "key", "n").iter_rows()
            stored = _stored_outcomes(store, block)
            for row in block.iter_rows(named=True):
                yield Task(
                    row["question_id"],
                    row["key"],
                    row["prompt"],
                    rules[row["n"]],
                    {name: row[name] for name in _GRADED},
                    stored.get(row["key"], {}),
                )


def _stored_outcomes(store: Store, block: pl.DataFrame) -> dict[str, dict[int, str]]:
    """The outcomes of the stored samples of a block, by key and index; failed ones will be drawn again."""
    samples = store.samples(block["key"]).filter(pl.col("error").is_null())
    frame = samples.select("key", "index", "text", "finish").collect()
    if frame.is_empty():
        return {}
    frame = frame.join(block.select("key", *_GRADED), on="key", how="left", maintain_order="left")
    frame = frame.with_columns(grade(frame)["outcome"].cast(pl.String()))
    stored: dict[str, dict[int, str]] = {}
    for key, index, outcome in frame.select("key", "index", "outcome").iter_rows():
        stored.setdefault(key, {})[index] = outcome
    return stored


class _Writer:
    """Makes store rows of answers; the columns are those of `synth.schema.SAMPLES`."""

    def __init__(self, engine: Engine, sampling: Sampling, role: Role) -> None:
        self.model = engine.identity
        self.sampling = sampling
        self.role = role

    def row(self, answer: Answer, task: Task) -> tuple[Any, ...]:
        return (
            answer.key,
            task.question_id,
            answer.index,
            self.role,
            answer.text,
            answer.reasoning,
            answer.finish,
            answer.n_tokens,
            answer.logprob_sum,
            answer.token_logprobs,
            base_seed(answer.key) + answer.index,
            self.model,
            prompt_id(task.prompt),
            self.sampling.temperature,
            self.sampling.top_p,
            self.sampling.max_tokens,
            answer.stop_reason,
            answer.error,
            answer.meta,
        )
