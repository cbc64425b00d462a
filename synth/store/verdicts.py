"""Verdicts on stored samples, kept so that no answer is graded twice.

They are a cache beside the samples: whatever is lost is graded again. A verdict is found under its sample,
under `said`, a hash of the sample's text, and under `graded_as`, a hash of the graders' code and of all
that they look at in the question.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

import orjson
import polars as pl

from synth import graders
from synth.errors import first_line
from synth.schema import VERDICTS
from synth.store.sealed import among, write_sealed
from synth.store.store import Store

CACHED: Final = pl.Schema({**VERDICTS, "graded_as": pl.String(), "said": pl.UInt64()})
ROWS_A_FILE: Final = 250_000
SMALL: Final = 1 << 20
"""Bytes below which a file counts as small."""
MOST_SMALL: Final = 32
"""Small files after which they are put together."""

ID: Final = ["key", "index", "graded_as", "said"]
"""What a verdict is found under."""

log = logging.getLogger("synth")


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
        """Write what was added, where that can be; nothing without a store to keep it beside."""
        waiting, self._waiting, self._rows = self._waiting, [], 0
        if not waiting or not self.folder.parent.is_dir():
            return
        try:
            small = [file for file in self._files() if file.stat().st_size < SMALL]
            old = small if len(small) >= MOST_SMALL else []
            frames = [*waiting, *(_read(file) for file in old)]
            self.folder.mkdir(exist_ok=True)
            write_sealed(pl.concat(frames).unique(ID).sort(ID), self.folder)
            for file in old:
                file.unlink(missing_ok=True)
        except OSError as error:
            log.warning("verdicts are not kept in %s (%s)", self.folder, error.strerror)

    def of(self, keys: pl.Series) -> pl.DataFrame:
        """The verdicts on the samples with these keys, whatever they were graded as."""
        wanted = keys.unique().sort()
        if wanted.is_empty():
            return pl.DataFrame(schema=CACHED)
        found = [frame.filter(among(wanted)) for frame in self._waiting]
        found += [_read(file, among(wanted)) for file in self._files()]
        return pl.concat(found).unique(ID) if found else pl.DataFrame(schema=CACHED)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))


def said(text: pl.Expr, finish: pl.Expr) -> pl.Expr:
    """The hash of a sample's text and end."""
    return pl.concat_str(text.fill_null(""), finish.fill_null(""), separator="\0").hash(seed=0).alias("said")


def _read(file: Path, of: pl.Expr | None = None) -> pl.DataFrame:
    """A file's verdicts; none where it is gone, damaged or in another form, for they can be made again."""
    try:
        scan = pl.scan_parquet(file)
        if scan.collect_schema() == CACHED:
            return (scan if of is None else scan.filter(of)).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        log.warning("%s cannot be read (%s)", file, first_line(error))
    return pl.DataFrame(schema=CACHED)


def graded_as(
    kind: str, question: str, answers: Sequence[str], choices: Sequence[str] | None, prefix: str
) -> str:
    """A hash of what a verdict rests on besides the sample."""
    asked = orjson.dumps([kind, question, answers, choices, prefix])
    return hashlib.blake2b(_graders() + asked, digest_size=8).hexdigest()


@cache
def _graders() -> bytes:
    """A hash of the graders' code and of the library that decides on formulae."""
    digest = hashlib.blake2b(metadata.version("math-verify").encode(), digest_size=16)
    for file in sorted(Path(graders.__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.digest()
