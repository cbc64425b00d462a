from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from synth.filtering import Filter, Filtered
from synth.schema import DROPPED

_PATH = Path(__file__).parents[2] / "filters" / "exact.py"


def exact() -> Filter:
    name = "synth_drawer_test_exact"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, _PATH)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    drawer: Filter = sys.modules[name].Exact()
    return drawer


def rows(contents: list[str | None]) -> pl.DataFrame:
    ids = [f"row-{place}" for place in range(len(contents))]
    return pl.DataFrame({"id": ids, "content": contents}, schema={"id": pl.String, "content": pl.String})


def apply(contents: list[str | None]) -> Filtered:
    return exact().apply(rows(contents))


def test_first_row_wins_and_is_the_twin() -> None:
    filtered = apply(["Who wrote Hamlet?", "Other", "who wrote  HAMLET", "“Who wrote Hamlet?”"])
    assert filtered.kept["id"].to_list() == ["row-0", "row-1"]
    assert filtered.dropped.select(DROPPED.names()).rows() == [
        ("row-2", "exact_duplicate", "row-0", 1.0),
        ("row-3", "exact_duplicate", "row-0", 1.0),
    ]


def test_rows_without_content_are_no_duplicates() -> None:
    assert apply([None, None]).dropped.is_empty()


def test_an_empty_set_stays_empty() -> None:
    filtered = apply([])
    assert filtered.kept.is_empty()
    assert filtered.dropped.columns == ["id", "content", "reason", "twin", "score"]


@given(st.lists(st.one_of(st.none(), st.text(alphabet="aA b.?", max_size=4)), max_size=30))
def test_everything_is_kept_or_dropped_once_and_again_drops_nothing(contents: list[str | None]) -> None:
    filtered = apply(contents)
    kept, dropped = filtered.kept["id"].to_list(), filtered.dropped["id"].to_list()
    assert sorted(kept + dropped) == sorted(rows(contents)["id"])
    assert set(filtered.dropped["twin"]) <= set(kept)
    assert exact().apply(filtered.kept).dropped.is_empty()
