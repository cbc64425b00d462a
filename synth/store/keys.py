"""Keys and seeds: what names a sample, and what makes it come out again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import orjson

from synth.engines.base import SCORE, Sampling

MAX_SAMPLES: Final = 1 << 16
"""Samples of one key; seeds of two keys cannot meet below it."""


def sample_key(identity: str, prompt: str, sampling: Sampling, question_id: str) -> str:
    """The key that all samples of a prompt share: a hash of what could change their distribution.

    Throughput settings are no part of it. The question's id is, so that two questions with one text
    have samples of their own.
    """
    parts = [identity, prompt, sampling.as_dict(), question_id]
    packed = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(packed, digest_size=16).hexdigest()


def score_key(identity: str, prompt: str, continuations: Sequence[str], top: int, question_id: str) -> str:
    """The key that the scores of some continuations of a prompt share; sampling has no part in it."""
    packed = orjson.dumps([identity, prompt, SCORE, list(continuations), top, question_id])
    return hashlib.blake2b(packed, digest_size=16).hexdigest()


def prompt_id(prompt: str) -> str:
    """A short hash of a rendered prompt."""
    return hashlib.blake2b(prompt.encode(), digest_size=8).hexdigest()


def base_seed(key: str) -> int:
    """The seed of a key's sample 0: 63 bits, the low 16 clear; sample i uses base + i."""
    return int(key[:16], 16) >> 1 & ~(MAX_SAMPLES - 1)
