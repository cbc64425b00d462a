"""What a row says of itself in `meta`, beside what its question says there."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

_KEY: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*")
OF_QUESTIONS: Final = ("source", "kind", "group", "license")
"""Columns of a question that a name may mean."""


def check_key(option: str, name: str) -> None:
    """Refuse what is no key, nor keys with a dot between them: a path into JSON would read something else.

    Args:
        option: the setting, for the message.
        name: the key.

    Raises:
        ValueError: it is none.
    """
    if not _KEY.fullmatch(name):
        raise ValueError(f"--{option} {name!r} is no key: letters, digits, _ and -, with . between keys")


def named(name: str) -> pl.Expr:
    """The text that a question has under a name: in one of its columns, else under a key of `meta`.

    Args:
        name: a column of `OF_QUESTIONS`, or what `check_key` lets pass.
    """
    if name in OF_QUESTIONS:
        return pl.col(name).cast(pl.String())
    return pl.col("meta").str.json_path_match(f"$.{name}")


def with_entry(meta: pl.Expr, name: str, value: pl.Expr) -> pl.Expr:
    """The JSON object with one entry more, its last; where the value is null, as it is.

    Args:
        meta: JSON texts of objects; null stands for the empty one.
        name: of the entry.
        value: JSON texts.
    """
    inside = meta.str.strip_chars().str.strip_suffix("}")
    opened = pl.when(meta.is_null() | (inside == "{")).then(pl.lit("{")).otherwise(inside + ",")
    return pl.when(value.is_null()).then(meta).otherwise(opened + pl.lit(f'"{name}":') + value + pl.lit("}"))
