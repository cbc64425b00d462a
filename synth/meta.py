"""What an example says besides its columns: `meta`, a JSON object."""

from __future__ import annotations

import polars as pl


def with_entry(meta: pl.Expr, name: str, value: pl.Expr) -> pl.Expr:
    """A JSON object with one entry more, its last.

    Args:
        meta: JSON texts of objects; null stands for the empty one.
        name: of the entry.
        value: JSON texts.
    """
    inside = meta.str.strip_chars().str.strip_suffix("}")
    opened = pl.when(meta.is_null() | (inside == "{")).then(pl.lit("{")).otherwise(inside + ",")
    return pl.concat_str(opened, pl.lit(f'"{name}":'), value, pl.lit("}"))
