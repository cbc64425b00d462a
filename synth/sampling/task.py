"""A prompt on its way: what is known of its samples, and which call it needs next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synth.engines.base import Call, Sampling
from synth.sampling.stopping import StopRule
from synth.store import base_seed


@dataclass(slots=True)
class Task:
    """One prompt and the samples that its stop rule still wants.

    Attributes:
        asked: `question_id, key, prompt` and what graders look at.
        rule: when it is done.
        until: draws it may make in this round, at most those of its rule.
        have: outcome of each sample that is at hand, by index.
        used: samples looked at, in index order.
        k: correct ones among them.
        w: wrong ones (and refused ones, where the label rule says so).
        waiting: samples that the engine or a grader has in hand.
    """

    asked: Mapping[str, Any]
    rule: StopRule
    until: int
    have: dict[int, str]
    used: int = 0
    k: int = 0
    w: int = 0
    waiting: int = 0

    @property
    def key(self) -> str:
        """The store key of its samples."""
        key: str = self.asked["key"]
        return key

    @property
    def question_id(self) -> str:
        """Whose question it is."""
        question_id: str = self.asked["question_id"]
        return question_id

    def next_call(self, sampling: Sampling) -> Call | None:
        """The next call to make, after everything at hand has been looked at; None when done."""
        while (more := min(self.rule.more(self.used, self.k, self.w), self.until - self.used)) > 0:
            outcome = self.have.pop(self.used, None)
            if outcome is None:
                self.waiting = next((i for i in range(more) if self.used + i in self.have), more)
                return Call(
                    self.key,
                    self.question_id,
                    self.asked["prompt"],
                    self.used,
                    self.waiting,
                    base_seed(self.key),
                    sampling,
                )
            self.used += 1
            self.k += outcome == "correct"
            self.w += outcome in self.rule.rule.counted_wrong
        return None
