"""How much memory `synth sample` takes for a large set.

    python benchmarks/memory.py [--questions 1000000] [--samples 8] [--stages]

Writes recorded answers, draws them all into a new store with `--engine replay`, grades and labels them.
Prints the peak of resident memory above what the imports take, in GiB; bar: 1.5 for a million questions.
`--stages` says what was at work when memory last grew, too.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path
from typing import Any, Final

BAR: Final = 1.5
GIB: Final = 1 << 30
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def write_recorded(path: Path, questions: int, samples: int) -> None:
    """Questions with short answers, every second one right."""
    with path.open("w") as file:
        for i in range(questions):
            texts = [f"Town {i}" if (i * j) % 3 else f"Village {i % 977}" for j in range(samples)]
            row = {
                "id": f"q{i}",
                "question": f"Where was person number {i} of the register born?",
                "answers": [f"Town {i}"],
                "model": "benchmark",
                "samples": [{"text": text} for text in texts],
            }
            file.write(json.dumps(row) + "\n")


def resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


class Watch:
    """Looks at this process's memory every few milliseconds.

    Attributes:
        peak: the most it held, in bytes.
        stages: the most it held while each function of `synth` was the innermost at work.
    """

    def __init__(self) -> None:
        self.peak = 0
        self.stages: dict[str, int] = {}
        self._main = threading.main_thread().ident
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            held = resident()
            self.peak = max(self.peak, held)
            stage = _innermost(sys._current_frames().get(self._main or 0))
            self.stages[stage] = max(self.stages.get(stage, 0), held)


def _innermost(frame: Any) -> str:
    calls = [call for call in traceback.extract_stack(frame) if "/synth/" in call.filename] if frame else []
    return f"{Path(calls[-1].filename).name}:{calls[-1].lineno} {calls[-1].name}" if calls else "-"


def main() -> None:
    """Run the benchmark and print its result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=1_000_000)
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--stages", action="store_true")
    given = parser.parse_args()
    import synth.verbs.build
    import synth.verbs.sample

    with tempfile.TemporaryDirectory() as folder:
        recorded = Path(folder, "recorded.jsonl")
        write_recorded(recorded, given.questions, given.samples)
        imports, watch, started = resident(), Watch(), time.monotonic()
        flags = {"recorded": str(recorded), "store": str(Path(folder, "store")), "n": given.samples}
        said = synth.verbs.sample.run_sample({**flags, "engine": "replay"}, quiet=True)
        watch.stop()
        seconds = time.monotonic() - started
    above = (watch.peak - imports) / GIB
    result = {"gib": round(above, 3), "imports_gib": round(imports / GIB, 3), "seconds": round(seconds)}
    print(json.dumps(result | {"samples": said["samples"]["used"], "bar": BAR}))
    if given.stages:
        for stage, held in sorted(watch.stages.items(), key=lambda item: -item[1])[:15]:
            print(f"{(held - imports) / GIB:8.3f}  {stage}")


if __name__ == "__main__":
    main()
