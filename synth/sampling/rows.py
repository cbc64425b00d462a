"""An answer as the store keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synth.engines.base import Answer, Sampling
from synth.schema import Role
from synth.store import base_seed, prompt_id


def sample_row(
    answer: Answer, asked: Mapping[str, Any], model: str, role: Role, sampling: Sampling | None
) -> tuple[Any, ...]:
    """A tuple in the order of `synth.schema.SAMPLES`.

    Args:
        answer: of the engine.
        asked: `question_id` and `prompt` of what was asked.
        model: the engine's identity.
        role: whom the call was made to.
        sampling: how it was sampled; None of a given text, which nobody sampled.
    """
    drawn = (sampling.temperature, sampling.top_p, sampling.max_tokens) if sampling else (None, None, None)
    return (
        answer.key,
        asked["question_id"],
        answer.index,
        role,
        answer.text,
        answer.reasoning,
        answer.finish,
        answer.n_tokens,
        answer.logprob_sum,
        answer.token_logprobs,
        base_seed(answer.key) + answer.index if sampling else None,
        model,
        prompt_id(asked["prompt"]),
        *drawn,
        answer.stop_reason,
        answer.error,
        answer.meta,
    )
