"""Every number that a card states, worked out from the frames of a build."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from synth.built import Built
from synth.exporting.predictability import predictability
from synth.exporting.reliability import first_answers, reliability
from synth.exporting.shares import DIGITS, LEVEL, clustered_share, share
from synth.schema import OUTCOMES

Numbers = dict[str, Any]

MOST_BARS: Final = 21
MOST_SOURCES: Final = 20
LABELS: Final = ("known", "unknown", "undecided")


def card_numbers(built: Built, samples: pl.LazyFrame, configs: dict[str, dict[str, int]]) -> Numbers:
    """All numbers of a card, as plain values; the same frames give the same numbers.

    Args:
        built: the set.
        samples: the used samples with their verdicts; gone through a few times, never held.
        configs: rows of every config and split.

    Returns:
        `level` of the intervals; `questions`, `answers`, `stopping`, `graders`, `agreement` with recorded
        verdicts, `reliability`, `shares` (the histogram of `p_hat`), `sources`, `predictability` of
        preferences where there are any, and the rows: `configs`, `built`, `kept`, `dropped` by reason,
        `split_groups` (groups that stand in two splits).
    """
    questions = _labelled(built)
    first = first_answers(questions, _failed(samples)) if _adaptive(built.settings) else None
    answers = _kinds(samples, first, questions)
    looks = predictability(built.kept, built.formats, built.settings.get("seed", 0))
    return {
        "level": LEVEL,
        "questions": _questions(questions),
        "answers": _answers(answers),
        "stopping": _stopping(built, questions),
        "graders": _graders(samples),
        "agreement": clustered_share(answers, "same", "both", "questions"),
        "reliability": _reliability(answers, first),
        "shares": _histogram(questions),
        "sources": _sources(questions),
        **({"predictability": looks} if looks else {}),
        "configs": configs,
        "built": built.kept.height + built.dropped.height,
        "kept": built.kept.height,
        "dropped": dict(
            built.dropped.group_by("reason").len().sort("len", "reason", descending=[True, False]).iter_rows()
        ),
        "split_groups": _split_groups(built.kept),
    }


def _labelled(built: Built) -> pl.DataFrame:
    """The questions with the label that their rows have: a pipeline may label by more than right answers."""
    rows = pl.concat([frame.select("question_id", "known") for frame in (built.kept, built.dropped)])
    label = pl.when("known").then(pl.lit("known")).when(pl.col("known").not_()).then(pl.lit("unknown"))
    labels = rows.unique("question_id", keep="first").select(
        pl.col("question_id").alias("id"), label.otherwise(pl.lit("undecided")).alias("label")
    )
    columns = ["id", "p_hat", "n", "answerable", "source", "license"]
    return built.questions.select(columns).join(labels, on="id", how="left", maintain_order="left")


def _questions(questions: pl.DataFrame) -> Numbers:
    counts = {name: int((questions["label"] == name).sum()) for name in LABELS}
    decided = counts["known"] + counts["unknown"]
    return {
        "asked": questions.height,
        **counts,
        "without_row": questions["label"].null_count(),
        "unanswerable": int((~questions["answerable"]).sum()),
        "known_share": share(counts["known"], decided),
        "undecided_share": share(counts["undecided"], questions.height),
    }


def _adaptive(settings: dict[str, Any]) -> bool:
    """Whether the answers themselves decided how many were drawn."""
    budget = any(settings.get(name) is not None for name in ("max_samples", "max_tokens_total"))
    return budget or _rule(settings) != "fixed"


def _rule(settings: dict[str, Any]) -> str:
    """The stop rule that ran: what is not labelled by right answers cannot be settled by them."""
    by_correctness = settings.get("label_by", "correctness") == "correctness"
    return settings.get("stop_rule") or "fixed" if by_correctness else "fixed"


def _failed(samples: pl.LazyFrame) -> pl.Series:
    """The questions with a failed call."""
    failed = samples.filter(pl.col("outcome") == "failed")
    return failed.select(pl.col("question_id").unique()).collect(engine="streaming")["question_id"]


def _kinds(samples: pl.LazyFrame, first: int | None, questions: pl.DataFrame) -> pl.DataFrame:
    """One row for all questions with the same counts: how many they are, and what each has.

    Returns:
        `questions`; `tokens` of all of them; of each, its graded answers by outcome, and what agreement and
        reliability need; `own`, whether these answers are just those of the label.
    """
    correct, judged = pl.col("outcome") == "correct", pl.col("outcome").is_in(["correct", "wrong"])
    early = pl.lit(True) if first is None else pl.col("index") < first
    recorded = pl.col("meta").str.json_path_match("$.correct")
    spoken = pl.col("recorded").is_in(["true", "false"])
    counts = {
        "graded": pl.len(),
        **{name: (pl.col("outcome") == name).sum() for name in OUTCOMES},
        "recorded": spoken.sum(),
        "both": (spoken & judged).sum(),
        "same": (spoken & judged & ((pl.col("recorded") == "true") == correct)).sum(),
        "judged": (judged & early).sum().cast(pl.Int64()),
        "right": (correct & early).sum().cast(pl.Int64()),
    }
    labelled = questions.lazy().select(pl.col("id").alias("question_id"), "n")
    return (
        samples.filter(pl.col("outcome").is_not_null())
        .select("question_id", "index", "n_tokens", "outcome", recorded=recorded)
        .group_by("question_id")
        .agg(**counts, tokens=pl.col("n_tokens").cast(pl.Int64()).sum())
        .join(labelled, on="question_id", how="left")
        .with_columns(own=(pl.col("graded") == pl.col("n")).fill_null(False))
        .group_by(*counts, "own")
        .agg(questions=pl.len(), tokens=pl.col("tokens").sum())
        .collect(engine="streaming")
    )


def _answers(kinds: pl.DataFrame) -> Numbers:
    sums = kinds.select(pl.col("graded", "recorded", *OUTCOMES) * pl.col("questions"), "tokens").sum()
    counts = {name: int(number) for name, number in sums.row(0, named=True).items()}
    return {
        "graded": counts["graded"],
        "tokens": counts["tokens"],
        "recorded": counts["recorded"],
        "outcomes": {
            name: clustered_share(kinds, name, "graded", "questions") for name in OUTCOMES if counts[name]
        },
    }


def _stopping(built: Built, questions: pl.DataFrame) -> Numbers:
    """What the stop rule spent: answers a question, and how many questions it ended before all n."""
    drawn = questions["n"].fill_null(0)
    spent, limit = int(drawn.sum()), built.settings.get("n")
    # A recording has as many answers as it has: that a question has fewer than n is no saving.
    most = limit * questions.height if limit and built.model.get("engine") != "replay" else 0
    early = int(((drawn > 0) & (drawn < limit)).sum()) if most else 0
    none = int((drawn == 0).sum())
    return {
        "rule": _rule(built.settings),
        "n": limit,
        "answers": spent,
        "at_most": most or None,
        "saved": round(1 - spent / most, DIGITS) if most else None,
        "ended_early": early,
        "ended_at_n": questions.height - early - none if most else 0,
        "without_answer": none,
        "fewest": int(str(drawn.min() or 0)),
        "median": float(str(drawn.median() or 0)),
        "mean": round(spent / questions.height, DIGITS) if questions.height else 0.0,
        "most": int(str(drawn.max() or 0)),
    }


def _graders(samples: pl.LazyFrame) -> list[Numbers]:
    """One entry a grader and version: how many verdicts, and of which outcomes; the busiest first."""
    found = (
        samples.filter(pl.col("outcome").is_not_null())
        .group_by("grader", "grader_version")
        .agg(
            pl.len().alias("verdicts"), *((pl.col("outcome") == name).sum().alias(name) for name in OUTCOMES)
        )
        .collect(engine="streaming")
        .sort("verdicts", "grader", "grader_version", descending=[True, False, False])
    )
    return [
        {
            "grader": row["grader"],
            "version": row["grader_version"],
            "verdicts": row["verdicts"],
            "outcomes": {name: row[name] for name in OUTCOMES if row[name]},
        }
        for row in found.iter_rows(named=True)
    ]


def _reliability(kinds: pl.DataFrame, first: int | None) -> Numbers | None:
    """Of the questions whose graded answers are just those of the label: no other prompt's are mixed in."""
    found = reliability(kinds.filter(pl.col("own") & (pl.col("failed") == 0)))
    return found and {"first": first, **found}


def _histogram(questions: pl.DataFrame) -> Numbers:
    """Questions by share of right answers: one bar for each share that n answers can give, or 21."""
    most = questions["n"].max()
    bars = max(2, min(int(str(most)) + 1, MOST_BARS)) if most else MOST_BARS
    bar = (pl.col("p_hat") * (bars - 1) + 0.5 + 1e-9).floor().cast(pl.Int32())
    drawn = questions.filter(pl.col("p_hat").is_not_null()).select("label", bar.alias("bar"))
    counted = {(name, at): rows for name, at, rows in drawn.group_by("label", "bar").len().iter_rows()}
    return {
        "bars": bars,
        **{name: [counted.get((name, at), 0) for at in range(bars)] for name in LABELS},
        "not_drawn": questions["p_hat"].null_count(),
    }


def _sources(questions: pl.DataFrame) -> list[Numbers]:
    """Where the questions come from, the largest first; what is beyond the first 20 is one entry."""
    found = questions.group_by("source", "license").len("questions")
    found = found.sort("questions", "source", "license", descending=[True, False, False], nulls_last=True)
    largest = found.head(MOST_SOURCES).with_columns(sources=pl.lit(1)).to_dicts()
    rest = found.slice(MOST_SOURCES)
    if rest.is_empty():
        return largest
    more = {"source": None, "license": None, "questions": int(rest["questions"].sum())}
    return [*largest, more | {"sources": rest.height}]


def _split_groups(kept: pl.DataFrame) -> int:
    if kept["split"].n_unique() < 2:
        return 0
    splits = kept.lazy().group_by("group").agg(pl.col("split").n_unique())
    return int(splits.select((pl.col("split") > 1).sum()).collect(engine="streaming").item())
