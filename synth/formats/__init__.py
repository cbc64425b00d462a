"""The formats that trainers take, one file each, and the expressions that pipelines build them with.

    prompt = conversation(user(pl.col("question")))
    examples.with_columns(
        sft(prompt, conversation(assistant(pl.col("answer")))),
        several(kto(prompt, good, pl.lit(True)), kto(prompt, bad, pl.lit(False))).alias("kto"),
    )

A format's column in the example frame is a struct of its schema, or a list of such structs where one
example gives several training rows. Null means that the example has no row in that format.
"""

from __future__ import annotations

import importlib
from typing import Final

import polars as pl

from synth.formats.classify import classify
from synth.formats.distill import distill
from synth.formats.dpo import dpo
from synth.formats.grpo import grpo
from synth.formats.kto import kto
from synth.formats.messages import (
    MESSAGE,
    MESSAGES,
    assistant,
    conversation,
    ending,
    instructed,
    system,
    user,
)
from synth.formats.process import process
from synth.formats.reward import reward
from synth.formats.sft import sft, sft_messages
from synth.formats.unsolved import unsolved
from synth.formats.value_tokens import value_tokens

_MODULES: Final = {
    name: importlib.import_module(f"synth.formats.{name}")
    for name in (
        *("sft", "dpo", "kto", "grpo", "reward", "process", "value_tokens", "classify", "distill"),
        "unsolved",
    )
}

SCHEMAS: Final[dict[str, pl.Schema]] = {name: module.SCHEMA for name, module in _MODULES.items()}
"""Every format's name and the schema of its column."""

FOR_READING: Final = ("unsolved",)
"""Formats for a person, which no trainer takes."""

SUMMARIES: Final = {name: (module.__doc__ or "").partition("\n")[0] for name, module in _MODULES.items()}
"""Every format in one line: what it is for and which trainer takes it."""

__all__ = [
    "FOR_READING",
    "MESSAGE",
    "MESSAGES",
    "SCHEMAS",
    "SUMMARIES",
    "assistant",
    "classify",
    "conversation",
    "distill",
    "dpo",
    "ending",
    "grpo",
    "instructed",
    "kto",
    "none",
    "process",
    "reward",
    "several",
    "sft",
    "sft_messages",
    "system",
    "unsolved",
    "user",
    "value_tokens",
]


def several(*rows: pl.Expr) -> pl.Expr:
    """Several training rows of one example as a list; rows that are null are left out."""
    return pl.concat_list(*rows).list.drop_nulls()


def none(name: str) -> pl.Expr:
    """No row in a format."""
    return pl.lit(None, pl.Struct(SCHEMAS[name])).alias(name)
