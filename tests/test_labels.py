"""Labels: only the samples before the stop count, whatever else the store holds."""

import polars as pl
import pytest

from synth.labels import label, mark_used, with_sample_keys
from synth.sampling.rule import LabelRule
from synth.sampling.stopping import StopRules

RULES = StopRules("curtail", LabelRule())


def frames(outcomes: dict[str, list[str]], n: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = [(key, i, outcome) for key, found in outcomes.items() for i, outcome in enumerate(found)]
    verdicts = pl.DataFrame(
        rows, schema={"key": pl.String(), "index": pl.Int32(), "outcome": pl.String()}, orient="row"
    )
    asked = pl.DataFrame({"question_id": list(outcomes), "key": list(outcomes), "n": [n] * len(outcomes)})
    return verdicts, asked.with_columns(until="n", quota=pl.lit(None, pl.Int64()))


def test_samples_after_the_stop_change_nothing() -> None:
    first, later = ["correct"] * 12, ["wrong"] * 30
    verdicts, asked = frames({"short": first, "long": first + later}, 16)
    labels = with_sample_keys(label(mark_used(verdicts, asked, RULES), asked, RULES))
    short, long = labels.rows(named=True)
    assert short["known"] is long["known"] is True
    assert {k: v for k, v in short.items() if k not in ("question_id", "sample_keys")} == {
        k: v for k, v in long.items() if k not in ("question_id", "sample_keys")
    }
    assert len(long["sample_keys"]) == 12


@pytest.mark.parametrize("outcome", ["truncated", "unparsed", "undecided", "failed", "refused"])
def test_what_could_not_be_judged_never_makes_a_question_unknown(outcome: str) -> None:
    verdicts, asked = frames({"q": [outcome] * 16}, 16)
    labels = label(mark_used(verdicts, asked, RULES), asked, RULES)
    assert labels["known"].to_list() == [None]
    assert labels["p_hat"].to_list() == [None]


def test_refusals_count_as_unknown_where_asked_for() -> None:
    rules = StopRules("fixed", LabelRule(refused_is="unknown"))
    verdicts, asked = frames({"q": ["refused"] * 15 + ["correct"]}, 16)
    row = label(mark_used(verdicts, asked, rules), asked, rules).row(0, named=True)
    assert row["known"] is False
    assert (row["n_correct"], row["n_wrong"], row["n_refused"]) == (1, 0, 15)


def test_a_question_without_samples_is_undecided() -> None:
    verdicts, asked = frames({"q": []}, 16)
    row = with_sample_keys(label(mark_used(verdicts, asked, RULES), asked, RULES)).row(0, named=True)
    assert (row["known"], row["n"], row["sample_keys"]) == (None, 0, [])


def test_a_gap_ends_what_counts() -> None:
    verdicts, asked = frames({"q": ["correct"] * 16}, 16)
    labels = label(mark_used(verdicts.filter(pl.col("index") != 3), asked, RULES), asked, RULES)
    assert labels["n"].to_list() == [3]


def test_what_a_budget_did_not_allow_changes_nothing() -> None:
    rules = StopRules("fixed", LabelRule())
    verdicts, asked = frames({"q": ["correct"] * 4 + ["wrong"] * 12}, 16)
    row = label(mark_used(verdicts, asked.with_columns(until=4), rules), asked, rules).row(0, named=True)
    assert (row["known"], row["n"], row["p_hat"]) == (True, 4, 1.0)


def test_each_question_waits_for_its_own_quota() -> None:
    """And its share is unbiased for it: (k − 1)/(n − 1) where the quota ended the drawing."""
    outcomes = ["correct", "wrong"] * 8
    verdicts, asked = frames({"two": outcomes, "five": outcomes, "many": outcomes}, 16)
    asked = asked.with_columns(quota=pl.Series([2, 5, 99]))
    rules = StopRules("quota", LabelRule())
    labels = label(mark_used(verdicts, asked, rules), asked, rules)
    assert labels["n"].to_list() == [3, 9, 16]
    assert labels["p_hat"].to_list() == [1 / 2, 4 / 8, 8 / 16]
