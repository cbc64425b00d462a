"""The frame in, the frame out: order, types, outcomes that no grader gives, equal rows graded alike."""

from __future__ import annotations

import threading
from typing import Any

import polars as pl
import pytest

from synth.graders import COLUMNS, grade, grader
from synth.schema import KINDS, VERDICTS

SCHEMA = pl.Schema(
    {
        "kind": pl.Enum(KINDS),
        "question": pl.String(),
        "answers": pl.List(pl.String()),
        "choices": pl.List(pl.String()),
        "text": pl.String(),
        "finish": pl.String(),
    }
)
ROWS: list[tuple[Any, ...]] = [
    ("short", "capital of France?", ["Paris"], None, "Paris", "stop"),
    ("math", "3 + 4?", ["7"], None, "\\boxed{7}", "stop"),
    ("choice", "capital?", ["Paris"], ["London", "Paris"], "B", "stop"),
    ("boolean", "is it?", ["yes"], None, "No.", "stop"),
    ("claim", "water is wet", ["supported"], None, "not supported", "stop"),
    ("free", "write a poem", [], None, "Roses are red", "stop"),
    ("short", "capital of France?", ["Paris"], None, None, "error"),
    ("short", "capital of France?", ["Paris"], None, "Paris", "error"),
    ("short", "capital of France?", ["Paris"], None, "The capital of", "length"),
    ("short", "capital of France?", ["Paris"], None, "   ", "stop"),
    ("short", "capital of France?", ["Paris"], None, "I don't know", "stop"),
    ("math", "3 + 4?", ["7"], None, "so \\boxed{7}. To check", "length"),
    ("math", "2 sqrt(2)?", ["2\\sqrt{2}"], None, "\\sqrt{8}", "stop"),
    ("short", "capital of France?", [], None, "Paris", "stop"),
]
OUTCOMES = (
    "correct correct correct wrong wrong undecided failed failed truncated unparsed refused "
    "correct correct undecided"
)


def frame(rows: list[tuple[Any, ...]] = ROWS) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def outcomes(verdicts: pl.DataFrame) -> list[str]:
    return verdicts["outcome"].cast(pl.String).to_list()


def test_every_outcome_in_the_order_of_the_rows() -> None:
    verdicts = grade(frame())
    assert " ".join(outcomes(verdicts)) == OUTCOMES
    assert verdicts.schema == {name: VERDICTS[name] for name in COLUMNS}
    assert verdicts["grader"].to_list() == [row[0] for row in ROWS]
    assert verdicts["reason"][5] == "no_grader"


def test_no_rows() -> None:
    assert grade(frame([])).schema == grade(frame()).schema


def test_a_verdict_does_not_depend_on_the_other_rows() -> None:
    together = grade(frame())
    for place in range(len(ROWS)):
        assert grade(frame()[place : place + 1]).equals(together[place : place + 1])
    order = [*range(len(ROWS))][::-1]
    assert grade(frame()[order]).equals(together[order])
    assert grade(pl.concat([frame()] * 3)).equals(pl.concat([together] * 3))


def test_null_and_empty_columns() -> None:
    row = ("short", "capital?", None, None, "Paris", None)
    assert grade(frame([row]))["reason"].to_list() == ["no_gold"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="finish"):
        grade(frame().drop("finish"))


def test_from_another_thread() -> None:
    found: list[pl.DataFrame] = []
    thread = threading.Thread(target=lambda: found.append(grade(frame())))
    thread.start()
    thread.join()
    assert found[0].equals(grade(frame()))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_but_free_has_a_grader(kind: str) -> None:
    module = grader(kind)
    assert (module is None) == (kind == "free")
    if module:
        assert module.VERSION
        assert module.grade([]) == []
