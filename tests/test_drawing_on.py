"""Requests that draw on where a question's samples end, each question with an n and a quota of its own."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import pytest

from synth import Request, State
from synth.errors import UsageError
from synth.machine import Machine
from synth.sampling.settings import StopSettings
from tests.test_rounds import machine

TEXTS = {
    "Which one?": ["Paris", "Rome"] * 10,
    "Which two?": ["Rome", "Paris"] * 10,
    "Which three?": ["Rome"] * 20,
}


class DrawOn:
    """Two samples a question; then further ones, each question with its own n and quota."""

    formats: ClassVar[tuple[str, ...]] = ("sft",)

    def __init__(self, n: Sequence[int | None], quota: Sequence[int | None]) -> None:
        self.n, self.quota = n, quota

    def requests(self, state: State) -> Iterator[Request]:
        if state.asked == 0:
            yield Request(n=2)
        elif state.asked == 1:
            asks = state.questions.select(
                "question_id",
                ask="question_id",
                messages="prompt",
                n=pl.Series(self.n, dtype=pl.Int64()),
                quota=pl.Series(self.quota, dtype=pl.Int64()),
            )
            yield Request(n=12, stop_rule="quota", stopping=StopSettings(quota=1), asks=asks)

    def build(self, state: State) -> pl.LazyFrame:
        raise NotImplementedError


Run = Callable[..., tuple[Machine, State]]


@pytest.fixture
def run(recorded: Callable[..., Path], tmp_path: Path) -> Run:
    file = recorded(TEXTS)

    def drawn(
        n: Sequence[int | None], quota: Sequence[int | None], store: str = "store", **more: Any
    ) -> tuple[Machine, State]:
        flags = {"questions": "", "engine": "replay", "recorded": str(file), "split": None} | more
        opened = machine(tmp_path / store, **flags)
        state = opened.run(DrawOn(n, quota))
        opened.close()
        return opened, state

    return drawn


def used(state: State) -> list[int]:
    """Samples of each question in the second request."""
    counts = state.samples.filter(request=1).group_by("question_id").len().sort("question_id").collect()
    return counts["len"].to_list()


def test_each_prompt_has_an_n_and_a_quota_of_its_own(run: Run) -> None:
    opened, state = run([None, 7, 9], [3, 4, 1])
    assert used(state) == [5, 7, 9]
    assert opened.sample_counts() == {"new": 21, "reused": 0, "failed": 0, "used": 21}
    assert used(run([None, None, 4], [None, 2, None], store="other")[1]) == [1, 4, 4]


def test_the_labels_stay_those_of_the_question(run: Run) -> None:
    _, state = run([None, 7, 9], [3, 4, 1])
    labels = state.questions.collect()
    assert labels["n"].to_list() == [2, 2, 2]
    assert labels["p_hat"].to_list() == [0.5, 0.5, 0.0]


def test_a_recording_is_asked_on_only_as_the_questions_stand(run: Run) -> None:
    opened, _ = run([4] * 3, [1] * 3)
    own = opened.questions.select(question_id="id", ask="id", messages="prompt")
    refused = "not what a pipeline asks next"
    with pytest.raises(UsageError, match=refused):
        opened.answer(Request(n=1, asks=own.with_columns(prefix=pl.lit("P"))))
    with pytest.raises(UsageError, match=refused):
        opened.answer(Request(n=1, asks=own.with_columns(messages=pl.col("messages").list.head(0))))
    with pytest.raises(UsageError, match=refused):
        opened.answer(Request(n=1, asks=own, role="writer"))


@pytest.mark.parametrize("most", [6, 7, 10, 14])
def test_a_budget_counts_no_sample_twice(run: Run, most: int) -> None:
    """Six are the first round's; 21 would be all."""
    opened, _ = run([None, 7, 9], [3, 4, 1], max_samples=most)
    assert opened.sample_counts()["used"] == most
    again, _ = run([None, 7, 9], [3, 4, 1], max_samples=most)
    assert again.sample_counts() == {"new": 0, "reused": most, "failed": 0, "used": most}


def test_a_budget_that_does_not_bind_changes_nothing(run: Run) -> None:
    _, free = run([None, 7, 9], [3, 4, 1])
    _, bound = run([None, 7, 9], [3, 4, 1], store="other", max_samples=1000)
    assert used(bound) == used(free)
