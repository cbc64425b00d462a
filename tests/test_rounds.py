"""Pipelines that ask again: prompts of their own, roles, forced prefixes; all stored and resumed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import pytest

from synth import Request, State
from synth import settling as settling_module
from synth.engines.base import Sampling
from synth.errors import UsageError
from synth.formats import MESSAGES
from synth.machine import Machine
from synth.verbs.opening import open_machine, open_questions

FEW = {
    "questions": "builtin:almanac", "columns": "", "split": "train", "limit": 40, "model": "builtin:almanac",
    "engine": "transformers", "max_tokens": 40, "stop": (), "temperature": 0.7, "top_p": 1.0, "top_k": 0,
}  # fmt: skip


class AskAgain:
    """Asks every question, then for a reason for each first answer, then on from half an answer."""

    formats: ClassVar[tuple[str, ...]] = ("sft",)

    def requests(self, state: State) -> Iterator[Request]:
        if state.asked == 0:
            yield Request(n=3)
        elif state.asked == 1:
            first = state.samples.filter(pl.col("index") == 0)
            content = pl.format("Is '{}' right? Why?", "text")
            turn = pl.struct(role=pl.lit("user"), content=content)
            name = pl.format("why {}", "question_id")
            why = first.select("question_id", ask=name, messages=pl.concat_list(turn))
            yield Request(n=2, role="judge", asks=why, sampling=Sampling(temperature=0, max_tokens=16))
            half = state.questions.select(
                "question_id",
                ask=pl.format("half {}", "question_id"),
                messages="prompt",
                prefix=pl.col("answers").list.first().str.slice(0, 2),
            )
            yield Request(n=2, asks=half)

    def build(self, state: State) -> pl.LazyFrame:
        raise NotImplementedError


def machine(store: Path, offline: bool = False, **more: Any) -> Machine:
    from synth import config, options

    values = config.resolve(
        config.group_settings(options.GROUPS), FEW | {"store": str(store)} | more, None, ()
    )
    return open_machine(values, open_questions(values, needs_answers=False), quiet=True, offline=offline)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rounds") / "store"


def run(store: Path, **more: Any) -> tuple[Machine, State]:
    opened = machine(store, **more)
    state = opened.run(AskAgain())
    opened.close()
    return opened, state


def test_each_round_is_asked_graded_and_kept_apart(store: Path) -> None:
    opened, state = run(store)
    samples = state.samples.collect()
    assert samples.group_by("request").len().sort("request").rows() == [(0, 120), (1, 80), (2, 80)]
    assert samples.filter(request=0)["ask"].equals(samples.filter(request=0)["question_id"])
    judged = samples.filter(request=1)
    assert judged["role"].cast(pl.String()).unique().to_list() == ["judge"]
    assert judged["outcome"].null_count() == judged.height
    assert (judged["temperature"] == 0).all()
    assert judged["ask"].str.starts_with("why ").all()
    assert (
        state.questions.collect()["n"].to_list() == [3] * 40
    )  # labels are those of the questions themselves
    assert opened.sample_counts()["new"] == 280


def test_a_forced_prefix_is_part_of_what_is_graded(store: Path) -> None:
    _, state = run(store)
    samples = state.samples.collect()
    short = state.questions.filter(pl.col("kind").cast(pl.String()) == "short").select(
        "question_id", "answers"
    )
    rollouts = samples.filter(request=2).join(short.collect(), on="question_id")
    right = rollouts.filter(pl.col("outcome").cast(pl.String()) == "correct")
    assert right.height
    alone = right.filter(pl.col("text").str.strip_chars(" .") == pl.col("answers").list.first())
    assert alone.height < right.height  # the reply alone would not be the answer


def test_a_second_run_draws_nothing_and_gives_the_same(store: Path) -> None:
    _, first = run(store)
    opened, second = run(store)
    assert opened.sample_counts() == {"new": 0, "reused": 280, "failed": 0, "used": 280}
    assert second.samples.collect().equals(first.samples.collect())
    _, third = run(store, offline=True)
    assert third.samples.collect().equals(first.samples.collect())


def test_many_samples_are_settled_slice_by_slice(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, whole = run(store)
    monkeypatch.setattr(settling_module, "SLICE", 7)
    _, sliced = run(store)
    key = ["request", "key", "index"]
    assert sliced.samples.sort(key).collect().equals(whole.samples.sort(key).collect())
    assert sliced.questions.collect().equals(whole.questions.collect())


def test_two_prompts_of_one_text_are_asked_once(store: Path) -> None:
    opened = machine(store)
    asks = opened.questions.lazy().select(question_id="id", messages="prompt")
    twice = pl.concat([asks.with_columns(ask=pl.format(f"{n} {{}}", "question_id")) for n in range(2)])
    opened.answer(Request(n=2, asks=twice, role="writer"))
    samples = opened.state(1).samples.collect()
    assert opened.spool.used == opened.spool.once.select(pl.len()).collect().item() == 80
    assert samples["ask"].n_unique() == 80
    by_name = samples.with_columns(pl.col("ask").str.slice(2)).group_by("ask", "index").agg("text")
    assert by_name["text"].list.n_unique().unique().to_list() == [1]
    assert by_name["text"].list.len().unique().to_list() == [2]
    opened.close()


def test_prompts_may_be_a_frame_and_what_they_lack_is_told(store: Path) -> None:
    opened = machine(store)
    asks = opened.questions.select(question_id="id", ask="id", messages="prompt").head(2)
    opened.answer(Request(n=1, asks=asks, role="writer"))
    assert opened.spool.rows == 2
    with pytest.raises(UsageError, match="asks 2 times without 'messages'"):
        opened.answer(Request(n=1, asks=asks.with_columns(messages=pl.lit(None, MESSAGES))))
    opened.close()


def test_a_name_that_stands_twice_and_a_stranger_are_refused(store: Path) -> None:
    opened = machine(store)
    asks = opened.questions.lazy().select(question_id="id", messages="prompt")
    with pytest.raises(UsageError, match="asks twice under the name 'x'"):
        opened.answer(Request(n=1, asks=asks.with_columns(ask=pl.lit("x"))))
    strange = asks.with_columns(ask="question_id", question_id=pl.lit("nobody"))
    with pytest.raises(UsageError, match=r"'nobody'.*no question of the set"):
        opened.answer(Request(n=1, asks=strange))
    opened.close()


@pytest.mark.parametrize("limit", [{"max_samples": 100}, {"max_tokens_total": 100 * 40}])
def test_a_sample_that_two_requests_use_is_paid_for_once(tmp_path: Path, limit: dict[str, Any]) -> None:
    opened = machine(tmp_path, **limit)
    opened.answer(Request(n=2))
    first = opened.budget
    opened.answer(Request(n=2))
    assert (opened.budget.used_samples, opened.budget.used_tokens) == (80, first.used_tokens)
    assert opened.spool.rows == 160
    opened.answer(Request(n=4))
    assert 80 < opened.spool.used == opened.budget.used_samples <= 160
    if "max_samples" in limit:
        assert opened.spool.used == 100
    else:
        tokens = opened.spool.once.select(pl.col("n_tokens").sum()).collect().item()
        assert opened.budget.used_tokens == tokens <= 100 * 40
    opened.close()
