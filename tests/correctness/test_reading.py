"""What is read into the scores of replies, and what is not."""

from __future__ import annotations

import math

import polars as pl
import pytest

from synth.correctness.reading import worth
from synth.errors import UsageError


def scores(*asks: list[float | None]) -> pl.LazyFrame:
    rows = [
        {
            "ask": f"rating s{number}",
            "key": f"k{number}",
            "index": at,
            "logprob_sum": None if p is None else math.log(p),
        }
        for number, ask in enumerate(asks)
        for at, p in enumerate(ask)
    ]
    schema = {"ask": pl.String(), "key": pl.String(), "index": pl.Int32(), "logprob_sum": pl.Float64()}
    return pl.LazyFrame(rows, schema=schema)


def test_replies_are_worth_their_place_and_add_up_to_one() -> None:
    found = worth(scores([0.1, 0.3], [0.2, 0.2, 0.0001]), "rating").sort("sample").collect()
    assert found["sample"].to_list() == ["s0", "s1"]
    assert found["worth"].to_list() == pytest.approx([0.75, 0.25], abs=1e-3)
    assert found["keys"].to_list() == [["k0/0", "k0/1"], ["k1/0", "k1/1", "k1/2"]]


def test_a_reply_that_could_not_be_scored_leaves_nothing_to_read() -> None:
    assert worth(scores([0.1, None]), "rating").collect()["worth"].to_list() == [None]


def test_a_model_that_says_something_else_is_not_read() -> None:
    found = worth(scores([0.5, 0.4], [0.3, 0.5], [0.01, 0.02]), "rating").sort("sample").collect()
    assert found["worth"].null_count() == 1
    with pytest.raises(UsageError, match=r"no sensible rating: in 2 of 3 cases .* below 0\.1"):
        worth(scores([0.5, 0.4], [0.01, 0.05], [0.01, 0.02]), "rating")


def test_what_was_not_asked_is_nothing() -> None:
    assert worth(scores(), "rating").collect().is_empty()
    assert worth(scores([0.5, 0.4]), "P(True or False)").collect().is_empty()
