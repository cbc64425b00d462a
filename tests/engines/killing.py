"""Builds that are killed while they draw."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from synth.store import Store


def killed_build(folder: Path, flags: Sequence[str], kills: int, patience: float = 120.0) -> pl.DataFrame:
    """What a build has stored that was killed so often while it drew, and then ran to its end.

    Each time all that was acknowledged is still there, and the last run draws what is missing, no more.

    Args:
        folder: to build in.
        flags: of `synth build refusal`.
        kills: how often.
        patience: seconds that it may take until it draws.
    """
    folder.mkdir()
    rng = random.Random(kills)
    command = [sys.executable, "-m", "synth", "build", "refusal", *flags, "--json"]
    acknowledged: set[tuple[str, int]] = set()
    for _ in range(kills):
        process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
        begun = time.monotonic()
        while process.poll() is None and time.monotonic() - begun < patience:
            if len(_stored(folder)) > len(acknowledged):
                break  # it draws
            time.sleep(0.1)
        time.sleep(rng.uniform(0, 0.3))
        seen = _stored(folder)
        assert process.poll() is None, "it was over before it was killed"
        process.kill()
        process.wait()
        assert acknowledged <= seen <= _stored(folder)
        acknowledged = _stored(folder)
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)
    assert json.loads(done.stdout)["samples"]["new"] == len(_stored(folder) - acknowledged)
    assert acknowledged <= _stored(folder)
    rows = pl.concat(pl.read_parquet(path) for path in folder.glob(".synth/store/segments/*.parquet"))
    assert not rows.select("key", "index").is_duplicated().any()
    return rows.sort("key", "index")


def _stored(folder: Path) -> set[tuple[str, int]]:
    """The samples that the store has acknowledged."""
    return set(Store(folder / ".synth/store").samples().select("key", "index").collect().iter_rows())
