"""What an estimator is: a number for each question, or each answer, that should tell right from wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

if TYPE_CHECKING:
    from synth.uncertainty.answers import Answers

Need = Literal["answers", "verdicts", "logprobs", "token_logprobs", "spans", "stated", "p_true", "states"]
"""What an estimator looks at besides the texts."""

NEEDS: Final[dict[Need, str]] = {
    "answers": "at least two answers a question",
    "verdicts": "answers that were judged",
    "logprobs": "the log-probability of each answer",
    "token_logprobs": "the log-probability of each token: answers drawn with --token-logprobs",
    "spans": "a tokenizer that finds the same tokens again",
    "stated": "a confidence stated in the answer, on the scale that is declared",
    "p_true": "an engine that can score given replies, or a table of P(True)",
    "states": "hidden states, which only --engine transformers gives",
}
"""The same in words, for whoever lacks it."""


@dataclass(frozen=True)
class Estimator:
    """One way to say how sure a model is, from its samples.

    Attributes:
        measure: from the answers to `question_id`, for an answer also `key` and `index`, `value`, and `n`,
            the samples that the value rests on. What has no value has no row.
        surer: which values are those of a surer model.
        of: a value for each "question" or for each "answer".
        needs: what it looks at.
        source: the paper.
        oracle: it sees verdicts, so that it is a bound to compare with and nothing to use.
    """

    measure: Callable[[Answers], pl.DataFrame]
    surer: Literal["higher", "lower"]
    of: Literal["question", "answer"]
    needs: tuple[Need, ...]
    source: str
    oracle: bool = False

    @property
    def name(self) -> str:
        """As on the command line."""
        return self.measure.__name__

    @property
    def wanting(self) -> str:
        """What it needs, in words."""
        return " and ".join(NEEDS[need] for need in self.needs)
