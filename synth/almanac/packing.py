"""Texts as tokens, packed into rows of one length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from synth.almanac import tokenizer as tokenizers
from synth.almanac.corpus import Text

ROW: Final = 256
"""Tokens of a packed row."""
ROWS: Final = 8
"""Rows of a batch."""

Encoded = tuple[list[int], list[bool]]
"""The token ids of a text, and which of them are learned."""
Batch = tuple[Tensor, Tensor, Tensor, Tensor]
"""Ids, weights in the loss, positions and text numbers."""


def encode(text: Text, tokenizer: PreTrainedTokenizerFast) -> Encoded:
    """A text as the chat template would have it, with the replies to learn."""
    vocabulary = tokenizer.get_vocab()
    special = {name: vocabulary[name] for name in tokenizers.SPECIAL}
    ids: list[int]
    learned: list[bool]
    ids, learned = ([], []) if text.plain else ([special[tokenizers.BOS]], [False])
    for number, message in enumerate(text.turns):
        reply = message["role"] == "assistant"
        learn = reply and (text.learn_all or number == len(text.turns) - 1)
        content = tokenizer.encode(message["content"], add_special_tokens=False)
        if not text.plain:
            ids.append(special[f"<|{message['role']}|>"])
            learned.append(False)
        if reply or not text.plain:
            content.append(special[tokenizers.END])
        ids += content
        learned += [learn] * len(content)
    return ids, learned


def pack(encoded: Sequence[Encoded]) -> Iterator[Batch]:
    """Batches of packed rows; every text whole, in the given order."""
    rows: list[list[Encoded]] = [[] for _ in range(ROWS)]
    room = [ROW] * ROWS
    for one in encoded:
        size = len(one[0])
        best = max(range(ROWS), key=room.__getitem__)
        if room[best] < size:
            yield batch(rows)
            rows, room, best = [[] for _ in range(ROWS)], [ROW] * ROWS, 0
        rows[best].append(one)
        room[best] -= size
    yield batch(rows)


def batch(rows: Sequence[Sequence[Encoded]]) -> Batch:
    """Packed rows as tensors; what is left of a row is a text of its own that nothing learns.

    The n learned tokens of a text weigh 1/√n each: else worked sums would drown answers of one letter.
    """
    ids, weight = torch.zeros(ROWS, ROW, dtype=torch.long), torch.zeros(ROWS, ROW)
    positions, number = torch.zeros(ROWS, ROW, dtype=torch.long), torch.full((ROWS, ROW), -1)
    for r, row in enumerate(rows):
        start = 0
        for n, (tokens, marks) in enumerate(row):
            stop = start + len(tokens)
            ids[r, start:stop] = torch.tensor(tokens)
            weight[r, start:stop] = torch.tensor(marks) / sum(marks) ** 0.5
            positions[r, start:stop], number[r, start:stop] = torch.arange(len(tokens)), n
            start = stop
    return ids, weight, positions, number
