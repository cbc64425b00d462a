"""How likely given continuations of prompts are: each prompt is read once, many prompts at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import torch

from synth.engines.base import Answer, ScoreCall
from synth.engines.batch import forward, new_cache
from synth.engines.chat import continued, encode, has_template, shared_start
from synth.engines.loaded import Loaded, free_memory
from synth.engines.scored import UNSHARED, Continuation, scored, unscored

_READ: Final = 16_384
"""Prompt tokens read at a time, padding included."""
_LOGITS: Final = 1 << 27
"""Logits held at a time: a vocabulary is large, and each place of each continuation has one."""


@dataclass(frozen=True)
class Reading:
    """A call as token ids.

    Attributes:
        call: what was asked.
        prompt: ids of the prompt, at least one.
        texts: ids of prompt and continuation together, one a continuation.
    """

    call: ScoreCall
    prompt: Sequence[int]
    texts: Sequence[Sequence[int]]

    @cached_property
    def starts(self) -> list[int]:
        """Where each text parts from the prompt."""
        return [shared_start(self.prompt, text) for text in self.texts]

    @cached_property
    def shared(self) -> int:
        """Tokens that all texts begin with, as the prompt does."""
        return min(self.starts)

    @cached_property
    def width(self) -> int:
        """Tokens that follow in the longest text."""
        return max(map(len, self.texts)) - self.shared


def batches(readings: Sequence[Reading], rows: int, vocabulary: int) -> Iterator[list[Reading]]:
    """The readings in groups of alike length that fit into memory, the longest last.

    Args:
        readings: in any order.
        rows: texts in a group at most.
        vocabulary: tokens of the model.
    """
    batch: list[Reading] = []
    for reading in sorted(readings, key=lambda each: (each.width, each.shared)):
        texts = len(reading.texts) + sum(len(each.texts) for each in batch)
        longest = max(reading.shared, *(each.shared for each in batch)) if batch else reading.shared
        fits = longest * (len(batch) + 1) <= _READ and texts * reading.width * vocabulary <= _LOGITS
        if batch and not (fits and texts <= rows):
            yield batch
            batch = []
        batch.append(reading)
    if batch:
        yield batch


def score(loaded: Loaded, calls: Sequence[ScoreCall], rows: int) -> list[Answer]:
    """An answer for each continuation of each call (`synth.engines.base.ScoringEngine`).

    Args:
        loaded: the model.
        calls: what is asked.
        rows: continuations read together at most.
    """
    answers: list[Answer] = []
    readings: list[Reading] = []
    for call in calls:
        reading = _reading(loaded, call)
        if isinstance(reading, str):
            answers += unscored(call, reading)
        else:
            readings.append(reading)
    vocabulary = int(loaded.model.config.get_text_config().vocab_size)
    for batch in batches(readings, rows, vocabulary):
        answers += _scored(loaded.model, batch)
    return answers


def _reading(loaded: Loaded, call: ScoreCall) -> Reading | str:
    """The call as token ids, or why it cannot be scored."""
    chat = has_template(loaded.tokenizer)
    texts = [encode(loaded.tokenizer, continued(call.prompt, text, chat)) for text in call.continuations]
    longest = max(map(len, texts))
    if longest > loaded.context:
        return f"PromptTooLong: {longest} tokens, and the model reads {loaded.context}"
    reading = Reading(call, encode(loaded.tokenizer, call.prompt), texts)
    return reading if reading.shared else UNSHARED


def _scored(model: Any, batch: list[Reading]) -> list[Answer]:
    """Score a batch; in halves where memory does not suffice."""
    try:
        found = continuations(model, batch)
    except torch.OutOfMemoryError:
        found = None
    if found is not None:
        each = zip(batch, found, strict=True)
        return [scored(reading.call, at, one) for reading, all_ in each for at, one in enumerate(all_)]
    free_memory()
    if len(batch) == 1:
        return unscored(batch[0].call, "OutOfMemory: one prompt and its continuations do not fit")
    half = len(batch) // 2
    return [*_scored(model, batch[:half]), *_scored(model, batch[half:])]


@torch.inference_mode()
def continuations(model: Any, readings: Sequence[Reading]) -> list[list[Continuation]]:
    """What is known of each continuation of each reading.

    Args:
        model: a causal language model.
        readings: of one batch.
    """
    owner = [at for at, reading in enumerate(readings) for _ in reading.texts]
    texts = [text for reading in readings for text in reading.texts]
    shared = [readings[at].shared for at in owner]
    width = max(reading.width for reading in readings)
    cache, mask, first = _read(model, readings)
    # Padding is on the right, where no token of the text can see it.
    following = [list(text[start:]) for text, start in zip(texts, shared, strict=True)]
    ids = torch.tensor([ids + [0] * (width - len(ids)) for ids in following], device=model.device).long()
    logits = first[owner, :width]
    if width > 1:
        for layer in cache.layers:
            layer.reorder_cache(torch.tensor(owner, device=model.device))
        mask = torch.cat([mask[owner], torch.ones_like(ids)], 1)
        logits = torch.cat([logits, forward(model, ids, mask, cache, logits=width)[:, :-1]], 1)
    logprobs = logits.float().log_softmax(-1)
    own = logprobs.gather(-1, ids[..., None])[..., 0].tolist()
    most = max(reading.call.top for reading in readings)
    top = logprobs.topk(min(most, logprobs.shape[-1])) if most else None
    found: list[list[Continuation]] = [[] for _ in readings]
    for row, at in enumerate(owner):
        reading, text = readings[at], texts[row]
        start = reading.starts[len(found[at])]
        places = slice(start - shared[row], len(text) - shared[row])
        wanted = reading.call.top
        likeliest = (top.indices[row, places, :wanted], top.values[row, places, :wanted]) if top else ()
        found[at].append(
            Continuation(text[:start], text[start:], own[row][places], *(part.tolist() for part in likeliest))
        )
    return found


def _read(model: Any, readings: Sequence[Reading]) -> tuple[Any, torch.Tensor, torch.Tensor]:
    """Read what the texts of each reading share; the cache, its mask and the logits of what follows."""
    heads = [list(reading.prompt[: reading.shared]) for reading in readings]
    longest = max(map(len, heads))
    lengths = torch.tensor([[len(head)] for head in heads])
    mask = (torch.arange(longest) >= longest - lengths).long().to(model.device)
    ids = torch.tensor([[0] * (longest - len(head)) + head for head in heads], device=model.device)
    cache = new_cache(model)
    return cache, mask, forward(model, ids, mask, cache)
