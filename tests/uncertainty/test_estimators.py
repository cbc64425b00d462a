"""Estimators say what they are defined to say, from nothing that gives the answer away."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from synth.errors import UsageError
from synth.scales import scale_of
from synth.uncertainty import ESTIMATORS, Answers, chosen, p_hat
from synth.uncertainty.hidden import log_det
from synth.uncertainty.lexical import rouge_l
from synth.uncertainty.sar import shifted

RIGHT, WRONG, REFUSED, TRUNCATED = "correct", "wrong", "refused", "truncated"


def answers(
    said: Sequence[tuple[str, str]], question: str = "q", kind: str = "short", **more: Any
) -> Answers:
    """Answers to one question: (text, outcome) each; columns and arguments of `Answers` besides."""
    columns = ("logprob_sum", "n_tokens", "token_logprobs")
    given: dict[str, Any] = {name: more.pop(name) for name in columns if name in more}
    samples = pl.DataFrame(
        {
            "question_id": [question] * len(said),
            "key": [f"k-{question}"] * len(said),
            "index": range(len(said)),
            "text": [text for text, _ in said],
            "answer": [text for text, _ in said],
            "outcome": [outcome for _, outcome in said],
            "finish": ["stop"] * len(said),
            **given,
        },
        schema_overrides={"index": pl.Int32},
    )
    questions = pl.DataFrame(
        {"question_id": [question], "kind": [kind], "question": ["Who leads Oakthorpe?"], "choices": [None]}
    )
    return Answers(samples, questions, **more)


def values(name: str, given: Answers) -> list[float]:
    return ESTIMATORS[name].measure(given)["value"].to_list()


FIVE = [("Ann", RIGHT), ("Ann", RIGHT), ("Bob", WRONG), ("Ann", RIGHT), ("Cy", WRONG)]


def test_agreement_is_the_share_of_the_others() -> None:
    assert values("agreement", answers(FIVE)) == [0.5, 0.5, 0, 0.5, 0]


def test_majority_share_is_that_of_the_most_frequent_answer() -> None:
    assert values("majority_share", answers(FIVE)) == [0.6]


def test_discrete_semantic_entropy_is_that_of_the_clusters() -> None:
    expected = -(0.6 * math.log(0.6) + 2 * 0.2 * math.log(0.2))
    assert values("discrete_semantic_entropy", answers(FIVE)) == pytest.approx([expected])


@pytest.mark.parametrize("name", [name for name in ESTIMATORS if not ESTIMATORS[name].oracle])
def test_no_verdict_changes_an_estimate(name: str) -> None:
    """Right or wrong, the same texts give the same value; else it would know what it should tell."""
    turned = [(text, WRONG if outcome == RIGHT else RIGHT) for text, outcome in FIVE]
    more: dict[str, Any] = {
        "logprob_sum": [-1.0, -1.0, -3.0, -1.0, -4.0],
        "n_tokens": [2, 2, 2, 2, 2],
        "token_logprobs": [[-0.5, -0.5]] * 2 + [[-2.0, -1.0], [-0.5, -0.5], [-3.0, -1.0]],
        "spans": lambda text: [(0, len(text))],
        "p_true": pl.DataFrame({"question_id": ["q"], "p_true": [0.7]}),
        "states": pl.DataFrame(
            {"key": ["k-q"] * 5, "index": range(5), "state": np.eye(5).tolist()},
            schema_overrides={"index": pl.Int32},
        ),
    }
    one, other = (ESTIMATORS[name].measure(answers(said, **more)) for said in (FIVE, turned))
    assert one.equals(other)
    assert one.height or name == "verbal_confidence"


def test_p_hat_has_an_interval_and_counts_what_was_judged() -> None:
    said = [*FIVE, ("I don't know.", REFUSED), ("Ann leads", TRUNCATED)]
    (row,) = p_hat(answers(said)).to_dicts()
    assert row["value"] == 0.6
    assert row["n"] == 5
    assert 0 < row["low"] < 0.6 < row["high"] < 1


def test_the_oracle_leaves_out_an_answer_s_own_verdict() -> None:
    assert values("p_hat_of_others", answers(FIVE)) == [0.5, 0.5, 0.75, 0.5, 0.75]
    assert not values("p_hat_of_others", answers([("Ann", RIGHT)]))


def test_refusals_are_one_cluster_and_no_answer() -> None:
    said = [("I don't know.", REFUSED), ("No idea.", REFUSED), ("Ann", RIGHT), ("Ann", RIGHT)]
    given = answers(said)
    assert values("discrete_semantic_entropy", given) == pytest.approx([math.log(2)])
    assert values("agreement", given) == pytest.approx([1 / 3, 1 / 3])
    assert values("majority_share", answers(said[:2])) == [0]


def test_what_states_no_answer_is_in_no_cluster() -> None:
    given = answers([("Ann", RIGHT), ("Ann", RIGHT), ("Well, the mayor", TRUNCATED)])
    (row,) = ESTIMATORS["discrete_semantic_entropy"].measure(given).to_dicts()
    assert row["value"] == 0
    assert row["n"] == 2


def test_a_lone_sample_has_no_value_where_samples_are_compared() -> None:
    alone = answers([("Ann", RIGHT)], logprob_sum=[-1.0], n_tokens=[2])
    for name in (
        "agreement",
        "majority_share",
        "discrete_semantic_entropy",
        "lexical_similarity",
        "sentence_sar",
    ):
        assert values(name, alone) == [], name
    assert values("predictive_entropy", alone) == [1.0]
    assert values("sequence_probability", alone) == pytest.approx([math.exp(-0.5)])


def test_semantic_entropy_of_improbable_answers_is_no_nan() -> None:
    given = answers(FIVE[:4], logprob_sum=[-2000.0, -2000.0, -2001.0, -2000.0], n_tokens=[9] * 4)
    p = 3 / (3 + math.exp(-1))
    assert values("semantic_entropy", given) == pytest.approx(
        [-(p * math.log(p) + (1 - p) * math.log(1 - p))]
    )
    assert values("sentence_sar", given)[0] > 1000


def test_shifted_probabilities_are_the_formula() -> None:
    logprobs, alike = np.log([0.5, 0.2, 0.1]), np.array([[1, 0.5, 0], [0.5, 1, 0.25], [0, 0.25, 1]])
    p = np.exp(logprobs)
    plain = [-math.log(p[i] + sum(alike[i, j] * p[j] for j in range(3) if j != i) / 1e-3) for i in range(3)]
    assert shifted(logprobs, alike) == pytest.approx(np.mean(plain))


def test_first_token_margin_needs_no_more_than_the_chosen_tokens() -> None:
    firsts = [math.log(0.6), math.log(0.6), math.log(0.3), math.log(0.6), math.log(0.05)]
    given = answers(FIVE, token_logprobs=[[first, -0.1] for first in firsts])
    assert values("first_token_margin", given) == pytest.approx([0.3])
    same = answers(FIVE[:2], token_logprobs=[[math.log(0.9)], [math.log(0.9) + 1e-6]])
    assert values("first_token_margin", same) == pytest.approx([0.9])


def test_verbal_confidence_is_read_on_the_declared_scale_and_nowhere_else() -> None:
    said = [("Ann\nConfidence: 7", RIGHT), ("Ann\nConfidence: 70%", RIGHT), ("Ann", RIGHT)]
    assert values("verbal_confidence", answers(said, scale=scale_of("0-10"))) == [0.7]
    assert values("verbal_confidence", answers(said, scale=scale_of("0-100"))) == pytest.approx([0.07, 0.7])


def test_p_true_may_be_of_a_question_or_of_an_answer() -> None:
    of_question = pl.DataFrame({"question_id": ["q", "other"], "p_true": [0.7, 0.1]})
    assert values("p_true", answers(FIVE, p_true=of_question)) == [0.7]
    of_answer = pl.DataFrame(
        {"question_id": ["q"], "key": ["k-q"], "index": [3], "p_true": [0.2]},
        schema_overrides={"index": pl.Int32},
    )
    found = ESTIMATORS["p_true"].measure(answers(FIVE, p_true=of_answer))
    assert found.select("index", "value").rows() == [(3, 0.2)]


def test_eigen_score_is_a_log_determinant_and_grows_with_the_distance() -> None:
    states = np.random.default_rng(0).normal(size=(4, 32))
    centred = states - states.mean(1, keepdims=True)
    whole = np.linalg.det(centred @ centred.T + 1e-3 * np.eye(4))
    assert log_det(states) == pytest.approx(math.log(whole) / 4)
    assert log_det(np.repeat(states[:1], 4, 0)) < log_det(states) < log_det(2 * states)


def test_tokens_that_cannot_be_found_again_give_no_value() -> None:
    spans = {"Ann": [(0, 2), (2, 3)], "Bob": [(0, 3)]}
    logprobs = [[-1.0, -2.0, -0.1], [-1.0, -2.0], [-1.0]]
    given = answers(
        [("Ann", RIGHT), ("Ann", RIGHT), ("Bob", WRONG)],
        token_logprobs=logprobs,
        spans=lambda text: spans.get(text, []),
        similarity=lambda pairs: np.array([0.25 if shorter.endswith(" n") else 0.5 for _, shorter in pairs]),
    )
    # The end mark of the first has no relevance; the second has none; of a single token it does not matter.
    expected = (0.75 * 1 + 0.5 * 2) / 1.25
    assert values("token_sar", given) == pytest.approx([expected, expected, 1.0])
    longer = answers([("Ann", RIGHT)], token_logprobs=[[-1.0] * 5], spans=lambda text: spans.get(text, []))
    assert values("token_sar", longer) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("the cat sat", "the cat sat", 1),
        ("a b c d", "b d", 2 * 2 / 6),
        ("a b c", "c b a", 2 * 1 / 6),
        ("", "a", 0),
        ("", "", 0),
        ("x " * 200 + "y", "y " + "x " * 200, 2 * 200 / 402),
    ],
)
def test_rouge_l_is_the_longest_common_subsequence(one: str, other: str, expected: float) -> None:
    assert rouge_l(one.split(), other.split()) == pytest.approx(expected)


def test_words_of_any_script_count() -> None:
    given = answers([("Анна живёт здесь", RIGHT), ("анна живёт там", RIGHT)])
    assert values("lexical_similarity", given) == pytest.approx([2 / 3])


def test_names_are_checked() -> None:
    assert [each.name for each in chosen(["semantic-entropy", "sar", "sar"])] == ["semantic_entropy", "sar"]
    assert len(chosen(["all"])) == len(ESTIMATORS)
    with pytest.raises(UsageError, match="no estimator is called 'agrement', did you mean 'agreement'"):
        chosen(["agrement"])


def test_many_questions_take_seconds() -> None:
    random = np.random.default_rng(0)
    words = np.array(["red", "green", "blue", "white", "black", "grey"])
    texts = [" ".join(random.choice(words, 6)) for _ in range(5_000)]
    samples = pl.DataFrame(
        {
            "question_id": [f"q{at // 20}" for at in range(5_000)],
            "key": [f"k{at // 20}" for at in range(5_000)],
            "index": [at % 20 for at in range(5_000)],
            "text": texts,
            "answer": texts,
            "outcome": random.choice([RIGHT, WRONG], 5_000),
            "logprob_sum": -random.random(5_000),
            "n_tokens": [6] * 5_000,
        },
        schema_overrides={"index": pl.Int32},
    )
    questions = samples.select(
        "question_id", kind=pl.lit("free"), question=pl.lit("?"), choices=None
    ).unique()
    started = time.process_time()
    for name in ("lexical_similarity", "semantic_entropy", "agreement", "sentence_sar"):
        assert ESTIMATORS[name].measure(Answers(samples, questions)).height >= 250
    assert time.process_time() - started < 20
