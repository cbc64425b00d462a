"""A vote by entailment: what a natural-language-inference model says of an answer and an accepted one.

An answer is right where it entails an accepted answer, each read behind its question, and the accepted one
does not contradict it. It is wrong where it and every accepted answer contradict each other both ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from synth.engines.identity import identity_of, place_of
from synth.errors import UsageError, first_line
from synth.steady import Reals, steady
from synth.voting.cases import Case, Said

MODEL: Final = "cross-encoder/nli-deberta-v3-base"
VERSION: Final = "1"
"""Of the threshold, and of what is read."""

SURE: Final = 0.8
"""The probability from which a relation holds."""

_BATCH: Final = 32
_LONGEST: Final = 512
"""Tokens of two statements that are read together."""

_BEGINNINGS: Final = {"entailment": "entail", "contradiction": "contradict"}


class Entailment:
    """Votes by entailment and contradiction.

    Args:
        model: a Hub id or folder of a sequence classifier whose labels name entailment.

    Raises:
        UsageError: there is no such model, or its labels do not say which is entailment.
    """

    name = "nli"
    kinds: Sequence[str] = ("short", "free")

    def __init__(self, model: str = MODEL) -> None:
        identity = identity_of(model)
        self.version = f"nli{VERSION}:{identity}"
        self._model, self._tokenizer = _load(*place_of(model, identity))
        self._relations = relations(model, self._model.config.id2label)

    def votes(self, cases: Sequence[Case]) -> list[Said | None]:
        """One vote a case."""
        pairs = []
        for case in cases:
            said, *golds = (f"{case.question} {text}" for text in (case.answer, *case.answers))
            pairs += [pair for gold in golds for pair in ((said, gold), (gold, said))]
        holds = iter(steady(self._probabilities, pairs) >= SURE)
        votes: list[Said | None] = []
        for case in cases:
            both_ways = [(next(holds), next(holds)) for _ in case.answers]
            votes.append(_vote(both_ways))
        return votes

    def _probabilities(self, pairs: Sequence[tuple[str, str]]) -> Reals:
        """Of entailment and of contradiction, the second text being concluded from the first."""
        import torch

        found = np.zeros((len(pairs), 2))
        by_length = sorted(range(len(pairs)), key=lambda at: sum(map(len, pairs[at])))
        for start in range(0, len(pairs), _BATCH):
            places = by_length[start : start + _BATCH]
            premises, hypotheses = zip(*(pairs[at] for at in places), strict=True)
            read = self._tokenizer(
                list(premises),
                list(hypotheses),
                truncation=True,
                max_length=min(self._tokenizer.model_max_length, _LONGEST),
                padding=True,
                return_tensors="pt",
            ).to(self._model.device)
            with torch.inference_mode():
                chances = self._model(**read).logits.float().softmax(dim=-1).cpu().numpy()
            for column, label in enumerate(self._relations):
                if label is not None:
                    found[places, column] = chances[:, label]
        return found


def relations(model: str, labels: Mapping[int, str]) -> tuple[int, int | None]:
    """The places of entailment and of contradiction among a model's labels, by what they are called.

    A model with two labels knows no contradiction, and never votes that an answer is wrong.

    Raises:
        UsageError: no label, or more than one, is called entailment.
    """
    found = [
        [int(place) for place, label in labels.items() if label.lower().startswith(beginning)]
        for beginning in _BEGINNINGS.values()
    ]
    if len(found[0]) != 1 or len(found[1]) > 1:
        raise UsageError(
            f"'{model}' is no model of inference: its labels are {', '.join(labels.values())}, "
            f"where {' and '.join(_BEGINNINGS)} are expected"
        )
    return found[0][0], found[1][0] if found[1] else None


def _vote(both_ways: Sequence[tuple[Any, Any]]) -> Said | None:
    """The vote from what holds between an answer and each accepted one, there and back."""
    if any(there[0] and not back[1] for there, back in both_ways):
        return "correct"
    return "wrong" if all(there[1] and back[1] for there, back in both_ways) else None


def _load(model: str, commit: str | None) -> tuple[Any, Any]:
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        tokenizer = AutoTokenizer.from_pretrained(model, revision=commit)
        loaded: Any = AutoModelForSequenceClassification.from_pretrained(
            model, revision=commit, dtype=torch.float32
        )
    except (OSError, ValueError, KeyError, TypeError, ImportError, RuntimeError, SafetensorError) as error:
        raise UsageError(f"'{model}' cannot be loaded: {first_line(error)}") from error
    return loaded.to(device).eval(), tokenizer
