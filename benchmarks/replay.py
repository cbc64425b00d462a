"""How long grading and building take when nothing has to be generated.

    python benchmarks/replay.py [--questions 6250] [--samples 16]

Writes recorded answers of which no two are equal, then runs `synth build refusal --engine replay`. Prints
seconds on the clock, seconds of processor time, and samples a second, as one JSON object.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def write_recorded(path: Path, questions: int, samples: int) -> None:
    """Questions with distinct answers, about half of them right, in whole sentences."""
    rng = random.Random(0)
    with path.open("w") as file:
        for i in range(questions):
            gold = f"Town {i} of Ardenne"
            said = [gold if rng.random() < 0.5 else f"Village {rng.randrange(10**6)}" for _ in range(samples)]
            texts = [
                f"I believe that it was {name}, as told on page {i * samples + j}."
                for j, name in enumerate(said)
            ]
            row = {
                "id": f"q{i}",
                "question": f"Where was person number {i} of the register born?",
                "answers": [gold],
                "model": "benchmark",
                "samples": [{"text": text} for text in texts],
            }
            file.write(json.dumps(row) + "\n")


def measure(folder: Path, questions: int, samples: int) -> dict[str, Any]:
    """Build once in the folder; what it took."""
    write_recorded(folder / "recorded.jsonl", questions, samples)
    command = [sys.executable, "-m", "synth", "build", "refusal", "--engine", "replay", "--json"]
    command += ["--recorded", "recorded.jsonl", "--n", str(samples), "--stop-rule", "fixed"]
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    counts = json.loads(done.stdout)
    used = counts["samples"]["used"]
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "samples": used,
        "kept": counts["kept"],
        "seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "samples_per_second": round(used / seconds),
    }


def main() -> None:
    """Run the benchmark and print its result."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=int, default=6250)
    parser.add_argument("--samples", type=int, default=16)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), arguments.questions, arguments.samples)))


if __name__ == "__main__":
    main()
