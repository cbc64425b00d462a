"""A large export takes its rows a part at a time, and the parts change nothing; the benchmark runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from synth.built import Built
from synth.exporting import export
from synth.exporting.parquet import in_order

Make = Callable[..., Built]
ROOT = Path(__file__).parents[2]


def test_samples_that_are_sorted_in_parts_come_out_the_same(
    made: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = made(400)
    shuffled = built.samples.collect().sample(fraction=1, shuffle=True, seed=3)
    export(built, tmp_path / "whole")
    monkeypatch.setattr("synth.exporting.parquet.SORTED_ROWS", 100)
    export(made(400, samples=shuffled.lazy()), tmp_path / "parts")
    whole, parts = ((tmp_path / name / "manifest.json").read_text() for name in ("whole", "parts"))
    assert whole == parts, "the manifest holds the hash of every file"


@pytest.mark.parametrize("rows", [1, 3, 7, 100])
def test_parts_follow_one_another_and_hold_every_row(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synth.exporting.parquet.SORTED_ROWS", rows)
    names = ["b", "a", None, "c", "b", "d", "zz", ""]
    frame = pl.LazyFrame({"name": names * 5, "index": range(40)})
    beside = pl.LazyFrame({"name": ["d", "a", "c", "b"], "length": [4, 1, 3, 2]})
    parts = list(in_order(frame, ["name", "index"], beside))
    whole = frame.sort("name", "index").join(beside, on="name", how="left", maintain_order="left")
    assert pl.concat(parts).collect().equals(whole.collect())
    assert (len(parts) > 1) == (rows < 40)


def test_the_benchmark_runs() -> None:
    command = [sys.executable, str(ROOT / "benchmarks/exporting.py"), "--examples", "2000", "--samples", "4"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert {"sft", "dpo", "kto", "messages", "questions", "prompts", "samples"} <= set(said["configs"])
    assert said["rows"] > 2000 * 4
    assert said["gib"] < said["bars"]["gib"]
