"""The budget: never exceeded, the same whatever is stored, and better spent than evenly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.stopping import CORRECT, PRIORS, WRONG, Outcomes, simulated
from synth.sampling.budget import allot, samples_within
from synth.sampling.rule import LabelRule
from synth.sampling.stopping import StopName, StopRules, StopSettings
from synth.sampling.walk import Counts

NAMES: tuple[StopName, ...] = ("fixed", "curtail", "sprt", "width", "quota", "posterior")


def spend(rules: StopRules, n: Counts, draws: Outcomes, budget: int) -> tuple[Counts, Counts, Counts]:
    """Draw in rounds until the rules or the budget are done; never beyond what a rule asks for."""
    at, used = np.arange(len(draws)), np.zeros(len(draws), np.int64)
    correct, wrong = (np.pad((draws == kind).cumsum(1), ((0, 0), (1, 0))) for kind in (CORRECT, WRONG))
    while True:
        k, w = correct[at, used], wrong[at, used]
        left = budget - int(used.sum())
        given = allot(rules, n, used, k, w, left)
        assert given.min(initial=0) >= 0
        assert given.sum() <= max(left, 0)
        if not given.any() and rules.pilot:
            rules.learn(k, w)
        elif not given.any():
            return used, k, w
        until = used + given
        assert (until <= n).all()
        for i in np.flatnonzero(given):
            rule = rules[int(n[i])]
            while step := min(
                rule.more(*map(int, (used[i], correct[i, used[i]], wrong[i, used[i]]))), until[i] - used[i]
            ):
                used[i] += step


@given(
    name=st.sampled_from(NAMES),
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=12),
    budget=st.integers(0, 150),
    seed=st.integers(0, 1000),
)
@settings(max_examples=150, deadline=None)
def test_it_is_never_exceeded_and_never_left_while_a_rule_wants_more(
    name: StopName, sizes: list[int], budget: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    n = np.array(sizes)
    draws = rng.choice(np.array([1, 0, -1], np.int8), size=(len(n), 12), p=[0.45, 0.35, 0.2])
    rules = StopRules(name, LabelRule(), StopSettings(quota=2))
    used, k, w = spend(rules, n, draws, budget)
    assert used.sum() <= budget
    wanting = [rules[int(s)].more(int(a), int(b), int(c)) for s, a, b, c in zip(n, used, k, w, strict=True)]
    assert used.sum() == budget or not any(wanting)
    again = spend(StopRules(name, LabelRule(), StopSettings(quota=2)), n, draws, budget)
    assert (again[0] == used).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_budget_that_is_enough_changes_nothing(name: StopName) -> None:
    draws, _ = next(simulated("Beta(1,1)", 60, 16))
    n = np.full(60, 16)
    tight, ample = (spend(StopRules(name, LabelRule()), n, draws, budget)[0] for budget in (60 * 16, 10**9))
    assert (tight == ample).all()


def test_everybody_is_opened_before_anybody_is_topped_up() -> None:
    n, nothing = np.full(100, 32), np.zeros(100, np.int64)
    for name in NAMES:
        rules = StopRules(name, LabelRule())
        given = allot(rules, n, nothing, nothing, nothing, 400)
        assert len(set(given.tolist())) == 1
    short = allot(StopRules("sprt", LabelRule()), n, nothing, nothing, nothing, 30)
    assert short.tolist() == [1] * 30 + [0] * 70


def test_a_round_goes_to_the_labels_closest_to_turning() -> None:
    k = np.repeat([8, 5, 4], 400)
    n, used = np.full(1200, 32), np.full(1200, 8)
    given = allot(StopRules("curtail", LabelRule(0.5, None)), n, used, k, used - k, 4000)
    assert given[:800].sum() == 0
    assert given[800:].sum() == 500


@pytest.mark.parametrize("mean", [4, 8])
@pytest.mark.parametrize("prior", PRIORS)
def test_labels_are_better_than_those_of_the_same_budget_spent_evenly(prior: str, mean: int) -> None:
    draws, truth = next(simulated(prior, 2000, 32))
    known = truth >= 0.5
    evenly = 2 * draws[:, :mean].sum(1) >= mean
    _, k, w = spend(StopRules("curtail", LabelRule(0.5, None)), np.full(2000, 32), draws, 2000 * mean)
    wrong = ((k >= w) != known).sum()
    assert wrong <= 0.85 * ((evenly != known).sum()) + 2


def test_tokens_buy_the_samples_they_are_certain_to_pay_for() -> None:
    assert samples_within(1000, 256) == 3
    assert samples_within(-5, 256) == 0


def test_a_million_questions_take_no_loop() -> None:
    rng = np.random.default_rng(0)
    questions = 1_000_000
    k, w = rng.integers(0, 4, questions), rng.integers(0, 4, questions)
    n = np.full(questions, 16)
    given = allot(StopRules("curtail", LabelRule()), n, k + w, k, w, 500_000)
    assert 0 < given.sum() <= 500_000
