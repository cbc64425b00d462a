"""What is known of a continuation that was scored, as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from synth.engines.base import Answer, ScoreCall

UNSHARED: Final = "NoPrompt: a continuation can only be scored after a prompt that it leaves as it is"
"""Of a call whose continuation changes how the prompt's first token is read."""
_DIGITS: Final = 6


@dataclass(frozen=True)
class Continuation:
    """The tokens of a continuation; all lists but the prompt have one entry a place.

    Attributes:
        prompt: ids of all that stands before.
        tokens: their ids.
        logprobs: their natural logs at temperature 1.
        top_tokens: ids of the most likely tokens there, the likeliest first.
        top_logprobs: their natural logs.
    """

    prompt: Sequence[int]
    tokens: Sequence[int]
    logprobs: Sequence[float]
    top_tokens: Sequence[Sequence[int]] = field(default=())
    top_logprobs: Sequence[Sequence[float]] = field(default=())


def scored(call: ScoreCall, index: int, found: Continuation) -> Answer:
    """The answer about one continuation; `meta` holds its tokens where `top` was asked for."""
    meta = {
        "prompt_tokens": list(found.prompt),
        "tokens": list(found.tokens),
        "top_tokens": [list(place) for place in found.top_tokens],
        "top_logprobs": [[round(value, _DIGITS) for value in place] for place in found.top_logprobs],
    }
    return Answer(
        key=call.key,
        index=index,
        text=call.continuations[index],
        finish="score",
        logprob_sum=float(sum(found.logprobs)),
        token_logprobs=list(found.logprobs) if call.top else None,
        meta=orjson.dumps(meta).decode() if call.top else None,
    )


def unscored(call: ScoreCall, error: str) -> list[Answer]:
    """A failed answer for each continuation of a call.

    Args:
        call: what was asked.
        error: "Type: message".
    """
    return [
        Answer(call.key, index, None, finish="error", error=error) for index in range(len(call.continuations))
    ]
