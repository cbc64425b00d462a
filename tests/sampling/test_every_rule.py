"""What every stop rule promises: no needless draw, an unbiased share, an honest interval, a true plan."""

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import beta

from synth.sampling.interval import interval
from synth.sampling.posterior import JEFFREYS, learn_prior
from synth.sampling.rule import LabelRule
from synth.sampling.stopping import StopName, StopRule, StopSettings
from tests.sampling.following import follow

PLAIN, GREY = LabelRule(0.5, None), LabelRule(0.5, (0.25, 0.75))
RULES: dict[str, tuple[StopName, LabelRule, StopSettings]] = {
    "fixed": ("fixed", GREY, StopSettings()),
    "curtail": ("curtail", PLAIN, StopSettings()),
    "curtail high": ("curtail", LabelRule(0.8, None), StopSettings()),
    "curtail grey": ("curtail", GREY, StopSettings()),
    "sprt": ("sprt", GREY, StopSettings()),
    "sprt lopsided": ("sprt", GREY, StopSettings(band=(0.4, 0.6), alpha=0.2, beta=0.05)),
    "width": ("width", GREY, StopSettings(width=0.3)),
    "width wide": ("width", GREY, StopSettings(width=0.6)),
    "quota 1": ("quota", GREY, StopSettings(quota=1)),
    "quota 4": ("quota", GREY, StopSettings(quota=4)),
    "posterior": ("posterior", GREY, StopSettings()),
    "posterior loose": ("posterior", GREY, StopSettings(max_doubt=0.1, pilot_draws=2)),
    "posterior bin": ("posterior", GREY, StopSettings(decide="bin", max_doubt=0.3)),
    "posterior quota": ("posterior", GREY, StopSettings(decide="quota", quota=3, max_doubt=0.05)),
}
QUANTILES = (np.arange(400) + 0.5) / 400
PRIORS: dict[str, NDArray[np.float64]] = {
    "Beta(.25,.25)": beta.ppf(QUANTILES, 0.25, 0.25),
    "Beta(.4,.6)": beta.ppf(QUANTILES, 0.4, 0.6),
    "Beta(1,1)": QUANTILES,
    "Beta(.05,.05)": beta.ppf(QUANTILES, 0.05, 0.05),
    "half at .01, half at .99": np.array([0.01, 0.99]),
}
BIMODAL = learn_prior(np.array([0, 0, 0, 1, 2, 3, 3, 3] * 50), np.array([3, 3, 3, 2, 1, 0, 0, 0] * 50))


@cache
def rule_of(name: str, n: int, learned: str = "Jeffreys") -> StopRule:
    stop_name, label_rule, numbers = RULES[name]
    stop = StopRule(stop_name, n, label_rule, numbers)
    if stop_name == "posterior":
        stop.learn(JEFFREYS if learned == "Jeffreys" else BIMODAL)
    return stop


@pytest.mark.parametrize("name", RULES)
def test_no_draw_is_needless(name: str) -> None:
    n = 6
    stop = rule_of(name, n)
    for draws in itertools.product(range(3), repeat=n):
        used = k = w = 0
        while more := stop.more(used, k, w):
            endings = [
                len(rest)
                for length in range(1, more + 1)
                for rest in itertools.product(range(3), repeat=length)
                if stop.more(used + length, k + rest.count(0), w + rest.count(1)) == 0
            ]
            assert min(endings) == more
            taken = draws[used : used + more]
            used, k, w = used + more, k + taken.count(0), w + taken.count(1)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(("p", "unjudged"), [(0.2, 0.3), (0.5, 0.1), (0.9, 0.5)])
def test_the_share_is_unbiased_and_the_plan_exact_where_draws_cannot_be_judged(
    name: str, p: float, unjudged: float
) -> None:
    n = 7
    stop = rule_of(name, n)
    chance = ((1 - unjudged) * p, (1 - unjudged) * (1 - p), unjudged)
    mean = judged = drawn = 0.0
    for draws in itertools.product(range(3), repeat=n):
        probability = float(np.prod([chance[draw] for draw in draws]))
        used, k, w = follow(stop, draws)
        drawn += probability * used
        share = stop.estimate(used, k, w)
        assert (share is None) == (k + w == 0)
        if share is not None:
            assert 0 <= share <= 1
            mean += probability * share
            judged += probability
    assert mean == pytest.approx(p * judged, abs=1e-12)
    assert float(stop.expected_draws(p, unjudged)) == pytest.approx(drawn, abs=1e-10)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("n", [1, 5, 16, 33, 57])
@pytest.mark.parametrize("learned", ["Jeffreys", "bimodal"])
def test_the_share_is_unbiased_for_every_p(name: str, n: int, learned: str) -> None:
    stop = rule_of(name, n, learned)
    p = np.linspace(0, 1, 41)
    ends = stop.endings()
    probability = ends.probability(p)
    assert np.allclose(probability.sum(1), 1, atol=1e-12)
    assert np.allclose(probability @ ends.estimate, p, atol=1e-12)
    assert np.allclose(probability @ ends.used, stop.expected_draws(p), atol=1e-9)
    states = zip(ends.used.tolist(), ends.k.tolist(), ends.w.tolist(), ends.estimate.tolist(), strict=True)
    for used, k, w, estimate in states:
        assert stop.more(used, k, w) == 0
        assert stop.estimate(used, k, w) == pytest.approx(estimate, abs=1e-12)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("learned", ["Jeffreys", "bimodal"])
def test_the_interval_covers(name: str, prior: str, learned: str) -> None:
    p = PRIORS[prior]
    for n in (4, 8, 16, 17, 31, 32, 57, 64):
        ends = rule_of(name, n, learned).endings()
        low, high = interval(ends.k, ends.w)
        covered = (low <= p[:, None]) & (p[:, None] <= high)
        coverage = (ends.probability(p) * covered).sum(1).mean()
        assert coverage >= 0.88, (n, coverage)


@pytest.mark.parametrize("name", RULES)
@given(p=st.floats(0, 1), unjudged=st.floats(0, 1), n=st.integers(1, 20))
@settings(max_examples=15, deadline=None)
def test_planned_draws_lie_between_the_fewest_and_n(name: str, p: float, unjudged: float, n: int) -> None:
    stop = rule_of(name, n)
    assert stop.more(0, 0, 0) - 1e-9 <= float(stop.expected_draws(p, unjudged)) <= n + 1e-9


@pytest.mark.parametrize("name", RULES)
def test_a_large_n_is_no_trouble(name: str) -> None:
    n = 600
    stop = rule_of(name, n)
    expected = stop.more(0, 0, 0)
    assert 1 <= expected <= n
    assert stop.more(n, n // 2, n // 2) == 0
    assert stop.estimate(n, 3, n - 3) is not None


def test_a_quota_is_met_exactly_or_all_n_are_drawn() -> None:
    stop = rule_of("quota 4", 7)
    for draws in itertools.product(range(3), repeat=7):
        used, k, _ = follow(stop, draws)
        assert k == min(4, draws.count(0))
        assert used == 7 or (k == 4 and draws[used - 1] == 0)


def test_a_width_ends_at_the_first_narrow_interval() -> None:
    stop = rule_of("width wide", 7)
    for draws in itertools.product(range(2), repeat=7):
        used, k, w = follow(stop, draws)
        low, high = stop.interval(used, k, w)
        assert used == 7 or high - low <= 0.6
        before = draws[: used - 1]
        low, high = stop.interval(used - 1, before.count(0), before.count(1))
        assert high - low > 0.6


def test_the_share_of_a_quota_is_that_of_inverse_sampling() -> None:
    stop = rule_of("quota 4", 32)
    assert stop.estimate(10, 4, 6) == pytest.approx(3 / 9)
    assert stop.estimate(32, 2, 30) == pytest.approx(2 / 32)


def test_doubt_is_highest_where_a_label_is_about_to_turn_and_0_where_it_is_settled() -> None:
    for name in RULES:
        stop = rule_of(name, 16)
        assert float(stop.doubt(16, 10, 6)) == 0
        if name.startswith(("curtail", "sprt", "posterior loose")):
            assert float(stop.doubt(3, 2, 1)) > float(stop.doubt(3, 3, 0)) or stop.more(3, 3, 0) == 0
