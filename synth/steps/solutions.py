"""The solutions that a model gave to the questions themselves: right or wrong, each text once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from synth import choose, evidence
from synth.pipeline import State
from synth.steps.parting import ending, parted, so_far
from synth.steps.rollouts import Rollouts, rollouts

_OUTCOME = pl.col("outcome").cast(pl.String())
NAME = pl.format("{}/{}", "key", "index")


@dataclass(frozen=True)
class Solution:
    """One solution.

    Attributes:
        name: `key/index` of its sample.
        text: as the model wrote it.
        right: whether its answer is.
        answer: what equal answers share.
        length: in tokens; in characters where a recording tells no tokens.
        copies: how many samples say the same.
    """

    name: str
    text: str
    right: bool
    answer: str | None = None
    length: int = 0
    copies: int = 1

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """Its steps; joined they are the text."""
        return parted(self.text)

    @cached_property
    def ending(self) -> str:
        """How it states its answer."""
        return ending(self.text)


@dataclass(frozen=True)
class Asked:
    """A question with all that was drawn for it.

    Attributes:
        question_id: its id.
        question: as it stands in the set.
        kind: its kind.
        answers: the accepted ones.
        p_hat: its share of right answers.
        solutions: of all samples that are right or wrong, in an order drawn by the seed.
        again: what the model wrote when it went on from a step, by the name of the prompt (`go_on`).
        seed: of every choice.
        rounds: that have been asked.
    """

    question_id: str
    question: str
    kind: str
    answers: tuple[str, ...]
    p_hat: float | None
    solutions: tuple[Solution, ...]
    again: Mapping[str, Rollouts]
    seed: int
    rounds: int

    @cached_property
    def right(self) -> list[Solution]:
        """Those that are right."""
        return [solution for solution in self.solutions if solution.right]

    @cached_property
    def wrong(self) -> list[Solution]:
        """Those that are wrong."""
        return [solution for solution in self.solutions if not solution.right]

    def went_on(self, solution: Solution, count: int) -> Rollouts | None:
        """What the model wrote after so many steps of a solution; None where it was not asked."""
        return self.again.get(_named(solution, count))

    def go_on(self, solution: Solution, steps: tuple[str, ...]) -> tuple[str, str, str]:
        """The prompt that asks to go on after some steps of a solution: question_id, ask, prefix."""
        return self.question_id, _named(solution, len(steps)), so_far(steps)


def like_ended(right: Sequence[Solution], wrong: Sequence[Solution]) -> tuple[Solution, Solution] | None:
    """A right and a wrong solution that state their answers in one format; None where there are none."""
    return next(((one, other) for one in right for other in wrong if one.ending == other.ending), None)


def _named(solution: Solution, count: int) -> str:
    return f"{solution.name} {count}"


def solutions(state: State) -> pl.LazyFrame:
    """The samples of the questions themselves that are right or wrong, each text of a question once.

    Returns:
        The columns of `State.samples` with the attributes of `Solution`, in an order drawn by the seed.
    """
    asked = state.samples.filter(
        pl.col("request") == 0, _OUTCOME.is_in(["correct", "wrong"]), pl.col("text").str.strip_chars() != ""
    )
    each = ["question_id", "text"]
    return (
        evidence.cluster(asked.with_columns(length=pl.coalesce("n_tokens", pl.col("text").str.len_chars())))
        .sort("question_id", "key", "index")
        .with_columns(copies=pl.len().over(each))
        .unique(each, keep="first", maintain_order=True)
        .rename({"answer": "_answer", "cluster": "answer"})
        .with_columns(name=NAME, right=_OUTCOME == "correct")
        .with_columns(_order=choose.chance(pl.col("name"), state.seed, "solution"))
        .sort("question_id", "_order")
    )


def by_question(state: State) -> Iterator[Asked]:
    """The questions that have solutions, one at a time."""
    again = rollouts(state.samples)
    found = (
        solutions(state)
        .group_by("question_id", maintain_order=True)
        .agg(solutions=pl.struct("name", "text", "right", "answer", "length", "copies"))
    )
    asked = state.questions.join(found, on="question_id", how="inner", maintain_order="left").select(
        "question_id", "question", pl.col("kind").cast(pl.String()), "answers", "p_hat", "solutions"
    )
    for question_id, question, kind, answers, p_hat, each in asked.collect().iter_rows():
        own = tuple(Solution(**solution) for solution in each)
        yield Asked(
            question_id, question, kind, tuple(answers or ()), p_hat, own, again, state.seed, state.asked
        )
