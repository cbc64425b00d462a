"""Reads the rows of tables: CSV, TSV and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import polars as pl

from synth.questions.notes import Notes, Unreadable
from synth.questions.utf8 import BOM, text_complaint

_LONGEST_CELL: Final = 2**31 - 1
_BATCH: Final = 10_000


def csv_rows(path: Path, notes: Notes) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a CSV file, numbered by the line they begin on; empty cells are None."""
    yield from _separated(path, notes, ",")


def tsv_rows(path: Path, notes: Notes) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a TSV file, as `csv_rows`."""
    yield from _separated(path, notes, "\t")


def _separated(path: Path, notes: Notes, separator: str) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open("rb") as file:
        reader = csv.reader(_texts(file, notes), delimiter=separator, strict=True)
        header: list[str] = []
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                notes.add(number, f"broken {path.suffix[1:].upper()} ({error})")
                continue
            if not cells:
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                _check_header(header)
            elif len(cells) != len(header):
                notes.add(number, f"has {len(cells)} cells where the header has {len(header)}")
            else:
                yield number, {name: cell or None for name, cell in zip(header, cells, strict=True)}


def _texts(file: IO[bytes], notes: Notes) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        complaint = text_complaint(line)
        if complaint:
            notes.add(number, complaint)
        yield "" if complaint else (line.removeprefix(BOM) if number == 1 else line).decode("utf-8")


def _check_header(header: list[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise Unreadable(f"two columns are named '{twice[0]}'")


def parquet_rows(path: Path, notes: Notes) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a Parquet file, numbered from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    notes.unit = "row"
    try:
        with pq.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches(batch_size=_BATCH):
                for row in pl.DataFrame(pl.from_arrow(batch)).iter_rows(named=True):
                    number += 1
                    yield number, row
    except (pa.ArrowException, pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise Unreadable(f"cannot be read as Parquet: {first}") from None
