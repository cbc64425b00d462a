"""A judge on a server: asked in both orders, once and never again, and believed only where it agrees."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.cli import run
from synth.store import Store
from synth.verbs.build import run_build
from synth.verbs.grade import run_grade
from synth.verbs.sample import run_sample
from tests.voting.judging_server import JudgingServer

N = 8
Flags = dict[str, Any]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def judged(server: JudgingServer, **more: Any) -> Flags:
    return {"judge": "tiny", "judge_engine": "openai", "judge_base_url": server.url, "store": "store"} | more


def pairs(count: int = 6, correct: Callable[[int], bool] = lambda i: i % 2 == 0) -> Path:
    """Pairs of a kind that no rule can judge."""
    rows = [
        {
            "question": f"Say something of town {i}.",
            "gold": ["Paris", "Lutetia"],
            "prediction": f"It is like {'Paris' if correct(i) else 'Rome'}, {i} times.",
            "kind": "free",
            "equal": correct(i),
        }
        for i in range(count)
    ]
    path = Path("pairs.jsonl")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def poems(counts: list[int]) -> Path:
    """Recorded answers of a kind that no rule can judge, so many right of each question's."""
    rows = [
        {
            "id": f"q{i}",
            "question": f"Say something of town {i}.",
            "answers": ["Paris"],
            "kind": "free",
            "model": "m",
            "samples": [{"text": f"{'Paris' if at < right else 'Rome'} of {i}, {at}"} for at in range(N)],
        }
        for i, right in enumerate(counts)
    ]
    path = Path("recorded.jsonl")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_it_decides_what_is_open_and_is_asked_once() -> None:
    with JudgingServer() as server:
        first = run_grade(pairs(), Path("out.jsonl"), "equal", judged(server), quiet=True)
        assert first["judge"] == {"new": 12, "failed": 0, "tokens": 12}
        assert first["outcomes"]["correct"] == first["outcomes"]["wrong"] == 3
        assert first["by"]["grader"]["free+judge"] == first["truth"]
        assert first["truth"]["agreement"] == first["truth"]["coverage"] == 1.0
        again = run_grade(pairs(), Path("again.jsonl"), "equal", judged(server), quiet=True)
    assert again | {"judge": first["judge"]} == first
    assert again["judge"]["new"] == 0
    assert len(server.bodies) == 12
    assert Path("again.jsonl").read_bytes() == Path("out.jsonl").read_bytes()
    verdict = json.loads(Path("out.jsonl").read_text().splitlines()[0])
    assert (verdict["grader"], verdict["reason"]) == ("free+judge", "judge")
    assert verdict["grader_version"].startswith("0+prompt1:tiny")
    stored = Store(Path("store")).samples().collect()
    assert stored["role"].unique().to_list() == ["judge"]
    assert stored["temperature"].unique().to_list() == [0.0]
    assert stored["question_id"].n_unique() == 6


@pytest.mark.parametrize("fault", ["fond_of_a", "talks", "none"])
def test_a_judge_that_prefers_a_letter_or_says_none_decides_nothing(fault: str) -> None:
    with JudgingServer(fault=fault) as server:
        result = run_grade(pairs(), None, "equal", judged(server), quiet=True)
    assert result["outcomes"]["undecided"] == 6
    assert result["truth"]["coverage"] == 0.0


def test_failed_calls_are_made_again_by_the_next_run(caplog: pytest.LogCaptureFixture) -> None:
    with JudgingServer(fault="echo") as server:
        result = run_grade(pairs(2), None, None, judged(server), quiet=True)
        assert result["judge"]["failed"] == 4
        assert result["outcomes"]["undecided"] == 2
        assert "the judge gave no reply to 4 of its calls" in caplog.text
        server.fault = "right"
        result = run_grade(pairs(2), None, None, judged(server), quiet=True)
    assert result["judge"] == {"new": 4, "failed": 0, "tokens": 4}
    assert result["outcomes"]["undecided"] == 0


def test_a_killed_run_goes_on() -> None:
    pairs(40)
    with JudgingServer(fault="waits") as server:
        flags = ["--judge", "tiny", "--judge-engine", "openai", "--judge-base-url", server.url]
        command = [sys.executable, "-m", "synth", "grade", "pairs.jsonl", "--store", "store", *flags]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while _stored() < 8 and process.poll() is None:
            time.sleep(0.05)
        process.kill()
        process.wait()
        kept = _stored()
        assert 8 <= kept < 80
        result = run_grade(Path("pairs.jsonl"), None, "equal", judged(server), quiet=True)
    assert result["judge"]["new"] == 80 - kept
    assert result["truth"]["agreement"] == result["truth"]["coverage"] == 1.0


def _stored() -> int:
    held: int = Store(Path("store")).samples().select(pl.len()).collect().item()
    return held


def test_the_built_in_model_judges_nonsense_and_harms_nothing() -> None:
    flags = {"judge": "builtin:almanac", "store": "store"}
    first = run_grade(pairs(), None, "equal", flags, quiet=True)
    assert first["judge"]["new"] == 12
    again = run_grade(pairs(), None, "equal", flags, quiet=True)
    assert again["judge"]["new"] == 0
    assert again["truth"] == first["truth"]


def test_a_build_labels_by_the_judge_and_says_so() -> None:
    with JudgingServer() as server:
        flags = judged(server, engine="replay", recorded=str(poems([8, 0, 8])), n=N, output_dir="out")
        result = run_build("refusal", flags, quiet=True)
        assert result["labels"] == {"known": 2, "unknown": 1, "undecided": 0}
        assert result["judge"]["new"] == len(server.bodies) >= 2 * result["samples"]["used"]
        server.bodies.clear()
        again = run_build("refusal", flags, quiet=True)
        assert server.bodies == []
        offline = run_build("refusal", flags, quiet=True, offline=True)
    assert again["labels"] == offline["labels"] == result["labels"]
    text = Path("out/manifest.json").read_text()
    settings = json.loads(text)["settings"]
    assert settings["judge"] == "tiny"
    assert settings["judge_version"].startswith("prompt1:tiny")
    assert server.url not in text
    samples = pl.read_parquet("out/samples/*.parquet")
    assert samples["grader"].unique().to_list() == ["free+judge"]


@pytest.mark.parametrize("rule", [{"stop_rule": "curtail"}, {"stop_rule": "posterior"}, {"max_samples": 20}])
def test_labels_are_the_same_whatever_is_stored(rule: Flags) -> None:
    """The judge speaks after a draw, and a stop rule then wants more samples, or fewer count."""

    def labels(store: str, server: JudgingServer, **more: Any) -> str:
        flags = judged(
            server, store=store, engine="replay", recorded=str(file), n=N, labels_out="labels.jsonl"
        )
        run_sample(flags | more, quiet=True)
        return Path("labels.jsonl").read_text()

    with JudgingServer() as server:
        file = poems([8, 0, 4, 7, 1])
        fresh = labels("fresh", server, **rule)
        labels("full", server)
        assert labels("full", server, **rule) == fresh
        server.bodies.clear()
        assert labels("fresh", server, **rule) == fresh
        assert server.bodies == []
    assert '"known":true' in fresh
    assert '"known":false' in fresh


def test_a_plan_asks_no_judge() -> None:
    from synth.verbs.plan import run_plan

    with JudgingServer() as server:
        flags = judged(server, engine="replay", recorded=str(poems([8, 0])))
        run_sample({k: v for k, v in flags.items() if not k.startswith("judge")}, quiet=True)
        run_plan("refusal", flags)
    assert server.bodies == []


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--judge-base-url", "http://127.0.0.1:9/v1"], "--judge-base-url goes with --judge"),
        (["--semantic-model", "x"], "--semantic-model goes with --semantic"),
        (["--semantic", "nli", "--semantic-model", "."], "is not a model"),
        (["--judge", "nowhere/at/all"], "is not a folder with a model"),
        (["--semantic", "cosine"], "--semantic"),
    ],
)
def test_mistakes_are_told_before_any_work(
    flags: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["grade", str(pairs()), *flags]) == 2
    assert told in capsys.readouterr().err
    assert not Path(".synth").exists()
