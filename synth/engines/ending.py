"""When a row is done: its end mark, a stop string, or no room left."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from synth.engines.batch import Row
from synth.engines.chat import decode, first_stop


class Ending:
    """Looks at the last token of each row.

    Attributes:
        marks: token ids that end a text.
    """

    def __init__(self, tokenizer: Any, marks: Collection[int]) -> None:
        self.marks = frozenset(marks)
        self._tokenizer = tokenizer
        self._pieces: list[str] = []
        self._closers: dict[tuple[str, ...], Collection[int]] = {}

    def check(self, row: Row) -> bool:
        """Whether the row is done; notes on it how it ended."""
        if row.finish:
            return True
        if row.tokens[-1] in self.marks:
            row.finish = "stop"
        elif row.stops and row.tokens[-1] in self._closing(row.stops) and (stop := self._stop(row)):
            row.finish, row.stop_reason = "stop", stop
        elif len(row.tokens) >= row.limit:
            row.finish = "length"
        return row.finish is not None

    def text(self, row: Row) -> str:
        """What the row says, without what ended it."""
        marked = row.finish == "stop" and row.stop_reason is None
        text = decode(self._tokenizer, row.tokens[:-1] if marked else row.tokens)
        found = first_stop(text, row.stops) if row.stop_reason is not None else None
        return text[: found[0]] if found else text

    def _stop(self, row: Row) -> str | None:
        found = first_stop(decode(self._tokenizer, row.tokens), row.stops)
        return found[1] if found else None

    def _closing(self, stops: tuple[str, ...]) -> Collection[int]:
        """Tokens that could complete one of the stop strings: only after these is a row worth decoding."""
        if stops not in self._closers:
            self._pieces = self._pieces or [
                decode(self._tokenizer, [at]) for at in range(len(self._tokenizer))
            ]
            last = {stop[-1] for stop in stops if stop}
            # A piece on its own may lose its space or be half a character: such are always looked at.
            every = any(mark.isspace() and mark != "\n" for mark in last)
            self._closers[stops] = frozenset(
                at
                for at, piece in enumerate(self._pieces)
                if every or not piece or "\ufffd" in piece or not last.isdisjoint(piece)
            )
        return self._closers[stops]
