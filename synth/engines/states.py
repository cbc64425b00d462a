"""What a model holds in its middle layer once it has read a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn.functional import pad

_TOKENS: Final = 16384
"""Read at once, padding included."""


@torch.inference_mode()
def last_states(model: Any, texts: Sequence[Sequence[int]]) -> list[list[float]]:
    """The hidden state of each text's last token in the middle layer.

    Args:
        model: a causal language model.
        texts: token ids, at least one each.

    Returns:
        One vector of the model's hidden size a text.
    """
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    found: list[list[float]] = [[] for _ in texts]
    while order:
        # The longest first, so that what is too much for the memory is so at once.
        many = max(1, _TOKENS // len(texts[order[-1]]))
        order, taken = order[:-many], order[-many:]
        for at, state in zip(taken, _states(model, [texts[at] for at in taken]).tolist(), strict=True):
            found[at] = state
    return found


def _states(model: Any, texts: Sequence[Sequence[int]]) -> Tensor:
    width = max(map(len, texts))
    ids = torch.stack([pad(torch.tensor(list(text)), (0, width - len(text))) for text in texts])
    last = torch.tensor([len(text) - 1 for text in texts])
    mask = (torch.arange(width) <= last[:, None]).long()
    device = model.device
    out = model.base_model(
        input_ids=ids.to(device), attention_mask=mask.to(device), output_hidden_states=True, use_cache=False
    )
    layers = out.hidden_states
    # Padding is on the right, where no token of the text can see it.
    middle: Tensor = layers[len(layers) // 2]
    return middle[torch.arange(len(texts)), last.to(device)].float().cpu()
