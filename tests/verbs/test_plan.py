"""Plans: nothing is drawn without a pilot, and what a pilot foretells comes about."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from synth.cli.telling import plan_report
from synth.verbs.build import run_build
from synth.verbs.plan import run_plan
from synth.verbs.sample import run_sample

Flags = dict[str, Any]


@pytest.fixture
def flags(recorded: Callable[..., Path], tmp_path: Path) -> Flags:
    """400 questions, a third each known, half known and unknown; one answer in ten cannot be judged."""
    rng = random.Random(1)

    def text(i: int) -> str:
        return "" if rng.random() < 0.1 else "Paris" if rng.random() < (0.05, 0.5, 0.95)[i % 3] else "Rome"

    file = recorded({f"Question {i}?": [text(i) for _ in range(16)] for i in range(400)})
    return {"engine": "replay", "recorded": str(file), "store": str(tmp_path / "store")}


def expected(plan: dict[str, Any]) -> dict[str, float]:
    return {rule["stop_rule"]: rule["per_question"] for rule in plan["rules"]}


def test_nothing_is_drawn_without_a_pilot(flags: Flags) -> None:
    plan = run_plan("refusal", flags)
    assert plan["rules"] == []
    assert "--pilot" in plan_report(plan)[-1]
    assert not Path(flags["store"]).exists()


def test_what_a_pilot_foretells_comes_about(flags: Flags, tmp_path: Path) -> None:
    plan = run_plan("refusal", flags, pilot=80)
    assert plan["basis"] == {"questions": 80, "samples": 1280}
    assert plan["samples"]["stored"] == 1280
    for rule in ("fixed", "curtail", "sprt", "width", "posterior"):
        used = run_sample(flags | {"stop_rule": rule, "store": str(tmp_path / rule)}, quiet=True)["samples"][
            "used"
        ]
        assert expected(plan)[rule] * 400 == pytest.approx(used, rel=0.12), rule


def test_the_pilot_is_part_of_the_build(flags: Flags, tmp_path: Path) -> None:
    run_plan("refusal", flags, pilot=50)
    counts = run_build("refusal", flags | {"output_dir": str(tmp_path / "out")}, quiet=True)
    assert counts["samples"]["reused"] > 500
    again = run_plan("refusal", flags)
    assert [line for line in plan_report(again) if line.endswith("chosen")]
    assert again["stop_rule"] == "curtail"


def test_the_same_seed_pilots_the_same_questions(flags: Flags) -> None:
    first = run_plan("refusal", flags, pilot=20)
    assert run_plan("refusal", flags, pilot=20)["samples"]["stored"] == first["samples"]["stored"] == 320
    assert run_plan("refusal", flags | {"seed": 5}, pilot=20)["samples"]["stored"] > 320


def test_a_rule_that_the_settings_rule_out_is_left_out(flags: Flags) -> None:
    assert "quota" not in expected(run_plan("refusal", flags | {"quota": 99}, pilot=10))
