"""Rows that are written together, one token a step: their cache, and how rows leave and batches join.

Prompts are padded on the left, so that all rows write in the same column. What a row becomes does not depend
on who is beside it (up to rounding): padding is masked and noise belongs to the row's own seed and position.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn.functional import pad
from transformers.cache_utils import DynamicCache, DynamicLayer, DynamicSlidingWindowLayer

from synth.engines.base import Call
from synth.engines.gumbel import pick

_PREFILL: Final = 16384
"""Prompt tokens read at a time, padding included: activations of all prompts at once may not fit."""


@dataclass(eq=False)
class Row:
    """One sample in the making.

    Attributes:
        call: what asked for it.
        index: the sample's index.
        prompt: token ids.
        limit: generated tokens at most.
        stops: strings that end it.
        tokens: generated so far.
        logprobs: of those tokens, at temperature 1.
        finish: "stop" or "length" once it is done.
        stop_reason: the stop string that ended it.
    """

    call: Call
    index: int
    prompt: tuple[int, ...]
    limit: int
    stops: tuple[str, ...]
    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    finish: str | None = None
    stop_reason: str | None = None


class Layer(DynamicLayer):  # type: ignore[no-untyped-call]
    """One layer's keys and values, (rows, heads, columns, width)."""

    keys: Tensor
    values: Tensor

    def reorder_cache(self, beam_idx: Tensor, start: int = 0) -> None:
        """Keep these rows, in this order and as often as named, and the columns from `start` on."""
        self.keys = self.keys[..., start:, :].index_select(0, beam_idx)
        self.values = self.values[..., start:, :].index_select(0, beam_idx)

    @staticmethod
    def joined(layers: Sequence[Layer], columns: int) -> Layer:
        """The rows of all layers one below the other, padded on the left to so many columns."""
        joint = Layer()  # type: ignore[no-untyped-call]
        joint.lazy_initialization(layers[0].keys, layers[0].values)
        joint.keys = torch.cat([_padded(layer.keys, columns) for layer in layers])
        joint.values = torch.cat([_padded(layer.values, columns) for layer in layers])
        return joint


class Batch:
    """Rows in the making, their cache and the logits of their next tokens.

    A step is `write`, then `keep` where rows are done, then `read`; batches join between steps.

    Attributes:
        rows: those still in the tensors; finished ones stay among them until `keep` drops them.
    """

    def __init__(self, model: Any, rows: Sequence[Row], cache: Any, mask: Tensor, logits: Tensor) -> None:
        self.rows = list(rows)
        self._model = model
        self._cache = cache
        self._mask = mask
        self._logits = logits
        self._last = torch.empty(0)
        self._describe()

    @property
    def joinable(self) -> bool:
        """Whether the batch can join another; a recurrent state cannot be padded."""
        return all(isinstance(layer, Layer) for layer in self._cache.layers)

    @classmethod
    def start(cls, model: Any, rows: Sequence[Row]) -> Batch:
        """Read the prompts, each distinct one once and its cache repeated, up to the first token to write."""
        prompts = list(dict.fromkeys(row.prompt for row in rows))
        width = max(map(len, prompts))
        lengths = torch.tensor([len(prompt) for prompt in prompts])[:, None]
        mask = (torch.arange(width) >= width - lengths).long().to(model.device)
        ids = torch.tensor([[0] * (width - len(prompt)) + list(prompt) for prompt in prompts])
        cache = new_cache(model)
        logits = forward(model, ids.to(model.device), mask, cache)[:, -1]
        batch = cls(model, rows, cache, mask, logits)
        if len(rows) > len(prompts):
            place = {prompt: at for at, prompt in enumerate(prompts)}
            batch._select([place[row.prompt] for row in rows])
        return batch

    @classmethod
    def joined(cls, batches: Sequence[Batch]) -> Batch:
        """All rows in one batch."""
        if len(batches) == 1:
            return batches[0]
        model = batches[0]._model
        columns = max(batch._mask.shape[-1] for batch in batches)
        cache = new_cache(model)
        layers = zip(*(batch._cache.layers for batch in batches), strict=True)
        cache.layers = [Layer.joined(parts, columns) for parts in layers]
        masks = [pad(batch._mask, (columns - batch._mask.shape[-1], 0)) for batch in batches]
        logits = torch.cat([batch._logits for batch in batches])
        return cls(model, [row for batch in batches for row in batch.rows], cache, torch.cat(masks), logits)

    def write(self) -> None:
        """Choose the next token of every row."""
        logits = self._logits.float()
        self._last = pick(logits, self._seeds, self._positions, *self._sampling)
        logprobs = logits.gather(-1, self._last[:, None])[:, 0] - logits.logsumexp(-1)
        for row, token, logprob in zip(self.rows, self._last.tolist(), logprobs.tolist(), strict=True):
            if row.finish is None:
                row.tokens.append(token)
                row.logprobs.append(logprob)
        self._positions += 1

    def keep(self, alive: Sequence[int]) -> None:
        """Drop all rows but these."""
        self._last = self._last[torch.tensor(alive, device=self._last.device)]
        self.rows = [self.rows[at] for at in alive]
        self._select(alive)
        self._describe()

    def read(self) -> None:
        """Read the tokens just written."""
        self._mask = pad(self._mask, (0, 1), value=1)
        self._logits = forward(self._model, self._last[:, None], self._mask, self._cache)[:, -1]

    def _select(self, rows: Sequence[int]) -> None:
        chosen = torch.tensor(rows, device=self._mask.device)
        mask = self._mask[chosen]
        start = int(mask.any(0).int().argmax()) if self.joinable else 0
        self._mask = mask[:, start:]
        self._logits = self._logits[chosen]
        for layer in self._cache.layers:
            if isinstance(layer, Layer):
                layer.reorder_cache(chosen, start)
            else:
                layer.reorder_cache(chosen)

    def _describe(self) -> None:
        """Put what the rows ask for in tensors."""
        device = self._mask.device
        asked = [row.call.sampling for row in self.rows]
        self._seeds = torch.tensor([row.call.seed + row.index for row in self.rows], device=device)
        self._positions = torch.tensor([len(row.tokens) for row in self.rows], device=device)
        self._sampling = (
            torch.tensor([sampling.temperature for sampling in asked], device=device, dtype=torch.float32),
            torch.tensor([sampling.top_k for sampling in asked], device=device),
            torch.tensor([sampling.top_p for sampling in asked], device=device, dtype=torch.float32),
        )


def forward(model: Any, ids: Tensor, mask: Tensor, cache: Any, logits: int = 1) -> Tensor:
    """Read tokens behind what the cache holds; the logits of the last of them.

    Args:
        model: a causal language model.
        ids: (rows, new columns).
        mask: (rows, all columns), 0 where there is padding.
        cache: grows by the new columns.
        logits: for how many of the last columns logits are wanted.
    """
    options = {
        "position_ids": (mask.cumsum(-1) - 1).clamp(min=0)[:, -ids.shape[-1] :],
        "logits_to_keep": logits,
    }
    taken = inspect.signature(model.forward).parameters
    options = {name: value for name, value in options.items() if name in taken}
    out: Tensor = model(
        input_ids=ids, attention_mask=mask, past_key_values=cache, use_cache=True, **options
    ).logits
    return out[:, -logits:]


def new_cache(model: Any) -> Any:
    """An empty cache for the model, of our own layers where all that it caches is attention."""
    cache = DynamicCache(config=model.config)
    # Sliding windows are cut by the model's mask, so that rows of different age can share a cache.
    if cache.layers and all(
        type(layer) in (DynamicLayer, DynamicSlidingWindowLayer) for layer in cache.layers
    ):
        cache.layers = [Layer() for _ in cache.layers]  # type: ignore[no-untyped-call]
    return cache


def _padded(states: Tensor, columns: int) -> Tensor:
    return pad(states, (0, 0, columns - states.shape[2], 0))
