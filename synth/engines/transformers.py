"""The `transformers` engine: any causal language model, anywhere torch runs.

Prompts are read once and their cache is repeated for each sample. Rows leave a batch when they are done, and
what is left of several batches is joined, so that a few long answers hold up nobody. The text of a sample is
a function of the model, the prompt and its seed (up to rounding), never of the batch it was written in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from synth.engines.base import DISTRIBUTIONS, HIDDEN_STATES, SAMPLE, SCORE, Answer, Call, ScoreCall
from synth.engines.chat import encode, layout, render, spans, split_reasoning, stops
from synth.engines.identity import identity_of, place_of
from synth.engines.tokenizer import open_renderer
from synth.prompts import Message

if TYPE_CHECKING:
    from synth.engines.batch import Batch, Row
    from synth.engines.loaded import Loaded

_AHEAD: Final = 4
"""Batches to have in the queue: the more there are, the more alike in length are the prompts of one batch."""
_DROP: Final = 0.75
"""Share of a batch below which its finished rows are dropped: dropping copies the cache."""
_PART: Final = 0.5
"""Share of a full batch below which its rows wait for others to join."""


class TransformersEngine:
    """Samples, scores and looks inside a model of the `transformers` library, loaded at the first call.

    What is stored already needs no weights, and not torch either, which alone takes seconds to import.

    Args:
        model: a folder or a Hub id.
        revision: branch, tag or commit on the Hub.
        dtype: a torch dtype's name; "auto" is the checkpoint's own on a GPU and float32 on a CPU, where
            half precision is slow.
        device: a torch device; by default the GPU, else the CPU.
        batch_rows: samples written together at most; halved when the GPU's memory does not suffice.
        max_model_len: longest prompt and answer together; by default what the model was made for.
        token_logprobs: report the log-probability of each token, not only their sum.
        trust_remote_code: run code that comes with the model.
        strict_identity: hash all bytes of a folder's weights.

    Raises:
        UsageError: there is no such model; from `submit` and `score`: it cannot be loaded.
    """

    name = "transformers"
    can = frozenset({SAMPLE, SCORE, DISTRIBUTIONS, HIDDEN_STATES})

    def __init__(
        self,
        model: str,
        revision: str | None = None,
        dtype: str = "auto",
        device: str | None = None,
        batch_rows: int = 512,
        max_model_len: int | None = None,
        token_logprobs: bool = False,
        trust_remote_code: bool = False,
        strict_identity: bool = False,
    ) -> None:
        self.model_name = model
        self.identity = identity_of(model, revision, strict_identity)
        self.batch_rows = batch_rows
        self._place = place_of(model, self.identity)
        self._renderer = open_renderer(*self._place, trust_remote_code)
        self._trust_remote_code = trust_remote_code
        self._dtype = dtype
        self._device = device
        self._max_model_len = max_model_len
        self._token_logprobs = token_logprobs
        self._found: Loaded | None = None
        self._queue: list[Row] = []
        self._wave: list[Row] = []
        self._left: Batch | None = None
        self._refused: list[Answer] = []
        self._running: list[Row] = []

    def render(self, messages: Sequence[Message], prefix: str = "") -> str:
        """The text the model reads for a conversation, ending where its answer begins (after `prefix`)."""
        return render(self._renderer, messages, prefix)

    def layout(self, system: bool) -> dict[str, str]:
        """What becomes of a conversation before the model reads it (`synth.engines.chat.layout`)."""
        return layout(self._renderer, system)

    def room(self) -> int:
        """How many more samples keep the queue long enough for batches of prompts of one length."""
        left = len(self._left.rows) if self._left else 0
        return _AHEAD * self.batch_rows - len(self._queue) - len(self._wave) - left

    def submit(self, call: Call) -> None:
        """Queue a call; one whose prompt leaves no room for an answer is refused at the next `collect`."""
        from synth.engines.batch import Row

        tokenizer, context = self._loaded.tokenizer, self._loaded.context
        prompt = tuple(encode(tokenizer, call.prompt))
        indices = range(call.first, call.first + call.n)
        if len(prompt) >= context:
            error = f"PromptTooLong: {len(prompt)} tokens, and the model reads and writes {context}"
            self._refused += [Answer(call.key, at, None, finish="error", error=error) for at in indices]
            return
        limit = min(call.sampling.max_tokens, context - len(prompt))
        ends = stops(tokenizer, call.sampling.stop)
        self._queue += [Row(call, at, prompt, limit, ends) for at in indices]

    def collect(self) -> list[Answer]:
        """Work until about half of a batch is finished; return the finished. Empty only when idle."""
        answers, self._refused = self._refused, []
        while not answers and (self._queue or self._wave or self._left):
            answers = self._work()
        return answers

    def score(self, calls: Sequence[ScoreCall]) -> list[Answer]:
        """How likely the continuations are (`synth.engines.base.ScoringEngine`), many prompts at a time."""
        from synth.engines.score import score

        return score(self._loaded, calls, self.batch_rows)

    def states(self, prompts: Sequence[str], texts: Sequence[str]) -> list[list[float]]:
        """The hidden state of each answer's last token in the middle layer.

        Args:
            prompts: rendered, one an answer.
            texts: the answers.

        Returns:
            One vector an answer; what is longer than the model reads is cut at the front.
        """
        from synth.engines.states import last_states

        loaded = self._loaded
        read = [encode(loaded.tokenizer, prompt + text) for prompt, text in zip(prompts, texts, strict=True)]
        return last_states(loaded.model, [ids[-loaded.context :] for ids in read])

    def spans(self, text: str) -> list[tuple[int, int]] | None:
        """Where each token of a text begins and ends (`synth.engines.chat.spans`)."""
        return spans(self._renderer, text)

    def finished(self) -> list[Answer]:
        """The finished samples of the batch that an interruption broke off."""
        rows, self._running = self._running, []
        return [self._answer(row) for row in rows if row.finish]

    def close(self) -> None:
        """Free the model and its cache."""
        self._left = None
        if self._found:
            from synth.engines.loaded import free_memory

            self._found.release()
            self._found = None
            free_memory()

    @property
    def _loaded(self) -> Loaded:
        if self._found is None:
            from synth.engines.loaded import load

            self._found = load(
                *self._place, self._dtype, self._device, self._max_model_len, self._trust_remote_code
            )
        return self._found

    def _work(self) -> list[Answer]:
        """Run one batch: the rows left of earlier ones when they are many or alone, else new ones."""
        import torch

        from synth.engines.batch import Batch

        batch = None
        idle = not (self._queue or self._wave)
        if self._left and (idle or len(self._left.rows) > _DROP * self.batch_rows):
            batch, self._left = self._left, None
        rows = self._running = batch.rows if batch else self._take()
        try:
            with torch.inference_mode():
                self._run(batch or Batch.start(self._loaded.model, rows))
        except torch.OutOfMemoryError:
            batch = None
        else:
            self._running = []
            return [self._answer(row) for row in rows if row.finish]
        self._running = []
        return self._retreat(rows)

    def _take(self) -> list[Row]:
        """The next rows, alike in length."""
        # Sorted again only when all that was sorted is taken: none waits forever behind shorter ones.
        if not self._wave:
            self._wave = sorted(self._queue, key=lambda row: (len(row.prompt), row.prompt))
            self._queue = []
        rows, self._wave = self._wave[: self.batch_rows], self._wave[self.batch_rows :]
        return rows

    def _run(self, batch: Batch) -> None:
        """Write until all rows are done, or half of them; the others wait for company."""
        enough = len(batch.rows) // 2 if batch.joinable else 0
        while True:
            batch.write()
            alive = [at for at, row in enumerate(batch.rows) if not self._loaded.ending.check(row)]
            if not alive:
                return
            if len(alive) <= max(enough, _DROP * len(batch.rows)):
                batch.keep(alive)
            batch.read()
            if len(alive) <= enough:
                self._left = batch.joined([self._left, batch]) if self._left else batch
                return

    def _answer(self, row: Row) -> Answer:
        reasoning, text = split_reasoning(self._loaded.ending.text(row), row.call.prompt)
        return Answer(
            key=row.call.key,
            index=row.index,
            text=text,
            reasoning=reasoning,
            finish=row.finish or "error",
            n_tokens=len(row.tokens),
            logprob_sum=sum(row.logprobs),
            token_logprobs=row.logprobs if self._token_logprobs else None,
            stop_reason=row.stop_reason,
        )

    def _retreat(self, rows: list[Row]) -> list[Answer]:
        """After memory ran out: halve the batch and queue again what is unfinished."""
        from synth.engines.loaded import free_memory

        self._left, waiting = None, [*rows, *(self._left.rows if self._left else [])]
        free_memory()
        if len(waiting) == 1:
            error = f"OutOfMemory: one row of {len(rows[0].prompt)} tokens and its answer does not fit"
            return [Answer(rows[0].call.key, rows[0].index, None, finish="error", error=error)]
        self.batch_rows = max(1, min(self.batch_rows, len(rows)) // 2)
        for row in waiting:
            if not row.finish:
                row.tokens.clear()
                row.logprobs.clear()
                self._queue.append(row)
        return [self._answer(row) for row in waiting if row.finish]
