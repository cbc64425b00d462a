"""Pairs of a question's answers: which there are, what speaks against one, and which to take."""

from __future__ import annotations

from typing import Final, Literal

import polars as pl

from synth import choose, embedders, surface
from synth.text import normal_form

Pairing = Literal["matched", "random", "ranked", "first-round", "tournament"]

FAULTS: Final = ("identical", "only_format", "off_policy", "too_alike")
"""Why a pair is refused, in the order in which it is looked at."""
POOL: Final = 16
"""Answers above, and below, a question's mean score that are compared: more are drawn from."""

_PAIR = pl.format("{} {}", "chosen_name", "rejected_name")


def distinct(answers: pl.LazyFrame, seed: int) -> pl.LazyFrame:
    """The answers, each text of a score once, at most `POOL` above and as many below a question's mean score.

    Args:
        answers: `question_id, name, text, score` and whatever else is to go with an answer.
        seed: which of equal ones, and which of too many.
    """
    side = pl.format("{} {}", "question_id", pl.col("score") >= pl.col("score").mean().over("question_id"))
    shuffled = answers.with_columns(_roll=choose.chance(pl.col("name"), seed, "one of equal answers"))
    once = shuffled.sort("question_id", "_roll", "name").unique(
        ["question_id", "text", "score"], keep="first", maintain_order=True
    )
    sided = once.drop("_roll").with_columns(_side=side)
    return choose.first_of(sided, "_side", pl.col("name"), seed, POOL).drop("_side")


def pairs(answers: pl.LazyFrame, min_gap: float = 0.0) -> pl.LazyFrame:
    """Every pair of a question's answers whose scores differ.

    Args:
        answers: `question_id, name, text, score, on_policy`.
        min_gap: the scores differ by more than this.

    Returns:
        `question_id`, `chosen_…` and `rejected_…` of name, text, score and on_policy, and `gap`.
    """
    names = [name for name in answers.collect_schema().names() if name != "question_id"]
    chosen = answers.select("question_id", pl.col(names).name.prefix("chosen_"))
    rejected = answers.select("question_id", pl.col(names).name.prefix("rejected_"))
    gap = (pl.col("chosen_score") - pl.col("rejected_score")).round(9)
    return chosen.join(rejected, on="question_id").with_columns(gap=gap).filter(pl.col("gap") > min_gap)


def faulted(
    pairs: pl.LazyFrame, own_only: bool = False, most_alike: float | None = None, embedder: str = ""
) -> pl.LazyFrame:
    """The pairs with `fault`, the first of `FAULTS` that speaks against one, or null.

    `too_alike` stands in for CHES, the centred similarity of two replies' hidden states under the model that
    is to be trained: ⟨h⁺, h⁻⟩ − ‖h⁺‖². Of normalised sentence embeddings that is their cosine less one, so
    a limit on the cosine ranks pairs as it does. The embedding is another model's, and so is the ranking.

    Args:
        pairs: from `pairs`.
        own_only: refuse answers that are not the target model's own.
        most_alike: the cosine above which two replies are too alike; None for any.
        embedder: of that cosine; "" for the built-in n-grams.

    Source: Razin et al., "Unintentional Unalignment: Likelihood Displacement in Direct Preference
        Optimization", ICLR 2025, section 5.
    """
    one, other = pl.col("chosen_text"), pl.col("rejected_text")
    fault = (
        pl.when(one == other).then(pl.lit("identical"))
        .when(normal_form(one) == normal_form(other)).then(pl.lit("only_format"))
        .when(pl.lit(own_only) & ~(pl.col("chosen_on_policy") & pl.col("rejected_on_policy")))
        .then(pl.lit("off_policy"))
    )  # fmt: skip
    marked = pairs.with_columns(fault=fault)
    if most_alike is None:
        return marked
    frame = marked.collect()
    texts = frame.filter(pl.col("fault").is_null()).select("chosen_text", "rejected_text").unique()
    ordered = texts.sort(pl.all())
    cosine = pl.Series("_alike", embedders.cosines(embedders.load(embedder), ordered.rows()))
    alike = frame.join(
        ordered.with_columns(cosine), on=ordered.columns, how="left", maintain_order="left"
    ).with_columns(fault=pl.when(pl.col("_alike") > most_alike).then(pl.lit("too_alike")).otherwise("fault"))
    return alike.drop("_alike").lazy()


def taken(pairs: pl.LazyFrame, how: Pairing, most: int, seed: int) -> pl.LazyFrame:
    """At most so many pairs of each question, with `number` 1, 2, … in the order taken.

    "matched" takes those whose replies look most alike in length and format, "random" any, "ranked" the
    best answer against others, from the widest gap to the narrowest, evenly. "first-round" puts the answers
    in an order drawn and pairs neighbours; in a "tournament" the better ones go on (RSO, section 3.3).

    Args:
        pairs: from `pairs`, those to choose among.
        how: the rule.
        most: pairs of a question.
        seed: of every choice.
    """
    rules = {"ranked": _spread, "first-round": _first_round, "tournament": _tournament}
    roll = choose.chance(_PAIR, seed, "pair")
    if how in rules:
        ordered = rules[how](pairs, most, seed)
    elif how == "matched":
        ordered = pairs.with_columns(_place=surface.distance(pl.col("chosen_text"), pl.col("rejected_text")))
    else:
        ordered = pairs.with_columns(_place=pl.lit(0.0))
    number = pl.int_range(1, pl.len() + 1).over("question_id")
    return (
        ordered.with_columns(_roll=roll)
        .sort("question_id", "_place", "_roll", _PAIR)
        .with_columns(number=number)
        .filter(pl.col("number") <= most)
        .drop("_place", "_roll")
    )


def _spread(pairs: pl.LazyFrame, most: int, seed: int) -> pl.LazyFrame:
    """Pairs of each question's best answer, evenly from the widest gap to the narrowest."""
    best = pl.struct(-pl.col("chosen_score"), choose.chance(pl.col("chosen_name"), seed, "best"))
    of_best = pairs.filter(best.rank("dense").over("question_id") == 1)
    widest = pl.struct(-pl.col("gap"), choose.chance(_PAIR, seed, "pair"))
    place = widest.rank("ordinal").over("question_id").cast(pl.Int64()) - 1
    last = pl.len().over("question_id") - 1
    # Of `most` equal stretches of the order, the first pair of each; the last stretch is the last pair.
    stretch, before = (pl.col("_place") - back for back in (0, 1))
    wanted = pl.max_horizontal(last, pl.lit(most - 1), pl.lit(1))
    starts = (stretch * (most - 1)) // wanted != (before * (most - 1)) // wanted
    few = last < most
    return of_best.with_columns(_place=place).filter(few | (pl.col("_place") == 0) | starts)


def _first_round(pairs: pl.LazyFrame, _: int, seed: int) -> pl.LazyFrame:
    return _bracket(pairs, seed, rounds=1)


def _tournament(pairs: pl.LazyFrame, _: int, seed: int) -> pl.LazyFrame:
    return _bracket(pairs, seed, rounds=POOL)


def _bracket(pairs: pl.LazyFrame, seed: int, rounds: int) -> pl.LazyFrame:
    """Neighbours of an order drawn at random, then neighbours among the better ones, and so on."""
    found = pairs.collect()
    sides = [found.select("question_id", name=f"{side}_name") for side in ("chosen", "rejected")]
    roll = choose.chance(pl.col("name"), seed, "bracket")
    place = roll.rank("ordinal").over("question_id").cast(pl.Int64()) - 1
    left = pl.concat(sides).unique().with_columns(place=place)
    met = []
    for number in range(rounds):
        slot = pl.col("place") // 2
        both = left.with_columns(slot=slot)
        here = both.join(both, on=["question_id", "slot"]).filter(pl.col("name") != pl.col("name_right"))
        names = here.select("question_id", chosen_name="name", rejected_name="name_right")
        played = found.join(names, on=names.columns, how="semi", maintain_order="left")
        met.append(played.with_columns(_place=pl.lit(float(number))))
        losers = played.select("question_id", name="rejected_name")
        # Where no pair may be made of two, the first goes on.
        left = (
            both.join(losers, on=["question_id", "name"], how="anti")
            .sort("question_id", "place")
            .unique(["question_id", "slot"], keep="first", maintain_order=True)
            .select("question_id", "name", place="slot")
        )
        if left.height == left["question_id"].n_unique():
            break
    return pl.concat(met).lazy()
