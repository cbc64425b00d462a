"""Failed samples: tried once a run, hidden by a later success, and the same for whoever draws nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.verbs.build import run_build
from synth.verbs.plan import run_plan

QUESTIONS = 30
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Thirty questions of which every third has a sample that failed."""
    path = tmp_path / "recorded.jsonl"
    rows = []
    for i in range(QUESTIONS):
        samples: list[dict[str, Any]] = [
            {"text": "Paris" if (i % 2 == 0) != (j % 8 == 7) else "Rome"} for j in range(16)
        ]
        if i % 3 == 0:
            samples[2] = {"text": None, "error": "Timeout: late"}
        rows.append({"id": f"q{i}", "question": f"Question {i}?", "answers": ["Paris"], "samples": samples})
    path.write_text("".join(json.dumps({"kind": "short", "model": "m", **row}) + "\n" for row in rows))
    return path


@pytest.fixture
def run(file: Path, tmp_path: Path) -> Run:
    def build(**settings: Any) -> dict[str, Any]:
        offline = settings.pop("offline", False)
        flags = {"engine": "replay", "recorded": str(file), "store": str(tmp_path / "store")}
        out = {"output_dir": str(tmp_path / "out")}
        return run_build("refusal", flags | out | settings, quiet=True, offline=offline)

    return build


@pytest.mark.parametrize("rule", ["fixed", "curtail", "posterior"])
@pytest.mark.parametrize("budget", [None, 200])
def test_a_failure_is_tried_once_a_run_and_counts_for_whoever_draws_nothing(
    run: Run, rule: str, budget: int | None
) -> None:
    built = run(stop_rule=rule, max_samples=budget)
    assert built["samples"]["failed"] == built["outcomes"]["failed"] > 0
    assert built["samples"]["new"] + built["samples"]["failed"] == built["samples"]["used"]
    exported = run(stop_rule=rule, max_samples=budget, offline=True)
    assert exported["labels"] == built["labels"]
    assert exported["outcomes"] == built["outcomes"]


def test_a_verdict_goes_with_its_text(run: Run, tmp_path: Path) -> None:
    """A sample that is lost, and comes back with another text, is graded anew."""
    before = run(stop_rule="fixed")
    for segment in (tmp_path / "store/segments").glob("*.parquet"):
        frame = pl.read_parquet(segment)
        frame.with_columns(
            text=pl.when(pl.col("text") == "Paris").then(pl.lit("Oslo")).otherwise("text"),
            error=pl.lit(None, pl.String()),
        ).write_parquet(segment)
    after = run(stop_rule="fixed", offline=True)
    assert after["outcomes"]["correct"] == 0 < before["outcomes"]["correct"]


def test_a_success_is_not_judged_as_the_failure_it_replaces(run: Run, tmp_path: Path) -> None:
    run(stop_rule="fixed")
    for segment in (tmp_path / "store/segments").glob("*.parquet"):
        mended = pl.col("error").is_not_null()
        frame = pl.read_parquet(segment).with_columns(
            text=pl.when(mended).then(pl.lit("Paris")).otherwise("text"),
            finish=pl.when(mended).then(pl.lit("stop")).otherwise("finish"),
            error=pl.lit(None, pl.String()),
        )
        frame.write_parquet(segment)
    for _ in range(2):
        assert run(stop_rule="fixed", offline=True)["outcomes"]["failed"] == 0


def test_a_plan_tells_of_failures(file: Path, tmp_path: Path) -> None:
    flags = {"engine": "replay", "recorded": str(file), "store": str(tmp_path / "store")}
    assert run_plan("refusal", flags, pilot=QUESTIONS)["failures"]


def test_a_plan_copes_with_questions_that_have_no_samples(tmp_path: Path) -> None:
    path = tmp_path / "uneven.jsonl"
    rows = [
        {"id": f"q{i}", "question": f"Question {i}?", "answers": ["Paris"], "kind": "short", "model": "m",
         "samples": [{"text": "Paris"}] * i} for i in range(20)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    flags = {"engine": "replay", "recorded": str(path), "store": str(tmp_path / "store")}
    assert run_plan("refusal", flags, pilot=20)["rules"]
