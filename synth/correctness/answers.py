"""Which answers are judged: of each question and model some that it gave, and what else it said there."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from synth import choose
from synth.graders.normal import words
from synth.graders.vocabulary import vocabulary
from synth.questions.recorded import POOL
from synth.rationales.cases import name_of
from synth.text import normal_form

NAME: Final = pl.format("{}/{}", "key", "index")
"""A sample's own name."""
UNANSWERABLE: Final = pl.col("answerable").eq_missing(False)
_OUTCOME: Final = pl.col("outcome").cast(pl.String())
_IS: Final = re.compile(r"\b(?:is|was|are|were)\b:?\s*", re.IGNORECASE)
_IT: Final = vocabulary("it this that there he she they its the a an answer correct name called final")
_UNNAMED: Final = rf"^(?:sha256:|{POOL})"
"""How the identity of a folder or of a pool begins, which is no name of a model that a person would know."""


def judged(samples: pl.LazyFrame, questions: pl.LazyFrame) -> pl.LazyFrame:
    """The samples that are right or wrong. To what nobody can answer every answer is wrong.

    Args:
        samples: used samples that answer the questions themselves. Those of a pool have their own model in
            `meta`.
        questions: `question_id, answerable`.

    Returns:
        The samples with `sample` (its name), `correct` (1 or 0), the bare `text`, `by` (whose it is; null for
        a model from a folder and for one of a pool that is not told, which have no name), `by_share` and
        `by_judged` (of this model's answers to the question: the share of right ones, and how many).
    """
    identity = pl.col("model").str.split("@").list.first()
    named = pl.when(~pl.col("model").str.contains(_UNNAMED)).then(identity)
    wrong = (_OUTCOME == "wrong") | (UNANSWERABLE & (_OUTCOME == "undecided"))
    per = ["question_id", "by"]
    return (
        samples.join(
            questions.select("question_id", "answerable"),
            on="question_id",
            how="left",
            maintain_order="left",
        )
        .filter((_OUTCOME == "correct") & ~UNANSWERABLE | wrong)
        .with_columns(
            sample=NAME,
            correct=(_OUTCOME == "correct").cast(pl.Int32()),
            text=pl.col("text").str.strip_chars(),
            by=pl.coalesce(pl.col("meta").str.json_path_match("$.model"), named),
        )
        .filter(pl.col("text") != "")
        .with_columns(by_share=pl.col("correct").mean().over(per), by_judged=pl.len().over(per))
    )


def is_pool(samples: pl.LazyFrame) -> bool:
    """Whether the samples are those of several models taken together."""
    own = pl.col("meta").str.json_path_match("$.model").drop_nulls()
    return bool(samples.select(own.n_unique() > 1).collect().item())


def as_said(samples: pl.LazyFrame, most: int, seed: int) -> pl.LazyFrame:
    """Of each question and model at most so many different answers, which weigh as much as all of them.

    Where there are right and wrong answers both are among them, unless only one answer is wanted.

    Args:
        samples: from `judged`.
        most: answers at most.
        seed: for the choice.

    Returns:
        The samples chosen, with `said`: how many samples the answer stands for. Right and wrong ones stand
        for as many as there are of each; answers left out are shared among those like them.
    """
    per = ["question_id", "by"]
    # A single answer, chosen as often as it was said, stands for right and wrong ones alike.
    like = per if most == 1 else [*per, "correct"]
    told = samples.with_columns(same=pl.len().over(*per, "text"), whole=pl.len().over(like))
    lot = choose.chance(pl.col("sample"), seed, "which answers")
    distinct = told.sort("question_id", lot).unique([*per, "text"], keep="first", maintain_order=True)
    later = distinct.with_columns(later=pl.col("text").cum_count().over(*per, "correct") > 1)
    ordered = later.sort("question_id", "later", maintain_order=True)
    kept = ordered.filter(pl.col("text").cum_count().over(per) <= most)
    said = pl.col("whole") * pl.col("same") / pl.col("same").sum().over(like)
    return kept.with_columns(said=said).drop("same", "whole", "later")


def in_pairs(samples: pl.LazyFrame, seed: int) -> pl.LazyFrame:
    """A right and a wrong answer of each question that has both, whoever gave them.

    Half of these are right. `said` weighs them back: right and wrong ones weigh together what their share
    among all answers is.

    Args:
        samples: from `judged`.
        seed: for the choice.
    """
    side = samples.with_columns(side=pl.format("{}/{}", "question_id", "correct"))
    one = choose.first_of(side, "side", pl.col("sample"), seed)
    natural = samples.select(natural=pl.col("correct").mean())
    share = pl.when(pl.col("correct") == 1).then("natural").otherwise(1 - pl.col("natural"))
    both = one.filter(pl.len().over("question_id") == 2).join(natural, how="cross")
    return both.with_columns(said=2 * share).drop("side", "natural")


def beside(chosen: pl.LazyFrame, samples: pl.LazyFrame, many: int, seed: int) -> pl.LazyFrame:
    """What else was said to the question, as often as it was: `sample, ideas`, null where it is too little.

    Args:
        chosen: answers, `question_id, sample`.
        samples: used samples that answer the questions themselves.
        many: texts to show.
        seed: for the choice.
    """
    text = pl.col("text").str.strip_chars()
    said = samples.filter(text != "").select("question_id", idea=text, other=NAME)
    pairs = chosen.select("question_id", "sample").join(said, on="question_id", maintain_order="left")
    lot = choose.chance(pl.format("{} {}", "sample", "other"), seed, "ideas")
    listed = (
        pairs.filter(pl.col("sample") != pl.col("other"))
        .sort("sample", lot)
        .group_by("sample", maintain_order=True)
        .agg(ideas=pl.col("idea").head(many))
    )
    return listed.select("sample", ideas=pl.when(pl.col("ideas").list.len() == many).then("ideas"))


def _without_the_question(question: str, said: str) -> str:
    """What stands behind "It is" or "The capital of France is": a beginning that says nothing new."""
    verb = _IS.search(said)
    if verb is None or not verb.start() or verb.end() == len(said):
        return said
    known = {*words(question), *_IT}
    return said[verb.end() :] if known.issuperset(words(said[: verb.start()])) else said


def bare(answers: pl.DataFrame) -> pl.Series:
    """Each answer alone, without the phrasing that tells whose it is; null where there is none.

    Args:
        answers: `kind, question, choices, answer` (extracted)`, text`.
    """
    columns = answers.select(
        pl.col("kind").cast(pl.String()), "question", "choices", said=pl.coalesce("answer", "text")
    )
    named = []
    for kind, question, choices, said in columns.iter_rows():
        told = said and _without_the_question(question, said)
        named.append(told and (name_of(kind, question, [told], choices) or told))
    form = pl.DataFrame({"bare": pl.Series(named, dtype=pl.String())}).select(normal_form(pl.col("bare")))
    return form.select(pl.when(pl.col("bare") != "").then("bare")).to_series()
