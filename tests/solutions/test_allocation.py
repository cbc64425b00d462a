"""Quotas by difficulty, the draws that they cost, and what stopped runs say, against simulation."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from synth.solutions import allocation


def rates(correct: list[int], wrong: list[int], prior: tuple[float, float] = (0.0, 0.0)) -> pl.Series:
    frame = pl.DataFrame({"k": correct, "w": wrong})
    return frame.select(allocation.fail_rate(pl.col("k"), pl.col("w"), prior)).to_series()


def quotas(difficulty: list[float], k: int, power: float = 1.0) -> list[int]:
    frame = pl.DataFrame({"d": difficulty})
    return frame.select(allocation.by_difficulty(pl.col("d"), k, power)).to_series().to_list()


def test_the_fail_rate_is_the_posterior_mean() -> None:
    assert rates([8, 0, 3], [0, 8, 1]).to_list() == [0, 1, 0.25]
    assert rates([8, 0], [0, 8], (0.5, 0.5)).to_list() == [0.5 / 9, 8.5 / 9]


def test_what_nobody_judged_is_as_hard_as_can_be_or_as_the_prior_says() -> None:
    assert rates([0], [0]).to_list() == [1.0]
    assert rates([0], [0], (0.5, 0.5)).to_list() == [0.5]


def test_the_hardest_gets_k_and_everything_at_least_one() -> None:
    assert quotas([0.0, 0.25, 0.5, 1.0], 64) == [1, 16, 32, 64]
    assert quotas([0.0, 0.1, 0.2], 64) == [1, 32, 64]  # relative to the hardest there is
    assert quotas([1 / 3, 2 / 3, 1.0], 3) == [1, 2, 3]  # not rounded up for a third that is no third
    assert quotas([0.3, 1.0], 4) == [2, 4]  # 1.2 is rounded up


def test_power_0_is_uniform_and_a_high_one_steep() -> None:
    assert quotas([0.1, 0.5, 1.0], 40, 0) == [40, 40, 40]
    assert quotas([0.1, 0.5, 1.0], 40, 3) == [1, 5, 40]


@pytest.mark.parametrize("difficulty", [0.0, 0.5, 1.0])
def test_a_single_question_is_the_hardest(difficulty: float) -> None:
    assert quotas([difficulty], 16) == [16 if difficulty else 1]


def test_a_histogram_spreads_the_rows_as_told() -> None:
    frame = pl.DataFrame({"d": [0.1] * 80 + [0.6] * 15 + [0.9] * 5})
    wanted = frame.with_columns(n=allocation.by_histogram(pl.col("d"), 20, (1, 0, 2, 2)))
    rows = wanted.group_by("d").agg(pl.col("n").sum()).sort("d")["n"].to_list()
    assert rows == [400, 15 * 54, 5 * 160]  # 2000 rows: 400, 800 and 800, rounded up a question
    assert (
        wanted.select(allocation.by_histogram(pl.col("d"), 20, (0, 1, 0, 0))).to_series().to_list()
        == [1] * 100
    )


def test_bands_have_one_width_and_1_is_in_the_last() -> None:
    frame = pl.DataFrame({"d": [0.0, 0.49, 0.5, 1.0]})
    assert frame.select(allocation.by_band(pl.col("d"), (0.7, 1.6)))["d"].to_list() == [0.7, 0.7, 1.6, 1.6]


@pytest.mark.parametrize("p", [0.02, 0.3, 1.0])
@pytest.mark.parametrize(("wanted", "left"), [(1, 10), (4, 20), (16, 16), (5, 3), (3, 400)])
def test_expected_draws_are_those_of_a_simulation(wanted: int, left: int, p: float) -> None:
    right = (np.random.default_rng(0).random((20_000, left)) < p).cumsum(1) >= wanted
    draws = np.where(right.any(1), right.argmax(1) + 1, left)
    expected = float(allocation.expected_draws(wanted, p, left))
    assert expected == pytest.approx(draws.mean(), abs=4 * draws.std() / np.sqrt(20_000) + 1e-9)


def test_nothing_wanted_or_nothing_left_takes_no_draw() -> None:
    assert allocation.expected_draws([0, 3, -2], 0.5, [9, 0, 9]).tolist() == [0, 0, 0]
    assert float(allocation.expected_draws(5, 0.0, 100)) == 100


def test_what_is_foreseen_comes_about() -> None:
    """From the first draws alone, for shares that nobody told it."""
    rng = np.random.default_rng(1)
    p = rng.beta(0.4, 0.6, 4000)
    right = (rng.random((4000, 256)) < p[:, None]).cumsum(1)
    k = right[:, 7]
    wanted = np.where(k == 8, 1, 12)
    met = right >= wanted[:, None]
    draws = np.maximum(np.where(met.any(1), met.argmax(1) + 1, 256), 8)
    foreseen = allocation.foreseen(k, np.full(4000, 8), wanted, cap=256)
    assert foreseen.sum() == pytest.approx(draws.sum(), rel=0.03)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("kinds", [1000, 6])
def test_the_share_of_a_stopped_run_is_unbiased(p: float, kinds: int) -> None:
    """Also where only distinct right answers count, and where the cap ends a run; k/n is not."""
    rng = np.random.default_rng(0)
    runs = []
    for _ in range(4000):
        seen: set[int] = set()
        correct = drawn = 0
        while len(seen) < 4 and drawn < 40:
            drawn += 1
            if rng.random() < p:
                correct += 1
                seen.add(int(rng.integers(kinds)))
        runs.append((correct, drawn, len(seen) == 4))
    frame = pl.DataFrame(runs, schema=["k", "n", "met"], orient="row")
    share = frame.select(allocation.stopped_share(pl.col("k"), pl.col("n"), pl.col("met"))).to_series()
    error = share.std() / np.sqrt(len(share))
    assert share.mean() == pytest.approx(p, abs=3 * error)
    naive = frame.select(pl.col("k") / pl.col("n")).to_series()
    assert naive.mean() > p + 3 * error


def test_a_run_without_draws_says_nothing() -> None:
    frame = pl.DataFrame({"k": [0, 1], "n": [0, 1], "met": [False, True]})
    share = frame.select(allocation.stopped_share(pl.col("k"), pl.col("n"), pl.col("met")))["k"]
    assert share.to_list() == [None, 1.0]
