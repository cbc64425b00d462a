"""What a row says of itself in `meta`, beside what its question says there."""

from __future__ import annotations

import polars as pl


def is_key(name: str) -> bool:
    """Whether a name is a key, or keys with a dot between them, as a path into JSON takes them."""
    return all(key.isidentifier() for key in name.split("."))


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
