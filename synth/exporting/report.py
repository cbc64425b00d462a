"""The plot of a dataset folder: where the questions lie, and what became of the answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from synth.exporting.quality import Quality

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLOT: Final = "reports/labels.png"

_MOST_BARS: Final = 21
# Okabe and Ito's colours, told apart by nearly everybody.
_LABELS: Final = {"unknown": "#D55E00", "undecided": "#BBBBBB", "known": "#0072B2"}
_OUTCOMES: Final = {
    "correct": "#0072B2",
    "wrong": "#D55E00",
    "refused": "#CC79A7",
    "truncated": "#E69F00",
    "unparsed": "#F0E442",
    "undecided": "#BBBBBB",
    "failed": "#000000",
}

_LEGEND: Final[dict[str, Any]] = {
    "frameon": False,
    "fontsize": 9,
    "handlelength": 1,
    "columnspacing": 1.2,
    "borderaxespad": 0.2,
}


def draw_labels(questions: pl.DataFrame, quality: Quality, path: Path) -> None:
    """Write a histogram of `p_hat` by label above the shares of the outcomes; the same bytes each time."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    path.parent.mkdir(parents=True, exist_ok=True)
    with rc_context({"font.family": "DejaVu Sans", "font.size": 10}):
        figure = Figure(figsize=(7.5, 4.6), layout="constrained")
        above, below = figure.subplots(2, 1, height_ratios=[4, 1])
        _histogram(above, questions)
        _shares(below, quality)
        figure.savefig(path, dpi=150, metadata={"Software": None})


def _histogram(axes: Axes, questions: pl.DataFrame) -> None:
    from matplotlib.ticker import MaxNLocator

    label = pl.when("known").then(pl.lit("known")).when(pl.col("known").not_()).then(pl.lit("unknown"))
    rows = questions.select("p_hat", label.otherwise(pl.lit("undecided")).alias("label"))
    drawn = rows.drop_nulls()
    parts = {name: drawn.filter(pl.col("label") == name)["p_hat"].to_numpy() for name in _LABELS}
    most = questions["n"].max()
    # One bar for each share that n answers can give, so that none falls between two.
    bars = min(int(str(most)) + 1, _MOST_BARS) if most else _MOST_BARS
    half = 0.5 / (bars - 1) if bars > 1 else 0.5
    axes.hist(
        list(parts.values()),
        bins=bars,
        range=(-half, 1 + half),
        stacked=True,
        color=list(_LABELS.values()),
        label=[f"{name} ({(rows['label'] == name).sum():,})" for name in parts],
        edgecolor="white",
        linewidth=0.8,
    )
    missing = rows.height - drawn.height
    note = f"; not drawn: {missing:,} that have none" if missing else ""
    axes.set(xlim=(-half, 1 + half), xlabel=f"share of right answers (p_hat){note}", ylabel="questions")
    axes.set_title("What the model knows", loc="left", fontweight="bold")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, **_LEGEND)
    axes.spines[["top", "right"]].set_visible(False)


def _shares(axes: Axes, quality: Quality) -> None:
    start = 0.0
    for outcome, count in quality.outcomes.items():
        part = count / quality.samples
        axes.barh(
            0, part, left=start, color=_OUTCOMES[outcome], edgecolor="white", label=f"{outcome} {part:.0%}"
        )
        start += part
    axes.set(xlim=(0, 1), yticks=[], xticks=[])
    axes.set_title(f"What became of the {quality.samples:,} answers", loc="left", fontweight="bold")
    if quality.outcomes:
        axes.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=7, **_LEGEND)
    axes.spines[:].set_visible(False)
