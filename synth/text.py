"""Texts made comparable: two wordings with one normal form say the same thing."""

from __future__ import annotations

from typing import Final

import polars as pl

_REWRITES: Final[tuple[tuple[str, str], ...]] = (
    # What NFKC would melt into the digits beside it: 10² is not 102, 101₂ not 1012, 3½ not 31/2.
    (r"([⁰¹²³⁴-⁹⁺⁻]+)", "^$1"),
    (r"([₀-₉₊₋]+)", "_$1"),
    (r"([¼-¾⅐-⅞])", " $1"),
)
_FOLDS: Final[tuple[tuple[str, str], ...]] = (
    (r"\p{Cf}", ""),
    (r"[‘’ʼ]", "'"),
    (r"[“”„«»]", '"'),
    (r"[\p{Pd}−]", "-"),
    (r"⁄", "/"),
    (r"\s+", " "),
    (r'(^|[^0-9])"+', "$1"),  # 5" is five inches
    # Marks at the end of a word only: those inside 3.5, 1,000, f(x,y), .NET or a:b mean something.
    (r"\s?\?+(\s|$)", "$1"),
    (r"(\p{L}\p{L})!+(\s|$)", "$1$2"),  # n! and 5! are factorials
    (r"([^\d\s])[,;:]+(\s|$)", "$1$2"),
    (r"(\d)[,;:]+(\s\p{L}|$)", "$1$2"),  # "1, 2" is a list, "1 2" may be a mixed number
    (r"([^.\s])\.(\s|$)", "$1$2"),  # "1, 2, ..., 9" is not "1, 2, 9"
    (r"\s+", " "),
)


def normal_form(text: pl.Expr) -> pl.Expr:
    """Lower case, NFKC, with white space, quotes, dashes and the punctuation between words folded.

    Signs that carry meaning stay: `3.5`, `-2`, `C++`, `x^2`, `n!`, `$5`, `5%` and brackets.
    """
    for pattern, replacement in _REWRITES:
        text = text.str.replace_all(pattern, replacement)
    text = text.str.normalize("NFKC").str.to_lowercase()
    for pattern, replacement in _FOLDS:
        text = text.str.replace_all(pattern, replacement)
    return text.str.strip_chars()


def numbers(form: pl.Expr) -> pl.Expr:
    """The numbers in a normal form as one text, in the order in which they stand, each with its sign."""
    # The dash of 1990-1995 is no sign.
    ranges_opened = form.str.replace_all(r"([\d\p{L})])-", "$1 ")
    return ranges_opened.str.extract_all(r"-?\d+(?:[.,/]\d+)*").list.join(" ")
