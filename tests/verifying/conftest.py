"""Sets to verify, and ways to tamper with them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.exporting.manifest import facts
from synth.exporting.parquet import write_shards
from synth.verbs.build import run_build
from synth.verbs.verify import run_verify

QUESTIONS = 24


def write_answers(path: Path) -> None:
    """Recorded answers: some questions always right, some never, some half."""
    rows = []
    for i in range(QUESTIONS):
        right = (12, 0, 6, 9)[i % 4]
        texts = [f"Town {i}" if j < right else f"Village {j % 3} of {i}" for j in range(12)]
        texts[11] = "I do not know." if i % 3 == 0 else texts[11]
        samples = [{"text": text} for text in texts]
        question = f"Where was person number {i} of the register born?"
        rows.append(
            {
                "id": f"q{i:02}",
                "question": question,
                "answers": [f"Town {i}"],
                "model": "m",
                "samples": samples,
            }
        )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a set in `out` and its store in `store`."""
    home = tmp_path_factory.mktemp("original")
    write_answers(home / "answers.jsonl")
    flags = {
        "engine": "replay", "recorded": str(home / "answers.jsonl"), "store": str(home / "store"),
        "output_dir": str(home / "out"), "filters": "none",
    }  # fmt: skip
    run_build("refusal", flags, quiet=True)
    return home


@pytest.fixture
def home(original: Path, tmp_path: Path) -> Path:
    """A copy of it, to tamper with."""
    return Path(shutil.copytree(original, tmp_path / "home"))


@pytest.fixture
def check(home: Path) -> Callable[..., dict[str, Any]]:
    """Verifies the copy."""

    def verify(**more: Any) -> dict[str, Any]:
        return run_verify(home / "out", home / "store", **more)

    return verify


def change(folder: Path, config: str, row: int, **values: pl.Expr) -> None:
    """Give a row of a config other values, and make the manifest agree with the new file.

    Args:
        folder: the dataset folder.
        config: with one split and one shard.
        row: its number.
        values: expressions for columns.
    """
    file = next((folder / config).glob("*.parquet"))
    frame = pl.read_parquet(file)
    here = pl.int_range(pl.len()) == row
    new = frame.with_columns(
        pl.when(here).then(value.cast(frame.schema[name])).otherwise(name).alias(name)
        for name, value in values.items()
    )
    assert not new.equals(frame)
    write_shards(new.lazy(), folder / config, file.name.split("-")[0])
    edit(folder, lambda m: m["files"].update({f"{config}/{file.name}": facts(file)}))


def edit(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the manifest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2))
