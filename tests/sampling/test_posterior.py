"""Pilot and top-up: what is learned, that no order matters, and that the guarantees outlive learning."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.stopping import PRIORS, RULES, errors, measure, replay, simulated
from synth.sampling.posterior import JEFFREYS, SHARES, learn_prior
from synth.sampling.rule import KNOWN, UNDECIDED, UNKNOWN, LabelRule
from synth.sampling.stopping import StopRule, StopRules, StopSettings


@given(
    states=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30),
    seed=st.integers(0, 99),
)
@settings(max_examples=30, deadline=None)
def test_a_prior_is_a_distribution_and_knows_no_order(states: list[tuple[int, int]], seed: int) -> None:
    counts = np.array(states)
    weights = learn_prior(counts[:, 0], counts[:, 1])
    assert weights.min() > 0
    assert weights.sum() == pytest.approx(1)
    mixed = np.random.default_rng(seed).permutation(counts)
    assert (learn_prior(mixed[:, 0], mixed[:, 1]) == weights).all()


def test_few_questions_leave_the_prior_as_it_was_and_many_move_it() -> None:
    nobody = np.zeros(0, np.int64)
    assert np.allclose(learn_prior(nobody, nobody), JEFFREYS)
    one, many = (learn_prior(np.full(q, 3), np.full(q, 0))[SHARES < 0.3].sum() for q in (1, 1000))
    assert one > 0.8 * JEFFREYS[SHARES < 0.3].sum()
    assert many < 0.01


def test_it_asks_for_the_pilot_first_and_learns_in_rules_already_handed_out() -> None:
    rules = StopRules("posterior", LabelRule())
    early = rules[16]
    assert rules.pilot == 3
    assert [early.more(used, used, 0) for used in range(5)] == [3, 2, 1, 0, 0]
    assert rules[2].more(0, 0, 0) == 2
    rules.learn(np.array([3, 0, 2, 1] * 100), np.array([0, 3, 1, 2] * 100))
    assert rules.pilot == 0
    assert early.more(3, 2, 1) == rules[16].more(3, 2, 1) > 0
    assert rules[12].more(3, 3, 0) == 0
    assert early.settled_label(3, 3, 0) == KNOWN
    assert StopRules("sprt", LabelRule()).pilot == 0


def test_the_same_samples_give_the_same_labels_in_any_order_of_questions() -> None:
    draws, _ = next(simulated("Beta(.4,.6)", 500, 32))
    order = np.random.default_rng(3).permutation(len(draws))
    straight = replay(StopRules("posterior", LabelRule()), draws)
    mixed = replay(StopRules("posterior", LabelRule()), draws[order])
    for one, other in zip(straight, mixed, strict=True):
        assert (np.asarray(one)[order] == other).all()


def test_a_share_surely_inside_the_band_is_undecided() -> None:
    stop = StopRule("posterior", 200, LabelRule())
    stop.learn(JEFFREYS)
    assert stop.more(60, 30, 30) == 0
    assert stop.settled_label(60, 30, 30) == UNDECIDED
    assert stop.settled_label(60, 2, 58) == UNKNOWN
    assert stop.settled_label(60, 58, 0) == KNOWN
    assert stop.settled_label(120, 58, 0) == UNDECIDED  # fewer than half could be judged


def test_a_scale_is_topped_up_only_near_its_edges() -> None:
    stop = StopRule(
        "posterior", 64, LabelRule(), StopSettings(decide="bin", edges=(0.25, 0.5), max_doubt=0.05)
    )
    stop.learn(JEFFREYS)
    assert stop.more(16, 8, 8) > 0
    assert stop.more(16, 15, 1) == 0
    assert stop.more(16, 0, 16) == 0


def test_a_quota_out_of_reach_is_given_up() -> None:
    stop = StopRule("posterior", 32, LabelRule(), StopSettings(decide="quota", quota=4))
    stop.learn(JEFFREYS)
    assert stop.more(4, 4, 0) == 0
    assert stop.more(6, 3, 3) == 1
    assert stop.more(29, 0, 29) == 0
    assert stop.more(24, 0, 24) == 0  # four of the last eight, after none of 24
    assert stop.more(6, 0, 6) > 0


@pytest.mark.parametrize("rule", ["posterior", "posterior, bin", "posterior, quota"])
@pytest.mark.parametrize("prior", PRIORS)
def test_what_is_learned_leaves_shares_unbiased_and_intervals_covering(rule: str, prior: str) -> None:
    row = measure(RULES[rule], simulated(prior, 8000, 32))
    assert row["coverage"] >= 0.88
    assert abs(row["bias"]) <= 4 * 0.5 / np.sqrt(8000)
    if rule == "posterior":
        assert row["error"] <= 0.02


@pytest.mark.parametrize("prior", PRIORS)
def test_wrong_labels_are_as_many_as_the_doubt_that_was_allowed(prior: str) -> None:
    draws, truth = next(simulated(prior, 8000, 64))
    end = replay(StopRules("posterior", LabelRule(), StopSettings(max_doubt=0.03)), draws)
    assert errors(end.label, truth).mean() <= 0.03


def test_a_prior_can_be_learned_from_thousands_of_draws() -> None:
    weights = learn_prior(np.array([2000, 0, 1000]), np.array([0, 2000, 1000]))
    assert np.isfinite(weights).all()
    assert weights.sum() == pytest.approx(1)
