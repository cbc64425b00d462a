"""Weak rules, and the risk that is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth import metrics
from synth.correctness.risk import risks
from synth.correctness.rules import RULES, votes
from synth.questions import load_questions
from synth.questions.recorded import Recording

Row = dict[str, Any]


def voted(
    texts: list[str], question: str = "Where was it?", kind: str = "short", **more: Any
) -> pl.DataFrame:
    samples = pl.LazyFrame(
        [
            {"key": "k", "index": at, "question_id": "q", "text": text, "answer": text, "outcome": "wrong",
             "finish": "stop", "logprob_sum": None, "n_tokens": None, **more}
            for at, text in enumerate(texts)
        ],
        schema_overrides={"logprob_sum": pl.Float64(), "n_tokens": pl.Int32()},
    )  # fmt: skip
    questions = pl.LazyFrame(
        {"question_id": ["q"], "kind": [kind], "question": [question], "choices": [None]},
        schema_overrides={"choices": pl.List(pl.String())},
    )
    return votes(samples, questions).collect()


def test_agreement_is_with_the_other_answers() -> None:
    assert voted(["Rome", "It is Rome.", "Rome", "Oslo"])["agreement"].to_list() == [1, 1, 1, 0]
    assert voted(["Rome"])["agreement"].to_list() == [None], "nobody else spoke"
    assert voted(["12", "12.0", "7"], kind="math")["agreement"].null_count() == 0


def test_no_rule_sees_whether_an_answer_is_right() -> None:
    texts = ["Rome", "It is Rome.", "Oslo", "I think it was Bern"]
    assert voted(texts).equals(voted(texts, outcome="correct"))


def test_hedges_numbers_cut_and_unlikely_answers() -> None:
    assert voted(["I think it is Rome", "Rome"])["hedge"].to_list() == [0, None]
    told = voted(["In the spring", "in 1901", "twelve"], question="How many were there?")
    assert told["number"].to_list() == [0, None, None]
    assert voted(["Rome and"], finish="length")["cut_off"].to_list() == [0]
    assert voted(["Rome"])["likelihood"].to_list() == [None], "nothing is known of its tokens"


def frame(rows: list[Row]) -> pl.DataFrame:
    schema = {"sample": pl.String(), **dict.fromkeys(RULES, pl.Int8())}
    empty: Row = dict.fromkeys(RULES)
    return pl.DataFrame([empty | {"sample": str(at)} | row for at, row in enumerate(rows)], schema=schema)


def test_a_risk_lies_between_what_the_rules_say() -> None:
    rows: list[Row] = (
        [{"agreement": 1}] * 50 + [{"agreement": 0}] * 50 + [{"agreement": 0, "hedge": 0}] * 50 + [{}]
    )
    found = risks(frame(rows))["risk"]
    sure, doubtful, twice, silent = (found[at] for at in (0, 50, 100, 150))
    assert sure < 0.1
    assert 0.3 < doubtful < 0.6, "the rule against the model that gave the answer"
    assert twice > doubtful
    assert silent is None
    backwards = risks(frame(rows).reverse())["risk"].reverse()
    assert backwards.equals(found)


def test_without_an_opinion_there_is_no_risk() -> None:
    assert risks(frame([{}, {}]))["risk"].to_list() == [None, None]
    assert risks(frame([])).is_empty()


@pytest.mark.parametrize(
    ("name", "least"), [("evouna_nq_human", 0.75), ("zeroeval_math_l5_pool", 0.9), ("mmlu_pro_pool", 0.75)]
)
def test_it_tells_right_from_wrong_on_real_answers(test_data: Path, name: str, least: float) -> None:
    """By the publishers' or people's verdicts, which no rule has seen."""
    file = test_data / "recorded" / f"{name}.jsonl"
    loaded = load_questions(str(file), need_answers=False, limit=150).frame
    recording = Recording(str(file))
    rows = [
        {"key": question_id, "index": at, "question_id": question_id, "text": sample["text"],
         "answer": sample.get("pred") or sample["text"], "outcome": "undecided", "finish": "stop",
         "logprob_sum": None, "n_tokens": None, "right": sample["correct"]}
        for question_id in loaded["id"]
        for at, sample in enumerate(recording.samples(question_id))
        if sample["text"]
    ]  # fmt: skip
    samples = pl.DataFrame(rows, schema_overrides={"logprob_sum": pl.Float64(), "n_tokens": pl.Int32()})
    told = votes(samples.lazy(), loaded.lazy().rename({"id": "question_id"})).collect()
    right = samples.select("right", sample=pl.format("{}/{}", "key", "index"))
    both = risks(told).join(right, on="sample").drop_nulls()
    levels = metrics.by_level(both["right"].to_numpy(), 1 - both["risk"].to_numpy())
    assert metrics.auroc(levels) > least
