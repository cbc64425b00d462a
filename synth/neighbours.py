"""Pairs of texts above a threshold: FAISS finds candidates, the embedder's true similarity decides.

near         every pair
keep_first   the texts that a kept earlier text makes superfluous
equal, overlapping   rules about what else the two of a pair must have in common
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.embedders import Embedder, Places, Vectors

Flags: TypeAlias = NDArray[np.bool_]
Allowed: TypeAlias = Callable[[Places, Places], Flags]
"""Which of the pairs (left, right) are worth a look."""

_BLOCK: Final = 1024  # queries at a time: FAISS needs four times as long with a quarter of it
_MANY: Final = 2**22  # pairs in a block: halve the next one, so that memory stays bounded
_CHUNK: Final = 2**14  # pairs scored at a time
_DIGITS: Final = 6  # what single precision can say


class Pairs(NamedTuple):
    """Some pairs: the places of two texts, the earlier one on the right, and how alike they are."""

    left: Places
    right: Places
    score: NDArray[np.float64]


class Twin(NamedTuple):
    """A text that goes, by place, the kept text most like it, and how alike they are."""

    place: int
    twin: int
    score: float


def keep_first(
    texts: Sequence[str], embedder: Embedder, threshold: float, allowed: Allowed | None = None
) -> list[Twin]:
    """Go through the texts in order and drop each that has a kept twin before it.

    No two of the texts that stay are twins, so doing it again drops nothing.
    """
    kept = np.ones(len(texts), dtype=bool)
    twins = []
    for pairs in near(texts, embedder, threshold, allowed=allowed, searched=kept):
        columns = zip(*(column.tolist() for column in pairs), strict=True)
        for place, alike in groupby(columns, key=lambda pair: pair[0]):
            candidates = [(score, -right) for _, right, score in alike if kept[right]]
            if candidates:
                score, right = max(candidates)  # the earliest of equally near ones
                twins.append(Twin(place, -right, score))
                kept[place] = False
    return twins


def near(
    texts: Sequence[str],
    embedder: Embedder,
    threshold: float,
    *,
    allowed: Allowed | None = None,
    searched: Flags | None = None,
) -> Iterator[Pairs]:
    """Every pair of texts whose similarity is at least the threshold, in the order of (left, right).

    All pairs of one left text come together.

    Args:
        texts: equal ones are encoded once.
        embedder: says how alike two texts are.
        threshold: the least cosine similarity of a pair.
        allowed: leaves pairs out before they are scored.
        searched: a flag a text; who clears one while consuming the pairs has it met by no later text.
    """
    distinct, places = np.unique(np.asarray(texts, dtype=object), return_inverse=True)
    wordings = distinct.tolist()
    rows = embedder.encode(wordings)
    flags = np.ones(len(texts), dtype=bool) if searched is None else searched
    for left, right in _candidates(rows[places], embedder.floor(threshold), flags):
        found = []
        for start in range(0, len(left), _CHUNK):
            some_left, some_right = left[start : start + _CHUNK], right[start : start + _CHUNK]
            if allowed is not None:
                wanted = allowed(some_left, some_right)
                some_left, some_right = some_left[wanted], some_right[wanted]
            score = embedder.similarity(wordings, rows, places[some_left], places[some_right]).round(_DIGITS)
            true = score >= threshold
            found.append(Pairs(some_left[true], some_right[true], score[true]))
        if found:
            yield Pairs(*map(np.concatenate, zip(*found, strict=True)))


def equal(keys: pl.Series) -> Allowed:
    """The pairs that have the same key."""
    ranks = keys.rank("dense").to_numpy()
    return lambda left, right: np.asarray(ranks[left] == ranks[right])


def overlapping(sets: pl.Series) -> Allowed:
    """The pairs whose sets share a member, or of which one is empty and so says nothing."""
    from scipy.sparse import csr_array

    members = (
        pl.DataFrame({"place": range(len(sets)), "member": sets})
        .explode("member")
        .filter(pl.col("member") != "")
        .unique()
        .with_columns(pl.col("member").rank("dense"))
    )
    owned = csr_array(
        (
            np.ones(members.height, dtype=np.int32),
            (members["place"].to_numpy(), members["member"].to_numpy()),
        ),
        shape=(len(sets), members.height + 1),
    )
    empty = owned.sum(axis=1) == 0

    def allowed(left: Places, right: Places) -> Flags:
        shared = owned[left].multiply(owned[right]).sum(axis=1) > 0
        return np.asarray(shared | empty[left] | empty[right], dtype=bool)

    return allowed


def _candidates(rows: Vectors, floor: float, searched: Flags) -> Iterator[tuple[Places, Places]]:
    """Every pair (left, right), right before left, whose rows' dot product is above the floor.

    The search is exact; a block meets only the rows up to its own end that are still searched.
    """
    import faiss

    index = faiss.IndexFlatIP(rows.shape[1])
    indexed = np.empty(0, dtype=np.int64)  # the place of each row in the index
    start, size = 0, _BLOCK
    while start < len(rows):
        block = rows[start : start + size]
        index.add(block)
        indexed = np.append(indexed, np.arange(start, start + len(block)))
        limits, _, found = index.range_search(block, floor)
        ends: Places = np.asarray(limits, dtype=np.int64)
        left, right = start + np.repeat(np.arange(len(block)), ends[1:] - ends[:-1]), indexed[found]
        earlier = right < left
        left, right = left[earlier], right[earlier]
        order = np.lexsort((right, left))
        yield left[order], right[order]
        gone: Places = np.flatnonzero(~searched[indexed])
        if len(gone):
            index.remove_ids(faiss.IDSelectorBatch(gone))
            indexed = np.delete(indexed, gone)
        start += len(block)
        if len(found) > _MANY:
            size = max(1, size // 2)
