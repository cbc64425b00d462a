"""Errors a user can act on: one or two sentences, no traceback, and the exit code that goes with them.

SynthError
├── UsageError        exit 2: an option, an input or the destination was refused before any work
├── PartialFailure    exit 3: done, but some questions failed or a last step did not go through
└── NothingBuilt      exit 4: ran, but no row came out
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class SynthError(Exception):
    """Base of all errors that are shown without a traceback.

    Attributes:
        exit_code: the process's exit code when the error ends the command.
    """

    exit_code = 1


class UsageError(SynthError):
    """An option, an input or the destination is wrong; nothing has been changed."""

    exit_code = 2


class PartialFailure(SynthError):
    """The work was done, but some questions failed; what succeeded was kept."""

    exit_code = 3


class NothingBuilt(SynthError):
    """The command ran to its end and not one row came out."""

    exit_code = 4


def first_line(error: BaseException) -> str:
    """What an error says, on one line; its type where it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


class Problems:
    """Collects every mistake of an input, so that a user sees all of them at once.

        problems = Problems("questions.jsonl")
        problems.add("line 3: no question")
        problems.raise_if_any()

    Attributes:
        where: what the mistakes are in (a file, "the options"); opens the message.
        shown: how many mistakes the message lists before it only counts them.
    """

    def __init__(self, where: str, shown: int = 20) -> None:
        self.where = where
        self.shown = shown
        self.found: list[str] = []

    def add(self, problem: str) -> None:
        """Note one mistake."""
        self.found.append(problem)

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Turn a `UsageError` raised inside into a noted mistake and go on."""
        try:
            yield
        except UsageError as error:
            self.add(str(error))

    def raise_if_any(self) -> None:
        """Raise one `UsageError` that lists what was noted; do nothing where there is nothing."""
        if not self.found:
            return
        if len(self.found) == 1:
            raise UsageError(f"{self.where}: {self.found[0]}" if self.where else self.found[0])
        lines = [f"  {problem}" for problem in self.found[: self.shown]]
        if len(self.found) > self.shown:
            lines.append(f"  … and {len(self.found) - self.shown} more")
        where = f"{self.where}: " if self.where else ""
        raise UsageError("\n".join([f"{where}{len(self.found)} problems", *lines]))


def quoted(names: Sequence[str]) -> str:
    """The names as 'a', 'b' or 'c', for a message."""
    words = [f"'{name}'" for name in names]
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
