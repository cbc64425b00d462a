"""Grading in other processes: the same verdicts, whatever becomes of the process."""

import os
import signal
from collections.abc import Iterator

import polars as pl
import pytest

from synth.graders import grade
from synth.graders.beside import Graders

ROWS = pl.DataFrame(
    {
        "kind": ["short", "math", "boolean", "free"] * 5,
        "question": ["Capital?", "1 + 1?", "Is it?", "Tell me."] * 5,
        "answers": [["Paris"], ["2"], ["yes"], []] * 5,
        "choices": [None] * 20,
        "text": ["It is Paris.", "2", "No.", "Once"] * 4 + ["", "I don't know", None, "Rome"],
        "finish": ["stop"] * 19 + ["length"],
    },
    schema_overrides={"choices": pl.List(pl.String())},
)


@pytest.fixture
def graders() -> Iterator[Graders]:
    graders = Graders(most=1)
    yield graders
    graders.close()


def test_verdicts_are_those_of_this_process(graders: Graders) -> None:
    futures = [graders.submit(ROWS) for _ in range(3)]
    assert all(future.result().equals(grade(ROWS)) for future in futures)


def test_a_killed_process_costs_no_verdict(graders: Graders) -> None:
    assert graders.submit(ROWS).result().equals(grade(ROWS))
    (child,) = graders._alive
    os.kill(child._process.pid, signal.SIGKILL)
    child._process.wait()
    assert graders.submit(ROWS).result().equals(grade(ROWS))
    assert graders.submit(ROWS).result().equals(grade(ROWS))


def test_closing_ends_the_processes(graders: Graders) -> None:
    graders.submit(ROWS).result()
    (child,) = graders._alive
    graders.close()
    assert child._process.poll() is not None
