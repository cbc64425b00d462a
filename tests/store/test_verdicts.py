"""The cache of verdicts: found again under its sample and what it was graded as, and never in the way."""

from pathlib import Path

import polars as pl
import pytest

from synth.store import Store, VerdictCache, graded_as
from synth.store import verdicts as module
from synth.store.verdicts import CACHED


def verdicts(rows: int, graded: str = "g", outcome: str = "correct") -> pl.DataFrame:
    ids = [f"{i:032x}" for i in range(rows)]
    frame = pl.DataFrame(
        {"key": ids, "index": [0] * rows, "outcome": [outcome] * rows, "graded_as": graded, "said": 7}
    )
    missing = [pl.lit(None, dtype).alias(n) for n, dtype in CACHED.items() if n not in frame.columns]
    return frame.with_columns(missing).select(list(CACHED)).cast(CACHED)


@pytest.fixture
def cache(tmp_path: Path) -> VerdictCache:
    (tmp_path / "s").mkdir()
    return VerdictCache(Store(tmp_path / "s"))


def test_a_verdict_is_found_before_and_after_it_is_written(cache: VerdictCache) -> None:
    cache.add(verdicts(5))
    keys = verdicts(3)["key"]
    assert cache.of(keys).sort("key").equals(verdicts(3))
    cache.flush()
    assert cache.of(keys).sort("key").equals(verdicts(3))
    assert cache.of(pl.Series([], dtype=pl.String())).is_empty()


def test_other_golds_are_other_verdicts(cache: VerdictCache) -> None:
    cache.add(verdicts(1, "paris"))
    cache.add(verdicts(1, "rome", "wrong"))
    cache.flush()
    found = cache.of(verdicts(1)["key"]).sort("graded_as")
    assert found.select("graded_as", "outcome").rows() == [("paris", "correct"), ("rome", "wrong")]
    one = graded_as("short", "Capital?", ["Paris"], None, "")
    assert one != graded_as("short", "Capital?", ["Rome"], None, "")
    assert one != graded_as("short", "Capital?", ["Paris"], None, "It is ")
    assert one == graded_as("short", "Capital?", ["Paris"], None, "")


def test_without_a_store_nothing_is_written(tmp_path: Path) -> None:
    cache = VerdictCache(Store(tmp_path / "s"))
    cache.add(verdicts(2))
    cache.flush()
    assert not (tmp_path / "s").exists()


def test_many_small_files_become_one(cache: VerdictCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SMALL", 4)
    for run in range(9):
        cache.add(verdicts(10 + run))
        cache.flush()
    assert len(list(cache.folder.glob("*.parquet"))) < 5
    assert cache.of(verdicts(18)["key"]).height == 18


@pytest.mark.parametrize("damage", [b"", b"PAR1 nothing of the kind"])
def test_a_damaged_or_foreign_file_is_as_if_it_were_not_there(cache: VerdictCache, damage: bytes) -> None:
    cache.add(verdicts(3))
    cache.flush()
    (cache.folder / "0.parquet").write_bytes(damage)
    pl.DataFrame({"key": ["x"]}).write_parquet(cache.folder / "1.parquet")
    assert cache.of(verdicts(3)["key"]).height == 3


def test_where_nothing_can_be_written_nothing_is_kept(cache: VerdictCache) -> None:
    cache.folder.write_text("a file, not a folder")
    cache.add(verdicts(3))
    cache.flush()
    assert cache.of(verdicts(3)["key"]).is_empty()
