"""The scheduler: keeps an engine full until every prompt has the samples its rule wants.

A prompt goes on with what is stored, asks for the fewest further samples that could settle it, and leaves.
Answers are stored before they are looked at, so a kill loses nothing and draws nothing twice. Graders look at
them while the engine writes the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

import polars as pl

from synth.engines.base import Answer, Engine, Sampling
from synth.sampling.grading import Grading, rows_to_grade, task_row
from synth.sampling.rows import sample_row
from synth.sampling.stopping import StopRules
from synth.sampling.task import Task
from synth.schema import Role
from synth.store import Store

MOST_UNGRADED: Final = 50_000
"""Samples that wait for graders at most where no decision waits for them; others are graded at the end."""
UNSEEN: Final = ""
"""The outcome of a sample that no decision waits for."""

STATES: Final = pl.Schema({"used": pl.Int32(), "k": pl.Int32(), "w": pl.Int32()})
"""Of a prompt: the samples looked at, the correct and the wrong ones among them."""
_KEYED: Final = pl.Schema({"key": pl.String(), **STATES})


@dataclass
class Drawn:
    """What a draw did.

    Attributes:
        new: samples drawn now, failed ones left out.
        failed: calls that failed now.
        tokens: tokens generated now.
        failures: the first error of each question that had one.
        states: `key, used, k, w` of each prompt, where the draw was `patient`.
    """

    new: int = 0
    failed: int = 0
    tokens: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    states: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_KEYED))

    def __add__(self, later: Drawn) -> Drawn:
        """Two draws, one after the other; the states are the later one's."""
        return Drawn(
            self.new + later.new,
            self.failed + later.failed,
            self.tokens + later.tokens,
            later.failures | self.failures,
            later.states,
        )


class Watcher(Protocol):
    """Is told how a draw gets on."""

    def drew(self, samples: int, tokens: int) -> None:
        """Samples came in."""
        ...

    def judged(self, outcome: str) -> None:
        """A sample was graded."""
        ...

    def finished(self, task: Task) -> None:
        """A prompt needs no more samples."""
        ...


@dataclass
class Scheduler:
    """Draws for one request.

    Attributes:
        engine: answers the calls.
        store: takes every answer, and gives back those of earlier runs.
        grading: gives the outcomes that decide whether to go on; None where nothing is graded.
        sampling: how to sample.
        rules: the stop rule for each n.
        role: whom the calls are made to.
        watcher: is told of progress.
        patient: wait for every outcome, also where the rule does not need it, and tell the states.
        offline: make no call; each prompt has to do with what is stored, failures too.
        tried: key and index of what has failed in this run; it is not tried again before the next.
    """

    engine: Engine
    store: Store
    grading: Grading | None
    sampling: Sampling
    rules: StopRules
    role: Role
    watcher: Watcher
    patient: bool = False
    offline: bool = False
    tried: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._waits = self.grading is not None and (self.patient or self.rules.name != "fixed")
        self._flying: dict[str, Task] = {}
        self._in_engine = 0
        self._states: list[tuple[str, int, int, int]] = []
        self.drawn = Drawn()

    def draw(self, blocks: Iterable[pl.DataFrame]) -> Drawn:
        """Ask every prompt until its rule is satisfied.

        Args:
            blocks: prompts, in blocks with the columns of `synth.asking.ASKED` and `prompt`.
        """
        todo = self._tasks(blocks)
        try:
            while True:
                self._fill(todo)
                if not self._flying:
                    break
                self.store.commit()  # it may be long until the next answer
                self._take(self.engine.collect() if self._in_engine else [])
                self._judge(block=not self._in_engine)
        except KeyboardInterrupt:
            self._take(self.engine.finished())
            raise
        finally:
            self.store.commit()
        self.drawn.states = pl.DataFrame(self._states, schema=_KEYED, orient="row")
        return self.drawn

    def _fill(self, todo: Iterator[Task]) -> None:
        while self.engine.room() > 0 and (task := next(todo, None)):
            self._flying[task.key] = task
            self._advance(task)

    def _advance(self, task: Task) -> None:
        """Make the prompt's next call, or let it go."""
        call = task.next_call(self.sampling)
        if call and not self.offline:
            self._in_engine += call.n
            self.engine.submit(call)
        else:
            del self._flying[task.key]
            if self.patient:
                self._states.append((task.key, task.used, task.k, task.w))
            self.watcher.finished(task)

    def _take(self, answers: list[Answer]) -> None:
        """Store what came in, and hand it to the graders."""
        tasks = [self._flying[answer.key] for answer in answers]
        of = partial(sample_row, model=self.engine.identity, role=self.role, sampling=self.sampling)
        self.store.add([of(answer, task.asked) for answer, task in zip(answers, tasks, strict=True)])
        self._in_engine -= len(answers)
        to_grade = []
        for answer, task in zip(answers, tasks, strict=True):
            if answer.error is not None or answer.text is None:
                self.drawn.failed += 1
                self.drawn.failures.setdefault(task.question_id, answer.error or "NoText: nothing came back")
                self.tried.add((answer.key, answer.index))
                task.have[answer.index] = "failed"
                task.waiting -= 1
                continue
            self.drawn.new += 1
            if self.grading is not None:
                to_grade.append(task_row(answer.key, answer.index, task.asked, answer.text, answer.finish))
            if not self._waits:
                task.have[answer.index] = UNSEEN
                task.waiting -= 1
        tokens = sum(answer.n_tokens or 0 for answer in answers)
        self.drawn.tokens += tokens
        self.watcher.drew(len(answers), tokens)
        if self.grading is not None:
            self.grading.put(to_grade)
            if not self._waits and self.grading.backlog > MOST_UNGRADED:
                self.grading.forget()
        for task in {id(task): task for task in tasks}.values():
            if not task.waiting:
                self._advance(task)

    def _judge(self, block: bool) -> None:
        """Look at what the graders have done meanwhile."""
        if self.grading is None:
            return
        for key, index, outcome in self.grading.ready(block and self._waits):
            self.watcher.judged(outcome)
            task = self._flying.get(key) if self._waits else None
            # What an earlier request had of this prompt, and did not wait for, may be graded only now.
            if task and index >= task.used and index not in task.have:
                task.have[index] = outcome
                task.waiting -= 1
                if not task.waiting:
                    self._advance(task)

    def _tasks(self, blocks: Iterable[pl.DataFrame]) -> Iterator[Task]:
        for block in blocks:
            stored = self._stored_outcomes(block)
            for asked in block.iter_rows(named=True):
                rule = self.rules.wanting(asked["n"], asked["quota"])
                yield Task(asked, rule, asked["until"], stored.get(asked["key"], {}))

    def _stored_outcomes(self, block: pl.DataFrame) -> dict[str, dict[int, str]]:
        """The outcomes of a block's stored samples, by key and index; older failures are drawn again."""
        samples = self.store.samples(block["key"]).select("key", "index", "text", "finish", "error").collect()
        stored: dict[str, dict[int, str]] = {}
        for key, index in samples.filter(pl.col("error").is_not_null()).select("key", "index").iter_rows():
            if self.offline or (key, index) in self.tried:
                stored.setdefault(key, {})[index] = "failed"
        frame = samples.filter(pl.col("error").is_null())
        if frame.is_empty():
            return stored
        if self._waits and self.grading is not None:
            verdicts = self.grading.verdicts(rows_to_grade(frame, block))
            frame = frame.select("key", "index", outcome=verdicts["outcome"].cast(pl.String()))
        else:
            frame = frame.select("key", "index", outcome=pl.lit(UNSEEN))
        for key, index, outcome in frame.iter_rows():
            stored.setdefault(key, {})[index] = outcome
        return stored
