"""How likely given continuations of a prompt are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from synth.engines.batch import forward, new_cache
from synth.engines.chat import shared_start


@torch.inference_mode()
def continuation_logprobs(model: Any, prompt: Sequence[int], texts: Sequence[Sequence[int]]) -> list[float]:
    """The log-probability of each text after the prompt, which is read once.

    Args:
        model: a causal language model.
        prompt: token ids.
        texts: token ids of prompt and continuation together; where a tokenizer joins the prompt's last token
            with what follows, the text is scored from where it parts from the prompt.

    Returns:
        Sums of natural logs at temperature 1, one a text; 0.0 for an empty continuation.
    """
    starts = [shared_start(prompt, text) for text in texts]
    shared = min(starts)
    width = max(len(text) for text in texts) - shared
    if not shared:
        raise ValueError("a continuation can only be scored after a prompt that it leaves as it is")
    cache = new_cache(model)
    device = model.device
    read = torch.tensor([list(prompt[:shared])], device=device)
    first = forward(model, read, torch.ones_like(read), cache).expand(len(texts), -1, -1)
    if not width:
        return [0.0] * len(texts)
    for layer in cache.layers:
        layer.reorder_cache(torch.zeros(len(texts), dtype=torch.long, device=device))
    ids = torch.tensor(
        [[*text[shared:], *[0] * (shared + width - len(text))] for text in texts], device=device
    )
    mask = torch.ones(len(texts), shared + width, dtype=torch.long, device=device)
    later = forward(model, ids, mask, cache, logits=width)[:, :-1] if width > 1 else first[:, :0]
    logprobs = torch.cat([first, later], 1).float().log_softmax(-1).gather(-1, ids[..., None])[..., 0]
    # Padding is on the right, where no token of the text can see it.
    return [
        float(row[start - shared : len(text) - shared].sum())
        for row, start, text in zip(logprobs, starts, texts, strict=True)
    ]
