"""Sealed files: Parquet in key order, whole or not there."""

from __future__ import annotations

import os
import time
from pathlib import Path

import polars as pl


def write_sealed(frame: pl.DataFrame, folder: Path) -> Path:
    """Write, make durable, then show: a kill in between leaves a `.tmp` that no one reads."""
    path = folder / f"{time.time_ns():x}-{os.getpid()}.parquet"
    beside = path.with_suffix(".tmp")
    frame.write_parquet(beside, compression="zstd", row_group_size=50_000)
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.rename(path)
    return path


def among(keys: pl.Series) -> pl.Expr:
    """Whether a row's key is one of these sorted keys; files in key order are read only where they may be."""
    return pl.col("key").is_between(pl.lit(keys[0]), pl.lit(keys[-1])) & pl.col("key").is_in(keys.implode())
