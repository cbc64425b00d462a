"""Which estimator tells right answers from wrong ones best: all of them on the same answers.

An answer that was judged is a row. Its score is the value that an estimator gives to the answer, or to its
question. No estimator but an oracle sees a verdict, and the oracle not the answer's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from synth.metrics.bootstrap import LEVEL, REPEATS, Interval, bootstrap, percentile
from synth.metrics.levels import Floats, Levels, Ranked
from synth.metrics.ranking import accuracy
from synth.uncertainty.answers import Answers
from synth.uncertainty.estimator import Estimator
from synth.uncertainty.panel import METRICS, Panel, Row

LEAST_SHARE: Final = 0.5
"""An estimator with values for fewer of the judged answers is left out: the others would lose their rows."""

_NAMED: Final = ("question_id", "key", "index")
_OUTCOME: Final = pl.col("outcome").cast(pl.String())
_DIGITS: Final = 12
"""Of a score: its last bits are a matter of the order of a sum, and equal scores are to be equal."""

Metrics = Mapping[str, Callable[[Levels], Floats]]


def compare(
    answers: Answers,
    estimators: Sequence[Estimator],
    repeats: int = REPEATS,
    seed: int = 0,
    level: float = LEVEL,
) -> Panel:
    """Measure the estimators and compare them on the answers for which all have a value.

    Args:
        answers: with verdicts.
        estimators: which; those with too few values are left out with a reason.
        repeats: resamples of the questions.
        seed: of the resamples; all estimators have the same ones.
        level: of the intervals.
    """
    judged = answers.frame.filter(_OUTCOME.is_in(["correct", "wrong"])).select(
        *_NAMED, correct=_OUTCOME == "correct"
    )
    table, rests_on, left_out = judged, {}, {}
    for each in estimators:
        joined = _with_values(table, each, answers)
        there = joined[each.name].count()
        if there < max(1, LEAST_SHARE * judged.height):
            left_out[each.name] = _why(each, there, judged.height)
            continue
        rests_on[each.name] = int(np.median(joined["_n"].drop_nulls().to_numpy()))
        table = joined
    kept = [each for each in estimators if each.name in rests_on]
    common = table.drop_nulls([each.name for each in kept])
    resampling = _Resampling(common, repeats, seed, level)
    measured = {each.name: resampling.of(_score(each), METRICS) for each in kept}
    best = _best(kept, measured)
    rows = [
        Row(
            each,
            **{name: resampling.interval(measured[each.name][name]) for name in METRICS},
            behind=resampling.interval(behind) if (behind := _behind(each, best, measured)) else None,
            n=rests_on[each.name],
            missing=table[each.name].null_count(),
        )
        for each in kept
    ]
    return Panel(
        judged=judged.height,
        rows=common.height,
        questions=common["question_id"].n_unique(),
        base_rate=resampling.interval(resampling.of(pl.lit(0.0), {"": accuracy})[""]),
        best=best,
        found=sorted(rows, key=lambda row: np.nan_to_num(-row.auroc.value, nan=np.inf)),
        left_out=left_out,
    )


@dataclass(frozen=True)
class _Number:
    """A metric, and the same of each resample."""

    value: float
    drawn: Floats


@dataclass(frozen=True)
class _Resampling:
    """The same resamples of the questions for whatever is measured on the common answers."""

    common: pl.DataFrame
    repeats: int
    seed: int
    level: float

    def of(self, score: pl.Expr, metrics: Metrics) -> dict[str, _Number]:
        """The metrics of a score."""
        place = pl.col("question_id").rank("dense").cast(pl.Int64()) - 1
        # Answers of one question that are scored and judged alike are one row with a count.
        scored = self.common.select("correct", place=place, score=score)
        rows = scored.group_by(pl.all(), maintain_order=True).len("count")
        if not rows.height:
            return {name: _Number(np.nan, np.empty(0)) for name in metrics}
        ranked = Ranked(rows["correct"].to_numpy(), rows["score"].to_numpy())
        count = rows["count"].to_numpy()

        def measured(weight: Floats) -> dict[str, Floats]:
            levels = ranked.counted(weight)
            return {name: metric(levels) for name, metric in metrics.items()}

        drawn = bootstrap(measured, rows["place"].to_numpy(), count, self.repeats, self.seed)
        return {name: _Number(float(value), drawn[name]) for name, value in measured(count).items()}

    def interval(self, number: _Number) -> Interval:
        return percentile(number.value, number.drawn, self.level)


def _with_values(table: pl.DataFrame, estimator: Estimator, answers: Answers) -> pl.DataFrame:
    """The judged answers with a column of the estimator's name, and `_n`, what its values rest on."""
    values = estimator.measure(answers)
    on = [name for name in _NAMED if name in values.columns]
    own = values.select(*on, pl.col("value").alias(estimator.name), pl.col("n").alias("_n"))
    return table.drop("_n", strict=False).join(own, on=on, how="left", maintain_order="left")


def _why(estimator: Estimator, values: int, judged: int) -> str:
    if not judged:
        return "no judged answers"
    had = f"{values:,} of {judged:,} judged answers have a value" if values else "no values"
    return f"{had}; it needs {estimator.wanting}"


def _score(estimator: Estimator) -> pl.Expr:
    """The value, turned so that higher is surer."""
    value = pl.col(estimator.name).round_sig_figs(_DIGITS)
    return value if estimator.surer == "higher" else -value


def _best(estimators: Sequence[Estimator], measured: Mapping[str, Mapping[str, _Number]]) -> str:
    """The estimator of the highest AUROC, oracles aside; "" where none is defined."""
    areas = {each.name: measured[each.name]["auroc"].value for each in estimators if not each.oracle}
    return max((name for name in areas if np.isfinite(areas[name])), key=areas.__getitem__, default="")


def _behind(estimator: Estimator, best: str, measured: Mapping[str, Mapping[str, _Number]]) -> _Number | None:
    """How far the estimator's AUROC is behind the best one's; of each resample, the difference within it."""
    if estimator.oracle or not best or estimator.name == best:
        return None
    top, own = measured[best]["auroc"], measured[estimator.name]["auroc"]
    return _Number(top.value - own.value, top.drawn - own.drawn)
