"""What `synth build dart` draws for its solutions, against what is needed and against the published loop.

    python benchmarks/dart.py [--data FOLDER] [--pilot 8] [--samples 100000] [--json FILE]

FOLDER (default: $SYNTH_TEST_DATA) holds recorded/zeroeval_math_l5_pool.jsonl and the like. Each question is
answered rightly with the share that it has there, as often as it is asked: draws with replacement. The
pipeline, the scheduler, the store and the graders are the real ones; only the engine knows the shares.

`needed` is the sum of E max(m, N) over the questions with a share above 0, m being the first draws and N the
waiting time for as many right answers as the question is to have. Nobody can draw less who draws one by one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import bdtrc

from synth import drawers
from synth.engines.base import SAMPLE, Answer, Call, Sampling
from synth.machine import Machine
from synth.pipeline import State
from synth.prompts import Message, plain_text
from synth.schema import QUESTIONS, conform
from synth.store import Store

Reals = NDArray[np.float64]
Counts = NDArray[np.int64]

POOLS: Final = ("zeroeval_math_l5_pool", "zeroeval_gsm_pool")
SIZES: Final = (4, 16, 64)
STRATEGIES: Final = ("uniform", "prop2diff")
IN_FLIGHT: Final = 8192
"""Answers waiting to be collected, at most."""
LEAST_CAP: Final = 1024
"""Draws a question, or 64 k where that is more: hardly a question with a share above 0 gets there."""
BATCH: Final = 2**14
"""Answers that the published loop draws before it counts the right ones."""


class Shares:
    """An engine that answers each question rightly with a given chance, in words of its own each time.

    Args:
        shares: the chance by question id.
        seed: another one gives other answers.
    """

    name = "shares"
    model_name = "shares"
    can = frozenset({SAMPLE})

    def __init__(self, shares: dict[str, float], seed: int = 0) -> None:
        self._shares = shares
        self.identity = f"shares@{seed}"
        self._answers: list[Answer] = []

    def render(self, messages: Sequence[Message], prefix: str = "") -> str:
        """The conversation as plain text."""
        return plain_text(messages) + prefix

    def room(self) -> int:
        """How many more samples to hand in."""
        return IN_FLIGHT - len(self._answers)

    def submit(self, call: Call) -> None:
        """Answer a call; `collect` hands it out."""
        for index in range(call.first, call.first + call.n):
            dice = hashlib.blake2b(f"{call.key}/{index}".encode(), digest_size=8).digest()
            right = int.from_bytes(dice, "big") / 2**64 < self._shares[call.question_id]
            text = f"Draw {index} looked up {dice.hex()} and said: {'yes' if right else 'no'}"
            self._answers.append(Answer(call.key, index, text, n_tokens=1))

    def collect(self) -> list[Answer]:
        """All answers since."""
        answers, self._answers = self._answers, []
        return answers

    def finished(self) -> list[Answer]:
        """None: what is not collected has not been drawn."""
        return []

    def close(self) -> None:
        """Free nothing."""


def read_shares(path: Path) -> Reals:
    """The share of right answers of each recorded question, among the judged ones."""
    rows = [json.loads(line)["samples"] for line in path.read_text(encoding="utf-8").splitlines()]
    judged = [[sample["correct"] for sample in row if sample["correct"] is not None] for row in rows]
    return np.array([sum(row) / len(row) if row else 0.0 for row in judged])


def run(shares: Reals, folder: Path, seed: int = 0, **settings: Any) -> tuple[State, pl.DataFrame]:
    """Build once: the state that the pipeline ends with, and its rows.

    Args:
        shares: the chance of a right answer of each question.
        folder: for the store.
        seed: another one draws other answers.
        settings: of the pipeline.
    """
    ids = [f"q{i:05}" for i in range(len(shares))]
    questions = pl.DataFrame({"id": ids, "question": [f"Is it so in case {i}?" for i in ids], "group": ids})
    questions = questions.with_columns(answers=pl.lit(["yes"]), kind=pl.lit("boolean"))
    pipeline = drawers.load(drawers.read("pipelines", "dart"))(**settings)
    machine = Machine(
        questions=conform(questions.lazy(), QUESTIONS).collect(),
        engine=Shares(dict(zip(ids, shares.tolist(), strict=True)), seed),
        store=Store(folder / f"{seed}"),
        sampling=Sampling(),
        quiet=True,
    )
    try:
        state = machine.run(pipeline)
        return state, pipeline.build(state).collect()
    finally:
        machine.close()


def told(rows: pl.DataFrame) -> pl.DataFrame:
    """`quota, found, drawn, …` of each question, in order."""
    meta = pl.col("meta").str.json_path_match
    names = ("quota", "found", "drawn", "later_share")
    numbers = [meta(f"$.dart.{name}").cast(pl.Float64()).alias(name) for name in names]
    return rows.unique("question_id", keep="first", maintain_order=True).select(
        "question_id", "p_hat", "n_correct", *numbers
    )


def needed(quota: Counts, p: Reals, pilot: int) -> float:
    """The sum of E max(m, N): E N is r/p, and what the pilot draws beyond N is added."""
    waits = quota / p
    below = np.arange(pilot)
    at_least = np.where(
        below >= quota[:, None], bdtrc(quota[:, None] - 1, np.maximum(below, quota[:, None]), p[:, None]), 0.0
    )
    return float((waits + at_least.sum(1)).sum())


def published(
    quota: Counts, p: Reals, cap: int, rng: np.random.Generator, right: Counts, drawn: Counts
) -> int:
    """Samples that the published loop takes for the questions with p > 0.

    It goes round over the open questions from the first one on until a batch is full, and counts right
    answers only then. A question is done with more of them than its quota, or with `cap` draws.

    Args:
        quota: right answers wanted of each question.
        p: their chances.
        cap: draws a question at most.
        rng: draws the answers.
        right: right answers of each question that there are before.
        drawn: draws that these took.
    """
    while (open_ := (right <= quota) & (drawn < cap)).any():
        given, left = np.zeros(len(p), np.int64), BATCH
        while left and (able := np.flatnonzero(open_ & (drawn + given < cap))).size:
            rounds = min(left // able.size, int((cap - drawn - given)[able].min()))
            given[able[: None if rounds else left]] += rounds or 1
            left -= rounds * able.size if rounds else min(left, able.size)
        right = right + rng.binomial(given, p)
        drawn = drawn + given
    return int(drawn[p > 0].sum())


def measure(
    shares: Reals, folder: Path, k: int, strategy: str, pilot: int = 8, repeats: int = 1
) -> dict[str, float]:
    """Builds beside what they need and what the published loop draws for the same quotas, on average."""
    runs, cap = [], max(LEAST_CAP, 64 * k)
    solvable = shares > 0
    if strategy == "uniform":
        pilot = min(pilot, k)  # as the pipeline does
    for seed in range(repeats):
        _, rows = run(shares, folder / f"{k}{strategy}", seed, k=k, strategy=strategy, n=pilot, cap=cap)
        counts = told(rows)
        quota, drawn, first = (
            counts[name].to_numpy().astype(np.int64) for name in ("quota", "drawn", "n_correct")
        )
        # A quota by difficulty needs first draws: the loop has the same ones, and they count.
        there = (first, np.full_like(first, pilot)) if strategy == "prop2diff" else (0 * first, 0 * first)
        numbers = {
            "rows": float(rows.filter(pl.col("sft").is_not_null() & pl.col("reason").is_null()).height),
            "samples": float(drawn[solvable].sum()),
            "needed": needed(quota[solvable], shares[solvable], pilot),
            "k_over_p": float((quota[solvable] / shares[solvable]).sum()),
            "samples_unsolved": float(drawn[~solvable].sum()),
        }
        for name, some in sizes(len(shares)).items():
            rng = np.random.default_rng(seed)
            numbers |= {
                f"ours{name}": float(drawn[some][solvable[some]].sum()),
                f"published{name}": float(
                    published(quota[some], shares[some], cap, rng, *(column[some] for column in there))
                ),
            }
        runs.append(numbers)
    row = {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}
    row |= {f"times{name}": row[f"published{name}"] / row[f"ours{name}"] for name in sizes(len(shares))}
    return row | {
        "of_needed": row["samples"] / row["needed"],
        "of_k_over_p": row["samples"] / row["k_over_p"],
        "repeats": float(repeats),
    }


def sizes(questions: int) -> dict[str, Counts]:
    """Smaller and larger sets by name, as places in a pool: every fourth question, or each several times.

    A question's draws do not depend on the others, so a pool's draws tell those of these sets.
    """
    every = np.arange(questions)
    return {"/4": every[::4], "": every, "x8": np.tile(every, 8), "x32": np.tile(every, 32)}


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("SYNTH_TEST_DATA"))
    parser.add_argument("--pilot", type=int, default=8)
    parser.add_argument("--samples", type=int, default=100_000, help="to measure a line of the table from")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("--data or SYNTH_TEST_DATA has to name the folder of recorded answers")
    results = []
    for pool, strategy, k in product(POOLS, STRATEGIES, SIZES):
        shares = read_shares(Path(arguments.data) / "recorded" / f"{pool}.jsonl")
        once = needed(np.full((shares > 0).sum(), k), shares[shares > 0], arguments.pilot)
        with tempfile.TemporaryDirectory() as folder:
            repeats = max(1, round(arguments.samples / once))
            row = measure(shares, Path(folder), k, strategy, arguments.pilot, repeats)
        results.append({"pool": pool, "questions": len(shares), "strategy": strategy, "k": k} | row)
        print(*(f"{name}={told if isinstance(told, str | int) else f'{told:,.3f}'}"
                for name, told in results[-1].items()), flush=True)  # fmt: skip
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
