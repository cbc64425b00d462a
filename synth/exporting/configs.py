"""The configs of a dataset folder: one a format, and what was undecided, sampled and dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from synth.built import Built
from synth.errors import SynthError
from synth.exporting.parquet import in_order, write_shards
from synth.exporting.trainers import OPENAI, VIEWS, chosen, trainer_files
from synth.exporting.trainers.openai import write_lines
from synth.exporting.trainers.plain import plain_rows
from synth.formats import SCHEMAS
from synth.labels import LABELS
from synth.schema import DROPPED, QUESTIONS, SPINE

RAW: Final = {
    "undecided": "Kept examples whose question could not be called known or unknown.",
    "questions": "Every question with its label and what that rests on.",
    "prompts": "Every text that the model was given.",
    "samples": "Every answer that a label rests on, with its verdict.",
    "dropped": "Examples that were left out, with the reason, the twin and the score.",
}
"""Configs that are for reading, not for training, and what is in them."""

ONLY_SPLIT: Final = "train"
"""The split of what has none: the Hub shows a lone split under this name."""

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ASKED: Final = ("kind", "question", "answers", "choices")
"""What a verdict was given by: beside each sample, so that it can be checked."""
_LABELLED: Final = [*QUESTIONS, *(name for name in LABELS if name not in ("question_id", "key"))]
_TRAILING: Final = [name for name in SPINE if name != "split"]


def write_configs(built: Built, folder: Path) -> dict[str, dict[str, int]]:
    """Write every config that has rows below `folder`; returns config → split → rows, in the card's order."""
    rows: dict[str, dict[str, int]] = {}
    for config, split, frame in _parts(built):
        count = write_shards(frame, folder / config, split)
        if count:
            rows.setdefault(config, {})[split] = count
        elif config not in rows:
            (folder / config).rmdir()
    return rows


def training_rows(examples: pl.DataFrame, config: str) -> pl.LazyFrame:
    """The examples as rows of one format: its columns, then the spine's; an example may give several.

    Lazy, since all rows of a large set at once are much.

    Raises:
        SynthError: the column is none of the format, or mixes rows that no trainer takes together.
    """
    column = pl.col(config)
    rows = examples.lazy().select(*SPINE, config)  # exploded, other formats would be copied with each row
    if isinstance(examples.schema[config], pl.List):
        rows = rows.explode(config)
    rows = rows.filter(column.is_not_null())
    dtype = rows.collect_schema()[config]
    names = [field.name for field in dtype.fields] if isinstance(dtype, pl.Struct) else []
    count, *held = _row(rows.select(pl.len(), *(column.struct.field(name).count() for name in names)))
    if not count:
        return rows.select(*SPINE)
    _check_fields(config, dtype)
    filled = {name: values for name, values in zip(names, held, strict=True) if values}
    spine = [name for name in SPINE if name not in filled]
    fields = rows.select(*(column.struct.field(name) for name in filled), *spine)
    _check_alike(config, fields, filled, count)
    return fields


def _row(frame: pl.LazyFrame) -> tuple[Any, ...]:
    return frame.collect(engine="streaming").row(0)


def _parts(built: Built) -> Iterator[tuple[str, str, pl.LazyFrame | Iterator[pl.LazyFrame]]]:
    for config in built.formats:
        if not _NAME.fullmatch(config) or config in RAW:
            raise SynthError(f"'{config}' cannot be the name of a format")
    for config in chosen(built.settings.get("formats") or (), built.formats):
        yield from _training_parts(built, config)
    undecided = built.kept.filter(pl.col("known").is_null()).select(*SPINE)
    yield from _by_split("undecided", _with_question(undecided, built.questions).lazy())
    yield "questions", ONLY_SPLIT, built.questions.lazy().select(pl.col(_LABELLED))
    yield "prompts", ONLY_SPLIT, built.prompts
    order = [name for name in ("question_id", "key", "index") if name in built.samples.collect_schema()]
    asked = built.questions.lazy().select(pl.col("id").alias("question_id"), *_ASKED)
    yield "samples", ONLY_SPLIT, in_order(built.samples, order, asked)
    yield "dropped", ONLY_SPLIT, _dropped(built).lazy()


def _training_parts(built: Built, config: str) -> Iterator[tuple[str, str, pl.LazyFrame]]:
    """A format or a view of one; for a base model as text."""
    view = VIEWS.get(config)
    chat = built.model.get("layout") != "plain"
    if config == OPENAI or (view and not (chat or view.text)):
        return
    rows = training_rows(built.kept, view.of if view else config)
    for _, split, part in _by_split(config, rows):
        if view:
            yield config, split, view.rows(part)
        else:
            yield config, split, part if chat else plain_rows(part)


def write_trainer_files(built: Built, folder: Path, configs: dict[str, dict[str, int]]) -> None:
    """Write below `folder` what speaks to one trainer: how to read the configs, and files of its own kind."""
    sft = training_rows(built.kept, "sft") if "sft" in built.formats else pl.LazyFrame()
    for name, text in trainer_files(built, configs, whole="messages" in sft.collect_schema()).items():
        (folder / name).write_text(text, encoding="utf-8")
    if OPENAI in chosen(built.settings.get("formats") or (), built.formats):
        for _, split, part in _by_split(OPENAI, sft):
            write_lines(part, folder / OPENAI / f"{split}.jsonl")


def _check_fields(config: str, dtype: pl.DataType) -> None:
    if not isinstance(dtype, pl.Struct):
        raise SynthError(f"the column '{config}' holds {dtype}; a format's column holds structs")
    schema = SCHEMAS.get(config)
    for field in dtype.fields:
        if schema is not None and schema.get(field.name) != field.dtype:
            wanted = schema.get(field.name, "no such field")
            raise SynthError(
                f"the column '{config}' has {field.name}: {field.dtype}; the format has {wanted}"
            )


def _check_alike(config: str, rows: pl.LazyFrame, filled: Mapping[str, int], count: int) -> None:
    """Trainers take all rows of a set in one way, the one that its columns tell.

    Args:
        config: the format.
        rows: its rows.
        filled: in how many of them each field stands.
        count: how many there are.
    """
    if config == "sft" and {"completion", "messages"} <= filled.keys():
        raise SynthError("the column 'sft' mixes rows with a completion and rows with messages; use one kind")
    if config == "reward" and filled.get("prompt", count) < count:
        raise SynthError("the column 'reward' mixes rows with and without a prompt; use one kind")
    if config == "process":
        uneven = rows.filter(pl.col("completions").list.len() != pl.col("labels").list.len())
        for name in uneven.select("id").head(1).collect(engine="streaming")["id"]:
            raise SynthError(f"the column 'process' has as many labels as steps, but not in '{name}'")


def _by_split(config: str, rows: pl.LazyFrame) -> Iterator[tuple[str, str, pl.LazyFrame]]:
    name = pl.col("split").cast(pl.String).fill_null(ONLY_SPLIT)
    splits = rows.select(name.unique()).collect(engine="streaming")["split"]
    usual = {"train": 0, "validation": 1, "test": 2}
    for split in sorted(splits, key=lambda name: (usual.get(name, len(usual)), name)):
        if not _NAME.fullmatch(split):
            raise SynthError(f"{split!r} cannot be the name of a split")
        yield config, split, rows.filter(name == split).drop("split")  # a copy of each split is much


def _with_question(rows: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    texts = questions.select(pl.col("id").alias("question_id"), "question", "answers")
    texts = texts.join(rows, on="question_id", how="semi")  # a join holds all that it may find
    return rows.join(texts, on="question_id", how="left", maintain_order="left")


def _dropped(built: Built) -> pl.DataFrame:
    """What was left out, formats included: nothing that was built disappears."""
    rows = built.dropped
    formats = [
        name for name in built.formats if name in rows.columns and rows[name].null_count() < rows.height
    ]
    reasons = [name for name in DROPPED if name != "id"]
    rows = rows.select("id", *reasons, *_TRAILING[1:], "split", *formats)
    return _with_question(rows, built.questions)
