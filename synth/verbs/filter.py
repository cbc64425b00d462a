"""`filter`: part any file of rows into kept and dropped, with reason, twin and score."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from synth import config
from synth.errors import NothingBuilt, UsageError, first_line
from synth.filtering import apply_all
from synth.options import FilterOptions
from synth.schema import DROPPED, SPINE
from synth.verbs.build import open_filters
from synth.verbs.opening import Values


def run_filter(dataset: Path, output: Path, flags: Values) -> Values:
    """`synth filter`: the object that its `--json` prints; writes `kept` and `dropped` into a folder.

    Args:
        dataset: JSON Lines or Parquet with a text column.
        output: the folder; both files are in the dataset's own format.
        flags: settings by name.

    Raises:
        UsageError: the dataset cannot be read or lacks the column, or the folder holds other things.
        NothingBuilt: no row was kept.
    """
    values = config.resolve([*config.group_settings([FilterOptions]), *config.filter_settings()], flags)
    options: FilterOptions = config.group(FilterOptions, values)
    filters = [instance for _, instance in open_filters(values)]
    suffix = ".parquet" if dataset.suffix == ".parquet" else ".jsonl"
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file, not a folder")
    if output.is_dir() and {p.name for p in output.iterdir()} - {f"kept{suffix}", f"dropped{suffix}"}:
        raise UsageError(f"{output} holds something else; name an empty folder")
    rows = _read(dataset)
    if options.field not in rows.columns:
        raise UsageError(f"{dataset}: no column '{options.field}'; there are {', '.join(rows.columns)}")
    parted = apply_all(filters, _as_examples(rows, options.field))
    drops = parted.dropped.select(DROPPED.names())
    numbered = rows.with_columns(_number=pl.int_range(pl.len()).cast(pl.String()))
    kept = numbered.join(drops, left_on="_number", right_on="id", how="anti", maintain_order="left")
    dropped = numbered.join(drops, left_on="_number", right_on="id", how="inner", maintain_order="left")
    if "id" in rows.columns:  # name twins as the file does
        names = numbered.select(twin="_number", named=pl.col("id").cast(pl.String()))
        dropped = dropped.join(names, on="twin", how="left", maintain_order="left")
        dropped = dropped.with_columns(twin="named").drop("named")
    if kept.is_empty():
        raise NothingBuilt(f"no row of {dataset} was kept")
    _write(kept.drop("_number"), output / f"kept{suffix}")
    _write(dropped.drop("_number"), output / f"dropped{suffix}")
    reasons = drops["reason"].value_counts().sort("reason")
    return {"input": rows.height, "kept": kept.height, "dropped": dict(reasons.iter_rows())}


def _as_examples(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    number = pl.int_range(pl.len()).cast(pl.String())
    text = pl.col(field).cast(pl.String())
    answers = pl.col("answers") if rows.schema.get("answers") == pl.List(pl.String()) else pl.lit([])
    spine = [pl.lit(None, dtype).alias(name) for name, dtype in SPINE.items()]
    return rows.select(question=text, answers=answers.cast(pl.List(pl.String())), content=text).with_columns(
        *spine
    ).with_columns(id=number, question_id=number, group=number)  # fmt: skip


def _read(dataset: Path) -> pl.DataFrame:
    try:
        if dataset.suffix == ".parquet":
            return pl.read_parquet(dataset)
        return pl.read_ndjson(dataset, infer_schema_length=None)
    except FileNotFoundError:
        raise UsageError(f"dataset file not found: {dataset}") from None
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UsageError(f"{dataset} cannot be read: {first_line(error)}") from None


def _write(frame: pl.DataFrame, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".parquet":
            frame.write_parquet(path, compression="zstd")
        else:
            frame.write_ndjson(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
