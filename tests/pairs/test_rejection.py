"""Statistical rejection sampling: as the paper's walk accepts, on the same scale for every question."""

from __future__ import annotations

import math
import random
from collections import Counter

import polars as pl
import pytest

from synth.pairs.rejection import accepted


def answers(*questions: list[float]) -> pl.LazyFrame:
    return pl.LazyFrame(
        [
            {"question_id": f"q{q}", "name": f"q{q}/{i}", "score": score}
            for q, each in enumerate(questions)
            for i, score in enumerate(each)
        ],
        schema={"question_id": pl.String(), "name": pl.String(), "score": pl.Float64()},
    )


def walk(scores: list[float], quota: int, beta: float, dice: random.Random) -> list[int]:
    """Algorithm 1 of the paper, one answer at a time."""
    mean = sum(scores) / len(scores)
    spread = math.sqrt(sum((score - mean) ** 2 for score in scores) / len(scores))
    standard = {i: (score - mean) / spread for i, score in enumerate(scores)}
    order = list(standard)
    dice.shuffle(order)
    taken: list[int] = []
    while standard and len(taken) < quota:
        highest = max(standard.values())
        for i in [i for i in order if i in standard]:
            if dice.random() < math.exp((standard[i] - highest) / beta) and len(taken) < quota:
                taken.append(i)
        standard = {i: r for i, r in standard.items() if i not in taken}
    return taken


@pytest.mark.parametrize("beta", [0.3, 1.0])
def test_it_accepts_as_often_as_the_walk_of_the_paper(beta: float) -> None:
    scores = [0.0, 1.0, 2.0, 2.0, 5.0, 9.0]
    many = 3000
    got = accepted(answers(*[scores] * many), 3, beta, seed=1).collect()
    ours = Counter(int(name.split("/")[1]) for name in got["name"])
    dice = random.Random(2)
    theirs = Counter(i for _ in range(many) for i in walk(scores, 3, beta, dice))
    assert got.height == 3 * many
    for i in range(len(scores)):
        assert ours[i] / many == pytest.approx(theirs[i] / many, abs=0.04)


def test_the_temperature_goes_from_the_best_to_any() -> None:
    scores = [float(score) for score in range(10)]
    best = accepted(answers(scores), 4, 0.001, seed=0).collect()
    assert best["score"].to_list() == [6, 7, 8, 9]
    loose = accepted(answers(*[scores] * 500), 4, 1e6, seed=0).collect()
    assert loose["score"].mean() == pytest.approx(4.5, abs=0.2)


def test_scores_count_by_their_place_in_the_question_not_by_their_size() -> None:
    small = [0.0, 0.1, 0.2, 0.4]
    frames = [[1000 + 50 * score for score in small], small]
    for each in frames:
        got = accepted(answers(*[each] * 1000), 2, 0.5, seed=3).collect()
        counts = Counter(int(name.split("/")[1]) for name in got["name"])
        assert counts[3] / 1000 == pytest.approx(0.97, abs=0.05)


@pytest.mark.parametrize("each", [[], [1.0], [2.0, 2.0, 2.0]])
def test_few_answers_and_equal_ones_are_all_accepted(each: list[float]) -> None:
    assert accepted(answers(each), 5, 0.5, seed=0).collect().height == len(each)


def test_neither_order_nor_company_changes_what_is_accepted() -> None:
    frame = answers([1, 5, 2, 8, 3], [4, 4, 9]).collect()
    whole = accepted(frame.lazy(), 2, 0.5, seed=5).collect()
    shuffled = accepted(frame.sample(fraction=1, shuffle=True, seed=1).lazy(), 2, 0.5, seed=5).collect()
    alone = accepted(frame.lazy().filter(question_id="q1"), 2, 0.5, seed=5).collect()
    assert sorted(whole["name"]) == sorted(shuffled["name"])
    assert whole.filter(question_id="q1")["name"].to_list() == alone["name"].to_list()
