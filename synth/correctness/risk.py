"""How likely an answer is wrong, from weak rules alone.

A small model h of the rules' votes is fitted to agree with all of them at once, and with the model that gave
the answer and so holds it for right. Of each answer the losses against those that have an opinion are added
and squared, so that disagreeing with all is dearer than disagreeing with one. The risk is 1 − h.

Source: Zhao et al., "Automatic Calibration and Error Correction for Large Language Models via Pareto Optimal
Self-Supervision" (POLAR), 2023, with the quadratic scalarisation. Rules that say the same for the same reason
are counted twice: the risk ranks answers, and is no probability until it is calibrated.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.correctness.rules import RULES

PENALTY: Final = 1e-2
"""Of the weights' squares: it makes them definite where a rule never speaks."""

Reals = NDArray[np.float64]


def risks(votes: pl.DataFrame) -> pl.DataFrame:
    """The risk of each answer: `sample, risk` (0 to 1); null where no rule has an opinion.

    Args:
        votes: from `synth.correctness.rules`.
    """
    opinions = [name for name in votes.columns if name in RULES]
    patterns = votes.group_by(opinions).len().filter(pl.any_horizontal(pl.col(opinions).is_not_null()))
    if patterns.is_empty():
        return votes.select("sample", risk=pl.lit(None, pl.Float64()))
    patterns = patterns.sort(opinions)
    said = patterns.select(pl.col(opinions).cast(pl.Float64())).to_numpy()
    right = _fitted(said, patterns["len"].to_numpy().astype(np.float64))
    known = patterns.select(*opinions, risk=pl.Series(1 - right).round(6))
    found = votes.join(known, on=opinions, how="left", nulls_equal=True, maintain_order="left")
    return found.select("sample", "risk")


def _fitted(said: Reals, many: Reals) -> Reals:
    """How likely right each pattern of votes is, (patterns,).

    Args:
        said: (patterns, rules), 1, 0 or nan.
        many: (patterns,), answers with that pattern.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    signs = np.nan_to_num(2 * said - 1)  # agrees, disagrees, says nothing
    features = np.column_stack([np.ones(len(said)), signs])
    yes = 1 + (said == 1).sum(1)  # with the model itself, which gave the answer
    no = (said == 0).sum(1)
    share = many / many.sum()

    def loss(weights: Reals) -> tuple[float, Reals]:
        logit = (features * weights).sum(1)
        each = yes * np.logaddexp(0, -logit) + no * np.logaddexp(0, logit)
        slope = (yes + no) * expit(logit) - yes
        gradient = (features * (2 * share * each * slope)[:, None]).sum(0)
        return float((share * each**2).sum() + PENALTY * (weights**2).sum()), gradient + 2 * PENALTY * weights

    # A sum of squares of convex functions that are never negative is convex: there is one minimum.
    found = minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B")
    right: Reals = expit((features * found.x).sum(1))
    return right
