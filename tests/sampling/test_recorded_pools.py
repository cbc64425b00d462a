"""The stop rules on real answers: the recorded verdicts of three pools, in random orders."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.stopping import (
    GREY,
    PLAIN,
    POOLS,
    RULES,
    best_curtailment,
    measure,
    per_state,
    read_pool,
    recorded,
    replay,
)
from synth.sampling.rule import LabelRule
from synth.sampling.stopping import StopRules

LABEL_RULES = {
    "plain": PLAIN,
    "grey": GREY,
    "high": LabelRule(0.7, None),
    "uneven grey": LabelRule(0.6, (0.3, 0.8)),
}
SAVED = {"zeroeval_math_l5_pool": 1.38, "zeroeval_gsm_pool": 1.74, "mmlu_pro_pool": 1.37}


def check_curtail(folder: Path, pool: str, label_rule: LabelRule, orders: int) -> float:
    """Labels as those of all n, and the saving as the best there can be; the saving."""
    n = POOLS[pool]
    saved = []
    for draws, _ in recorded(read_pool(folder / "recorded" / f"{pool}.jsonl"), n, orders):
        end = replay(StopRules("curtail", label_rule), draws)
        k, w = (draws == 1).sum(1), (draws == 0).sum(1)
        assert (end.label == label_rule.label(k, w, np.full_like(k, n))).all()
        assert end.used.sum() <= best_curtailment(label_rule, draws) / 0.98
        saved.append(draws.size / end.used.sum())
    return float(np.mean(saved))


def check_tests(folder: Path, pool: str, orders: int) -> None:
    outcomes = read_pool(folder / "recorded" / f"{pool}.jsonl")
    sprt = measure(RULES["sprt"], recorded(outcomes, POOLS[pool], orders))
    assert sprt["saving"] >= 3
    assert sprt["error"] <= 0.005
    assert sprt["undecided"] <= 0.04
    assert abs(sprt["bias"]) <= 0.02
    ours = measure(RULES["posterior"], recorded(outcomes, POOLS[pool], orders))
    assert ours["saving"] >= 4
    assert ours["error"] <= 0.01
    assert ours["undecided"] <= 0.04
    assert sprt["coverage"] >= 0.88
    assert ours["coverage"] >= 0.88


@pytest.mark.parametrize("name", LABEL_RULES)
@pytest.mark.parametrize("pool", POOLS)
def test_curtailed_labels_are_those_of_all_draws(test_data: Path, pool: str, name: str) -> None:
    check_curtail(test_data, pool, LABEL_RULES[name], 1)


@pytest.mark.parametrize("pool", POOLS)
def test_few_orders_of_the_tests(test_data: Path, pool: str) -> None:
    check_tests(test_data, pool, 12)


@pytest.mark.slow
@pytest.mark.parametrize("name", LABEL_RULES)
@pytest.mark.parametrize("pool", POOLS)
def test_curtailed_labels_are_those_of_all_draws_in_many_orders(
    test_data: Path, pool: str, name: str
) -> None:
    saving = check_curtail(test_data, pool, LABEL_RULES[name], 100)
    if name == "plain":
        assert saving >= SAVED[pool]
    if name == "grey":
        assert 1.2 <= saving <= 1.3


@pytest.mark.slow
@pytest.mark.parametrize("pool", POOLS)
def test_many_orders_of_the_tests(test_data: Path, pool: str) -> None:
    check_tests(test_data, pool, 100)


def test_a_quota_gives_exactly_so_many_rows(test_data: Path) -> None:
    outcomes = read_pool(test_data / "recorded" / "zeroeval_math_l5_pool.jsonl")
    for draws, _ in recorded(outcomes, 32, 2):
        rules = StopRules("quota", GREY)
        end = replay(rules, draws)
        assert (end.k == np.minimum((draws == 1).sum(1), 4)).all()
        assert (per_state(rules[32].more, 32, end.used, end.k, end.w) == 0).all()
