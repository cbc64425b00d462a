"""Shares with their intervals, also for answers that hang together because they answer one question."""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

import polars as pl

LEVEL: Final = 0.9
"""Confidence of the intervals on the card."""

DIGITS: Final = 6
"""What is kept of a number, so that it comes out the same on every machine."""


def share(count: int, total: int, effective: float | None = None) -> dict[str, Any] | None:
    """A part of a whole with Wilson's interval: `count, total, value, low, high`.

    Args:
        count: how many.
        total: of how many; none of nothing is no share.
        effective: how many independent ones tell as much as these; `total` where left out.
    """
    if not total:
        return None
    from scipy.special import ndtri

    value = count / total
    size = effective or total
    z2 = float(ndtri((1 + LEVEL) / 2)) ** 2
    middle = (value + z2 / (2 * size)) / (1 + z2 / size)
    half = sqrt(z2 * (value * (1 - value) / size + z2 / (4 * size**2))) / (1 + z2 / size)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return {
        "count": count,
        "total": total,
        "value": round(value, DIGITS),
        "low": 0.0 if count == 0 else round(low, DIGITS),
        "high": 1.0 if count == total else round(high, DIGITS),
    }


def clustered_share(clusters: pl.DataFrame, part: str, whole: str, copies: str = "") -> dict[str, Any] | None:
    """The share of `part` in `whole` over all clusters, with an interval that knows that they are clusters.

    The interval is Wilson's for as many independent answers as have the variance of this share, which is
    that of a ratio of totals (Kish, Survey Sampling, 1965; Dean & Pagendarm, J. Surv. Stat. Methodol. 2015).

    Args:
        clusters: one row a cluster, or a kind of cluster.
        part: the column that counts the part.
        whole: the column that counts the whole.
        copies: the column that says how many clusters a row stands for; one where empty.
    """
    x, n = pl.col(part).cast(pl.Int64()), pl.col(whole).cast(pl.Int64())
    c = pl.col(copies).cast(pl.Int64()) if copies else pl.lit(1, pl.Int64())
    some = clusters.filter(pl.col(whole) > 0)
    sums = some.select(
        q=(c * (n > 0)).sum(),
        x=(c * x).sum(),
        n=(c * n).sum(),
        xx=(c * x * x).sum(),
        xn=(c * x * n).sum(),
        nn=(c * n * n).sum(),
    ).row(0, named=True)
    count, total, number = sums["x"], sums["n"], sums["q"]
    if not total:
        return None
    value = count / total
    if number < 2 or count in (0, total):
        # Nothing says how much clusters differ: each is taken for a single answer.
        return share(count, total, number)
    spread = sums["xx"] - 2 * value * sums["xn"] + value**2 * sums["nn"]
    variance = number / (number - 1) * spread / total**2
    effective = min(total, value * (1 - value) / variance) if variance > 0 else total
    return share(count, total, max(1.0, effective))
