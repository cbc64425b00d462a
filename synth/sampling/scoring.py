"""Scores: how likely given continuations of prompts are, each asked once and stored like a sample.

There is nothing to decide and nothing to grade: what is not stored is asked for, many prompts at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import polars as pl

from synth.engines.base import Answer, ScoreCall, ScoringEngine
from synth.sampling.draw import Drawn
from synth.sampling.rows import sample_row
from synth.schema import Role
from synth.store import Store

AT_ONCE: Final = 512
"""Prompts that an engine gets at once; so many calls an interruption may lose."""


class Watcher(Protocol):
    """Is told how scoring gets on."""

    def scored(self, prompts: int, continuations: int) -> None:
        """So many prompts are done, and so many continuations of them were scored now."""
        ...


@dataclass
class Scoring:
    """Scores for one request.

    Attributes:
        engine: says how likely a text is.
        store: takes every score, and gives back those of earlier runs.
        role: whom the calls are made to.
        top: likeliest tokens wanted at each place.
        watcher: is told of progress.
        offline: make no call; what is stored has to do, failures too.
        tried: key and index of what has failed in this run; it is not tried again before the next.
    """

    engine: ScoringEngine
    store: Store
    role: Role
    top: int
    watcher: Watcher
    offline: bool = False
    tried: set[tuple[str, int]] = field(default_factory=set)

    def score(self, blocks: Iterable[pl.DataFrame]) -> Drawn:
        """Score what is not yet stored.

        Args:
            blocks: prompts, in blocks with the columns of `synth.asking.ASKED`, `prompt` and `continuations`.
        """
        drawn = Drawn()
        for block in blocks:
            have = self._stored(block)
            places = zip(block["key"], block["n"], strict=True)
            lacks = [any((key, at) not in have for at in range(n)) for key, n in places]
            missing = block.filter(pl.Series(lacks, dtype=pl.Boolean()))
            if self.offline:
                missing = missing.clear()
            self.watcher.scored(block.height - missing.height, 0)
            for part in missing.iter_slices(AT_ONCE):
                drawn += self._ask(part.rows(named=True), have)
        return drawn

    def _ask(self, asked: Sequence[dict[str, Any]], have: set[tuple[str, int]]) -> Drawn:
        calls = [ScoreCall(one["key"], one["prompt"], tuple(one["continuations"]), self.top) for one in asked]
        of_key = {one["key"]: one for one in asked}
        answers = [a for a in self.engine.score(calls) if (a.key, a.index) not in have]
        model = self.engine.identity
        self.store.add([sample_row(a, of_key[a.key], model, self.role, None) for a in answers])
        self.store.commit()
        self.watcher.scored(len(asked), len(answers))
        failed = [answer for answer in answers if answer.error is not None]
        self.tried.update((answer.key, answer.index) for answer in failed)
        return Drawn(
            new=len(answers) - len(failed),
            failed=len(failed),
            failures=_first_error(failed, of_key),
        )

    def _stored(self, block: pl.DataFrame) -> set[tuple[str, int]]:
        """Key and index of what is there; older failures are asked for again."""
        samples = self.store.samples(block["key"]).select("key", "index", "error").collect()
        good = samples.filter(pl.col("error").is_null()).select("key", "index")
        return {*good.iter_rows(), *(self.tried & set(samples.select("key", "index").iter_rows()))}


def _first_error(failed: Iterable[Answer], of_key: dict[str, dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for answer in failed:
        found.setdefault(of_key[answer.key]["question_id"], str(answer.error))
    return found
