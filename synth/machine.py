"""The machine: sends what a pipeline requests, stores, grades, labels, and asks again until it is done."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, cast, get_args

import polars as pl

from synth import asking
from synth.engines import check_can
from synth.engines.base import Engine, Sampling, ScoringEngine
from synth.errors import UsageError
from synth.labels import LABELS, with_sample_keys
from synth.pipeline import Pipeline, Request, State
from synth.progress import Progress
from synth.prompt_template import PromptTemplate
from synth.sampling.draw import Drawn, Scheduler
from synth.sampling.grading import Grading
from synth.sampling.rounds import Budget, draw_in_rounds
from synth.sampling.scoring import Scoring
from synth.sampling.settings import StopName, StopSettings
from synth.sampling.stopping import StopRules
from synth.settling import Settling, Spool
from synth.store import Store
from synth.voting import Votes

MAX_ROUNDS: Final = 1000
"""A pipeline that still asks after so many rounds is taken to be stuck."""
NO_NEW_PROMPTS: Final = "recorded answers answer the questions themselves, not what a pipeline asks next"


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
        template: words the questions; None for our own wording.
        seed: for a pipeline's choices.
        quiet: show no progress.
        offline: draw nothing; what is stored has to do.
        stopping: the numbers behind the stop rules.
        budget: what the labels may rest on.
        votes: who votes on what the rules of a grader leave undecided.
        drawn: what all requests drew.
        labels: one row a question, from the last request that asked the questions themselves.
        spool: the samples that count, with their verdicts.
        prompts: takes what the model reads, `synth.asking.PROMPTS`; None where nobody wants it.
    """

    questions: pl.DataFrame
    engine: Engine
    store: Store
    sampling: Sampling
    system: str | None = None
    shots: int = 0
    template: PromptTemplate | None = None
    seed: int = 0
    quiet: bool = False
    offline: bool = False
    stopping: StopSettings = field(default_factory=StopSettings)
    budget: Budget = field(default_factory=Budget)
    votes: Votes = field(default_factory=Votes)
    drawn: Drawn = field(default_factory=Drawn)
    labels: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LABELS))
    spool: Spool = field(default_factory=Spool)
    prompts: Spool | None = None

    def __post_init__(self) -> None:
        self.questions = self.questions.with_columns(
            asking.conversations(self.questions, self.system, self.shots, self.template),
            asking.gold_as_asked(self.questions),
        )
        self.grading = Grading(self.store, self.votes)
        self._requests = 0
        self._tried: set[tuple[str, int]] = set()

    def run(self, pipeline: Pipeline) -> State:
        """Answer a pipeline's requests until it has none left; the state it then builds from.

        Raises:
            UsageError: it never has enough; or it will ask again, and recorded answers cannot.
        """
        if self._replays and getattr(pipeline, "asks_again", False):
            raise UsageError(NO_NEW_PROMPTS)
        for asked in range(MAX_ROUNDS):
            state = self.state(asked)
            requests = list(pipeline.requests(state))
            if not requests:
                return state
            for request in requests:
                self.answer(request)
            if asked == 0 and hasattr(pipeline, "foresee") and not self.quiet:
                print(self._foretold(pipeline.foresee(self.labels)), file=sys.stderr)
        raise UsageError(f"the pipeline still asks after {MAX_ROUNDS} rounds")

    def _foretold(self, per_question: float) -> str:
        """What a pipeline foresees after its first round, in a line."""
        used = self.spool.used
        return (
            f"expecting {round(per_question * self.questions.height):,} samples in all, {per_question:.1f} a "
            f"question; the first round was {used:,}"
        )

    def answer(self, request: Request) -> None:
        """Draw what a request lacks, then grade and label everything it uses.

        Raises:
            UsageError: recorded answers are asked for another role than the one they were given in, or the
                engine cannot do what is asked.
        """
        if self._replays and not asking.asks_itself(self.questions, request):
            raise UsageError(NO_NEW_PROMPTS)
        if not self.offline:
            check_can(self.engine, request.needs)
        sampling = request.sampling or self.sampling
        if request.n < 1 or request.stop_rule not in get_args(StopName):
            raise UsageError(f"a request for {request.n} samples by the stop rule '{request.stop_rule}'")
        stop_rule: StopName = request.stop_rule if request.graded else "fixed"  # no verdict, no decision
        settings = request.stopping or self.stopping
        settings.check(stop_rule, request.n)
        settling = Settling(self.store, self.grading, self.questions, self.spool)
        while True:
            rules = StopRules(stop_rule, request.rule, settings)
            budget = replace(self.budget)
            asked, settling.names = self._drawn(request, sampling, rules, budget)
            replies = 0 if self.offline or not request.graded else settling.ask_judge(asked)
            # What a judge has decided now may change how many samples a question wants.
            if not replies or (rules.name == "fixed" and not budget.binds):
                break
        self.budget = budget
        if request.graded:
            labels = settling.graded(self._requests, asked, rules)
            self.labels = labels if request.asks is None else self.labels
        else:
            settling.ungraded(self._requests, asked)
        self._requests += 1

    @property
    def _replays(self) -> bool:
        return self.engine.name == "replay"

    def _drawn(
        self, request: Request, sampling: Sampling, rules: StopRules, budget: Budget
    ) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        """Draw what a request lacks; what was asked (`synth.asking.ASKED`), and by which names (`once`)."""
        asks = asking.asks(self.questions, request)
        available = getattr(self.engine, "available", None)
        prompts = asking.prompts(asks, self.engine, sampling, request.n, available, request.top)
        with Progress(asks.height, self.quiet) as progress:
            # Only prompts of a pipeline's own making can stand twice: ids of questions are part of a key.
            names: list[pl.DataFrame] = []
            prompts = prompts if request.asks is None else once(prompts, names)
            if self.prompts is not None and self._requests not in self.prompts.requests:
                prompts = self._spooled(prompts, self.prompts)
            drawn, asked = self._draw(prompts, request, sampling, rules, budget, progress)
        if not self.offline:
            self.store.seal()
            self.store.log_rate(self.engine.identity, drawn.tokens, progress.seconds)
        self.drawn = self.drawn + drawn
        return asked, pl.concat(names) if names else None

    def _draw(
        self,
        prompts: Iterator[pl.DataFrame],
        request: Request,
        sampling: Sampling,
        rules: StopRules,
        budget: Budget,
        progress: Progress,
    ) -> tuple[Drawn, pl.DataFrame]:
        """What was drawn, and what was asked: `synth.asking.ASKED`."""
        kept: list[pl.DataFrame] = []
        if request.scored:
            drawn = Scoring(
                engine=cast(ScoringEngine, self.engine),
                store=self.store,
                role=request.role,
                top=request.top,
                watcher=progress,
                offline=self.offline,
                tried=self._tried,
            ).score(_kept(prompts, kept))
            return drawn, pl.concat([pl.DataFrame(schema=asking.ASKED), *kept])
        in_rounds = bool(rules.pilot) or budget.binds

        def draw(blocks: Iterable[pl.DataFrame]) -> Drawn:
            return Scheduler(
                engine=self.engine,
                store=self.store,
                grading=self.grading if request.graded else None,
                sampling=sampling,
                rules=rules,
                role=request.role,
                watcher=progress,
                patient=in_rounds,
                offline=self.offline,
                tried=self._tried,
            ).draw(blocks)

        if in_rounds:
            parts = list(prompts)
            if not parts:
                return Drawn(), pl.DataFrame(schema=asking.ASKED)
            whole = pl.concat(parts)
            drawn, asked = draw_in_rounds(draw, whole, rules, budget, self.store, sampling.max_tokens)
            return drawn, asked.select(list(asking.ASKED))
        drawn = draw(_kept(prompts, kept))
        return drawn, pl.concat([pl.DataFrame(schema=asking.ASKED), *kept])

    def _spooled(self, blocks: Iterable[pl.DataFrame], spool: Spool) -> Iterator[pl.DataFrame]:
        """The blocks, which the spool takes too."""
        number = pl.lit(self._requests, pl.Int32())
        for block in blocks:
            named = block.with_columns(request=number).select(list(asking.PROMPTS)).cast(asking.PROMPTS)
            spool.add(named, many=block.height == asking.BLOCK)
            yield block

    def label(self, request: Request, asked: pl.DataFrame) -> pl.DataFrame:
        """What all the stored samples of a request say, beside what the run builds from; draws nothing.

        Args:
            request: whose samples.
            asked: `synth.asking.ASKED`.
        """
        rules = StopRules("fixed", request.rule)
        return Settling(self.store, self.grading, self.questions, Spool()).graded(0, asked, rules)

    def labelled(self) -> pl.DataFrame:
        """The questions with the columns of `synth.labels.LABELS`."""
        labels = self.labels.rename({"question_id": "id"})
        return self.questions.join(labels, on="id", how="left", maintain_order="left")

    def sample_counts(self) -> dict[str, int]:
        """The samples of all requests: drawn now, taken from the store, failed, and used in all."""
        new, failed, used = self.drawn.new, self.drawn.failed, self.spool.used
        return {"new": new, "reused": max(0, used - new - failed), "failed": failed, "used": used}

    def close(self) -> None:
        """Free the engine, and leave the store as it should be found."""
        self.engine.close()
        self.votes.close()
        self.grading.close()
        self.store.commit()

    def state(self, asked: int) -> State:
        """What a pipeline is shown."""
        questions = self.questions.rename({"id": "question_id"})
        labels = with_sample_keys(self.labels)
        return State(
            questions=questions.join(labels, on="question_id", how="left", maintain_order="left").lazy(),
            samples=self.spool.samples,
            seed=self.seed,
            asked=asked,
            sampling=self.sampling,
        )


def once(blocks: Iterable[pl.DataFrame], names: list[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The blocks without prompts that stood before.

    Args:
        blocks: of prompts.
        names: takes `key` and `ask` of all, of those that stood before too.
    """
    seen: set[str] = set()
    for block in blocks:
        names.append(block.select("key", "ask"))
        new = block.unique("key", keep="first", maintain_order=True)
        new = new.filter(pl.Series([key not in seen for key in new["key"]], dtype=pl.Boolean()))
        seen.update(new["key"])
        yield new


def _kept(blocks: Iterable[pl.DataFrame], kept: list[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The blocks; what was asked stays in `kept`, without the texts."""
    for block in blocks:
        kept.append(block.select(list(asking.ASKED)))
        yield block
