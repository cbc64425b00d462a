"""Verdicts on stored samples, kept so that no answer is graded twice.

They are a cache beside the samples: whatever is lost is graded again. A verdict is found under its sample and
under `graded_as`, a hash of the graders' code and of everything about the question that they look at.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

import orjson
import polars as pl

from synth import graders
from synth.schema import VERDICTS
from synth.store.store import Store, among

CACHED: Final = pl.Schema({**VERDICTS, "graded_as": pl.String()})
ROWS_A_FILE: Final = 250_000
SMALL: Final = 1 << 20
"""Bytes below which a file counts as small."""
MOST_SMALL: Final = 32
"""Small files after which they are put together."""

_ID: Final = ["key", "index", "graded_as"]


class VerdictCache:
    """The verdicts beside the samples of a store.

    Args:
        store: whose samples they are about.
    """

    def __init__(self, store: Store) -> None:
        self.folder = store.folder / "verdicts"
        self._waiting: list[pl.DataFrame] = []
        self._rows = 0

    def add(self, verdicts: pl.DataFrame) -> None:
        """Keep verdicts, with the columns of `CACHED`."""
        self._waiting.append(verdicts.select(list(CACHED)))
        self._rows += verdicts.height
        if self._rows >= ROWS_A_FILE:
            self.flush()

    def flush(self) -> None:
        """Write what was added; without a store's folder there is nothing to keep it beside."""
        if self._waiting and self.folder.parent.is_dir():
            small = [file for file in self._files() if file.stat().st_size < SMALL]
            old = small if len(small) >= MOST_SMALL else []
            frames = [*self._waiting, *(pl.read_parquet(file) for file in old)]
            self._write(pl.concat(frames).unique(_ID).sort(_ID))
            for file in old:
                file.unlink(missing_ok=True)
        self._waiting, self._rows = [], 0

    def of(self, keys: pl.Series) -> pl.DataFrame:
        """The verdicts on the samples with these keys, whatever they were graded as."""
        wanted = keys.unique().sort()
        if wanted.is_empty():
            return pl.DataFrame(schema=CACHED)
        parts = [frame.lazy() for frame in self._waiting]
        parts += [pl.scan_parquet(file) for file in self._files()]
        if not parts:
            return pl.DataFrame(schema=CACHED)
        return pl.concat([part.filter(among(wanted)) for part in parts]).unique(_ID).collect()

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))

    def _write(self, frame: pl.DataFrame) -> None:
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{time.time_ns():x}-{os.getpid()}.parquet"
        beside = path.with_suffix(".tmp")
        frame.write_parquet(beside, compression="zstd", row_group_size=50_000)
        beside.rename(path)


def graded_as(
    kind: str, question: str, answers: Sequence[str], choices: Sequence[str] | None, prefix: str
) -> str:
    """A hash of what a verdict rests on besides the sample's text."""
    asked = orjson.dumps([kind, question, answers, choices, prefix])
    return hashlib.blake2b(_graders() + asked, digest_size=8).hexdigest()


@cache
def _graders() -> bytes:
    """A hash of the graders' code and of the library that decides on formulae."""
    digest = hashlib.blake2b(metadata.version("math-verify").encode(), digest_size=16)
    for file in sorted(Path(graders.__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.digest()
