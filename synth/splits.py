"""Train, validation and test: what is one question, however it is called or worded, is in one of them."""

from __future__ import annotations

from typing import Final

import polars as pl

from synth import choose
from synth.text import normal_form

SPLITS: Final = ("train", "validation", "test")


def with_split(questions: pl.LazyFrame, validation: float, test: float, seed: int) -> pl.LazyFrame:
    """The questions with `split`, chosen by their family.

    A family is all questions that share a group, or their text and options, directly or through others.

    Args:
        questions: `question_id, group, question, choices`.
        validation: share of the families.
        test: share of the families.
        seed: for the choice.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    options = pl.col("choices").cast(pl.List(pl.String())).list.sort().list.join("\n").fill_null("")
    rows = questions.select(
        text=pl.concat_str(
            normal_form(pl.col("question")).str.strip_chars_end("?!. "), options, separator="\n"
        ),
        group=pl.coalesce("group", "question_id"),
    ).collect()
    places = [rows[name].rank("dense").cast(pl.Int64()).to_numpy() - 1 for name in ("text", "group")]
    texts = int(places[0].max(initial=-1)) + 1
    nodes = texts + int(places[1].max(initial=-1)) + 1
    edges = (np.ones(rows.height), (places[0], texts + places[1]))
    _, family = connected_components(coo_array(edges, shape=(nodes, nodes)), directed=False)
    named = rows.select(family=pl.col("group").min().over(pl.Series(family[places[0]])))
    weights = (1 - validation - test, validation, test)
    split = named.select(split=choose.among(SPLITS, "family", seed, weights))
    return questions.with_columns(split.to_series())
