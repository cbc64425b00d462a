"""The sample: random, stratified, each answer once, and a larger one contains the smaller one."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.audits.answers import verdicts_of
from synth.audits.drawing import FEWEST, Size, allocate, draw
from synth.audits.report import report
from synth.audits.table import AUDITS

NONE = pl.DataFrame(schema=AUDITS)
STRATA = st.lists(
    st.builds(Size, st.integers(1, 10_000), st.integers(0, 400), st.floats(0.01, 0.3), st.booleans()),
    max_size=12,
)


def samples(copies: list[int], outcome: str = "correct", kind: str = "short") -> pl.LazyFrame:
    """Samples of one stratum: one answer to a question of its own for each number of copies."""
    rows = [(f"{kind}-{outcome}-{i}", j) for i, count in enumerate(copies) for j in range(count)]
    frame = pl.DataFrame(rows, schema=["question_id", "index"], orient="row").lazy()
    return frame.with_columns(
        key="question_id",
        kind=pl.lit(kind),
        question=pl.lit("Which?"),
        answers=pl.lit(["Paris"]),
        choices=pl.lit(None, pl.List(pl.String())),
        text=pl.lit("Rome"),
        finish=pl.lit("stop"),
        outcome=pl.lit(outcome),
        score=pl.lit(0.9),
        reason=pl.lit("equal"),
        grader=pl.lit(kind),
        grader_version=pl.lit("1"),
    )


def said(verdicts: pl.DataFrame, right: bool = True) -> pl.DataFrame:
    """Audits that call each of these verdicts right, or not."""
    given = {
        "verdict": pl.col("outcome"),
        "right": pl.lit(right),
        "outcome": pl.col("outcome"),
        "seed": pl.lit(0),
    }
    whole = verdicts.with_columns(**given)
    missing = [pl.lit(None, dtype).alias(n) for n, dtype in AUDITS.items() if n not in whole.columns]
    return whole.with_columns(missing).select(list(AUDITS)).cast(AUDITS)


@given(STRATA, st.integers(1, 500))
def test_as_many_are_asked_as_there_are_rows_or_answers(strata: list[Size], rows: int) -> None:
    given_ = allocate(strata, rows)
    assert all(0 <= count <= stratum.answers for count, stratum in zip(given_, strata, strict=True))
    assert sum(given_) == min(rows, sum(stratum.answers for stratum in strata))


def test_every_stratum_gets_a_few_and_the_doubtful_get_more() -> None:
    sure, doubtful, tiny, silent = allocate(
        [Size(5000, 900, 0.01), Size(5000, 900, 0.2), Size(8, 3, 0.01), Size(5000, 900, 0.2, counts=False)],
        200,
    )
    assert tiny == 3
    assert silent == FEWEST
    assert doubtful > 3 * sure >= FEWEST
    assert allocate([Size(100, 50, 0.1)] * 30, 10).count(1) == 10


def test_each_answer_is_asked_about_once_and_again_only_if_nothing_was_said() -> None:
    verdicts = verdicts_of(samples([1, 2, 16, 3]), NONE)
    asked = draw(verdicts, 100, 0)
    assert asked.height == 4
    assert sorted(asked["copies"]) == [1, 2, 3, 16]
    later = verdicts_of(samples([1, 2, 16, 3]), said(asked.head(3)))
    assert draw(later, 100, 0)["question_id"].to_list() == asked["question_id"].to_list()[3:]


def test_a_larger_sample_contains_the_smaller_one_and_another_seed_another() -> None:
    verdicts = verdicts_of(samples([1] * 300), NONE)
    small, large, other = (
        set(draw(verdicts, rows, seed)["id"]) for rows, seed in ((40, 0), (90, 0), (40, 1))
    )
    assert small < large
    assert len(small & other) < 20
    assert draw(verdicts.reverse(), 40, 0).equals(draw(verdicts, 40, 0))


def test_any_beginning_of_the_sample_is_a_fair_one() -> None:
    parts = [samples([1] * 400), samples([1] * 100, "wrong"), samples([1] * 40, kind="math")]
    asked = draw(verdicts_of(pl.concat(parts), NONE), 108, 0)
    first, whole = (
        frame.group_by("grader", "outcome").len().sort("len") for frame in (asked.head(54), asked)
    )
    assert first["len"].to_list() == pytest.approx([count / 2 for count in whole["len"]], abs=1)


def test_common_answers_are_drawn_more_often() -> None:
    drawn = [draw(verdicts_of(samples([1] * 40 + [40]), NONE), 4, seed)["copies"].max() for seed in range(40)]
    assert 34 <= drawn.count(40) <= 40


def test_what_no_person_need_look_at_is_left_out() -> None:
    frame = pl.concat([samples([2]), samples([1], kind="free").with_columns(reason=pl.lit("no_grader"))])
    failed = samples([1], "failed").with_columns(text=pl.lit(None, pl.String()))
    verdicts = verdicts_of(pl.concat([frame, failed]), NONE)
    assert verdicts["grader"].to_list() == ["short", "short"]


def test_the_noise_is_of_verdicts_not_of_answers() -> None:
    frame = samples([9, 1])
    verdicts = verdicts_of(frame, NONE)
    common = verdicts.filter(pl.col("question_id") == "short-correct-0").head(1)
    rare = verdicts.filter(pl.col("question_id") == "short-correct-1")
    audits = pl.concat([said(common, right=False).with_columns(outcome=pl.lit("wrong")), said(rare)])
    found = report(verdicts_of(frame, audits))
    assert (found["audited"], found["answers"], found["verdicts"]) == (2, 2, 10)
    assert found["noise"] == pytest.approx({"value": 0.9, "low": 0.9, "high": 0.9})


def test_what_is_drawn_gives_an_interval_that_covers_the_truth() -> None:
    rng = np.random.default_rng(3)
    often = rng.choice([1, 1, 2, 4, 12], 120).tolist()
    parts = [
        samples(often),
        samples([1] * 150, "wrong"),
        samples([1, 3] * 10, kind="math"),
        samples([1] * 4, "refused"),
    ]
    frame = pl.concat(parts)
    clean = verdicts_of(frame, NONE)
    answer, hits = clean["answer"].to_numpy(), 0
    for seed in range(40):
        wrong = rng.random(answer.max() + 1) < 0.06
        asked = draw(clean, 80, seed)
        right = pl.Series(~wrong[asked["answer"].to_numpy()])
        outcome = pl.when(right).then("outcome").otherwise(pl.lit("refused"))
        audits = said(asked).with_columns(right=right, outcome=outcome, seed=pl.lit(seed, pl.Int64()))
        noise = report(verdicts_of(frame, audits))["noise"]
        hits += noise["low"] <= wrong[answer].mean() <= noise["high"]
    assert hits >= 36


def test_audits_made_for_another_set_are_no_random_sample_of_this_one() -> None:
    small, large = samples([1] * 10), samples([1] * 500)
    audits = said(verdicts_of(small, NONE))
    assert report(verdicts_of(small, audits))["noise"]["high"] == 0
    of_large = report(verdicts_of(large, audits))["noise"]
    assert of_large is None or of_large["high"] > 0.3


def test_verdicts_that_say_nothing_make_no_label_noise() -> None:
    frame = pl.concat([samples([1] * 5), samples([1] * 5, "undecided")])
    undecided = verdicts_of(frame, NONE).filter(pl.col("outcome") == "undecided")
    audits = said(undecided, right=False).with_columns(outcome=pl.lit(None, pl.String()))
    found = report(verdicts_of(frame, audits))
    assert found["noise"] is None
    assert [(row["outcome"], row["wrong"]) for row in found["strata"]] == [("correct", 0), ("undecided", 5)]
