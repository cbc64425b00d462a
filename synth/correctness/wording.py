"""What a classifier or a judge is asked; a question is spoken of with its passage and options, no more."""

from __future__ import annotations

from typing import Final

import polars as pl

from synth import formats
from synth.prompts import INSTRUCTIONS, bare_text, question_text

YES_NO: Final = ("no", "yes")
"""Replies worth 0 and 1."""
DIGITS: Final = tuple("0123456789")
"""Marks, worth 0 to 1 in ninths."""
ORDERS: Final = (("True", "False"), ("False", "True"))
"""The options of "is it true", as they are shown."""

_LAST: Final = "Answer yes or no."
_MARKS: Final = (
    "Rate the reply to the question with one digit, from 0 (wrong or useless) to 9 (right and complete). "
    "Say nothing but the digit."
)


def about(questions: pl.DataFrame) -> pl.DataFrame:
    """Each question as it is spoken of: `about`, and `about_bare`, without its context.

    Args:
        questions: `kind, question, choices, context`.
    """
    columns = questions.select(pl.col("kind").cast(pl.String()), "question", "choices", "context")
    texts = [
        (bare_text(kind, question, choices, context), bare_text(kind, question, choices, None))
        for kind, question, choices, context in columns.iter_rows()
    ]
    return pl.DataFrame(texts, schema={"about": pl.String(), "about_bare": pl.String()}, orient="row")


def without_context(questions: pl.DataFrame) -> pl.Series:
    """The message that asks each question without its context."""
    columns = questions.select(pl.col("kind").cast(pl.String()), "question", "choices")
    texts = [question_text(kind, question, choices, None) for kind, question, choices in columns.iter_rows()]
    return pl.Series("asked_bare", texts, dtype=pl.String())


def is_true(order: tuple[str, str], words: bool = False, ideas: bool = False) -> pl.Expr:
    """Whether a proposed answer is true.

    Source: Kadavath et al., "Language Models (Mostly) Know What They Know", 2022, section 3.

    Args:
        order: the options as they are shown, of `ORDERS`.
        words: whether the reply is the word, not its letter.
        ideas: whether the column `ideas`, other answers, is shown before.
    """
    listed = pl.format("Other answers that came to mind:\n- {}", pl.col("ideas").list.join("\n- "))
    ask = f"Is the proposed answer true? Answer {order[0]} or {order[1]}."
    if not words:
        options = "\n".join(f"{letter}. {word}" for letter, word in zip("AB", order, strict=True))
        ask = f"Is the proposed answer true?\n{options}\n{INSTRUCTIONS['choice']}"
    return _talk(
        pl.format("Question: {}", "about"),
        *([listed] if ideas else []),
        pl.format("Proposed answer: {}", "text"),
        pl.lit(ask),
    )


def true_replies(order: tuple[str, str], words: bool = False) -> list[str]:
    """What means that it is false, and what that it is true."""
    return ["False", "True"] if words else ["AB"[order.index(word)] for word in ("False", "True")]


def would_know(about: str = "about") -> pl.Expr:
    """Whether the model would answer correctly, before it has answered.

    Args:
        about: the column with the question, `about` or `about_bare`.
    """
    asked = f"Would you answer this question correctly? {_LAST}"
    return _talk(pl.format("Question: {}", about), pl.lit(asked))


def is_correct(who: pl.Expr, reply: pl.Expr | None) -> pl.Expr:
    """Whether somebody's reply is correct.

    Args:
        who: who replied.
        reply: what; None to judge beforehand.
    """
    asked = pl.format("Question: {}", "about")
    if reply is None:
        return _talk(pl.format(f"{{}} is asked a question. Will the reply be correct? {_LAST}", who), asked)
    opening = pl.format(f"{{}} was asked a question. Is the reply correct? {_LAST}", who)
    return _talk(opening, asked, pl.format("Reply: {}", reply))


def mark(reference: bool) -> pl.Expr:
    """How good a reply is, from 0 to 9.

    Args:
        reference: whether the column `gold` is shown.
    """
    known = [pl.format("Reference answer: {}", "gold")] if reference else []
    asked = pl.format("Question: {}", "about")
    return _talk(pl.lit(_MARKS), asked, *known, pl.format("Reply: {}", "text"))


def _talk(*parts: pl.Expr) -> pl.Expr:
    """One message of the user; null where a part is null."""
    return formats.conversation(formats.user(pl.concat_str(*parts, separator="\n\n")))
