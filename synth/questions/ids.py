"""Names for questions that have none: hashes of a normal form."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import orjson


def normal(text: str) -> str:
    """Lower case, single spaces, without the marks that end a sentence ("!" stays: 5! is not 5)."""
    collapsed = " ".join(text.lower().split())
    return collapsed.rstrip(" .?;:,…") or collapsed


def hashed(*parts: object) -> str:
    """16 hex digits that stand for the parts."""
    return hashlib.blake2b(orjson.dumps(parts), digest_size=8).hexdigest()


def stable_id(question: str, choices: Sequence[str] | None, context: str | None) -> str:
    """The id of a question that came without one: the same for the same question, options and passage."""
    options = [normal(choice) for choice in choices] if choices else None
    return hashed(normal(question), options, normal(context) if context else None)
