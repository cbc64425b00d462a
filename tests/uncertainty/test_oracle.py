"""The numbers are those of lm-polygraph and uqlm, wherever they define the same thing."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from synth.uncertainty import ESTIMATORS, Answers

ORACLE: Final = json.loads((Path(__file__).parent / "oracle.json").read_text())
CASES: Final[list[dict[str, Any]]] = ORACLE["cases"]
NEAR: Final = 1e-6

THE_SAME: Final = {
    "lm-polygraph": {
        "predictive_entropy": 1,
        "length_normalised_entropy": 1,
        "discrete_semantic_entropy": 1,
        "sentence_sar": 1,
        "sar": 1,
        "eigen_score": 1,
        "token_sar": 1,
    },
    "uqlm": {
        "discrete_semantic_entropy": 1,
        "semantic_entropy": 1,
        "length_normalised_semantic_entropy": 1,
        "sequence_probability": 1,
    },
    "rouge-score": {"lexical_similarity": 1},
}
PAIRS: Final = [(source, name) for source, names in THE_SAME.items() for name in names]


def words(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"\s*\S+", text)]


def answers(case: dict[str, Any]) -> Answers:
    """The case as answers; the similarities it was given are looked up."""
    count = len(case["texts"])
    samples = pl.DataFrame(
        {
            "question_id": ["q"] * count,
            "key": ["k"] * count,
            "index": range(count),
            "text": case["texts"],
            "answer": case["texts"],
            "outcome": ["undecided"] * count,
            "token_logprobs": case["token_logprobs"],
            "logprob_sum": [sum(each) for each in case["token_logprobs"]],
            "n_tokens": [len(each) for each in case["token_logprobs"]],
            "finish": ["length"] * count,
        },
        schema_overrides={"index": pl.Int32, "n_tokens": pl.Int32},
    )
    questions = pl.DataFrame(
        {"question_id": ["q"], "kind": ["short"], "question": [case["question"]], "choices": [None]}
    )
    states = samples.select("key", "index").with_columns(state=pl.Series(case["states"]))
    return Answers(samples, questions, similarity=_looked_up(case), spans=words, states=states)


def _looked_up(case: dict[str, Any]) -> Any:
    question, texts = case["question"], case["texts"]
    known = {
        (one, other): case["similarity"][at][to]
        for at, one in enumerate(texts)
        for to, other in enumerate(texts)
    }
    for text, relevance in zip(texts, case["token_similarity"], strict=True):
        for (start, end), value in zip(words(text), relevance, strict=True):
            known[f"{question} {text}", f"{question} {text[:start]}{text[end:]}"] = value

    def similarity(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        return np.array([known[pair] for pair in pairs], np.float64)

    return similarity


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["question"])
@pytest.mark.parametrize(("source", "name"), PAIRS)
def test_the_numbers_are_theirs(case: dict[str, Any], source: str, name: str) -> None:
    found = ESTIMATORS[name].measure(answers(case))["value"].to_list()
    expected = case[source][name]
    assert found == pytest.approx(expected if isinstance(expected, list) else [expected], abs=NEAR)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["question"])
def test_the_clusters_are_those_that_the_oracles_were_given(case: dict[str, Any]) -> None:
    names = answers(case).clustered.sort("index")["cluster"].to_list()
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    assert [numbers[name] for name in names] == case["clusters"]


def test_where_words_are_the_same_answers_agreement_is_uqlm_s_exact_match() -> None:
    case = next(case for case in CASES if len({*case["clusters"]}) == len({*case["texts"]}))
    assert ESTIMATORS["agreement"].measure(answers(case))["value"].to_list() == case["uqlm"]["exact_match"]


def test_lm_polygraph_s_semantic_entropy_is_another_number() -> None:
    """It averages −log Σ p over samples, not normalised, and falls below 0; uqlm normalises, as we do."""
    case = CASES[0]
    assert case["lm-polygraph"]["semantic_entropy_unnormalised"] < 0
    assert case["uqlm"]["semantic_entropy"] > 0


def test_lm_polygraph_s_rouge_stems_and_ours_does_not() -> None:
    def theirs(case: dict[str, Any]) -> float:
        return -float(case["lm-polygraph"]["lexical_similarity_negated"])

    stems = [case for case in CASES if abs(theirs(case) - case["rouge-score"]["lexical_similarity"]) > NEAR]
    assert [case["question"] for case in stems] == ["How does the animal move?"]
