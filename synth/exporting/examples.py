"""A few training rows for the card, drawn by the build's seed."""

from __future__ import annotations

import random
from typing import Any, Final

import polars as pl

from synth.built import Built
from synth.exporting.configs import training_rows

EXAMPLES: Final = 3
LENGTH: Final = 600
"""Characters of a cell that the card shows."""


def examples(built: Built, config: str) -> list[dict[str, Any]]:
    """Rows of a format, one of each label as far as there are any: each part with who says it.

    Returns:
        `known`, `n`, `n_correct` and `parts`, pairs of who and what.
    """
    has_row = pl.col(config).is_not_null()
    if isinstance(built.kept.schema[config], pl.List):
        has_row = pl.col(config).list.len() > 0
    labels = built.kept.select("known", has_row=has_row.fill_null(False)).with_row_index()
    labels = labels.filter("has_row")
    dice = random.Random(f"{built.settings.get('seed', 0)}")
    pools = [labels.filter(pl.col("known").eq_missing(known))["index"] for known in (True, False)]
    drawn = {int(pool[dice.randrange(pool.len())]) for pool in pools if pool.len()}
    left = labels.filter(~pl.col("index").is_in(list(drawn)))["index"]
    more = dice.sample(range(left.len()), min(EXAMPLES - len(drawn), left.len()))
    drawn |= {int(left[at]) for at in more}
    rows = training_rows(built.kept[sorted(drawn)], config).collect()
    rows = rows.unique("id", keep="first", maintain_order=True)
    columns = rows.columns[: rows.columns.index("id")]
    return [
        {name: row[name] for name in ("known", "n", "n_correct")}
        | {"parts": [part for column in columns for part in _said(column, row[column])]}
        for row in rows.iter_rows(named=True)
    ]


def _said(column: str, value: Any) -> list[tuple[str, str]]:
    """A cell as (who, what) pairs: each message of a talk, or the bare value."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "content" in value[0]:
        return [(f"{column}, {turn['role']}", shortened(turn["content"])) for turn in value]
    return [(column, shortened(value))]


def shortened(value: Any, length: int = LENGTH) -> str:
    """The value as text of at most about `length` characters."""
    text = str(value)
    return text if len(text) <= length else f"{text[:length]} …"
