"""Stop rules: curtailed labels are the labels of all n, with unbiased shares and no needless draw."""

import itertools

import numpy as np
import pytest

from synth.sampling.rule import KNOWN, UNDECIDED, UNKNOWN, LabelRule
from synth.sampling.stopping import StopRule
from tests.sampling.following import follow

RULES = [LabelRule(0.5, None), LabelRule(0.5, (0.25, 0.75)), LabelRule(0.7, (0.3, 0.8)), LabelRule(0.0, None)]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", [1, 2, 5, 7])
def test_curtailed_labels_equal_those_of_all_n_in_every_order(rule: LabelRule, n: int) -> None:
    stop = StopRule("curtail", n, rule)
    for draws in itertools.product(range(3), repeat=n):
        k, w = draws.count(0), draws.count(1)
        fixed = int(rule.label(np.array(k), np.array(w), np.array(n)))
        assert stop.settled_label(*follow(stop, draws)) == fixed


@pytest.mark.parametrize("rule", RULES[:3])
def test_curtailing_stops_at_the_first_draw_that_settles_the_label(rule: LabelRule) -> None:
    n = 6
    stop = StopRule("curtail", n, rule)
    for draws in itertools.product(range(3), repeat=n):
        used, _, _ = follow(stop, draws)
        endings = {
            int(rule.label(np.array(full.count(0)), np.array(full.count(1)), np.array(n)))
            for rest in itertools.product(range(3), repeat=n - used + 1)
            for full in [draws[: used - 1] + rest]
        }
        assert len(endings) > 1  # one draw less would not have done


@pytest.mark.parametrize("rule", RULES[:3])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_the_share_is_unbiased_at_every_stopping_point(rule: LabelRule, p: float) -> None:
    n = 7
    stop = StopRule("curtail", n, rule)
    mean = 0.0
    for draws in itertools.product(range(2), repeat=n):
        share = stop.estimate(*follow(stop, draws))
        assert share is not None
        mean += share * p ** draws.count(0) * (1 - p) ** draws.count(1)
    assert mean == pytest.approx(p, abs=1e-12)


def test_the_share_of_a_plain_threshold_is_that_of_inverse_sampling() -> None:
    stop = StopRule("curtail", 5, LabelRule(0.5, None))
    assert stop.estimate(4, 3, 1) == pytest.approx(2 / 3)  # ended on a success: (k − 1)/(n − 1)
    assert stop.estimate(5, 2, 3) == pytest.approx(2 / 4)  # ended on a failure: k/(n − 1)
    assert StopRule("fixed", 5, LabelRule(0.5, None)).estimate(5, 2, 3) == pytest.approx(2 / 5)


def test_labels_follow_their_definition() -> None:
    def label(k: int, w: int, used: int, **settings: object) -> int:
        return int(LabelRule(**settings).label(np.array(k), np.array(w), np.array(used)))  # type: ignore[arg-type]

    assert label(12, 4, 16) == KNOWN  # the grey zone's ends are outside it
    assert label(4, 12, 16) == UNKNOWN
    assert label(11, 5, 16) == UNDECIDED
    assert label(7, 0, 16) == UNDECIDED  # fewer than half could be judged
    assert label(8, 0, 16) == KNOWN
    assert label(0, 0, 16) == UNDECIDED
    assert label(0, 0, 0) == UNDECIDED
    assert label(3, 7, 10, threshold=0.3, grey=None) == KNOWN  # 0.3 · 10 is 3, whatever floats say
    assert label(8, 8, 16, grey=None) == KNOWN


def test_large_n_needs_no_tables() -> None:
    stop = StopRule("curtail", 5000, LabelRule())
    assert stop.more(0, 0, 0) == 5000
    assert stop.estimate(5000, 1000, 4000) == 0.2
