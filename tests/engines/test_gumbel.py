from __future__ import annotations

import math

import torch
from scipy.stats import chisquare, kstest
from torch import Tensor

from synth.engines.gumbel import gumbel, lowest_kept, pick

SEED = 0x1234_5678_9ABC_0000


def noise(seeds: list[int], positions: list[int], vocabulary: int = 2048) -> Tensor:
    return gumbel(torch.tensor(seeds), torch.tensor(positions), vocabulary)


def uniform(values: Tensor) -> Tensor:
    return torch.exp(-torch.exp(-values.double()))


def correlation(one: Tensor, other: Tensor) -> float:
    return float(torch.corrcoef(torch.stack([one.flatten(), other.flatten()]))[0, 1])


def draw(logits: Tensor, rows: int, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0) -> Tensor:
    return pick(
        logits.expand(rows, -1),
        SEED + torch.arange(rows),
        torch.zeros(rows, dtype=torch.long),
        torch.full((rows,), temperature),
        torch.full((rows,), top_k),
        torch.full((rows,), top_p),
    )


def test_noise_is_gumbel_across_tokens_seeds_and_positions() -> None:
    many = list(range(20_000))
    for values in (
        noise([SEED], [0], 20_000),
        noise([SEED + at for at in many], [3] * len(many), 1),
        noise([SEED] * len(many), many, 1),
        noise([SEED + at for at in range(50)], list(range(50)), 400),
    ):
        assert kstest(uniform(values).flatten().numpy(), "uniform").pvalue > 1e-3


def test_noise_is_uniform_down_to_its_fine_bits() -> None:
    scaled = uniform(noise(list(range(256)), [0] * 256)) * 256
    for digits in (scaled % 1, scaled * 64 % 1):
        counts = torch.histc(digits.float(), bins=64, min=0, max=1)
        assert chisquare(counts.numpy()).pvalue > 1e-3


def test_neighbours_share_nothing() -> None:
    rows = list(range(256))
    here = noise([SEED + at for at in rows], [5] * 256)
    limit = 5 / here.numel() ** 0.5
    assert abs(correlation(here[1:], here[:-1])) < limit  # seed and seed + 1
    assert abs(correlation(here, noise([SEED + at for at in rows], [6] * 256))) < limit  # the next position
    assert abs(correlation(here[:, 1:], here[:, :-1])) < limit  # the next token
    joint = torch.histogramdd(torch.stack([uniform(here[1:]), uniform(here[:-1])], -1).reshape(-1, 2), 8).hist
    assert chisquare(joint.flatten().numpy()).pvalue > 1e-3


def test_a_token_has_its_noise_whatever_else_is_drawn() -> None:
    together = noise([1, 2, 3], [7, 8, 9], 100)
    assert torch.equal(together[1:2], noise([2], [8], 100))
    assert torch.equal(together[:, :10], noise([1, 2, 3], [7, 8, 9], 10))


def reference(seed: int, position: int, token: int) -> float:
    """The same hash in unsigned integers of any length: stored samples rely on it never changing."""

    def mixed(key: int) -> int:
        key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        key = (key ^ key >> 27) * 0x94D049BB133111EB % 2**64
        return key ^ key >> 31

    key = mixed((mixed(seed) + position * 0x9E3779B97F4A7C15) % 2**64)
    bits = (token * 0x9E3779B9 + key) % 2**32
    bits = ((bits ^ bits >> 16) * 0x7FEB352D + (key >> 32)) % 2**32
    bits = (bits ^ bits >> 15) * 0x846CA68B % 2**32
    signed = bits - (bits >> 31 << 32)
    bits = (signed ^ signed >> 16) & 0x7FFFFFFF
    return -math.log(-math.log1p(-(bits | 1) / 2**31))


def test_noise_stays_what_it_is() -> None:
    seeds, positions = [SEED, 2**63 - 1, 0], [0, 70_000, 1]
    keys = zip(seeds, positions, strict=True)
    expected = [[reference(seed, position, token) for token in range(300)] for seed, position in keys]
    assert torch.allclose(noise(seeds, positions, 300), torch.tensor(expected), rtol=1e-4, atol=1e-5)


def test_noise_is_finite_and_its_tails_are_there() -> None:
    values = noise(list(range(500)), [0] * 500)
    assert bool(values.isfinite().all())
    assert float(values.max()) > 11
    assert float(values.min()) < -2.4


def test_draws_follow_the_softmax() -> None:
    logits = torch.tensor([[2.0, 1.0, 0.0, -1.0, -2.0, 0.5]])
    for temperature in (0.5, 1.0, 2.0):
        counts = torch.bincount(draw(logits, 20_000, temperature), minlength=6)
        expected = (logits[0].double() / temperature).softmax(-1) * 20_000
        assert chisquare(counts.double().numpy(), expected.numpy()).pvalue > 1e-3


def test_temperature_zero_takes_the_likeliest_beside_rows_that_draw() -> None:
    logits = torch.randn(64, 50, generator=torch.Generator().manual_seed(0))
    temperature = torch.tensor([0.0, 1.0]).repeat(32)
    zeros = torch.zeros(64, dtype=torch.long)
    picked = pick(logits, torch.arange(64), zeros, temperature, zeros, torch.ones(64))
    assert torch.equal(picked[::2], logits[::2].argmax(-1))
    assert not torch.equal(picked[1::2], logits[1::2].argmax(-1))


def test_top_k_then_top_p() -> None:
    logits = torch.tensor([[0.4, 0.3, 0.2, 0.1]]).log()
    drawn = {
        settings: set(draw(logits, 2000, top_k=settings[0], top_p=settings[1]).tolist())
        for settings in [(0, 1.0), (2, 1.0), (0, 0.65), (0, 0.71), (0, 0.01), (3, 0.7), (9, 1.0)]
    }
    assert drawn == {
        (0, 1.0): {0, 1, 2, 3},
        (2, 1.0): {0, 1},
        (0, 0.65): {0, 1},
        (0, 0.71): {0, 1, 2},
        (0, 0.01): {0},
        (3, 0.7): {0, 1},  # shares among the three: 0.44, 0.33, 0.22
        (9, 1.0): {0, 1, 2, 3},
    }


def test_nuclei_wider_than_the_first_look() -> None:
    scaled = torch.randn(8, 1000, generator=torch.Generator().manual_seed(1)) * 0.1
    top_k = torch.tensor([0, 0, 0, 0, 300, 300, 5, 1000])
    top_p = torch.tensor([0.9, 0.5, 0.01, 1.0, 0.9, 1.0, 0.9, 0.3])
    for row, lowest in enumerate(lowest_kept(scaled, top_k, top_p)):
        ordered = scaled[row].sort(descending=True).values[: int(top_k[row]) or None].double()
        shares = ordered.softmax(-1)
        kept = int((shares.cumsum(-1) - shares < float(top_p[row])).sum())
        assert abs(int((scaled[row] >= lowest).sum()) - kept) <= 1  # one either way for rounding


def test_equal_logits_share_their_fate() -> None:
    logits = torch.tensor([[1.0, 0.0, 0.0, -1.0]])
    assert set(draw(logits, 500, top_k=2).tolist()) == {0, 1, 2}
