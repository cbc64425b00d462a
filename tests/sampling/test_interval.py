"""The interval: closed at its ends, symmetrical, and never far from its level."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from synth.sampling.interval import interval


def test_it_is_closed_at_its_ends_and_says_nothing_of_nothing() -> None:
    assert float(interval(0, 16)[0]) == 0
    assert float(interval(16, 0)[1]) == 1
    assert tuple(map(float, interval(0, 0))) == (0, 1)


def test_it_is_that_of_jeffreys_away_from_its_ends() -> None:
    low, high = interval([2, 5, 9], [14, 3, 2])
    assert low == pytest.approx(beta.ppf(0.05, [2.5, 5.5, 9.5], [14.5, 3.5, 2.5]))
    assert high == pytest.approx(beta.ppf(0.95, [2.5, 5.5, 9.5], [14.5, 3.5, 2.5]))


@given(k=st.integers(0, 300), w=st.integers(0, 300))
def test_it_holds_the_share_and_mirrors(k: int, w: int) -> None:
    low, high = interval(k, w)
    assert 0 <= low < high <= 1
    if k + w:
        assert low <= k / (k + w) <= high
    mirrored_low, mirrored_high = interval(w, k)
    assert (float(low), float(high)) == pytest.approx((1 - float(mirrored_high), 1 - float(mirrored_low)))


def test_one_success_does_not_exclude_a_small_share() -> None:
    p = np.array([0.01, 0.99])
    for n in range(1, 129):
        k = np.arange(n + 1)
        low, high = interval(k, n - k)
        covered = (low <= p[:, None]) & (p[:, None] <= high)
        assert (binom.pmf(k, n, p[:, None]) * covered).sum(1).mean() >= 0.88, n
