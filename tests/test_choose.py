"""Seeded choices depend on the row's own key alone."""

import polars as pl
import pytest

from synth import choose


def test_a_choice_does_not_depend_on_the_neighbours() -> None:
    ids = pl.DataFrame({"id": [f"q{i}" for i in range(500)]})
    pick = choose.among(["a", "b", "c"], "id", seed=1)
    whole = ids.with_columns(pick=pick)
    shuffled = ids.sample(fraction=1.0, shuffle=True, seed=3).head(100).with_columns(pick=pick)
    both = shuffled.join(whole, on="id")
    assert both["pick"].to_list() == both["pick_right"].to_list()


def test_choices_are_even_or_follow_their_weights() -> None:
    ids = pl.DataFrame({"id": [f"q{i}" for i in range(20_000)]})
    even = ids.select(pick=choose.among(["a", "b", "c", "d"], "id", seed=0))["pick"].value_counts()
    assert all(abs(count - 5000) < 300 for count in even["count"])
    skewed = ids.select(pick=choose.among(["a", "b"], "id", seed=0, weights=[3, 1]))["pick"]
    assert (skewed == "a").mean() == pytest.approx(0.75, abs=0.02)


def test_another_seed_chooses_otherwise() -> None:
    ids = pl.DataFrame({"id": [f"q{i}" for i in range(200)]})
    one = ids.select(choose.chance(pl.col("id"), 0, "x")).to_series()
    two = ids.select(choose.chance(pl.col("id"), 1, "x")).to_series()
    assert not (one == two).any()
    assert one.is_between(0, 1, closed="left").all()


def test_first_of_keeps_so_many_rows_a_group() -> None:
    frame = pl.LazyFrame({"g": ["a"] * 5 + ["b"], "k": [str(i) for i in range(6)]})
    chosen = choose.first_of(frame, "g", pl.col("k"), seed=0, count=2).collect()
    assert chosen["g"].to_list() == ["a", "a", "b"]
