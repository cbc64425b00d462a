"""Can good replies be told from bad ones by their looks? Measured by probes that read nothing else.

A model that is trained on such pairs may learn the looks in place of what the label means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from synth import choose, surface
from synth.exporting.configs import training_rows
from synth.exporting.shares import LEVEL
from synth.schema import SPINE

WARNED: Final = 0.75
"""The AUROC above which a card warns."""
MOST_PAIRS: Final = 1000
"""Examples that a probe reads; of their pairs or marked replies twice as many at most."""
FEWEST: Final = 20
"""Groups of questions below which nothing is measured."""
FOLDS: Final = 5
REPEATS: Final = 200

_WORD: Final = re.compile(r"\w+|[^\w\s]")


def predictability(kept: pl.DataFrame, formats: Sequence[str], seed: int) -> dict[str, Any] | None:
    """How well four probes tell good replies from bad ones, over pairs or marked replies.

    Each is a logistic regression over one thing: the words of a reply (each once), its length, its marks of
    format, its first word. It is fitted on four fifths of the groups of questions and scores the rest.

    Args:
        kept: the example frame.
        formats: its format columns; the first of dpo, reward and kto that has rows is read.
        seed: of the folds and of the rows taken where there are many.

    Returns:
        `config`; `groups` and `rows` read; `warn`, whether a value is above `WARNED`; `probes`, name →
        `value` (AUROC), `low`, `high` (bootstrap over groups); `characters`, the median of good and of bad
        replies; `marks`, name → the shares of good and of bad replies that have it. None where no such
        format has rows of `FEWEST` groups.
    """
    found = _replies(kept, formats, seed)
    if found is None:
        return None
    config, replies = found
    good = replies["good"].to_numpy()
    group = replies["group"].rank("dense").to_numpy().astype(np.int64) - 1
    fold = replies.select((choose.chance(pl.col("group"), seed, "fold") * FOLDS).floor()).to_series()
    probes = {
        name: _measured(features(replies["text"]), good, group, fold.to_numpy())
        for name, features in _PROBES.items()
    }
    sides = [replies.filter(pl.col("good") == side)["text"] for side in (True, False)]
    return {
        "config": config,
        "groups": int(group.max()) + 1,
        "rows": replies.height,
        "warn": any(probe["value"] > WARNED for probe in probes.values()),
        "probes": probes,
        "characters": [float(str(side.str.len_chars().median())) for side in sides],
        "marks": {
            name: [round(float(str(side.str.contains(pattern).mean())), 3) for side in sides]
            for name, pattern in surface.MARKS.items()
        },
    }


def _replies(kept: pl.DataFrame, formats: Sequence[str], seed: int) -> tuple[str, pl.DataFrame] | None:
    """The format that is read, and its replies: `group, text, good`."""
    for config in ("dpo", "reward", "kto"):
        if config not in formats:
            continue
        some = kept.lazy().select(*SPINE, config).filter(pl.col(config).is_not_null())
        some = some.sort(choose.chance(pl.col("id"), seed, "probe"), "id").head(MOST_PAIRS)
        rows = training_rows(some.collect(engine="streaming"), config).collect().head(2 * MOST_PAIRS)
        if rows.is_empty():
            continue
        parts = (
            [rows.select("group", said="completion", good="label")]
            if config == "kto"
            else [
                rows.select("group", said=side, good=pl.lit(side == "chosen"))
                for side in ("chosen", "rejected")
            ]
        )
        text = pl.col("said").list.last().struct.field("content")
        replies = pl.concat(parts).select("group", text=text, good="good")
        enough = replies["group"].n_unique() >= FEWEST and replies["good"].n_unique() == 2
        return (config, replies) if enough else None
    return None


def _measured(x: Any, good: Any, group: Any, fold: Any) -> dict[str, float]:
    """AUROC of the scores that a classifier gives to the fold that it did not see, and its interval."""
    from sklearn.linear_model import LogisticRegression

    from synth.metrics.bootstrap import with_interval
    from synth.metrics.ranking import auroc

    score = np.zeros(len(good))
    for number in np.unique(fold):
        held, rest = fold == number, fold != number
        if len(np.unique(good[rest])) == 2:
            # One thread and no BLAS: the same numbers on every machine.
            model = LogisticRegression(solver="liblinear", random_state=0).fit(x[rest], good[rest])
            score[held] = model.decision_function(x[held])
    found = with_interval(auroc, good, score.round(6), group, REPEATS, level=LEVEL)
    return {name: round(float(part), 3) for name, part in found._asdict().items()}


def _words(texts: pl.Series) -> Any:
    """Which words and signs a text has; the first column is 1 for all, so that a text may have none."""
    from sklearn.feature_extraction.text import CountVectorizer

    def terms(text: str) -> list[str]:
        return ["", *_WORD.findall(text.lower())]

    return CountVectorizer(analyzer=terms, binary=True).fit_transform(texts.to_list())


def _first_words(texts: pl.Series) -> Any:
    """Which word or sign a text begins with."""
    from sklearn.preprocessing import OneHotEncoder

    return OneHotEncoder().fit_transform(_columns(texts, [surface.first_word(pl.col("text"))]))


def _length(texts: pl.Series) -> Any:
    return _columns(texts, [surface.length(pl.col("text"))])


def _marks(texts: pl.Series) -> Any:
    marks = [surface.has(pl.col("text"), mark).cast(pl.Float64()).alias(mark) for mark in surface.MARKS]
    return _columns(texts, marks)


def _columns(texts: pl.Series, columns: list[pl.Expr]) -> Any:
    return texts.alias("text").to_frame().select(columns).to_numpy()


_PROBES: Final[dict[str, Callable[[pl.Series], Any]]] = {
    "words": _words,
    "length": _length,
    "format": _marks,
    "first word": _first_words,
}
