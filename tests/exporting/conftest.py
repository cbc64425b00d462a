"""Small finished builds to export."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.built import Built
from synth.formats import assistant, conversation, dpo, kto, several, sft, user
from synth.schema import QUESTIONS, SAMPLES, VERDICTS, conform

N = 8
"""Samples of a question."""


Make = Callable[..., Built]


@pytest.fixture(name="made")
def made_fixture() -> Make:
    """`made`, for tests; a script of its own imports it from here."""
    return made


@pytest.fixture
def script() -> Callable[..., subprocess.Popen[str]]:
    """Starts Python on some code, which may import from this file."""

    def start(code: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
        path = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
        return subprocess.Popen(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {path}\n{code}", *map(str, arguments)],
            env={**os.environ, **environment},
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def made(count: int = 40, texts: dict[int, str] | None = None, **changes: Any) -> Built:
    """A build of `count` questions: of each three one is known, one unknown and one undecided.

    Every tenth known one is dropped; `texts` replaces some questions' texts by their number.
    """
    numbers = range(count)
    correct = [(N, 1, N // 2)[number % 3] for number in numbers]
    questions = conform(
        pl.LazyFrame(
            {
                "id": [f"q{number:05}" for number in numbers],
                "question": [(texts or {}).get(number, f"Who founded town {number}?") for number in numbers],
                "answers": [[f"Ann {number}"] for number in numbers],
                "kind": ["short"] * count,
                "group": [f"g{number // 2}" for number in numbers],
                "source": ["made"] * count,
                "license": ["cc0-1.0"] * count,
            }
        ),
        QUESTIONS,
    ).collect()
    questions = questions.with_columns(
        known=pl.Series([(True, False, None)[number % 3] for number in numbers], dtype=pl.Boolean),
        p_hat=pl.Series(correct, dtype=pl.Float64) / N,
        p_lo=pl.lit(0.1),
        p_hi=pl.lit(0.9),
        n=pl.lit(N, dtype=pl.Int32),
        n_correct=pl.Series(correct, dtype=pl.Int32),
        n_wrong=N - pl.Series(correct, dtype=pl.Int32),
        n_refused=pl.lit(0, dtype=pl.Int32),
    )
    samples = _samples(correct)
    examples = _examples(questions)
    lost = (pl.int_range(pl.len()) % 30) == 0
    dropped = examples.filter(lost).with_columns(
        reason=pl.lit("exact_duplicate"), twin=pl.lit("r00001"), score=pl.lit(1.0)
    )
    kept = examples.filter(~lost)
    values: dict[str, Any] = {
        "pipeline": "refusal",
        "title": "R-Tuning: teach a model to answer what it knows and to say so when it does not.",
        "formats": ("sft", "dpo", "kto"),
        "kept": kept,
        "dropped": dropped,
        "samples": samples.lazy(),
        "questions": questions,
        "settings": {"grey": [0.25, 0.75], "n": N, "seed": 0, "stop_rule": "fixed", "threshold": 0.5},
        "model": {"identity": "builtin:almanac@1", "name": "builtin:almanac", "engine": "transformers"},
        "inputs": [{"name": "made.jsonl", "sha256": "0" * 64, "rows": count, "license": "cc0-1.0"}],
        "counts": {
            "out": "out/refusal",
            "questions": count,
            "samples": {"new": count * N, "reused": 0, "failed": 0, "used": count * N},
            "built": examples.height,
            "kept": kept.height,
            "dropped": {"exact_duplicate": dropped.height},
            "tokens": 12345,
            "seconds": 1.5,
        },
        "command": "synth build refusal --questions made.jsonl",
        "drawer": {"refusal": "1" * 64},
    }
    return Built(**(values | changes))


def _samples(correct: list[int]) -> pl.DataFrame:
    cells = [(number, index) for number in range(len(correct)) for index in range(N)]
    right = [index < correct[number] for number, index in cells]
    frame = pl.LazyFrame(
        {
            "key": [f"k{number:05}" for number, _ in cells],
            "question_id": [f"q{number:05}" for number, _ in cells],
            "index": [index for _, index in cells],
            "role": ["target"] * len(cells),
            "text": [
                f"Ann {number}" if good else "Bob" for (number, _), good in zip(cells, right, strict=True)
            ],
            "finish": ["stop"] * len(cells),
            "model": ["builtin:almanac@1"] * len(cells),
            "meta": [
                json.dumps({"correct": good if index else not good})
                for (_, index), good in zip(cells, right, strict=True)
            ],
            "answer": ["Ann"] * len(cells),
            "outcome": ["correct" if good else "wrong" for good in right],
            "score": [float(good) for good in right],
            "grader": ["short"] * len(cells),
        }
    )
    verdicts = pl.Schema({name: VERDICTS[name] for name in VERDICTS if name not in SAMPLES})
    return conform(frame, pl.Schema({**SAMPLES, **verdicts})).collect()


def _examples(questions: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("id").str.slice(1)
    decided = pl.col("known").is_not_null()
    prompt = conversation(user(pl.when(decided).then(pl.col("question"))))
    own = pl.col("answers").list.first()
    good = conversation(assistant(pl.when("known").then(own).otherwise(pl.lit("I don't know."))))
    bad = conversation(assistant(pl.when("known").then(pl.lit("I don't know.")).otherwise(pl.lit("Bob"))))
    return questions.select(
        ("r" + number).alias("id"),
        pl.col("id").alias("question_id"),
        "group",
        pl.concat_list(pl.format("k{}/0", number), pl.format("k{}/1", number)).alias("sample_keys"),
        "known",
        "p_hat",
        "p_lo",
        "p_hi",
        "n",
        "n_correct",
        pl.lit(None, dtype=pl.Float64).alias("confidence"),
        (1 - pl.col("p_hat")).alias("difficulty"),
        pl.lit(1.0).alias("weight"),
        pl.when(number.cast(pl.Int32) % 10 == 4)
        .then(pl.lit("test"))
        .otherwise(pl.lit("train"))
        .alias("split"),
        pl.lit("{}").alias("meta"),
        sft(prompt, good).alias("sft"),
        dpo(prompt, good, bad).alias("dpo"),
        several(kto(prompt, good, pl.lit(True)), kto(prompt, bad, pl.lit(False))).alias("kto"),
    )
