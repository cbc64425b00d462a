"""Repeats: the first of texts alike stays, within its group."""

from __future__ import annotations

import polars as pl
import pytest

from synth import ngrams
from synth.ngrams import Level

LONG = " ".join(f"word{i}" for i in range(40))
ONE_ELSE = LONG.replace("word7 ", "other ")


def repeats(*texts: str, level: Level = "ngrams", groups: str = "", **more: float) -> list[str | None]:
    frame = pl.DataFrame({"group": list(groups or "a" * len(texts)), "text": texts})
    return ngrams.repeats(frame, "group", level, **more).to_list()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "found"),
    [
        ("none", [None] * 4),
        ("exact", [None, None, None, "exact_duplicate"]),
        ("normal", [None, "exact_duplicate", None, "exact_duplicate"]),
        ("ngrams", [None, "exact_duplicate", "near_duplicate", "exact_duplicate"]),
    ],
)
def test_each_level_finds_what_the_one_before_does_and_more(level: Level, found: list[str | None]) -> None:
    assert repeats(LONG, LONG.upper(), ONE_ELSE, LONG, level=level) == found


def test_groups_do_not_meet() -> None:
    assert repeats(LONG, LONG, ONE_ELSE, LONG, groups="abab") == [
        None,
        None,
        "near_duplicate",
        "exact_duplicate",
    ]


def test_what_repeats_only_a_dropped_text_stays() -> None:
    """A chain in small steps: the third is like the second, which is gone, and unlike the first."""
    steps = [LONG]
    for start in (0, 3, 6):
        words = steps[-1].split()
        words[start : start + 3] = ["x", "y", f"z{start}"]
        steps.append(" ".join(words))
    alike = repeats(*steps, similarity=0.75)
    assert alike == [None, "near_duplicate", None, "near_duplicate"]


def test_short_texts_are_one_gram() -> None:
    assert repeats("Paris", "paris.", "It is", "It was", "", "") == [
        None, "exact_duplicate", None, None, None, "exact_duplicate",
    ]  # fmt: skip


def test_the_similarity_is_the_jaccard_index() -> None:
    """20 words have 18 trigrams; one word else in the middle shares 15 of 21."""
    text = " ".join(f"w{i}" for i in range(20))
    other = text.replace("w9 ", "x ")
    assert repeats(text, other, similarity=15 / 21) == [None, "near_duplicate"]
    assert repeats(text, other, similarity=15 / 21 + 1e-6) == [None, None]
    assert repeats(text, other, size=1, similarity=19 / 21) == [None, "near_duplicate"]


def test_many_groups_go_in_batches_and_come_out_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [LONG if i % 3 else f"{ONE_ELSE} {i}" for i in range(60)]
    groups = "".join("abcdef"[i // 10] for i in range(60))
    whole = repeats(*texts, groups=groups)
    monkeypatch.setattr(ngrams, "_BATCH", 4)
    assert repeats(*texts, groups=groups) == whole


def test_nothing_to_compare() -> None:
    assert (
        ngrams.repeats(pl.DataFrame(schema={"g": pl.String(), "text": pl.String()}), "g", "ngrams").len() == 0
    )
