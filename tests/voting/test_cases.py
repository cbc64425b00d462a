"""What is voted on: only what is open, each answer once; and a vote changes nothing else."""

from __future__ import annotations

from typing import Any

import polars as pl

from synth.graders import COLUMNS, grade
from synth.schema import KINDS, VERDICTS
from synth.voting.cases import LONGEST, Case, open_cases, with_votes

SCHEMA = pl.Schema(
    {
        "question_id": pl.String(),
        "kind": pl.Enum(KINDS),
        "question": pl.String(),
        "answers": pl.List(pl.String()),
        "choices": pl.List(pl.String()),
        "text": pl.String(),
        "finish": pl.String(),
    }
)


def rows(*more: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(more), schema=SCHEMA, orient="row")


POEM = ("q1", "free", "Say something of spring.", ["Spring is green."], None, "It is a green time.", "stop")
ROWS = rows(
    ("q0", "short", "Capital of France?", ["Paris"], None, "Paris", "stop"),
    POEM,
    ("q2", "free", "Say something of autumn.", [], None, "It is a golden time.", "stop"),
    ("q1", *POEM[1:5], "It is cold.", "stop"),
    POEM,
    ("q1", *POEM[1:5], None, "error"),
    ("q3", "math", "1 + 1?", ["2"], None, "", "stop"),
)


def test_only_undecided_answers_with_something_to_compare_are_open_and_each_once() -> None:
    cases = open_cases(ROWS, grade(ROWS), ("short", "free"))
    golds = ("Spring is green.",)
    assert cases.each == [
        Case("q1", POEM[2], golds, "It is a green time."),
        Case("q1", POEM[2], golds, "It is cold."),
    ]
    assert cases.rows == [1, 3, 4]
    assert cases.case == [0, 1, 0]
    assert open_cases(ROWS, grade(ROWS), ("short",)).each == []


def test_a_long_answer_is_cut_to_head_and_tail() -> None:
    long = rows((*POEM[:5], "head " + "x" * 100_000 + " tail", "stop"))
    (case,) = open_cases(long, grade(long), ("free",)).each
    assert len(case.answer) < LONGEST + 10
    assert case.answer.startswith("head")
    assert case.answer.endswith("tail")


def test_a_vote_changes_its_own_rows_alone() -> None:
    verdicts = grade(ROWS)
    cases = open_cases(ROWS, verdicts, ("free",))
    voted = with_votes(verdicts, cases, ["correct", None], "someone", "why", "v7")
    assert voted.schema == {name: VERDICTS[name] for name in COLUMNS}
    others = [0, 2, 3, 5, 6]
    assert voted[others].equals(verdicts[others])
    for row in (1, 4):
        assert voted.row(row, named=True) | {"answer": None} == {
            "answer": None,
            "outcome": "correct",
            "score": 0.8,
            "reason": "why",
            "grader": "free+someone",
            "grader_version": "0+v7",
        }
    assert with_votes(verdicts, cases, [None, None], "someone", "why", "v7").equals(verdicts)
    wrong = with_votes(verdicts, cases, [None, "wrong"], "someone", "why", "v7")
    assert wrong["outcome"].to_list()[1:4] == ["undecided", "undecided", "wrong"]
