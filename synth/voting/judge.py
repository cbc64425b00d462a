"""A vote by a language model: asked twice, with the options in both orders; both replies must agree.

Its replies are samples of the role "judge" in the store. What it was asked before, it is not asked again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import product

import polars as pl

from synth.asking import ASKED
from synth.engines.base import Engine, Sampling
from synth.progress import Progress
from synth.sampling.draw import Drawn, Scheduler
from synth.sampling.rule import LabelRule
from synth.sampling.stopping import StopRules
from synth.store import Store, sample_key
from synth.voting.cases import Case, Said
from synth.voting.prompts import ORDERS, VERSION, judging, read_reply

log = logging.getLogger("synth")


class Judge:
    """Asks an engine about cases, and reads what the store holds of its replies.

    Args:
        engine: who judges.
        store: where its replies go.
        max_tokens: tokens of a reply at most.
        quiet: show no progress.

    Attributes:
        drawn: what was asked in this run.
    """

    name = "judge"
    kinds: Sequence[str] = ("short", "free")

    def __init__(self, engine: Engine, store: Store, max_tokens: int = 16, quiet: bool = False) -> None:
        self.version = f"prompt{VERSION}:{engine.identity}"
        self.model_name = engine.model_name
        self.drawn = Drawn()
        self._engine = engine
        self._store = store
        self._sampling = Sampling(temperature=0.0, max_tokens=max_tokens)
        self._quiet = quiet
        self._tried: set[tuple[str, int]] = set()

    def ask(self, cases: Sequence[Case]) -> Drawn:
        """Have the engine reply to what it was not asked before; failed calls are told of and left out."""
        prompts = self._prompts(cases)
        with Progress(prompts.height, self._quiet) as progress:
            drawn = Scheduler(
                engine=self._engine,
                store=self._store,
                grading=None,
                sampling=self._sampling,
                rules=StopRules("fixed", LabelRule()),
                role="judge",
                watcher=progress,
                tried=self._tried,
            ).draw([prompts])
        self._store.seal()
        if drawn.failed:
            first = next(iter(drawn.failures.values()))
            log.warning("the judge gave no reply to %d of its calls; the first: %s", drawn.failed, first)
        self.drawn = self.drawn + drawn
        return drawn

    def votes(self, cases: Sequence[Case]) -> list[Said | None]:
        """One vote a case, from the replies in the store; None where they disagree, or one is missing."""
        asked = self._prompts(cases)
        stored = self._store.samples(asked["key"]).filter(pl.col("index") == 0, pl.col("text").is_not_null())
        replies = dict(stored.select("key", "text").collect().iter_rows())
        texts = [replies.get(key, "") for key in asked["key"]]
        read = [
            read_reply(text, order) for text, (_, order) in zip(texts, product(cases, ORDERS), strict=True)
        ]
        return [one if one == other else None for one, other in zip(read[::2], read[1::2], strict=True)]

    def close(self) -> None:
        """Free the engine."""
        self._engine.close()

    def _prompts(self, cases: Sequence[Case]) -> pl.DataFrame:
        """Two prompts a case, one an order: `synth.asking.ASKED` and `prompt`."""
        rows = []
        for number, (case, order) in enumerate(product(cases, ORDERS)):
            prompt = self._engine.render(judging(case, order))
            key = sample_key(self._engine.identity, prompt, self._sampling, case.question_id)
            rows.append((str(number), case.question_id, key, 1, 1, None, "", "", prompt))
        return pl.DataFrame(rows, schema={**ASKED, "prompt": pl.String()}, orient="row")
