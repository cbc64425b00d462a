"""What a map and a threshold are worth: fitted on one half of the questions, told on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from synth import choose
from synth.calibrating.learn_then_test import check_levels, learn_then_test
from synth.calibrating.maps import MAPS, fit_map
from synth.calibrating.splitting import check_apart, halves
from synth.errors import UsageError, quoted
from synth.metrics.bootstrap import REPEATS, bootstrap, percentile
from synth.metrics.levels import Floats
from synth.metrics.panel import measure
from synth.metrics.parts import with_confidence

TOLD: Final = ("ece", "brier", "log_loss", "auroc")
"""Metrics before and after a map."""
DELTA: Final = 0.05


@dataclass(frozen=True)
class HeldOut:
    """What to fit.

    Attributes:
        map: of `synth.calibrating.MAPS`; "" for none.
        risk: share of wrong answers that a threshold may let through; None for no threshold.
        delta: how often it may let through more.
    """

    map: str = ""
    risk: float | None = None
    delta: float = DELTA

    def __bool__(self) -> bool:
        return bool(self.map) or self.risk is not None

    def check(self) -> None:
        """Refuse what means nothing.

        Raises:
            UsageError: there is no such map, or risk or delta is not between 0 and 1.
        """
        if self.map and self.map not in MAPS:
            raise UsageError(f"--map {self.map}: it is {quoted([*MAPS])}")
        if self.risk is not None:
            check_levels(self.risk, self.delta)


def fit_and_tell(
    predictions: pl.DataFrame,
    wanted: HeldOut,
    group: pl.Series | None = None,
    bins: int = 10,
    repeats: int = REPEATS,
    seed: int = 0,
    level: float = 0.95,
) -> dict[str, Any]:
    """Fit on one half of the questions and measure on the other.

    Args:
        predictions: columns of `synth.metrics.panel.PREDICTIONS`, `correct` and `confidence` among them.
        wanted: what to fit.
        group: what each prediction's question belongs to; the question itself where left out.
        bins: of the error of calibration.
        repeats: resamples of the questions, for the intervals.
        seed: of the halves, of the choice of one answer a question, and of the resamples.
        level: of the intervals.

    Returns:
        `fit` and `report`, the rows and questions of each half; with a map `map`: its `name`, and for each of
        `TOLD` the number `before` and `after`; with a risk `abstain`: `risk, delta`, the `threshold` (None:
        abstain on everything), and of the other half the `coverage` and the `wrong` among the answers given.

    Raises:
        UsageError: there are no judged answers with a confidence, or too few questions.
    """
    if not {"correct", "confidence"} <= {*predictions.columns}:
        raise UsageError("a map and a threshold take answers with 'correct' and 'confidence'")
    named = predictions.with_columns(_group=predictions["question"] if group is None else group)
    usable = named.filter(with_confidence(named))
    if not usable.height:
        raise UsageError("no judged answer has a confidence: there is nothing to fit a map or a threshold on")
    first, second = halves(usable["_group"], seed)
    fit, report = usable[first], usable[second]
    check_apart(fit["_group"].to_list(), report["_group"].to_list())
    found: dict[str, Any] = {"fit": _size(fit), "report": _size(report)}
    if wanted.map:
        fitted = fit_map(wanted.map, fit["confidence"].to_numpy(), fit["correct"].to_numpy())
        mapped = report.with_columns(confidence=pl.Series(fitted(report["confidence"].to_numpy())))
        before, after = (
            measure(part.select("question", "correct", "confidence"), bins, repeats, seed, level)
            for part in (report, mapped)
        )
        numbers = {name: {"before": _plain(before[name]), "after": _plain(after[name])} for name in TOLD}
        found["map"] = {"name": wanted.map, **numbers}
    if wanted.risk is not None:
        found["abstain"] = _abstaining(fit, report, wanted.risk, wanted.delta, repeats, seed, level)
    return found


def _abstaining(
    fit: pl.DataFrame,
    report: pl.DataFrame,
    risk: float,
    delta: float,
    repeats: int,
    seed: int,
    level: float,
) -> dict[str, Any]:
    """A threshold from one answer of each group, and what it does to the other half.

    It is put on the confidence as it came: a map fitted on the same answers would bend the test.
    """
    # Answers to one question, or to its paraphrases, are no independent evidence.
    row = fit.with_row_index("_row").with_columns(pl.format("{}/{}", "question", "_row").alias("_name"))
    tested = choose.first_of(row.lazy(), "_group", pl.col("_name"), seed).collect()
    found = learn_then_test(tested["confidence"].to_numpy(), tested["correct"].to_numpy(), risk, delta)
    given = found.answers(report["confidence"].to_numpy()).astype(float)
    failed = given * (1 - report["correct"].to_numpy().astype(float))
    group = (report["_group"].rank("dense").to_numpy() - 1).astype(np.int64)
    # Each group counts once, as when the threshold was found, however many answers it has.
    share = 1 / np.bincount(group)[group]

    def shares(weight: Floats) -> dict[str, Floats]:
        answered = weight @ given
        with np.errstate(invalid="ignore"):
            return {"coverage": answered / weight.sum(-1), "wrong": weight @ failed / answered}

    own, drawn = shares(share[None]), bootstrap(shares, group, share, repeats, seed)
    numbers = {
        name: _plain(percentile(float(value[0]), drawn[name], level)._asdict() | {"n": int(given.sum())})
        for name, value in own.items()
    }
    numbers["coverage"]["n"] = report.height
    return {"risk": risk, "delta": delta, "threshold": found.value, "tested": found.n, **numbers}


def _size(part: pl.DataFrame) -> dict[str, int]:
    return {"rows": part.height, "questions": part["question"].n_unique()}


def _plain(number: dict[str, Any]) -> dict[str, Any]:
    """value, low, high and n; None where not defined."""
    ends = {key: number[key] for key in ("value", "low", "high")}
    plain = {key: None if end is None or not np.isfinite(end) else float(end) for key, end in ends.items()}
    return {**plain, "n": number["n"]}
