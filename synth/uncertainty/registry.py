"""Every estimator, declared once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from synth.errors import UsageError, quoted
from synth.questions.columns import nearest
from synth.uncertainty.estimator import Estimator
from synth.uncertainty.first_token import first_token_margin
from synth.uncertainty.hidden import eigen_score
from synth.uncertainty.lexical import lexical_similarity
from synth.uncertainty.likelihood import length_normalised_entropy, predictive_entropy, sequence_probability
from synth.uncertainty.sar import sar, sentence_sar, token_sar
from synth.uncertainty.semantic import (
    discrete_semantic_entropy,
    length_normalised_semantic_entropy,
    semantic_entropy,
)
from synth.uncertainty.shares import agreement, majority_share, p_hat_of_others
from synth.uncertainty.stated import p_true, verbal_confidence

_OWN: Final = "the share of right answers"
_WANG: Final = "Wang et al., ICLR 2023"
_KUHN: Final = "Kuhn, Gal & Farquhar, ICLR 2023"
_FARQUHAR: Final = "Farquhar et al., Nature 630, 2024"
_MALININ: Final = "Malinin & Gales, ICLR 2021"
_MURRAY: Final = "Murray & Chiang, WMT 2018"
_SAR: Final = "Duan et al., ACL 2024"
_ZHOU: Final = "Wang & Zhou, NeurIPS 2024"
_TIAN: Final = "Tian et al., EMNLP 2023"
_KADAVATH: Final = "Kadavath et al., 2022"
_CHEN: Final = "Chen et al., ICLR 2024"

ESTIMATORS: Final[dict[str, Estimator]] = {
    each.name: each
    for each in (
        Estimator(p_hat_of_others, "higher", "answer", ("verdicts",), _OWN, oracle=True),
        Estimator(agreement, "higher", "answer", ("answers",), _WANG),
        Estimator(majority_share, "higher", "question", ("answers",), _WANG),
        Estimator(discrete_semantic_entropy, "lower", "question", ("answers",), _FARQUHAR),
        Estimator(semantic_entropy, "lower", "question", ("answers", "logprobs"), _KUHN),
        Estimator(
            length_normalised_semantic_entropy, "lower", "question", ("answers", "logprobs"), _FARQUHAR
        ),
        Estimator(lexical_similarity, "higher", "question", ("answers",), _KUHN),
        Estimator(predictive_entropy, "lower", "question", ("logprobs",), _MALININ),
        Estimator(length_normalised_entropy, "lower", "question", ("logprobs",), _MALININ),
        Estimator(sequence_probability, "higher", "answer", ("logprobs",), _MURRAY),
        Estimator(first_token_margin, "higher", "question", ("token_logprobs",), _ZHOU),
        Estimator(token_sar, "lower", "answer", ("token_logprobs", "spans"), _SAR),
        Estimator(sentence_sar, "lower", "question", ("answers", "logprobs"), _SAR),
        Estimator(sar, "lower", "question", ("answers", "token_logprobs", "spans"), _SAR),
        Estimator(verbal_confidence, "higher", "answer", ("stated",), _TIAN),
        Estimator(p_true, "higher", "answer", ("p_true",), _KADAVATH),
        Estimator(eigen_score, "lower", "question", ("answers", "states"), _CHEN),
    )
}
"""By name, which is that of its function."""


def chosen(names: Sequence[str]) -> list[Estimator]:
    """The estimators of these names, every one for "all"; hyphens and underscores are the same.

    Raises:
        UsageError: there is none of that name.
    """
    known = [name.strip().replace("-", "_") for name in names]
    if known == ["all"]:
        return list(ESTIMATORS.values())
    for name in known:
        if name not in ESTIMATORS:
            there = quoted(["all", *ESTIMATORS])
            raise UsageError(
                f"no estimator is called '{name}'{nearest(name, list(ESTIMATORS))}; there are {there}"
            )
    return [ESTIMATORS[name] for name in dict.fromkeys(known)]
