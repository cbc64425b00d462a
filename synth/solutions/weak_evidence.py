"""Right answers that prove little: replies whose text says that they came about by luck or broke on the way.

Sampled hot, a model ends up with the right number under broken text now and then. A check looks at the reply,
not at its answer. Its name is the reason of a row dropped for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Final, Literal, TypeAlias, get_args

import polars as pl

from synth.text import normal_form

Check: TypeAlias = Literal["gibberish", "language_switch", "no_reasoning", "too_long"]
CHECKS: Final[tuple[Check, ...]] = get_args(Check)

SHORT: Final = 40
"""Words up to which nothing is said about repetition or length."""
LEAST_VARIETY: Final = 0.35
"""Share of distinct word trigrams below which a reply goes round in circles."""
MOST_MARKS: Final = 0.2
"""Share of characters that are neither letters, digits, spaces nor the marks of prose and mathematics."""
TIMES_AS_LONG: Final = 4
"""How many times as long as the question's median right answer a reply may be."""
LEAST_STEPS: Final = 5
"""Words and numbers that a reply has to say beside its answer to count as reasoned."""

_SCRIPTS: Final = (
    "Han", "Hiragana", "Katakana", "Hangul", "Cyrillic", "Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil",
    "Telugu", "Thai", "Georgian", "Armenian",
)  # fmt: skip
_PROSE_AND_MATHS: Final = r"[\p{L}\p{M}\p{N}\s\p{Sm}\p{Sc}!-/:-@\[-`{-~°′″…–—‘’“”«»·•×÷√∞∠△]"
_FRAME: Final = (
    "the|a|final|correct|answer|result|solution|is|are|be|was|so|thus|hence|therefore|then|it|equals|boxed"
    "|text|and"
)
"""Words that only frame an answer."""


def fault(checks: Sequence[str], per: str = "question_id") -> pl.Expr:
    """The first check that a right answer fails, null for none.

    It reads `asked` (the question with its context), `text` (the whole reply), `answer` (what the grader took
    as its answer, null where that is the whole text) and `kind`; only mathematics has to show steps.

    Args:
        checks: those wanted, of `CHECKS`.
        per: column of the question's id, whose right answers a reply's length is compared with.
    """
    text = pl.col("text")
    failed = {
        "gibberish": _broken(text) | _circling(text),
        "language_switch": _switched(pl.col("asked"), text),
        "no_reasoning": (pl.col("kind").cast(pl.String()) == "math") & (_steps(text) < LEAST_STEPS),
        "too_long": _too_long(text, per),
    }
    wanted = [pl.when(failed[name]).then(pl.lit(name)) for name in CHECKS if name in checks]
    return pl.coalesce(pl.lit(None, pl.String()), *wanted)


def _broken(text: pl.Expr) -> pl.Expr:
    """Bytes that are no text, a Latin word of forty letters, or a soup of marks."""
    length = text.str.len_chars().cast(pl.Int64())
    marks = length - text.str.count_matches(_PROSE_AND_MATHS)
    return text.str.contains(r"[\x{FFFD}\p{Co}\p{Cn}]|[\x00-\x08\x0E-\x1F]|\p{Latin}{40}") | (
        marks > MOST_MARKS * length
    )


def _circling(text: pl.Expr) -> pl.Expr:
    """The same few phrases again and again."""
    words = normal_form(text).str.split(" ")
    trigrams = words.list.eval(
        pl.concat_str(
            pl.element(), pl.element().shift(-1), pl.element().shift(-2), separator=" "
        ).drop_nulls()
    )
    variety = trigrams.list.n_unique() / trigrams.list.len()
    return (words.list.len() > SHORT) & (variety < LEAST_VARIETY)


def _switched(question: pl.Expr, text: pl.Expr) -> pl.Expr:
    """Letters of a script that the question does not use, or none of the one it is written in."""

    def letters(of: pl.Expr, script: str) -> pl.Expr:
        return of.str.count_matches(rf"\p{{{script}}}").cast(pl.Int64())

    foreign = [(letters(text, script) > 1) & (letters(question, script) == 0) for script in _SCRIPTS]
    latin = (letters(text, "Latin") >= 20) & pl.any_horizontal(
        (letters(question, script) > letters(question, "Latin")) & (letters(text, script) == 0)
        for script in _SCRIPTS
    )
    return reduce(or_, foreign) | latin


def _steps(text: pl.Expr) -> pl.Expr:
    """Words and numbers beside the answer and the words that only frame it."""
    words = normal_form(text).str.extract_all(r"\p{L}+|\d+(?:[.,/]\d+)*")
    said = normal_form(pl.col("answer").fill_null("")).str.extract_all(r"\p{L}+|\d+(?:[.,/]\d+)*")
    kept = words.list.filter(~pl.element().str.contains(f"^(?:{_FRAME})$"))
    return kept.list.len().cast(pl.Int64()) - said.list.len().cast(pl.Int64())


def _too_long(text: pl.Expr, per: str) -> pl.Expr:
    words = text.str.count_matches(r"\S+")
    return (words > SHORT) & (words > TIMES_AS_LONG * words.median().over(per))
