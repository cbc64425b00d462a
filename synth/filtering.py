"""What a filter is and what it returns: the rows it keeps, and those it drops with reason, twin and score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from synth.schema import DROPPED, conform


class Filter(Protocol):
    """One frozen dataclass in `filters/`; its fields are its settings."""

    def apply(self, examples: pl.DataFrame) -> Filtered:
        """Part the examples: `synth.schema.SPINE` and the text columns `question`, `answers`, `content`."""
        ...


@dataclass(frozen=True)
class Filtered:
    """The examples in two frames, each in the order of the input.

    Attributes:
        kept: the examples that stay.
        dropped: the examples that leave, with `reason`, `twin` and `score` of `synth.schema.DROPPED`.
    """

    kept: pl.DataFrame
    dropped: pl.DataFrame

    @classmethod
    def by(cls, examples: pl.DataFrame, drops: pl.DataFrame) -> Filtered:
        """Part the examples by a frame of drops: id, reason, and where there are any twin and score.

        A twin that is itself dropped is replaced by its own twin, until a kept one is reached.

        Raises:
            ValueError: an id occurs twice, or a drop or a twin is not among the examples.
        """
        drops = conform(drops.lazy(), DROPPED).collect()
        ids = set(examples["id"].to_list())
        if len(ids) < examples.height or drops["id"].n_unique() < drops.height:
            raise ValueError("an example's id occurs twice, so kept and dropped cannot be counted")
        if strangers := (set(drops["id"]) | set(drops["twin"].drop_nulls())) - ids:
            raise ValueError(f"no such example: {min(strangers, key=str)!r}")
        return cls(
            kept=examples.join(drops, on="id", how="anti", maintain_order="left"),
            dropped=_resolved(examples.join(drops, on="id", how="inner", maintain_order="left")),
        )


def apply_all(filters: Iterable[Filter], examples: pl.DataFrame) -> Filtered:
    """Apply filters one after the other; a twin that a later filter drops gives way to its own twin."""
    kept = examples
    drops = [DROPPED.to_frame()]
    for each in filters:
        filtered = each.apply(kept)
        kept = filtered.kept
        drops.append(filtered.dropped.select(DROPPED.names()))
    return Filtered.by(examples, pl.concat(drops))


def _resolved(dropped: pl.DataFrame) -> pl.DataFrame:
    twins: dict[str, str | None] = dict(zip(dropped["id"], dropped["twin"], strict=True))
    ends = [_kept_twin(each, twins) for each in twins]
    return dropped.with_columns(pl.Series("twin", ends, dtype=pl.String))


def _kept_twin(dropped_id: str, twins: Mapping[str, str | None]) -> str | None:
    """The first kept example along the chain; none where a row of it left for a reason without a twin."""
    seen = {dropped_id}
    twin = twins[dropped_id]
    while twin is not None and twin in twins:
        if twin in seen:
            raise ValueError(f"examples drop each other in a circle: {sorted(seen)}")
        seen.add(twin)
        twin = twins[twin]
    return twin
