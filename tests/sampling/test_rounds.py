"""Budgets and pilots, end to end on recorded answers."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.verbs.sample import run_sample

Sample = Callable[..., dict[str, Any]]


@pytest.fixture
def sample(recorded: Callable[..., Path], tmp_path: Path) -> Sample:
    """Samples 60 questions that are right from never to always, each recorded 16 times."""
    rng = random.Random(0)
    texts = {
        f"Question {i}?": ["Paris" if rng.random() < i / 59 else "Rome" for _ in range(16)] for i in range(60)
    }
    file = recorded(texts)

    def run(store: str = "store", **settings: Any) -> dict[str, Any]:
        flags = {"engine": "replay", "recorded": str(file), "store": str(tmp_path / store)}
        labels = tmp_path / "labels.jsonl"
        result = run_sample(flags | {"n": 16, "labels_out": str(labels)} | settings, quiet=True)
        return result | {"rows": pl.read_ndjson(labels)}

    return run


@pytest.mark.parametrize("rule", ["fixed", "curtail", "posterior"])
@pytest.mark.parametrize("budget", [1, 59, 200, 500, 2000])
def test_a_budget_of_samples_is_never_exceeded(sample: Sample, rule: str, budget: int) -> None:
    result = sample(stop_rule=rule, max_samples=budget)
    assert result["samples"]["new"] <= budget
    assert result["samples"]["used"] == result["samples"]["new"] == result["rows"]["used"].sum()
    if rule == "fixed":
        assert result["samples"]["new"] == min(budget, 960)


def test_a_second_run_with_the_same_budget_draws_nothing(sample: Sample) -> None:
    first, second = sample(max_samples=300), sample(max_samples=300)
    assert second["samples"] == {"new": 0, "reused": 300, "failed": 0, "used": 300}
    assert second["rows"].equals(first["rows"])


def test_what_else_is_stored_changes_no_label(sample: Sample) -> None:
    alone = sample(max_samples=300, stop_rule="curtail")
    sample(store="full")
    beside = sample(store="full", max_samples=300, stop_rule="curtail")
    assert beside["rows"].equals(alone["rows"])
    assert beside["samples"]["new"] == 0


def test_tokens_of_unknown_number_count_as_many_as_can_be(sample: Sample) -> None:
    assert sample(max_tokens_total=1000, max_tokens=10)["samples"]["new"] <= 100


def test_a_budget_goes_to_the_labels_that_may_turn(sample: Sample) -> None:
    used = sample(max_samples=480, stop_rule="curtail")["rows"]["used"]
    assert used[20:40].sum() > used[:10].sum() + used[50:].sum()


def test_the_posterior_learns_from_the_pilot_and_saves(sample: Sample) -> None:
    result = sample(stop_rule="posterior", max_doubt=0.05)
    assert result["rows"]["used"].min() >= 3
    assert result["samples"]["used"] < 700
    known = result["rows"]["known"]
    assert known[50:].drop_nulls().all()
    assert not known[:10].drop_nulls().any()
    again = sample(stop_rule="posterior", max_doubt=0.05)
    assert again["samples"]["new"] == 0
    assert again["rows"].equals(result["rows"])


@pytest.mark.parametrize("rule", ["sprt", "width", "quota"])
def test_every_rule_can_be_chosen(sample: Sample, rule: str) -> None:
    result = sample(stop_rule=rule, width=0.5, quota=3)
    assert 60 < result["samples"]["used"] < 960


def test_labels_of_the_api_are_written_for_every_question(sample: Sample) -> None:
    assert sample(stop_rule="sprt")["rows"].height == 60
