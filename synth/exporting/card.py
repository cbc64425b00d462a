"""What our part of a card says: the set's purpose, making, quality, losses, files, limits and sources."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Final

from synth.built import Built
from synth.exporting.configs import RAW, training_rows
from synth.exporting.quality import LEVEL, Quality
from synth.exporting.scrub import scrub
from synth.exporting.templates import find_template, render
from synth.formats import SUMMARIES
from synth.version import __version__

_LOAD: Final = """\
from datasets import load_dataset

rows = load_dataset("path/or/id/of/this/dataset", "{config}")"""
_EXAMPLES: Final = 3
_EXAMPLE_LENGTH: Final = 600


def card_block(
    built: Built,
    quality: Quality,
    configs: dict[str, dict[str, int]],
    own: Path | None,
    noise: dict[str, Any] | None = None,
) -> str:
    """The managed part of the card, without its marks.

    Args:
        built: the set.
        quality: its numbers.
        configs: rows of every config and split.
        own: folder of the pipeline's file where it is a person's own, for a template beside it.
        noise: what audits say of the verdicts, from `synth.exporting.noise`; None where there are none.
    """
    values = scrub(
        {
            "pipeline": built.pipeline,
            "title": built.title,
            "model": built.model,
            "settings": built.settings,
            "inputs": built.inputs,
            "counts": built.counts,
            "command": built.command,
        }
    )
    values |= {
        "quality": quality,
        "noise": noise,
        "level": f"{LEVEL:.0%}",
        "configs": configs,
        "about": SUMMARIES | RAW,
        "load": _LOAD.format(config=next(iter(configs), "")),
        "kept": built.kept.height,
        "dropped": built.dropped.group_by("reason")
        .len("rows")
        .sort("rows", "reason", descending=[True, False])
        .rows(),
        "examples": _examples(built, configs),
        "version": __version__,
    }
    return render(find_template(built.pipeline, own), values)


def _examples(built: Built, configs: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """A few training rows of the first format, drawn by the build's seed: each part with who says it."""
    config = next((name for name in configs if name not in RAW), None)
    if config is None:
        return []
    rows = training_rows(built.kept, config)
    drawn = random.Random(f"{built.settings.get('seed', 0)}").sample(
        range(rows.height), min(_EXAMPLES, rows.height)
    )
    columns = rows.columns[: rows.columns.index("id")]
    return [
        {
            "known": row["known"],
            "p_hat": row["p_hat"],
            "n": row["n"],
            "n_correct": row["n_correct"],
            "parts": [part for column in columns for part in _said(column, row[column])],
        }
        for row in rows[sorted(drawn)].iter_rows(named=True)
    ]


def _said(column: str, value: Any) -> list[tuple[str, str]]:
    """A cell as (who, what) pairs: each message of a talk, or the bare value."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "content" in value[0]:
        return [(f"{column}, {turn['role']}", _cut(turn["content"])) for turn in value]
    return [(column, _cut(value))]


def _cut(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _EXAMPLE_LENGTH else f"{text[:_EXAMPLE_LENGTH]} …"
