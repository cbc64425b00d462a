"""The pictures of the guide: the spectrum, tellings against knowledge, sums by digits, Good-Turing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

COLOURS: Final = {
    "short": "#4e79a7",
    "choice": "#f28e2b",
    "boolean": "#76b7b2",
    "claim": "#59a14f",
    "math": "#b07aa1",
}


def spectrum(records: Sequence[Mapping[str, Any]], path: Path) -> None:
    """How many questions are known how well, by kind."""
    figure, axes = plt.subplots(figsize=(7, 3.6))
    kinds = [[r["p"] for r in records if r["kind"] == kind] for kind in COLOURS]
    edges = [i / 16 - 1 / 64 for i in range(17)] + [1 + 1 / 64]
    axes.axvspan(-1 / 64, 0.2, color="#d62728", alpha=0.07, lw=0)
    axes.axvspan(0.8, 1 + 1 / 64, color="#2ca02c", alpha=0.07, lw=0)
    axes.hist(kinds, bins=edges, stacked=True, color=list(COLOURS.values()), label=list(COLOURS))
    axes.set_xlabel("share of right answers in 32 samples")
    axes.set_ylabel("questions")
    axes.set_xlim(-1 / 64, 1 + 1 / 64)
    axes.legend(frameon=False, ncols=5, loc="upper center", bbox_to_anchor=(0.5, 1.15))
    finish(figure, path)


def shown(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """How well a fact is known by how often, and how truly, it is told."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
    truly = [row for row in rows if row["truth"] == 1]
    left.plot(range(len(truly)), [row["p"] for row in truly], "o-", color=COLOURS["short"])
    left.set_xticks(range(len(truly)), [str(row["shown"]) for row in truly])
    left.set_xlabel("times told, always rightly")
    left.set_ylabel("mean share of right answers")
    mixed = sorted((row for row in rows if row["truth"] < 1), key=lambda row: row["truth"])
    right.plot([row["truth"] for row in mixed], [row["p"] for row in mixed], "o-", color=COLOURS["choice"])
    right.plot([0.3, 0.85], [0.3, 0.85], ":", color="grey")
    right.set_xlabel("share of 40 tellings that are right")
    right.set_ylim(-0.03, 1.03)
    finish(figure, path)


def sums(by_digits: Mapping[str, float], path: Path) -> None:
    """How sums get harder."""
    figure, axes = plt.subplots(figsize=(5, 3.2))
    axes.bar(list(by_digits), list(by_digits.values()), color=COLOURS["math"])
    axes.set_xlabel("digits of both numbers")
    axes.set_ylabel("mean share of right answers")
    axes.set_ylim(0, 1.03)
    finish(figure, path)


def turing(numbers: Mapping[str, Any], path: Path) -> None:
    """Wrong answers against facts told never or once, a dot for each relation."""
    figure, axes = plt.subplots(figsize=(5.5, 4))
    places = sorted(numbers["by_relation"].values())
    axes.plot([0, 0.4], [0, 0.4], ":", color="grey", label="wrong answers = facts told never or once")
    axes.plot([x for x, _ in places], [y for _, y in places], "o", color=COLOURS["short"], label="a relation")
    axes.set_xlabel("share of facts told never or once")
    axes.set_ylabel("share of wrong answers")
    axes.set_xlim(0, 0.4)
    axes.set_ylim(0, 0.8)
    axes.legend(frameon=False, loc="lower right")
    finish(figure, path)


def finish(figure: Any, path: Path) -> None:
    """Saves a picture."""
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def draw(records: Sequence[Mapping[str, Any]], numbers: Mapping[str, Any], folder: Path) -> None:
    """All pictures, as `almanac_*.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    spectrum(records, folder / "almanac_spectrum.png")
    shown(numbers["by_shown"], folder / "almanac_shown.png")
    sums(numbers["by_digits"], folder / "almanac_sums.png")
    turing(numbers["good_turing"], folder / "almanac_turing.png")
