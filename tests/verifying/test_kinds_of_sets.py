"""Sets of all kinds come out the same again: rounds, roles, budgets, stop rules, votes, audits, heads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth import engines
from synth.errors import UsageError
from synth.graders import short
from synth.verbs.audit import run_audit
from synth.verbs.build import run_build
from synth.verbs.verify import run_verify
from synth.voting import entailment
from tests.verifying.conftest import change, write_answers
from tests.voting.judging_server import JudgingServer
from tests.voting.test_entailment import CASES

Flags = dict[str, Any]

AGAIN = '''
"""Asks again: a judge about the first answer, a writer for a better one, the model on from half an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from synth import Request, State, formats, setting
from synth.engines.base import Sampling


@dataclass(frozen=True)
class Again:
    """Asks again."""

    n: int = setting(3, low=1, help="samples a question")
    top: int = setting(0, low=0, help="likeliest tokens beside each of a scored text")
    formats: ClassVar[tuple[str, ...]] = ("sft",)

    def requests(self, state: State) -> Iterator[Request]:
        """Three rounds."""
        if state.asked == 0:
            yield Request(n=self.n)
        elif state.asked == 1:
            first = state.samples.filter(pl.col("index") == 0)
            turn = pl.struct(role=pl.lit("user"), content=pl.format("Is '{}' right?", "text"))
            name = pl.format("why {}", "question_id")
            why = first.select("question_id", ask=name, messages=pl.concat_list(turn))
            yield Request(n=2, role="judge", asks=why, sampling=Sampling(temperature=0, max_tokens=8))
            half = pl.col("answers").list.first().str.slice(0, 2)
            yield Request(
                n=2,
                asks=state.questions.select(
                    "question_id", ask=pl.format("half {}", "question_id"), messages="prompt", prefix=half
                ),
            )
            texts = pl.lit([" yes", " no"], pl.List(pl.String()))
            yield Request(asks=why.with_columns(ask="question_id", continuations=texts), top=self.top)
        elif state.asked == 2:
            said = state.samples.filter(pl.col("role").cast(pl.String()) == "judge", pl.col("index") == 0)
            sure = state.samples.filter(pl.col("finish") == "score").group_by("question_id")
            surest = sure.agg(sure=pl.col("logprob_sum").arg_max())
            said = said.join(surest, on="question_id", maintain_order="left")
            turn = pl.struct(role=pl.lit("user"), content=pl.format("{}: make {} better", "sure", "text"))
            name = pl.format("better {}", "question_id")
            asks = said.select("question_id", ask=name, messages=pl.concat_list(turn))
            yield Request(n=1, role="writer", asks=asks, sampling=Sampling(temperature=0.5, max_tokens=8))

    def build(self, state: State) -> pl.LazyFrame:
        """What the writer wrote."""
        wrote = state.samples.filter(pl.col("role").cast(pl.String()) == "writer")
        better = wrote.select("question_id", better="text")
        rows = state.questions.join(better, on="question_id", maintain_order="left")
        reply = formats.conversation(formats.assistant(pl.col("better")))
        return rows.select(*state.spine(), formats.sft(pl.col("prompt"), reply))
'''


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def built(pipeline: str = "refusal", **flags: Any) -> Path:
    run_build(pipeline, {"store": "store", "output_dir": "out", "filters": "none"} | flags, quiet=True)
    return Path("out")


def recorded(**flags: Any) -> Path:
    write_answers(Path("answers.jsonl"))
    return built(engine="replay", recorded="answers.jsonl", **flags)


def same_both_ways(folder: Path, **more: Any) -> None:
    for embedded in (False, True):
        result = run_verify(folder, Path("store"), from_embedded=embedded, **more)
        assert result["same"], (embedded, result)


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on no model can be opened."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a model was opened")

    for module in ("transformers", "replay"):
        monkeypatch.setattr(engines, "open_engine", refuse)
        monkeypatch.setattr(f"synth.engines.{module}", None, raising=False)
    monkeypatch.setattr("synth.verbs.opening.open_engine", refuse)
    monkeypatch.setattr("synth.voting.opening.open_votes", refuse)


def test_rounds_of_writers_and_judges(request: pytest.FixtureRequest) -> None:
    Path("again.py").write_text(AGAIN)
    folder = built("./again.py", limit=8, max_tokens=8)
    roles = pl.read_parquet("out/samples/*.parquet")["role"].unique().sort().to_list()
    assert roles == ["judge", "target", "writer"]
    request.getfixturevalue("no_model")
    same_both_ways(folder)
    samples = pl.read_parquet("out/samples/*.parquet").with_row_index("row")
    row = samples.filter(role="judge", index=0)["row"][0]
    change(folder, "samples", row, text=pl.lit("Never."))
    result = run_verify(folder, Path("store"))
    assert (result["first"]["config"], result["first"]["row"], result["first"]["column"]) == (
        "samples",
        row,
        "text",
    )
    embedded = run_verify(folder, Path("store"), from_embedded=True)
    assert embedded["first"]["config"] == "prompts", "the writer was asked about another text"


@pytest.mark.parametrize("top", [0, 3])
def test_scores_of_given_texts(request: pytest.FixtureRequest, top: int) -> None:
    Path("again.py").write_text(AGAIN)
    folder = built("./again.py", limit=6, max_tokens=8, top=top)
    samples = pl.read_parquet("out/samples/*.parquet").with_row_index("row")
    scores = samples.filter(finish="score")
    assert scores["text"].to_list() == [" yes", " no"] * 6
    assert scores["meta"].null_count() == (0 if top else 12)
    request.getfixturevalue("no_model")
    same_both_ways(folder)
    yes, no = scores["logprob_sum"][:2]
    change(folder, "samples", scores["row"][0], logprob_sum=pl.lit(0.0 if yes < no else -99.0))
    for embedded in (False, True):
        result = run_verify(folder, Path("store"), from_embedded=embedded)
        assert not result["same"]


def test_a_pipeline_of_ones_own_that_is_not_here_is_asked_for(tmp_path: Path) -> None:
    Path("again.py").write_text(AGAIN)
    folder = built("./again.py", limit=4, max_tokens=8)
    Path("elsewhere").mkdir()
    Path("again.py").rename("elsewhere/again.py")
    with pytest.raises(UsageError, match=r"again\.py, which is not here; name it with --pipeline"):
        run_verify(folder, Path("store"))
    same_both_ways(folder, pipeline="elsewhere/again.py")
    Path("elsewhere/again.py").write_text(AGAIN + "\n# changed\n")
    result = run_verify(folder, Path("store"), pipeline="elsewhere/again.py")
    assert result["same"]
    assert result["notes"] == ["again.py is not the file that the set was built with"]


@pytest.mark.parametrize(
    "flags",
    [
        {"stop_rule": "fixed", "n": 5},
        {"stop_rule": "sprt", "n": 12},
        {"stop_rule": "posterior", "n": 12},
        {"stop_rule": "quota", "quota": 2, "n": 12},
        {"stop_rule": "width", "width": 0.5, "n": 12},
        {"max_samples": 100},
        {"max_samples": 150, "stop_rule": "fixed", "n": 12},
        {"label_by": "entropy", "n": 6},
        {"per_question": 3, "variant": "replace", "balance": 1.0},
        {"filters": ("exact", "near_duplicates")},
        {"system": "Be brief.", "shots": 2},
        {"prompt": "Say: {{ question }}"},
        {"method": "r-tuning-r"},
        {"limit": 7, "seed": 5},
    ],
    ids=lambda flags: "-".join(map(str, flags)),
)
def test_settings(flags: Flags) -> None:
    same_both_ways(recorded(**flags))


@pytest.mark.parametrize("method", ["default", "rso", "curry-dpo", "reward-augmented", "kto", "bco"])
def test_preferences(method: str) -> None:
    write_answers(Path("answers.jsonl"))
    more: Flags = {"n": 12, "accept": 6, "rso_beta": 3.0} if method == "rso" else {}
    same_both_ways(built("preferences", engine="replay", recorded="answers.jsonl", method=method, **more))


def test_a_budget_of_tokens_and_a_store_with_more_than_was_used() -> None:
    more: Flags = {"limit": 12, "max_tokens": 24, "temperature": 0.9}
    folder = built(max_tokens_total=1200, **more)
    built(output_dir="wide", stop_rule="fixed", n=8, **more)
    same_both_ways(folder)
    same_both_ways(Path("wide"))


def test_a_set_that_is_too_large_for_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synth.asking.BLOCK", 5)
    monkeypatch.setattr("synth.settling.SLICE", 20)
    monkeypatch.setattr("synth.exporting.parquet.SORTED_ROWS", 30)
    monkeypatch.setattr("synth.verifying.comparing.ROWS", 7)
    same_both_ways(recorded())
    change(Path("out"), "samples", 150, text=pl.lit("Nowhere"))
    assert run_verify(Path("out"), Path("store"))["first"]["row"] == 150


def test_failed_calls_stay_failed() -> None:
    rows = [
        {"id": f"q{i}", "question": f"Q{i}?", "answers": ["Paris"], "model": "m",
         "samples": [{"text": "Paris"}] * 3 + [{"text": None}] + [{"text": "Paris"}] * 4}
        for i in range(3)
    ]  # fmt: skip
    Path("answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    same_both_ways(built(engine="replay", recorded="answers.jsonl", stop_rule="fixed", n=8))


def test_audited_answers_keep_the_persons_outcome() -> None:
    folder = recorded()
    run_audit(folder, Path("store"), output=Path("sheet.jsonl"), rows=6)
    rows = [json.loads(line) for line in Path("sheet.jsonl").read_text().splitlines()]
    Path("sheet.jsonl").write_text("".join(json.dumps(row | {"right": "no"}) + "\n" for row in rows))
    run_audit(folder, Path("store"), read=Path("sheet.jsonl"))
    before = run_verify(folder, Path("store"))
    assert before["same"], "the label noise on it is that of the audits so far"
    folder = built(engine="replay", recorded="answers.jsonl")
    assert "audit" in pl.read_parquet("out/samples/*.parquet")["grader"].to_list()
    same_both_ways(folder)
    run_audit(folder, Path("store"), output=Path("more.jsonl"), rows=6)
    rows = [json.loads(line) for line in Path("more.jsonl").read_text().splitlines()]
    Path("more.jsonl").write_text("".join(json.dumps(row | {"right": "yes"}) + "\n" for row in rows))
    run_audit(folder, Path("store"), read=Path("more.jsonl"))
    assert run_verify(folder, Path("store"))["same"], "later audits leave the set as it was"


def test_a_judges_votes_are_replayed(request: pytest.FixtureRequest) -> None:
    rows = [
        {"id": f"q{i}", "question": f"Say something of town {i}.", "answers": ["Paris"], "kind": "free",
         "model": "m", "samples": [{"text": f"{'Paris' if j < 4 * i else 'Rome'}, {j}."} for j in range(8)]}
        for i in range(3)
    ]  # fmt: skip
    Path("poems.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with JudgingServer() as server:
        folder = built(
            engine="replay",
            recorded="poems.jsonl",
            judge="tiny",
            judge_engine="openai",
            judge_base_url=server.url,
        )
    graders = pl.read_parquet("out/samples/*.parquet")["grader"].unique().to_list()
    assert "free+judge" in graders
    request.getfixturevalue("no_model")
    same_both_ways(folder)


def test_another_version_of_a_grader_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = recorded()
    then = short.VERSION
    monkeypatch.setattr(short, "VERSION", "999")
    result = run_verify(folder, Path("store"))
    assert not result["same"]
    assert (result["first"]["config"], result["first"]["column"]) == ("samples", "grader_version")
    assert result["notes"] == [f"graded by short {then}; here is 999"]


def test_a_set_of_another_version_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = recorded()
    monkeypatch.setattr("synth.verbs.verify.__version__", "99.0")
    result = run_verify(folder, Path("store"))
    assert result["same"]
    assert "this is 99.0" in result["notes"][0]


def test_semantic_votes_are_replayed(
    request: pytest.FixtureRequest, classifier: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entailment, "SURE", 0.5)
    rows = [
        {"id": case.question_id, "question": case.question, "answers": list(case.answers), "kind": "free",
         "model": "m", "samples": [{"text": case.answer}] * 8}
        for case in CASES
    ]  # fmt: skip
    Path("recorded.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    flags: Flags = {"semantic": "nli", "semantic_model": classifier("contradiction", "entailment"), "n": 8}
    folder = built(engine="replay", recorded="recorded.jsonl", **flags)
    assert "free+nli" in pl.read_parquet("out/samples/*.parquet")["grader"].to_list()
    request.getfixturevalue("no_model")
    same_both_ways(folder)
