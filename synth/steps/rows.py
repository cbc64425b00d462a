"""What a row about a solution holds, before it is written in the formats of trainers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import orjson
import polars as pl

MARKED: Final = pl.List(pl.Struct({"steps": pl.List(pl.String()), "labels": pl.List(pl.Boolean())}))
SCHEMA: Final = pl.Schema(
    {
        "question_id": pl.String(),
        "number": pl.Int64(),  # of the rows of its question, from 1
        "row_keys": pl.List(pl.String()),
        "good": pl.String(),  # a reply to prefer
        "bad": pl.String(),  # one to avoid
        "says": pl.String(),  # one to learn
        "tag": pl.String(),  # what the prompt of that one ends with
        "marked": MARKED,  # solutions with a mark on each step
        "weight": pl.Float64(),
        "note": pl.String(),  # JSON
        "reason": pl.String(),  # why the row leaves; null where it stays
    }
)


class Mark(NamedTuple):
    """A solution, or its beginning, with each step right or wrong."""

    steps: tuple[str, ...]
    labels: tuple[bool, ...]

    @classmethod
    def until(cls, steps: tuple[str, ...], right: int) -> Mark:
        """So many right steps, and the one after them, if there is one, wrong."""
        shown = steps[: right + 1]
        return cls(shown, tuple(at < right for at in range(len(shown))))


class Row(NamedTuple):
    """One row; the attributes are those of `SCHEMA`."""

    question_id: str
    row_keys: tuple[str, ...] = ()
    good: str | None = None
    bad: str | None = None
    says: str | None = None
    tag: str | None = None
    marked: tuple[Mark, ...] = ()
    weight: float = 1.0
    note: dict[str, Any] | None = None
    reason: str | None = None


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    """The rows with the columns of `SCHEMA`; steps without the white space around them."""
    found = [
        row._asdict()
        | {
            "row_keys": list(row.row_keys) or None,
            "marked": [
                {"steps": [step.strip() for step in mark.steps], "labels": list(mark.labels)}
                for mark in row.marked
            ],
            "note": orjson.dumps(row.note).decode() if row.note else None,
        }
        for row in rows
    ]
    numbered = pl.col("question_id").cum_count().over("question_id").cast(pl.Int64())
    return (
        pl.DataFrame(found, schema={n: d for n, d in SCHEMA.items() if n != "number"})
        .with_columns(number=numbered)
        .select(list(SCHEMA))
    )
