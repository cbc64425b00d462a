"""Requests for the score of given texts: asked once, stored, resumed and refused like samples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import pytest

from synth import Request, State
from synth.engines.base import Answer, ScoreCall
from synth.engines.scored import unscored
from synth.engines.transformers import TransformersEngine
from synth.errors import UsageError
from synth.machine import Machine
from synth.sampling import scoring
from synth.verbs.build import run_build
from tests.test_rounds import machine

FEW = 20
LETTERS = [" (A)", " (B)"]


class AskTwice:
    """Asks every question once, then how likely the model holds its answer for true."""

    formats: ClassVar[tuple[str, ...]] = ()

    def requests(self, state: State) -> Iterator[Request]:
        if state.asked == 0:
            yield Request(n=1)
        elif state.asked == 1:
            yield Request(asks=self.asks(state))

    @staticmethod
    def asks(state: State) -> pl.LazyFrame:
        content = pl.format("Is '{}' right?\n(A) yes\n(B) no", "text")
        turn = pl.struct(role=pl.lit("user"), content=content)
        return state.samples.filter(pl.col("request") == 0).select(
            "question_id",
            ask=pl.format("true {}", "question_id"),
            messages=pl.concat_list(turn),
            prefix=pl.lit("It is:"),
            continuations=pl.lit(LETTERS, pl.List(pl.String())),
        )

    def build(self, state: State) -> pl.LazyFrame:
        raise NotImplementedError


def run(store: Path, **more: Any) -> tuple[Machine, State]:
    opened = machine(store, limit=FEW, **more)
    try:
        return opened, opened.run(AskTwice())
    finally:
        opened.close()


def scores(state: State) -> pl.DataFrame:
    return state.samples.filter(pl.col("request") == 1).sort("question_id", "index").collect()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scores") / "store"
    run(folder)
    return folder


def test_scores_come_back_as_samples_that_nobody_drew_or_graded(store: Path) -> None:
    opened, state = run(store)
    found = scores(state)
    assert found.height == 2 * FEW
    assert found["text"].to_list() == LETTERS * FEW
    assert found["index"].to_list() == [0, 1] * FEW
    assert found["finish"].unique().to_list() == ["score"]
    assert (found["logprob_sum"] < 0).all()
    empty = ["outcome", "n_tokens", "seed", "temperature", "top_p", "max_tokens", "error", "token_logprobs"]
    assert found.select(empty).null_count().row(0) == (found.height,) * len(empty)
    assert state.questions.collect()["n"].to_list() == [1] * FEW, "labels are those of the questions"
    assert opened.sample_counts() == {"new": 0, "reused": 3 * FEW, "failed": 0, "used": 3 * FEW}


def test_a_second_run_asks_nothing(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, first = run(store)
    monkeypatch.setattr(TransformersEngine, "score", None)
    for offline in (False, True):
        opened, state = run(store, offline=offline)
        assert opened.drawn.new == 0
        assert state.samples.collect().equals(first.samples.collect())


def test_tokens_count_what_was_written(tmp_path: Path) -> None:
    opened, state = run(tmp_path / "store")
    assert opened.sample_counts()["new"] == 3 * FEW
    assert opened.drawn.tokens == state.samples.collect()["n_tokens"].sum()


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "AT_ONCE", 7)
    score, asked = TransformersEngine.score, list[int]()

    def breaks_off(self: TransformersEngine, calls: Sequence[ScoreCall]) -> list[Answer]:
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(len(calls))
        return score(self, calls)

    monkeypatch.setattr(TransformersEngine, "score", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "store")
    monkeypatch.setattr(TransformersEngine, "score", score)
    opened, state = run(tmp_path / "store")
    assert opened.sample_counts()["new"] == 2 * (FEW - 14)
    assert scores(state)["logprob_sum"].null_count() == 0


def test_a_failed_score_is_a_row_and_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = TransformersEngine.score

    def fails(self: TransformersEngine, calls: Sequence[ScoreCall]) -> list[Answer]:
        good = [answer for answer in score(self, calls[3:]) if answer.index == 0 or answer.key > "4"]
        half = [
            answer
            for call in calls[3:]
            for answer in unscored(call, "Half: gone")
            if answer.index == 1 and answer.key <= "4"
        ]
        return [*good, *half, *(answer for call in calls[:3] for answer in unscored(call, "Whole: gone"))]

    monkeypatch.setattr(TransformersEngine, "score", fails)
    opened, state = run(tmp_path / "store")
    failed = scores(state).filter(pl.col("error").is_not_null())
    assert failed.height == opened.sample_counts()["failed"] > 6
    assert set(failed["error"]) == {"Half: gone", "Whole: gone"}
    assert failed["logprob_sum"].null_count() == failed["text"].null_count() == failed.height
    assert len(opened.drawn.failures) == failed["question_id"].n_unique()
    monkeypatch.setattr(TransformersEngine, "score", score)
    opened, state = run(tmp_path / "store")
    assert opened.sample_counts()["new"] == failed.height
    assert scores(state)["error"].null_count() == 2 * FEW


def test_the_likeliest_tokens_are_scores_of_their_own(store: Path) -> None:
    opened = machine(store, limit=FEW)
    state = opened.run(AskTwice())
    opened.answer(Request(asks=AskTwice.asks(state), role="judge", top=4))
    found = opened.state(3).samples.filter(pl.col("request") == 2).sort("question_id", "index").collect()
    opened.close()
    assert found["role"].cast(pl.String()).unique().to_list() == ["judge"]
    assert found["logprob_sum"].to_list() == pytest.approx(scores(state)["logprob_sum"].to_list(), abs=1e-4)
    for meta, tokens in found.select("meta", "token_logprobs").iter_rows():
        told = json.loads(meta)
        assert len(told["tokens"]) == len(told["top_tokens"]) == len(tokens)
        assert {len(place) for place in told["top_logprobs"]} == {4}


def test_what_a_request_lacks_is_told(store: Path) -> None:
    opened = machine(store, limit=FEW)
    asks = AskTwice.asks(opened.run(AskTwice())).collect()
    first = pl.int_range(pl.len()) == 0
    for texts, told in (
        (pl.lit(None, pl.List(pl.String())), "asks 1 times without 'continuations'"),
        (pl.lit([], pl.List(pl.String())), "asks how likely nothing is, under the name 'true "),
    ):
        broken = asks.with_columns(continuations=pl.when(first).then(texts).otherwise("continuations"))
        with pytest.raises(UsageError, match=told):
            opened.answer(Request(asks=broken))
    opened.close()


def test_an_engine_that_cannot_is_refused_before_the_first_call(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = machine(store, limit=FEW)
    asks = AskTwice.asks(opened.run(AskTwice()))
    monkeypatch.setattr(TransformersEngine, "can", frozenset({"sample", "score"}))
    with pytest.raises(UsageError, match="needs 'token distributions', which engine 'transformers' cannot"):
        opened.answer(Request(asks=asks, top=2))
    opened.close()
    pipeline = tmp_path / "needy.py"
    pipeline.write_text(NEEDY)
    answers = tmp_path / "answers.jsonl"
    answers.write_text(json.dumps({"question": "Who?", "answers": ["I"], "samples": [{"text": "I"}]}))
    flags = {"engine": "replay", "recorded": str(answers), "store": str(tmp_path / "store")}
    run_build(str(pipeline), flags | {"output_dir": str(tmp_path / "out")}, quiet=True)
    with pytest.raises(UsageError, match="this needs 'score', which engine 'replay' cannot do"):
        run_build(str(pipeline), flags | {"output_dir": str(tmp_path / "no"), "sure": True}, quiet=True)
    assert not (tmp_path / "no").exists()


NEEDY = '''
"""Asks the questions; needs scores where it is to be sure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from synth import Request, State, formats, setting


@dataclass(frozen=True)
class Needy:
    """Needs more than samples by a setting of its own."""

    sure: bool = setting(False, help="ask the model how sure it is")
    formats: ClassVar[tuple[str, ...]] = ("sft",)

    @property
    def needs(self) -> frozenset[str]:
        return frozenset({"sample", "score"} if self.sure else {"sample"})

    def requests(self, state: State) -> Iterator[Request]:
        if not state.asked:
            yield Request(n=1)

    def build(self, state: State) -> pl.LazyFrame:
        reply = formats.conversation(formats.assistant(pl.lit("I")))
        return state.questions.select(*state.spine(), formats.sft(pl.col("prompt"), reply))
'''
