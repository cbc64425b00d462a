"""Estimators side by side: what each is worth, and by how much it is behind the best."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from synth.metrics.bootstrap import Interval
from synth.metrics.ranking import auroc, average_precision
from synth.metrics.selective import aurc
from synth.uncertainty.estimator import Estimator

METRICS: Final = {"auroc": auroc, "average_precision": average_precision, "aurc": aurc}


@dataclass(frozen=True)
class Row:
    """What one estimator is worth.

    Attributes:
        estimator: which.
        auroc: chance that a right answer is surer than a wrong one.
        average_precision: right is positive; read it beside the base rate.
        aurc: area under risk against coverage; lower is better.
        behind: AUROC of the best less its own, from the same resamples; nothing for the best and for oracles.
        n: samples that a value rests on, the median.
        missing: judged answers without a value.
    """

    estimator: Estimator
    auroc: Interval
    average_precision: Interval
    aurc: Interval
    behind: Interval | None
    n: int
    missing: int

    def as_dict(self) -> dict[str, Any]:
        """The row for `--json`."""
        numbers = {name: numbered(getattr(self, name)) for name in (*METRICS, "behind")}
        known = {"surer": self.estimator.surer, "of": self.estimator.of, "oracle": self.estimator.oracle}
        return {**numbers, "n": self.n, "missing": self.missing, **known}


@dataclass(frozen=True)
class Panel:
    """Estimators side by side.

    Attributes:
        judged: answers that were judged.
        rows: those for which all estimators have a value; every number rests on these.
        questions: whose these are.
        base_rate: the share of right ones among them: the average precision of a random score.
        best: the name of the estimator with the highest AUROC, oracles aside; "" where none is defined.
        found: one row an estimator, best AUROC first.
        left_out: estimators without enough values, with the reason.
    """

    judged: int
    rows: int
    questions: int
    base_rate: Interval
    best: str
    found: list[Row]
    left_out: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The panel for `--json`."""
        return {
            "judged": self.judged,
            "rows": self.rows,
            "questions": self.questions,
            "base_rate": numbered(self.base_rate),
            "best": self.best or None,
            "estimators": {row.estimator.name: row.as_dict() for row in self.found},
            "left_out": self.left_out,
        }


def numbered(interval: Interval | None) -> dict[str, float | None] | None:
    """An interval as plain values; null where it is not defined."""
    if interval is None:
        return None
    return {name: end if np.isfinite(end) else None for name, end in interval._asdict().items()}
