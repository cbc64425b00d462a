"""Two parts of the questions, one to fit on and one to report on, that have no group in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth import choose
from synth.errors import UsageError

Rows = NDArray[np.int64]


def halves(group: Sequence[str] | pl.Series, seed: int = 0, share: float = 0.5) -> tuple[Rows, Rows]:
    """The rows to fit on and those to report on; the rows of a group are all in one part.

    Args:
        group: (rows,), what belongs together: a question with its paraphrases.
        seed: of the choice; another row more or less leaves the order of the others as it is.
        share: of the groups that go to the first part, rounded.

    Raises:
        UsageError: there are fewer than two groups.
    """
    rows = pl.DataFrame({"group": pl.Series(group, dtype=pl.String)}).with_row_index("row")
    groups = rows.select(pl.col("group").unique()).sort(
        choose.chance(pl.col("group"), seed, "halves"), "group"
    )
    if groups.height < 2:
        raise UsageError(
            "questions of fewer than two groups cannot be parted: one is to fit on, another to tell of"
        )
    first = groups.head(min(groups.height - 1, max(1, round(share * groups.height))))
    fit, report = (
        rows.join(first, on="group", how=how, maintain_order="left")["row"].to_numpy().astype(np.int64)
        for how in ("semi", "anti")
    )
    return fit, report


def check_apart(fit: Sequence[str], report: Sequence[str]) -> None:
    """Refuse parts that share a group.

    Raises:
        UsageError: they do; it names one.
    """
    both = sorted(set(fit) & set(report))
    if both:
        raise UsageError(
            f"{len(both):,} groups of questions are in both parts, '{both[0]}' is the first: what is fitted "
            "on a question says nothing of its worth on it"
        )
