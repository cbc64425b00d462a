"""Progress on standard error: a live line in a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Final

from synth.sampling.task import Task

PLAIN_EVERY: Final = 10.0
"""Seconds between two plain lines."""


class Progress:
    """Watches a draw and tells of it: questions and samples done, tokens/s, share known, time left.

    Args:
        questions: how many there are.
        quiet: say nothing.
    """

    def __init__(self, questions: int, quiet: bool = False) -> None:
        self.questions = questions
        self.quiet = quiet
        self.done = self.samples = self.tokens = self.graded = self.correct = 0
        self._started = self._said = time.monotonic()
        self._live: Any = None

    def __enter__(self) -> Progress:
        """Start the live line, where standard error is a terminal."""
        self._started = self._said = time.monotonic()
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn
            from rich.progress import Progress as Live

            columns = TextColumn("sampling"), BarColumn(), TextColumn("{task.fields[told]}")
            self._live = Live(*columns, console=Console(stderr=True), transient=True)
            self._live.start()
            self._bar = self._live.add_task("", total=self.questions, told="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave one plain line that stays."""
        if self._live is not None:
            self._live.stop()
        if not self.quiet and self.samples:
            print(f"sampled {self.told()}", file=sys.stderr)

    def drew(self, samples: int, tokens: int) -> None:
        """Samples came in."""
        self.samples += samples
        self.tokens += tokens
        self._tell()

    def judged(self, outcome: str) -> None:
        """A sample was graded."""
        self.graded += 1
        self.correct += outcome == "correct"

    def finished(self, task: Task) -> None:
        """A prompt needs no more samples in this round, or in none."""
        self.done += task.until == task.rule.n or not task.rule.more(task.used, task.k, task.w)

    def scored(self, prompts: int, continuations: int) -> None:
        """So many prompts are done, and so many continuations of them were scored now."""
        self.done += prompts
        self.drew(continuations, 0)

    @property
    def seconds(self) -> float:
        """Since the draw began."""
        return max(time.monotonic() - self._started, 1e-9)

    def told(self) -> str:
        """Everything in one line."""
        seconds = self.seconds
        right = f", {self.correct / self.graded:.0%} right so far" if self.graded else ""
        left = (self.questions - self.done) * seconds / self.done if self.done else 0
        return (
            f"{self.done:,}/{self.questions:,} questions, {self.samples:,} samples, "
            f"{self.tokens / seconds:,.0f} tokens/s{right}, {left:,.0f} s left"
        )

    def _tell(self) -> None:
        now = time.monotonic()
        if self._live is not None:
            self._live.update(self._bar, completed=self.done, told=self.told())
        elif not self.quiet and now - self._said > PLAIN_EVERY:
            print(f"sampling {self.told()}", file=sys.stderr)
            self._said = now
