"""Texts that repeat an earlier one of their group: to the letter, in normal form, or by their n-grams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np
import polars as pl

from synth.text import normal_form

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Level: TypeAlias = Literal["none", "exact", "normal", "ngrams"]

EXACT: Final = "exact_duplicate"
NEAR: Final = "near_duplicate"
"""Reasons of a repeat."""

_BATCH: Final = 2**14  # texts whose n-grams are in memory at once; a group stays whole


def repeats(texts: pl.DataFrame, per: str, level: Level, size: int = 3, similarity: float = 0.8) -> pl.Series:
    """What each text repeats, in the order of the rows: the first of those alike stays.

    Args:
        texts: `text` and the column `per`.
        per: only texts that share its value are compared.
        level: "exact" compares to the letter, "normal" by `synth.text.normal_form`, "ngrams" also finds
            texts whose sets of word n-grams overlap; "none" finds nothing.
        size: words of an n-gram; a text of fewer words is one.
        similarity: Jaccard index of the two sets, shared over all, from which two texts are alike.

    Returns:
        The reason that a text goes for, null for one that stays, in the order of the rows.
    """
    rows = texts.select(per, "text").with_row_index("row")
    if level == "none":
        return pl.Series("repeats", [None] * rows.height, dtype=pl.String())
    form = pl.col("text") if level == "exact" else normal_form(pl.col("text"))
    rows = rows.with_columns(form=form)
    seen = pl.col("row") != pl.col("row").first().over(per, "form")
    found = rows.select(pl.when(seen).then(pl.lit(EXACT)).alias("repeats")).to_series()
    if level == "ngrams":
        near = _near(rows.filter(~seen), per, size, similarity)
        found = found.scatter(near, [NEAR] * len(near))
    return found


def _near(rows: pl.DataFrame, per: str, size: int, similarity: float) -> list[int]:
    """The texts that are near a kept earlier one of their group, by row; no two kept ones are near."""
    found: list[int] = []
    for part in _batches(rows.filter(pl.len().over(per) > 1).sort(per, maintain_order=True), per):
        sets = _sets(part["form"], size)
        places, lengths = part["row"].to_list(), np.diff(sets.indptr)
        ends = part[per].rle().struct.field("len").cum_sum().to_list()
        for start, end in zip([0, *ends], ends, strict=False):
            shared = (sets[start:end] @ sets[start:end].T).toarray()
            either = lengths[start:end, None] + lengths[None, start:end] - shared
            alike = shared >= similarity * either
            kept = np.ones(end - start, bool)
            for later in range(1, end - start):
                kept[later] = not (alike[later, :later] & kept[:later]).any()
            found += [places[start + gone] for gone in np.flatnonzero(~kept)]
    return found


def _batches(rows: pl.DataFrame, per: str) -> Iterator[pl.DataFrame]:
    """The rows, whose groups stand together, in parts of whole groups."""
    lengths = rows[per].rle().struct.field("len")
    number = lengths.cum_sum() // _BATCH
    parts = pl.DataFrame({"number": number, "len": lengths}).group_by("number", maintain_order=True)
    start = 0
    for length in parts.agg(pl.col("len").sum())["len"]:
        yield rows[start : start + length]
        start += length


def _sets(forms: pl.Series, size: int) -> csr_array:
    """The set of n-grams of each text as a row of ones, one column an n-gram."""
    from scipy.sparse import csr_array

    words = pl.DataFrame({"text": np.arange(len(forms)), "word": forms.str.split(" ")}).explode("word")
    window = [pl.col("word").shift(-place).over("text").alias(str(place)) for place in range(size)]
    left = pl.len().over("text") - pl.int_range(pl.len()).over("text")  # words from here to the end
    first = pl.int_range(pl.len()).over("text") == 0
    grams = words.select("text", gram=pl.struct(window).hash(), whole=first | (left >= size))
    grams = grams.filter("whole").select("text", "gram").unique().sort("text")
    columns, places = np.unique(grams["gram"].to_numpy(), return_inverse=True)
    ones = np.ones(grams.height, np.int32)
    return csr_array((ones, (grams["text"].to_numpy(), places)), shape=(len(forms), len(columns)))
