"""Which token comes next: argmax of logits/T plus noise that belongs to (seed, position, token).

The noise is a hash, not a stream, so it is the same in any batch, in any order and on any device, and the
text that a seed gives depends on nothing but the model and the prompt. That the argmax of logits plus Gumbel
noise is a draw from their softmax is the Gumbel-max trick.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

_GOLDEN: Final = 0x9E3779B97F4A7C15
_CHUNK: Final = {"cpu": 1 << 18, "cuda": 1 << 25}
"""Elements of noise made at a time: on a CPU what stays in its cache, elsewhere a share of memory."""
_FEW: Final = 128
"""Tokens looked at first by top-k and top-p: most nuclei are smaller, a full sort is six times dearer."""


def pick(
    logits: Tensor, seeds: Tensor, positions: Tensor, temperature: Tensor, top_k: Tensor, top_p: Tensor
) -> Tensor:
    """Draw one token for each row.

    Args:
        logits: (rows, vocabulary), float32.
        seeds: (rows), int64: the sample's seed.
        positions: (rows), int64: how many tokens the sample has already.
        temperature: (rows); 0 takes the likeliest token.
        top_k: (rows), int64; 0 is off.
        top_p: (rows); 1 is off. As in vLLM, top-k comes first, and both see the logits divided by T.

    Returns:
        (rows), int64: token ids.
    """
    if not bool((temperature > 0).any()):
        return logits.argmax(-1)
    rows = max(1, _CHUNK.get(logits.device.type, 1 << 18) // logits.shape[-1])
    parts = (torch.split(tensor, rows) for tensor in (logits, seeds, positions, temperature, top_k, top_p))
    return torch.cat([_pick(*part) for part in zip(*parts, strict=True)])


def _pick(
    logits: Tensor, seeds: Tensor, positions: Tensor, temperature: Tensor, top_k: Tensor, top_p: Tensor
) -> Tensor:
    random = temperature > 0
    scaled = logits / torch.where(random, temperature, 1.0)[:, None]
    limited = random & ((top_k > 0) | (top_p < 1))
    if bool(limited.any()):
        lowest = torch.full_like(scaled[:, 0], -torch.inf)
        lowest[limited] = lowest_kept(scaled[limited], top_k[limited], top_p[limited])
        scaled = scaled.masked_fill(scaled < lowest[:, None], -torch.inf)
    noise = gumbel(seeds, positions, logits.shape[-1])
    return torch.where(random[:, None], scaled + noise, scaled).argmax(-1)


def lowest_kept(scaled: Tensor, top_k: Tensor, top_p: Tensor) -> Tensor:
    """The smallest of each row's scaled logits that top-k and then top-p leave.

    Tokens of equal logit share their fate: which of them a sort puts first would depend on the batch.
    """
    lowest, sure = _lowest_of_top(scaled, top_k, top_p, min(_FEW, scaled.shape[-1]))
    if not bool(sure.all()):
        wide = ~sure
        lowest[wide], _ = _lowest_of_top(scaled[wide], top_k[wide], top_p[wide], scaled.shape[-1])
    return lowest


def _lowest_of_top(scaled: Tensor, top_k: Tensor, top_p: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """The smallest logits kept, seen from the `width` largest, and for which rows that is enough to see."""
    vocabulary = scaled.shape[-1]
    limit = torch.where(top_k > 0, top_k, vocabulary).clamp(max=vocabulary)[:, None]
    nucleus = torch.where(top_p < 1, top_p, 2.0)[:, None]  # 2: a sum of rounded shares never reaches it
    top = scaled.topk(width).values
    inside = torch.arange(width, device=scaled.device) < limit
    few = top.masked_fill(~inside, -torch.inf).logsumexp(-1, keepdim=True)
    total = torch.where(limit < vocabulary, few, scaled.logsumexp(-1, keepdim=True))
    shares = (top - total).exp()
    kept = inside & (shares.cumsum(-1) - shares < nucleus)
    count = kept.sum(-1, keepdim=True).clamp(min=1)
    sure = (limit <= width) | (limit == vocabulary) & (count < width)
    return top.gather(-1, count - 1)[:, 0], sure[:, 0]


def gumbel(seeds: Tensor, positions: Tensor, vocabulary: int) -> Tensor:
    """Standard Gumbel noise, (rows, vocabulary), float32: a function of seed, position and token id alone."""
    key = _mixed(_mixed(seeds) + positions * _signed(_GOLDEN, 64))
    low, high = (part.to(torch.int32)[:, None] for part in (key, key >> 32))
    tokens = torch.arange(vocabulary, dtype=torch.int32, device=seeds.device) * _signed(_GOLDEN >> 32, 32)
    # The second half of the key comes between the rounds: rows that share the first are still strangers.
    bits = tokens + low
    bits ^= (bits >> 16) & 0xFFFF
    bits *= _signed(0x7FEB352D, 32)
    bits += high
    bits ^= (bits >> 15) & 0x1FFFF
    bits *= _signed(0x846CA68B, 32)
    bits ^= bits >> 16  # the sign fills in from above, and the mask takes it away
    bits &= 0x7FFFFFFF
    # An odd 31-bit number over 2³¹ lies inside (0, 1) and is finest near 0, where the winners come from.
    uniform = (bits | 1).float().mul_((1 - 2**-24) / 2**31)
    return uniform.neg_().log1p_().neg_().log_().neg_()


def _mixed(key: Tensor) -> Tensor:
    """The finaliser of SplitMix64, on int64 that wraps around."""
    key = (key ^ (key >> 30 & (1 << 34) - 1)) * _signed(0xBF58476D1CE4E5B9, 64)
    key = (key ^ (key >> 27 & (1 << 37) - 1)) * _signed(0x94D049BB133111EB, 64)
    return key ^ (key >> 31 & (1 << 33) - 1)


def _signed(value: int, bits: int) -> int:
    """The number as a two's complement of so many bits: torch has no arithmetic on unsigned ones."""
    return (value ^ 1 << (bits - 1)) - (1 << (bits - 1))
