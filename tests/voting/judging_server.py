"""A server with a judge: right about every answer, fond of the letter A, or fond of talking."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

from tests.engines.faulty_server import FaultyServer, Reply, honest

_ASKED = re.compile(r"Accepted answers:\n(.*?)\n\nAnswer to check.*?-----\n(.*)\n-----", re.DOTALL)


@dataclass
class JudgingServer(FaultyServer):
    """Answers as a judge; `fault` says as which: the name of a method here, or one of `FaultyServer`'s."""

    fault: str = "right"

    def __enter__(self) -> JudgingServer:
        super().__enter__()
        return self

    def right(self, body: dict[str, Any]) -> Reply:
        """An answer is correct if it holds an accepted one."""
        content = body["messages"][-1]["content"]
        found = _ASKED.search(content)
        assert found is not None, content
        golds = [line.removeprefix("- ") for line in found[1].splitlines()]
        correct = any(gold in found[2] for gold in golds)
        first = content.index("The answer is correct.") < content.index("The answer is incorrect.")
        return honest(body, text="A" if correct == first else "B")

    def fond_of_a(self, body: dict[str, Any]) -> Reply:
        return honest(body, text="A")

    def talks(self, body: dict[str, Any]) -> Reply:
        return honest(body, text="A good question! Let me think about it")

    def waits(self, body: dict[str, Any]) -> Reply:
        """Right, one after the other."""
        time.sleep(0.05)
        return self.right(body)
