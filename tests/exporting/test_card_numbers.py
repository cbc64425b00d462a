"""The card's numbers: counted from the frames, with intervals that cover, and honest about reliability."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from synth.built import Built
from synth.exporting import export, read_manifest
from synth.exporting.quality import card_numbers
from synth.exporting.reliability import reliability
from synth.exporting.shares import LEVEL, clustered_share, share

Make = Callable[..., Built]


@given(st.integers(1, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_is_wilsons(counts: tuple[int, int]) -> None:
    found = share(*counts)
    exact = binomtest(*counts).proportion_ci(LEVEL, method="wilson")
    assert found is not None
    assert found["low"] == pytest.approx(exact.low, abs=1e-6)
    assert found["high"] == pytest.approx(exact.high, abs=1e-6)


def test_the_interval_of_answers_covers_though_they_come_in_questions() -> None:
    dice = np.random.default_rng(0)
    covered = naive = 0
    for _ in range(300):
        right = dice.binomial(10, dice.beta(0.4, 0.6, 80))
        found = clustered_share(pl.DataFrame({"x": right, "n": 10}), "x", "n")
        plain = share(int(right.sum()), 800)
        assert found is not None
        assert plain is not None
        covered += found["low"] <= 0.4 <= found["high"]
        naive += plain["low"] <= 0.4 <= plain["high"]
    assert covered / 300 > 0.86
    assert naive / 300 < 0.7, "as if each answer were a question of its own"


def test_copies_count_as_that_many_clusters() -> None:
    kinds = pl.DataFrame({"x": [1, 4], "n": [5, 5], "many": [30, 20]})
    each = pl.concat([kinds.head(1)] * 30 + [kinds.tail(1)] * 20)
    assert clustered_share(kinds, "x", "n", "many") == clustered_share(each, "x", "n")


@pytest.mark.parametrize("right", [[0, 0, 0], [5, 5, 5]])
def test_answers_that_all_agree_are_as_many_as_their_questions(right: list[int]) -> None:
    found = clustered_share(pl.DataFrame({"x": right, "n": 5}), "x", "n")
    plain = share(sum(right) // 5, 3)
    assert found is not None
    assert plain is not None
    assert (found["low"], found["high"]) == pytest.approx((plain["low"], plain["high"]))


def test_nothing_is_no_share() -> None:
    assert share(0, 0) is None
    assert clustered_share(pl.DataFrame({"x": [0], "n": [0]}), "x", "n") is None


@given(st.lists(st.lists(st.booleans(), min_size=2, max_size=6), min_size=1, max_size=8))
def test_reliability_is_what_leaving_each_answer_out_gives(questions: list[list[bool]]) -> None:
    told: dict[int, list[tuple[float, bool]]] = {}
    for answers in questions:
        for at, right in enumerate(answers):
            others = answers[:at] + answers[at + 1 :]
            expected = sum(others) / len(others)
            told.setdefault(int(expected * 10 + 0.5 + 1e-9), []).append((expected, right))
    counts = pl.DataFrame({"right": [sum(a) for a in questions], "judged": [len(a) for a in questions]})
    found = reliability(counts.group_by(pl.all()).len("questions"))
    assert found is not None
    assert found["answers"] == sum(len(answers) for answers in questions)
    assert found["questions"] == len(questions)
    for bin_, pairs in zip(found["bins"], [told[at] for at in sorted(told)], strict=True):
        assert bin_["count"] == sum(right for _, right in pairs)
        assert bin_["total"] == len(pairs)
        assert bin_["expected"] == pytest.approx(sum(e for e, _ in pairs) / len(pairs), abs=1e-6)


def test_one_answer_vouches_for_nothing() -> None:
    assert reliability(pl.DataFrame({"right": [1, 0], "judged": [1, 1], "questions": [1, 2]})) is None


def test_answers_that_a_stop_rule_called_for_do_not_bend_reliability(made: Make) -> None:
    """A rule that stops at the first right answer: all shares of all answers say too little or too much."""
    dice = np.random.default_rng(1)
    drawn = [[bool(b) for b in dice.random(8) < 0.5] for _ in range(2000)]
    kept = [answers[: max(3, answers.index(True) + 1 if True in answers else 8)] for answers in drawn]
    rows = [(q, i, right) for q, answers in enumerate(kept) for i, right in enumerate(answers)]
    samples = pl.DataFrame(
        {
            "question_id": [f"q{q:05}" for q, _, _ in rows],
            "index": [i for _, i, _ in rows],
            "outcome": ["correct" if right else "wrong" for _, _, right in rows],
        }
    )
    empty = made(1).samples.collect_schema()
    missing = [
        pl.lit(None, dtype).alias(name) for name, dtype in empty.items() if name not in samples.columns
    ]
    built = made(2000, settings={"n": 8, "stop_rule": "quota"})
    questions = built.questions.with_columns(n=pl.Series([len(answers) for answers in kept], dtype=pl.Int32))
    built = made(2000, settings=built.settings, questions=questions)
    found = card_numbers(built, samples.lazy().with_columns(missing), {})["reliability"]
    assert found["first"] == 3
    assert found["answers"] == 6000
    assert all(b["low"] - 0.02 <= 0.5 <= b["high"] + 0.02 for b in found["bins"])


def test_the_label_is_the_rows_not_the_share(made: Make) -> None:
    built = made(30)
    built = made(30, kept=built.kept.with_columns(known=pl.lit(False)), dropped=built.dropped.clear())
    found = card_numbers(built, built.samples, {})["questions"]
    assert found["known"] == 0
    assert found["unknown"] == built.kept.height
    assert found["without_row"] == 30 - built.kept.height


def test_what_the_stop_rule_spent(made: Make) -> None:
    built = made(40, settings={"n": 10, "stop_rule": "curtail"})
    found = card_numbers(built, built.samples, {})["stopping"]
    assert found["answers"] == 320
    assert found["at_most"] == 400
    assert found["saved"] == 0.2
    assert (found["ended_early"], found["ended_at_n"], found["without_answer"]) == (40, 0, 0)


def test_labels_by_entropy_stop_at_n_whatever_the_rule_is_set_to(made: Make) -> None:
    built = made(40, settings={"n": 8, "stop_rule": "curtail", "label_by": "entropy"})
    found = card_numbers(built, built.samples, {})
    assert found["stopping"]["rule"] == "fixed"
    assert found["reliability"]["first"] is None


def test_recorded_answers_save_nothing(made: Make) -> None:
    built = made(40, settings={"n": 10, "stop_rule": "curtail"}, model={"identity": "x", "engine": "replay"})
    found = card_numbers(built, built.samples, {})["stopping"]
    assert found["answers"] == 320
    assert (found["at_most"], found["saved"], found["ended_early"]) == (None, None, 0)


def test_graders_are_counted_by_version(made: Make) -> None:
    built = made(10)
    versions = pl.when(pl.col("index") < 2).then(pl.lit("1")).otherwise(pl.lit("2"))
    found = card_numbers(built, built.samples.with_columns(grader_version=versions), {})["graders"]
    assert [(g["grader"], g["version"], g["verdicts"]) for g in found] == [
        ("short", "2", 60),
        ("short", "1", 20),
    ]
    assert sum(sum(g["outcomes"].values()) for g in found) == 80


def test_the_histogram_holds_every_question_once(made: Make) -> None:
    built = made(50)
    found = card_numbers(built, built.samples, {})["shares"]
    assert sum(sum(found[label]) for label in ("known", "unknown", "undecided")) == 50
    assert found["bars"] == 9
    assert found["known"][8] == 17


def test_the_manifest_holds_the_numbers_of_the_card(made: Make, tmp_path: Path) -> None:
    built = made(40)
    configs = export(built, tmp_path / "set")
    kept = read_manifest(tmp_path / "set")["numbers"]
    assert kept == json.loads(json.dumps(card_numbers(built, built.samples, configs)))
    embedded = pl.scan_parquet(tmp_path / "set/samples/*.parquet")
    assert kept == json.loads(json.dumps(card_numbers(built, embedded, configs)))
