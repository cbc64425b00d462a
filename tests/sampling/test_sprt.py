"""The sequential test: each error within its bound, whatever the shares and however many draws are judged."""

import numpy as np
import pytest
from scipy.stats import beta

from benchmarks.stopping import PRIORS, UNJUDGED, errors, replay, simulated
from synth.sampling.rule import KNOWN, UNDECIDED, UNKNOWN, LabelRule
from synth.sampling.stopping import StopRule, StopRules, StopSettings

TESTS = [
    (band, alpha, beta)
    for band in ((0.3, 0.7), (0.4, 0.6), (0.1, 0.6), (0.5, 0.8), (0.45, 0.55))
    for alpha, beta in ((0.05, 0.05), (0.01, 0.2), (0.3, 0.05))
]


def made(n: int, **numbers: object) -> StopRule:
    return StopRule("sprt", n, LabelRule(), StopSettings(**numbers))  # type: ignore[arg-type]


@pytest.mark.parametrize("n", [1, 4, 9, 16, 28, 32, 60])
@pytest.mark.parametrize(("band", "alpha", "beta"), TESTS)
def test_each_error_is_within_its_bound_for_every_share(
    n: int, band: tuple[float, float], alpha: float, beta: float
) -> None:
    ends = (stop := made(n, band=band, alpha=alpha, beta=beta)).endings()
    states = zip(ends.used.tolist(), ends.k.tolist(), ends.w.tolist(), strict=True)
    labels = np.array([stop.settled_label(*state) for state in states])
    low, high = np.linspace(0, band[0], 9), np.linspace(band[1], 1, 9)
    assert (ends.probability(low) @ (labels == KNOWN)).max() <= alpha + 1e-12
    assert (ends.probability(high) @ (labels == UNKNOWN)).max() <= beta + 1e-12


@pytest.mark.parametrize("unjudged", [0.0, 0.2])
@pytest.mark.parametrize("prior", PRIORS)
def test_errors_outside_the_band_are_within_alpha_with_their_bound(prior: str, unjudged: float) -> None:
    draws, truth = next(simulated(prior, 4000, 32))
    rng = np.random.default_rng(1)
    draws = np.where(rng.random(draws.shape) < unjudged, UNJUDGED, draws).astype(np.int8)
    end = replay(StopRules("sprt", LabelRule()), draws)
    outside = (truth <= 0.3) | (truth >= 0.7)
    wrong = int(errors(end.label, truth)[outside].sum())
    assert beta.ppf(0.95, wrong + 1, outside.sum() - wrong) <= 0.05
    assert (end.label == UNDECIDED).mean() <= 0.04


def test_four_more_of_one_kind_decide() -> None:
    stop = made(32)
    assert stop.more(0, 0, 0) == 4
    assert (stop.more(4, 4, 0), stop.settled_label(4, 4, 0)) == (0, KNOWN)
    assert (stop.more(6, 1, 5), stop.settled_label(6, 1, 5)) == (0, UNKNOWN)
    assert stop.more(5, 4, 1) == 1
    assert stop.settled_label(32, 16, 16) == UNDECIDED


def test_what_can_hardly_be_judged_is_undecided() -> None:
    stop = made(32)
    assert stop.more(9, 4, 0) == 0
    assert stop.settled_label(9, 4, 0) == UNDECIDED
    assert stop.settled_label(32, 0, 0) == UNDECIDED
