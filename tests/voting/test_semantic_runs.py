"""A semantic vote in a run: verdicts, labels and stop rules see it, and the cache keeps it apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.verbs.build import run_build
from synth.verbs.sample import run_sample
from synth.voting import entailment
from synth.voting.entailment import Entailment
from tests.voting.test_entailment import CASES

N = 16
Flags = dict[str, Any]


@pytest.fixture
def flags(classifier: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flags:
    """Recorded answers, all alike, to questions that the tiny classifier votes on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(entailment, "SURE", 0.5)
    model = classifier("contradiction", "entailment")
    votes = Entailment(model).votes(CASES)
    chosen = [votes.index("correct"), votes.index(None)]
    rows = [
        {
            "id": case.question_id,
            "question": case.question,
            "answers": case.answers,
            "kind": "free",
            "model": "m",
            "samples": [{"text": case.answer}] * N,
        }
        for case in (CASES[place] for place in chosen)
    ]
    Path("recorded.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return {
        "engine": "replay", "recorded": "recorded.jsonl", "store": "store", "n": N,
        "semantic": "nli", "semantic_model": model,
    }  # fmt: skip


def without(flags: Flags) -> Flags:
    return {name: value for name, value in flags.items() if not name.startswith("semantic")}


def test_verdicts_with_and_without_a_vote_do_not_mix(flags: Flags) -> None:
    for _ in range(2):
        assert run_sample(flags, quiet=True)["labels"]["known"] == 1
        assert run_sample(without(flags), quiet=True)["labels"]["known"] == 0


def test_a_stop_rule_sees_the_vote(flags: Flags) -> None:
    result = run_sample(flags | {"stop_rule": "curtail"}, quiet=True)
    assert result["samples"]["new"] < 2 * N
    assert result["labels"]["known"] == 1


def test_a_set_says_who_voted(flags: Flags) -> None:
    run_build("refusal", flags | {"output_dir": "out"}, quiet=True)
    settings = json.loads(Path("out/manifest.json").read_text())["settings"]
    assert settings["semantic"] == "nli"
    assert settings["semantic_version"].startswith("nli1:sha256:")
    assert settings["semantic_model"] == Path(flags["semantic_model"]).name
    samples = pl.read_parquet("out/samples/*.parquet")
    by = dict(samples.group_by("grader").agg(pl.col("outcome").cast(pl.String).unique()).iter_rows())
    assert by == {"free+nli": ["correct"], "free": ["undecided"]}
    voted = samples.filter(pl.col("grader") == "free+nli").select("reason", "grader_version").unique()
    assert voted.rows() == [("semantic", f"0+{settings['semantic_version']}")]
