"""`builtin:almanac`: an invented world with its questions, and a small model that half knows it.

`questions` gives the questions, `MODEL_DIR` is the model's folder. `world`, `wordings`, `sums` and
`passages` make the world; `corpus` the texts that `train` trained the model on; `measure` asks the model.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import polars as pl

from synth.almanac.rows import SPLITS, rows
from synth.schema import QUESTIONS

MODEL_DIR: Final = Path(__file__).parent / "model"

__all__ = ["MODEL_DIR", "SPLITS", "questions"]


def questions(split: str = "train") -> pl.DataFrame:
    """The almanac's questions.

    Args:
        split: `train` for tuning, `test` for the held-out relations, facts, wordings and sums, or `all`.

    Returns:
        A frame with the columns of `synth.schema.QUESTIONS`.

    Raises:
        ValueError: for any other split.
    """
    if split not in SPLITS:
        raise ValueError(f"the almanac has no split {split!r}; it has {', '.join(SPLITS)}")
    return pl.DataFrame(
        [
            {
                "id": row.id,
                "question": row.question,
                "answers": list(row.answers),
                "kind": row.kind,
                "choices": list(row.choices) if row.choices else None,
                "context": row.context,
                "answerable": row.answerable,
                "group": row.group,
                "source": "almanac",
                "license": "Apache-2.0",
                "meta": json.dumps(row.meta),
            }
            for row in rows(split)
        ],
        schema=QUESTIONS,
    )
