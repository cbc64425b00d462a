"""The audits of a store: one JSON line each in `audits.jsonl`, only ever added to; the latest wins.

An audit is about one text as the answer to one question with its golds, whichever run drew it. Where a gold
changes, it lapses: the person judged by another one.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from synth.errors import UsageError, first_line

FILE: Final = "audits.jsonl"

AUDITS: Final = pl.Schema(
    {
        "question_id": pl.String(),
        "kind": pl.String(),
        "question": pl.String(),
        "answers": pl.List(pl.String()),  # the golds that the person saw
        "choices": pl.List(pl.String()),
        "text": pl.String(),  # the answer
        "finish": pl.String(),
        "verdict": pl.String(),  # the grader's outcome, right or not
        "score": pl.Float64(),
        "reason": pl.String(),
        "grader": pl.String(),
        "grader_version": pl.String(),
        "right": pl.Boolean(),  # whether the verdict is; null where the person was not sure
        "outcome": pl.String(),  # what the person says it is; null where they did not say
        "comment": pl.String(),
        "by": pl.String(),
        "when": pl.String(),  # UTC, ISO 8601
        "seed": pl.Int64(),  # of the random sample that it was asked for
        "copies": pl.Int64(),  # how many verdicts of the set were on this answer
        "blind": pl.Boolean(),  # the person did not see the verdict
    }
)

SAID: Final = ("verdict", "verdict_by", "right", "outcome", "seed")
"""What matters to whoever has the answer itself; `verdict_by` is the grader."""

log = logging.getLogger("synth")


def current(store: Path) -> pl.DataFrame:
    """The audits that hold, with the columns of `AUDITS`: the latest on each answer, in the order of time.

    Args:
        store: the store's folder.

    Raises:
        UsageError: a line holds something else than an audit.
    """
    file = store / FILE
    if not file.is_file():
        return pl.DataFrame(schema=AUDITS)
    rows = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            rows.append(orjson.loads(line))
        except orjson.JSONDecodeError:  # cut by a power failure
            log.warning("%s: line %d cannot be read and is left out", file, number)
    try:
        frame = pl.DataFrame(rows, schema=AUDITS, orient="row")
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise UsageError(f"{file} holds something else than audits: {first_line(error)}") from None
    return (
        frame.sort("when", maintain_order=True)  # a merged store's may be older than those before them
        .with_columns(_answer=_answer())
        .unique("_answer", keep="last", maintain_order=True)
        .drop("_answer")
    )


def audited(store: Path) -> pl.DataFrame:
    """The answers of which a person has said what they are, to learn from.

    Args:
        store: the store's folder.

    Returns:
        Columns `question_id, kind, question, answers, choices, text, finish`, and `outcome`, the person's.
    """
    columns = ("question_id", "kind", "question", "answers", "choices", "text", "finish", "outcome")
    return current(store).filter(pl.col("outcome").is_not_null()).select(columns)


def add(store: Path, audits: Iterable[Mapping[str, Any]]) -> None:
    """Write audits, each with the keys of `AUDITS`; they are on the disk when this returns."""
    _append(store, b"".join(orjson.dumps({name: audit[name] for name in AUDITS}) + b"\n" for audit in audits))


def _append(store: Path, lines: bytes) -> None:
    handle = os.open(store / FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            lines = b"\n" + lines  # the last line was cut by a power failure
        os.write(handle, lines)
        os.fsync(handle)
    finally:
        os.close(handle)


def merge(store: Path, other: Path) -> int:
    """Take over the audits of another store; returns how many of them were not here yet."""
    if not (other / FILE).is_file():
        return 0
    here = set((store / FILE).read_bytes().splitlines()) if (store / FILE).is_file() else set[bytes]()
    new = [line for line in (other / FILE).read_bytes().splitlines() if line and line not in here]
    _append(store, b"".join(line + b"\n" for line in new))
    return len(new)


def said_of(rows: pl.DataFrame, audits: pl.DataFrame) -> pl.DataFrame:
    """What audits say of each row, in the rows' order; nulls where there is none.

    Args:
        rows: columns `question_id, kind, question, answers, choices, text, finish`.
        audits: from `current`.

    Returns:
        The columns `SAID`.
    """
    numbered = rows.with_row_index("_row")
    among = numbered.filter(pl.col("question_id").is_in(audits["question_id"].unique().implode()))
    said = audits.rename({"grader": "verdict_by"}).select(*SAID, _answer=_answer())
    found = among.select("_row", _answer=_answer()).join(said, on="_answer")
    return numbered.select("_row").join(found, on="_row", how="left", maintain_order="left").select(SAID)


def as_input(store: Path) -> dict[str, Any]:
    """The table as a manifest names the files that went into a set: `name, sha256, rows, license`."""
    written = (store / FILE).read_bytes()
    rows = written.count(b"\n")
    return {"name": FILE, "sha256": hashlib.sha256(written).hexdigest(), "rows": rows, "license": None}


def _answer() -> pl.Expr:
    """All that an audit is about, as one text."""
    texts = [pl.col(name).cast(pl.String()) for name in ("question_id", "kind", "question", "text", "finish")]
    lists = [pl.col(name).list.join("\x1f") for name in ("answers", "choices")]
    return pl.concat_str([part.fill_null("\x1e") for part in (*texts, *lists)], separator="\0")
