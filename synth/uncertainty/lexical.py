"""Lexical similarity: how many words a question's samples share, in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import polars as pl

from synth.uncertainty.answers import Answers

_WORD: Final = re.compile(r"[^\W_]+")


def lexical_similarity(answers: Answers) -> pl.DataFrame:
    """The mean ROUGE-L of all pairs of a question's samples, 0 to 1.

    Words are runs of letters and digits in lower case, of any script, without stemming.
    """
    told = answers.texts.group_by("question_id", maintain_order=True).agg("text", "count")
    found = [(name, _mean(texts, counts), sum(counts)) for name, texts, counts in told.iter_rows()]
    schema = {"question_id": pl.String(), "value": pl.Float64(), "n": pl.Int32()}
    return pl.DataFrame(found, schema=schema, orient="row").filter(pl.col("n") > 1).drop_nulls("value")


def rouge_l(one: Sequence[str], other: Sequence[str]) -> float:
    """ROUGE-L of two lists of words: the F-measure of their longest common subsequence; 0 for empty ones.

    Source: Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004, section 3.
    """
    common = _common(_places(one), len(one), other)
    return 2 * common / (len(one) + len(other)) if common else 0.0


def _mean(texts: Sequence[str], counts: Sequence[int]) -> float | None:
    """The mean over pairs of samples, from distinct texts and how often each was given."""
    samples = sum(counts)
    if samples < 2:
        return None
    total = sum(similarity * many for similarity, many in _pairs(texts, counts))
    return total / (samples * (samples - 1) / 2)


def _pairs(texts: Sequence[str], counts: Sequence[int]) -> Iterator[tuple[float, int]]:
    """How alike each pair of texts is, and how many pairs of samples it stands for."""
    said = [_WORD.findall(text.lower()) for text in texts]
    for words, many in zip(said, counts, strict=True):
        yield float(bool(words)), many * (many - 1) // 2
    places = [_places(words) for words in said]
    for left, right in combinations(range(len(said)), 2):
        size = len(said[left]) + len(said[right])
        common = _common(places[left], len(said[left]), said[right])
        yield 2 * common / size if common else 0.0, counts[left] * counts[right]


def _places(words: Sequence[str]) -> dict[str, int]:
    """For each word a number with a bit set wherever the word stands."""
    found: dict[str, int] = {}
    for place, word in enumerate(words):
        found[word] = found.get(word, 0) | 1 << place
    return found


def _common(places: dict[str, int], length: int, words: Sequence[str]) -> int:
    """The length of the longest common subsequence, a row of the table at a time in the bits of one number.

    Source: Hyyrö, "Bit-Parallel LCS-length Computation Revisited", AWOCA 2004.
    """
    full = (1 << length) - 1
    row = full
    for word in words:
        matched = row & places.get(word, 0)
        if matched:
            row = (row + matched | row - matched) & full
    return length - row.bit_count()
