"""Parquet shards that every reader takes and that come out the same, byte for byte, each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import polars as pl
import polars.selectors as cs

GROUP_ROWS: Final = 1_000
"""Rows of a row group: small, so that a viewer shows the first ones quickly."""

GROUP_BYTES: Final = 64 << 20
"""Above this a row group is halved; rows may hold a megabyte each."""

SHARD_BYTES: Final = 400 << 20
"""A shard ends with the row group that passes this, which keeps it below 500 MB."""


SORTED_ROWS: Final = 250_000
"""Rows that are sorted at once; more than fit into memory may be to sort."""


def write_shards(frame: pl.LazyFrame | Iterable[pl.LazyFrame], folder: Path, split: str) -> int:
    """Write rows, in their order, as `<split>-00000-of-0000N.parquet`; returns their number.

    Args:
        frame: the rows, or parts of them, of which one is in memory at a time.
        folder: of the config.
        split: its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shards: list[Path] = []
    rows = 0
    groups = _row_groups([frame] if isinstance(frame, pl.LazyFrame) else frame)
    for group in groups:
        path = folder / f"{split}-{len(shards):05}.partial"
        shards.append(path)
        rows += _write_shard(path, group, groups)
    for number, path in enumerate(shards):
        path.rename(folder / f"{split}-{number:05}-of-{len(shards):05}.parquet")
    return rows


def in_order(frame: pl.LazyFrame, by: Sequence[str], beside: pl.LazyFrame) -> Iterator[pl.LazyFrame]:
    """The frame sorted and joined, in parts that follow one another and are each small enough to sort.

    Args:
        frame: the rows.
        by: the columns to sort by; the first is text.
        beside: what to join by the first of these columns, where each value stands once; each is about
            evenly frequent in the frame.
    """
    rows: int = frame.select(pl.len()).collect(engine="streaming").item()
    ends = beside.select(pl.col(by[0]).sort()).collect()[by[0]]
    parts = 1 + rows // SORTED_ROWS
    cuts = [ends[len(ends) * part // parts] for part in range(1, parts)] if len(ends) else []
    value = pl.col(by[0])
    for low, high in pairwise([None, *dict.fromkeys(cuts), None]):
        here = pl.lit(True)
        here = here if low is None else here & (value >= low)
        here = here if high is None else here & (value < high).fill_null(True)
        # A lazy join keeps no order of its own.
        yield (
            frame.filter(here).sort(by).join(beside.filter(here), on=by[0], how="left", maintain_order="left")
        )


def plain(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The frame with strings in place of enums and categories, which not every reader knows."""
    return frame.with_columns((cs.enum() | cs.categorical()).cast(pl.String))


def _write_shard(path: Path, first: Any, rest: Iterator[Any]) -> int:
    import pyarrow.parquet as pq

    # Without the Arrow schema a reader takes plain strings and lists, not their "large" kinds.
    with (
        path.open("wb") as file,
        pq.ParquetWriter(file, first.schema, compression="zstd", store_schema=False) as writer,
    ):
        writer.write_table(first)
        rows: int = first.num_rows
        while file.tell() < SHARD_BYTES and (group := next(rest, None)) is not None:
            writer.write_table(group)
            rows += group.num_rows
    return rows


def _row_groups(parts: Iterable[pl.LazyFrame]) -> Iterator[Any]:
    """Arrow tables of one row group each, cut by row number and so whatever batches polars hands over."""
    batches = (
        batch
        for part in parts
        for batch in plain(part).collect_batches(chunk_size=GROUP_ROWS, maintain_order=True)
    )
    for rows in _of_equal_rows(batches):
        # Gathered, since a slice's lists would take the whole frame's messages to Arrow with them.
        own = rows.select(pl.all().gather(pl.int_range(pl.len())))
        yield from _halved(own.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks())


def _of_equal_rows(batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    rest: pl.DataFrame | None = None
    for batch in batches:
        rest = batch if rest is None else pl.concat([rest, batch])
        while rest.height >= GROUP_ROWS:
            yield rest.head(GROUP_ROWS)
            rest = rest.slice(GROUP_ROWS)
    if rest is not None and rest.height:
        yield rest


def _halved(table: Any) -> Iterator[Any]:
    if table.nbytes <= GROUP_BYTES or table.num_rows == 1:
        yield table
        return
    half = table.num_rows // 2
    yield from _halved(table.slice(0, half))
    yield from _halved(table.slice(half))
