"""Chat messages as polars expressions: what `synth.formats` builds its rows from."""

from __future__ import annotations

from typing import Final

import polars as pl

MESSAGE: Final = pl.Struct(
    {
        "role": pl.String(),  # system, user or assistant
        "content": pl.String(),
    }
)
MESSAGES: Final = pl.List(MESSAGE)


def system(content: pl.Expr) -> pl.Expr:
    """A turn that sets the scene."""
    return _turn("system", content)


def user(content: pl.Expr) -> pl.Expr:
    """A turn of the person who asks."""
    return _turn("user", content)


def assistant(content: pl.Expr) -> pl.Expr:
    """A turn of the model."""
    return _turn("assistant", content)


def conversation(*turns: pl.Expr) -> pl.Expr:
    """The turns as a list of messages; null where one has no content: half a talk teaches nothing."""
    whole = pl.all_horizontal(turn.struct.field("content").is_not_null() for turn in turns)
    return pl.when(whole).then(pl.concat_list(*turns)).alias("messages")


def ending(prompt: pl.Expr, line: pl.Expr, content: pl.Expr | None = None) -> pl.Expr:
    """The prompt, its last message with another line.

    Args:
        prompt: messages, the last one a person's.
        line: what is added.
        content: what the last message says before it; its own text where left out.
    """
    said = prompt.list.last().struct.field("content") if content is None else content
    last = conversation(user(pl.concat_str(said, line, separator="\n")))
    return pl.concat_list(prompt.list.head(prompt.list.len() - 1), last)


def instructed(prompt: pl.Expr, line: pl.Expr) -> pl.Expr:
    """The prompt with another line in its system message, or with one of that line alone."""
    first = prompt.list.first()
    has_one = first.struct.field("role") == "system"
    before = pl.when(has_one).then(first.struct.field("content"))
    opening = conversation(system(pl.concat_str(before, line, separator="\n", ignore_nulls=True)))
    return pl.concat_list(opening, prompt.list.slice(has_one.cast(pl.UInt32())))


def complete(**columns: pl.Expr) -> pl.Expr:
    """A struct of the columns; null where one of them is null."""
    whole = pl.all_horizontal(column.is_not_null() for column in columns.values())
    return pl.when(whole).then(pl.struct([column.alias(name) for name, column in columns.items()]))


def _turn(role: str, content: pl.Expr) -> pl.Expr:
    return pl.struct(role=pl.lit(role), content=content.cast(pl.String)).alias(role)
