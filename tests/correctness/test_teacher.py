"""A teacher's tokens: what is kept adds up to 1, and a temperature makes its confidence come true."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from synth import metrics
from synth.correctness import teacher
from synth.errors import UsageError

K, VOCABULARY = 4, 30


def told(tokens: int, sharpness: float, seed: int = 0) -> pl.LazyFrame:
    """Replies whose tokens are drawn from a distribution that the teacher makes too sharp by so much."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(tokens // 5):
        logits = rng.normal(0, 2, (5, VOCABULARY))
        true = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        said = np.exp(logits * sharpness)
        said = np.log(said / said.sum(1, keepdims=True))
        order = np.argsort(-said, 1)[:, :K]
        meta = {
            "prompt_tokens": [1, 2, 3],
            "tokens": [int(rng.choice(VOCABULARY, p=one)) for one in true],
            "top_tokens": order.tolist(),
            "top_logprobs": np.take_along_axis(said, order, 1).round(6).tolist(),
        }
        rows.append(
            {"ask": f"reply q{number}", "question_id": f"q{number}", "finish": "score", "key": f"k{number}",
             "index": 0, "meta": json.dumps(meta)}
        )  # fmt: skip
    return pl.LazyFrame(rows)


def error(places: pl.DataFrame, temperature: float) -> float:
    """How far the confidence in the likeliest token is from how often it comes, on average: ECE, 10 bins."""
    sure = teacher.tempered(places, temperature)["logprobs"].list.first().exp().to_numpy()
    right = (places["ids"].list.first() == places["token"]).to_numpy()
    return float(metrics.ece(metrics.by_level(right, sure)))


@pytest.mark.parametrize("by", ["nll", "ece"])
@pytest.mark.parametrize("sharpness", [1.0, 2.0])
def test_the_temperature_undoes_what_makes_a_teacher_too_sure(by: str, sharpness: float) -> None:
    """Not the temperature of all tokens, for those beside the k are one: but what is kept comes true."""
    places = teacher.places(told(4000, sharpness))
    found = teacher.temperature(places, by)
    assert found == pytest.approx(1, abs=0.1) if sharpness == 1 else found > 1.7
    at_found = error(teacher.places(told(4000, sharpness, seed=1)), found)
    assert at_found < 0.04
    assert sharpness == 1 or error(places, 1.0) > 5 * at_found


def test_what_a_student_sees_adds_up_to_one_at_any_temperature() -> None:
    samples = told(300, 2.0)
    for by in ("none", "nll"):
        rows = teacher.distributions(samples, samples.select("question_id"), by).collect()
        assert rows.height == 60
        for row in rows.head(5).iter_rows(named=True):
            assert len(row["input_ids"]) == len(row["loss_mask"]) == 8
            assert sum(row["loss_mask"]) == len(row["topk_ids"]) == len(row["other_logprob"]) == 5
            for few, other in zip(row["topk_logprobs"], row["other_logprob"], strict=True):
                assert np.exp(few).sum() + np.exp(other) == pytest.approx(1, abs=1e-5)
                assert few == sorted(few, reverse=True)
            assert row["reply_keys"] == [f"k{row['question_id'][1:]}/0"]
        assert (rows["temperature"][0] == 1.0) == (by == "none")


def test_it_is_chosen_on_questions_apart() -> None:
    samples = told(1000, 2.0)
    some = samples.select("question_id").head(100)
    of_some = teacher.distributions(samples, some, "nll").collect()["temperature"][0]
    alone = teacher.distributions(samples.head(100), some, "nll").collect()["temperature"][0]
    assert of_some == alone
    with pytest.raises(
        UsageError, match="needs 50 tokens of accepted answers, and the validation split has 25"
    ):
        teacher.distributions(samples, some.head(5), "nll")
    assert teacher.distributions(samples.clear(), some, "none").collect().is_empty()
