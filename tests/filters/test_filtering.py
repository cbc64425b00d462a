from __future__ import annotations

import polars as pl
import pytest

from synth.filtering import Filtered, apply_all

EXAMPLES = pl.DataFrame({"id": ["a", "b", "c", "d"], "text": ["1", "2", "3", "4"]})


def drops(*rows: tuple[str, str | None]) -> pl.DataFrame:
    ids, twins = zip(*rows, strict=True)
    return pl.DataFrame({"id": ids, "twin": twins}, schema={"id": pl.String, "twin": pl.String}).with_columns(
        reason=pl.lit("shorter")
    )


class Drop:
    """A filter that drops what it is told."""

    def __init__(self, *rows: tuple[str, str | None]) -> None:
        self.rows = rows

    def apply(self, examples: pl.DataFrame) -> Filtered:
        return Filtered.by(examples, drops(*self.rows))


def test_order_and_columns_of_the_input_stay() -> None:
    filtered = Filtered.by(EXAMPLES, drops(("d", "b"), ("a", None)))
    assert filtered.kept.rows() == [("b", "2"), ("c", "3")]
    assert filtered.dropped.rows() == [("a", "1", "shorter", None, None), ("d", "4", "shorter", "b", None)]


def test_chains_end_at_a_kept_row() -> None:
    filtered = Filtered.by(EXAMPLES, drops(("b", "a"), ("c", "b"), ("d", "c")))
    assert filtered.dropped["twin"].to_list() == ["a", "a", "a"]


def test_circles_strangers_and_doubles_are_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        Filtered.by(EXAMPLES, drops(("a", "b"), ("b", "a")))
    with pytest.raises(ValueError, match="no such example: 'z'"):
        Filtered.by(EXAMPLES, drops(("a", "z")))
    with pytest.raises(ValueError, match="occurs twice"):
        Filtered.by(pl.concat([EXAMPLES, EXAMPLES]), drops(("a", None)))


def test_a_later_filter_hands_on_the_twin() -> None:
    filtered = apply_all([Drop(("b", "a")), Drop(("a", "c")), Drop(("d", None))], EXAMPLES)
    assert filtered.kept["id"].to_list() == ["c"]
    assert filtered.dropped.select("id", "twin").rows() == [("a", "c"), ("b", "c"), ("d", None)]


def test_no_filters_keep_everything() -> None:
    assert apply_all([], EXAMPLES).kept.equals(EXAMPLES)
