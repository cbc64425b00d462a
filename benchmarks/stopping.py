"""What the stop rules save and what they get wrong, on recorded answers and on simulated ones.

    python benchmarks/stopping.py [--data FOLDER] [--orders 100] [--json FILE]

FOLDER (default: $SYNTH_TEST_DATA) holds recorded/zeroeval_math_l5_pool.jsonl and the like; without one only
the simulated questions are measured. The recorded verdicts are the outcomes; samples without one are
unjudged. Every question's answers are put in random orders; the truth is its share over all of them.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.sampling.interval import interval
from synth.sampling.rule import KNOWN, UNDECIDED, UNKNOWN, LabelRule
from synth.sampling.stopping import StopName, StopRules, StopSettings

Counts = NDArray[np.int64]
Outcomes = NDArray[np.int8]

POOLS: Final = {"zeroeval_math_l5_pool": 32, "zeroeval_gsm_pool": 32, "mmlu_pro_pool": 28}
"""Recorded answers, and the draws a question that they are good for."""
BAND: Final = (0.3, 0.7)
CORRECT, WRONG, UNJUDGED, MISSING = 1, 0, -1, -2

PLAIN, GREY = LabelRule(0.5, None), LabelRule()
RULES: Final[dict[str, tuple[StopName, LabelRule, StopSettings]]] = {
    "curtail": ("curtail", PLAIN, StopSettings()),
    "curtail, grey": ("curtail", GREY, StopSettings()),
    "sprt": ("sprt", GREY, StopSettings(band=BAND)),
    "width 0.3": ("width", GREY, StopSettings(width=0.3)),
    "quota 4": ("quota", GREY, StopSettings(quota=4)),
    "posterior": ("posterior", GREY, StopSettings(band=BAND)),
    "posterior, bin": ("posterior", GREY, StopSettings(decide="bin", max_doubt=0.1)),
    "posterior, quota": ("posterior", GREY, StopSettings(decide="quota")),
}


class Replay(NamedTuple):
    """Where each question stopped, each of shape (questions,): draws, correct, wrong, label."""

    used: Counts
    k: Counts
    w: Counts
    label: NDArray[np.uint8]


def read_pool(path: Path) -> Outcomes:
    """The recorded verdicts, shape (questions, most samples), `MISSING` where a question has fewer."""
    rows = [json.loads(line)["samples"] for line in path.read_text(encoding="utf-8").splitlines()]
    outcomes = np.full((len(rows), max(map(len, rows))), MISSING, np.int8)
    for row, samples in zip(outcomes, rows, strict=True):
        row[: len(samples)] = [UNJUDGED if s["correct"] is None else int(s["correct"]) for s in samples]
    return outcomes


def shuffled(outcomes: Outcomes, n: int, rng: np.random.Generator) -> Outcomes:
    """Each question's samples in a random order, the first n of them."""
    order = np.where(outcomes == MISSING, 2.0, rng.random(outcomes.shape)).argsort(1)
    return np.take_along_axis(outcomes, order, 1)[:, :n]


def shares(outcomes: Outcomes) -> NDArray[np.float64]:
    """The share of correct ones among each question's judged samples."""
    correct, judged = (outcomes == CORRECT).sum(1), (outcomes >= 0).sum(1)
    return np.asarray(correct / np.maximum(judged, 1))


def replay(rules: StopRules, draws: Outcomes) -> Replay:
    """Let the rule draw, as often as it asks, from each question's samples in order."""
    questions, n = draws.shape
    rule = rules[n]
    steps = [np.pad((draws == kind).cumsum(1), ((0, 0), (1, 0))) for kind in (CORRECT, WRONG)]
    at, used = np.arange(questions), np.zeros(questions, np.int64)
    while True:
        k, w = (step[at, used] for step in steps)
        more = per_state(rule.more, n, used, k, w)
        if more.any():
            used = used + more
        elif rules.pilot:
            rules.learn(k, w)
        else:
            return Replay(used, k, w, per_state(rule.settled_label, n, used, k, w).astype(np.uint8))


def per_state(ask: Callable[[int, int, int], Any], n: int, used: Counts, k: Counts, w: Counts) -> Any:
    """What a function of (used, k, w) says of each question; equal states are asked about once."""
    codes, which = np.unique((used * (n + 1) + k) * (n + 1) + w, return_inverse=True)
    states = zip(*(part.tolist() for part in np.unravel_index(codes, (n + 1,) * 3)), strict=True)
    return np.array([ask(*state) for state in states])[which]


def best_curtailment(rule: LabelRule, draws: Outcomes) -> int:
    """Draws in all if each question stops at the first that leaves one label, by trying every completion."""
    questions, n = draws.shape

    @cache
    def settled(used: int, k: int, w: int) -> bool:
        correct, wrong = np.indices((n - used + 1,) * 2)
        possible = correct + wrong <= n - used
        labels = rule.label(k + correct[possible], w + wrong[possible], np.full(possible.sum(), n))
        return bool((labels == labels[0]).all())

    total, going = 0, np.arange(questions)
    k = w = np.zeros(questions, np.int64)
    for used in range(n):
        going = going[~per_state(settled, n, np.full(len(going), used), k[going], w[going])]
        total += len(going)
        k, w = k + (draws[:, used] == CORRECT), w + (draws[:, used] == WRONG)
    return total


def errors(label: NDArray[np.uint8], truth: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a question outside the band has the label of the other side."""
    known, unknown = label == KNOWN, label == UNKNOWN
    return np.asarray((known & (truth <= BAND[0])) | (unknown & (truth >= BAND[1])))


def measure(
    made: tuple[StopName, LabelRule, StopSettings], orders: Iterator[tuple[Outcomes, NDArray[np.float64]]]
) -> dict[str, float]:
    """A rule's numbers over several orders of draws, each given with the true shares."""
    name, label_rule, settings = made
    rows = []
    for draws, truth in orders:
        rules = StopRules(name, label_rule, settings)
        end = replay(rules, draws)
        n = draws.shape[1]
        outside = (truth <= BAND[0]) | (truth >= BAND[1])
        low, high = interval(end.k, end.w)
        judged = end.k + end.w > 0
        estimate = per_state(rules[n].estimate, n, end.used, end.k, end.w).astype(np.float64)
        rows.append(
            {
                "draws": float(end.used.mean()),
                "saving": n * len(draws) / float(end.used.sum()),
                "error": float(errors(end.label, truth)[outside].mean()),
                "undecided": float((end.label == UNDECIDED).mean()),
                "coverage": float(((low <= truth) & (truth <= high))[judged].mean()),
                "bias": float((estimate - truth)[judged].mean()),
            }
        )
    return {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}


def recorded(outcomes: Outcomes, n: int, orders: int) -> Iterator[tuple[Outcomes, NDArray[np.float64]]]:
    """A pool's answers in random orders, with the shares over all of them."""
    rng = np.random.default_rng(0)
    truth = shares(outcomes)
    for _ in range(orders):
        yield shuffled(outcomes, n, rng), truth


def simulated(prior: str, questions: int, n: int) -> Iterator[tuple[Outcomes, NDArray[np.float64]]]:
    """Questions whose shares come from a prior of `PRIORS`, all draws judged."""
    rng = np.random.default_rng(0)
    truth = PRIORS[prior](rng, questions)
    yield (rng.random((questions, n)) < truth[:, None]).astype(np.int8), truth


PRIORS: Final[dict[str, Callable[[np.random.Generator, int], NDArray[np.float64]]]] = {
    "Beta(.25,.25)": lambda rng, size: rng.beta(0.25, 0.25, size),
    "Beta(.4,.6)": lambda rng, size: rng.beta(0.4, 0.6, size),
    "Beta(1,1)": lambda rng, size: rng.random(size),
    "Beta(.05,.05)": lambda rng, size: rng.beta(0.05, 0.05, size),
    "half .01, half .99": lambda rng, size: np.where(rng.random(size) < 0.5, 0.01, 0.99),
}


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("SYNTH_TEST_DATA"))
    parser.add_argument("--orders", type=int, default=100)
    parser.add_argument("--questions", type=int, default=20_000, help="simulated ones")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    pools = {}
    if arguments.data:
        pools = {name: read_pool(Path(arguments.data) / "recorded" / f"{name}.jsonl") for name in POOLS}
    results = []
    names = ("draws", "saving", "error", "undecided", "coverage", "bias")
    print(f"{'answers':22} {'rule':17}" + "".join(f"{name:>10}" for name in names))
    for answers in (*pools, *PRIORS):
        for rule, made in RULES.items():
            if answers in pools:
                orders = recorded(pools[answers], POOLS[answers], arguments.orders)
            else:
                orders = simulated(answers, arguments.questions, 32)
            row = measure(made, orders)
            results.append({"answers": answers, "rule": rule, **row})
            print(f"{answers:22} {rule:17}" + "".join(f"{row[name]:10.4f}" for name in names), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
