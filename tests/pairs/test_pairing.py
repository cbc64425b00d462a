"""Pairs of answers: which there are and which are taken, in any order of the rows."""

from __future__ import annotations

from typing import get_args

import polars as pl
import pytest

from synth.pairs import pairing


def answers(questions: int = 6, each: int = 9) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "question_id": f"q{q}",
                "name": f"k{q}/{i}",
                "text": f"{'It is' if i % 2 else 'Well,'} {'x' * (i * 7 % 11)}{q}",
                "score": float(i * 5 % 7),
                "on_policy": True,
            }
            for q in range(questions)
            for i in range(each)
        ]
    )


@pytest.mark.parametrize("how", get_args(pairing.Pairing))
def test_every_rule_takes_the_same_pairs_in_any_order_of_rows(how: pairing.Pairing) -> None:
    frame = answers()

    def take(given: pl.DataFrame) -> pl.DataFrame:
        found = pairing.pairs(pairing.distinct(given.lazy(), 3))
        return pairing.taken(found, how, 3, 3).collect().sort("question_id", "number")

    whole = take(frame)
    assert whole.equals(take(frame.sample(fraction=1, shuffle=True, seed=1)))
    assert take(frame.filter(question_id="q2")).equals(whole.filter(question_id="q2"))
    assert (whole["gap"] > 0).all()
    assert whole.select("chosen_name", "rejected_name").is_unique().all()
    assert whole.group_by("question_id").len()["len"].max() == 3


def test_of_many_answers_some_of_each_side_are_compared() -> None:
    frame = answers(1, 1).drop("name", "text", "score").join(
        pl.DataFrame({"i": range(200)}), how="cross"
    ).select(
        "question_id", "on_policy", name=pl.format("k/{}", "i"), text=pl.format("t{}", "i"),
        score=(pl.col("i") < 3).cast(pl.Float64()),
    )  # fmt: skip
    kept = pairing.distinct(frame.lazy(), 0).collect()
    assert kept.filter(score=1).height == 3, "the rare side is whole"
    assert kept.filter(score=0).height == pairing.POOL


def test_matched_pairs_look_alike() -> None:
    texts = {
        "Paris": 1.0,
        "It is in Paris, as you know.": 1.0,
        "Rome": 0.0,
        "It is in Milan, as you say.": 0.0,
    }
    frame = pl.DataFrame(
        [
            {"question_id": "q", "name": name, "text": name, "score": score, "on_policy": True}
            for name, score in texts.items()
        ]
    )
    two = pairing.taken(pairing.pairs(frame.lazy()), "matched", 2, 0).collect()
    for chosen, rejected in two.select("chosen_text", "rejected_text").iter_rows():
        assert abs(len(chosen) - len(rejected)) < 3


def test_no_pairs_are_no_pairs() -> None:
    empty = pairing.pairs(answers().lazy().filter(score=1))
    for how in get_args(pairing.Pairing):
        assert pairing.taken(pairing.faulted(empty).drop("fault"), how, 2, 0).collect().is_empty()
    assert pairing.faulted(empty, most_alike=0.5).collect().is_empty()
