from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from synth import neighbours
from synth.embedders import HashedNgrams
from synth.neighbours import equal, keep_first, near, overlapping

TEXTS = ["alpha beta gamma", "one two three", "gamma beta alpha", "alpha beta gammas", "one two three"]


def found(threshold: float) -> list[tuple[int, int]]:
    blocks = list(near(TEXTS, HashedNgrams(), threshold))
    return [pair for left, right, _ in blocks for pair in zip(left.tolist(), right.tolist(), strict=True)]


def test_every_pair_in_order() -> None:
    assert found(0.8) == [(2, 0), (3, 0), (3, 2), (4, 1)]
    assert found(1.0) == [(2, 0), (4, 1)]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = keep_first(TEXTS, HashedNgrams(), 0.8)
    for name in ("_BLOCK", "_CHUNK", "_MANY"):
        monkeypatch.setattr(neighbours, name, 2)
    assert found(0.8) == [(2, 0), (3, 0), (3, 2), (4, 1)]
    assert keep_first(TEXTS, HashedNgrams(), 0.8) == whole


def test_keep_first_names_kept_twins_only() -> None:
    assert [twin[:2] for twin in keep_first(TEXTS, HashedNgrams(), 0.8)] == [(2, 0), (3, 0), (4, 1)]


def test_only_allowed_pairs_are_twins() -> None:
    allowed = equal(pl.Series(["a", "b", "c", "a", "b"]))
    assert [twin[:2] for twin in keep_first(TEXTS, HashedNgrams(), 0.8, allowed)] == [(3, 0), (4, 1)]


def test_no_texts() -> None:
    assert keep_first([], HashedNgrams(), 0.8) == []


def test_sets_overlap_where_they_share_a_member_or_say_nothing() -> None:
    sets = pl.Series([["x", "y"], ["y"], ["z"], [], [""], None], dtype=pl.List(pl.String))
    first = np.zeros(6, dtype=np.int64)
    assert overlapping(sets)(first, np.arange(6)).tolist() == [True, True, False, True, True, True]
