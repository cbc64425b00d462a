"""The panel compares estimators on the same answers, and says who is left out and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn import metrics as sk

from synth.cli import run
from synth.metrics.bootstrap import Interval
from synth.uncertainty import ESTIMATORS, Answers, Panel, chosen, compare
from synth.verbs.uncertainty import run_uncertainty


def answers(questions: int = 60, each: int = 8, seed: int = 0, **columns: Any) -> Answers:
    """A model that knows some questions better than others, and whose wrong answers scatter."""
    random = np.random.default_rng(seed)
    known = random.random(questions).repeat(each)
    right = random.random(questions * each) < known
    texts = np.where(right, "Ann", random.choice(["Bob", "Cy", "Dee", "Eve"], questions * each))
    names = [f"q{at}" for at in range(questions) for _ in range(each)]
    samples = pl.DataFrame(
        {
            "question_id": names,
            "key": [f"k-{name}" for name in names],
            "index": list(range(each)) * questions,
            "text": texts,
            "answer": texts,
            "outcome": np.where(right, "correct", "wrong"),
            "logprob_sum": np.where(right, -1.0, -2.0) - random.random(questions * each),
            "n_tokens": [2] * (questions * each),
            **columns,
        },
        schema_overrides={"index": pl.Int32},
    )
    asked = samples.select("question_id").unique(maintain_order=True)
    return Answers(samples, asked.with_columns(kind=pl.lit("short"), question=pl.lit("Who?"), choices=None))


def compared(given: Answers, *names: str, repeats: int = 50) -> Panel:
    return compare(given, chosen(names), repeats=repeats)


def test_the_numbers_are_scikit_learn_s_with_the_direction_turned() -> None:
    given = answers()
    correct = (given.frame["outcome"] == "correct").to_numpy()
    for row in compared(given, "agreement", "semantic_entropy", "predictive_entropy").found:
        values = row.estimator.measure(given)
        on = [name for name in ("question_id", "key", "index") if name in values.columns]
        score = given.frame.join(values, on=on, how="left", maintain_order="left")["value"].to_numpy()
        score = np.round(score if row.estimator.surer == "higher" else -score, 10)
        assert row.auroc.value == pytest.approx(sk.roc_auc_score(correct, score))
        assert row.average_precision.value == pytest.approx(sk.average_precision_score(correct, score))
        assert row.auroc.low <= row.auroc.value <= row.auroc.high
        assert row.n == (7 if row.estimator.name == "agreement" else 8)


def test_the_best_is_first_and_the_others_are_behind_it() -> None:
    panel = compared(answers(), "agreement", "lexical_similarity", "sequence_probability")
    assert panel.best == "sequence_probability" == panel.found[0].estimator.name
    assert panel.found[0].behind is None
    for row in panel.found[1:]:
        assert row.behind is not None
        assert row.behind.value == pytest.approx(panel.found[0].auroc.value - row.auroc.value)
        assert row.behind.low <= row.behind.value <= row.behind.high


def test_twice_the_same_estimate_is_exactly_as_good() -> None:
    """Differences are taken within a resample: an estimate is behind its like by nothing, and surely so."""
    panel = compared(answers(), "predictive_entropy", "length_normalised_entropy")
    assert panel.found[1].behind == Interval(0, 0, 0)


def test_an_oracle_is_no_best() -> None:
    panel = compared(answers(), "p_hat_of_others", "lexical_similarity")
    assert panel.best == "lexical_similarity"
    oracle = next(row for row in panel.found if row.estimator.oracle)
    assert oracle.behind is None
    assert oracle.auroc.value > 0.7


def test_all_are_compared_on_the_answers_for_which_all_have_a_value() -> None:
    whole = answers()
    half_known = [None if at % 4 == 0 else -1.0 for at in range(whole.frame.height)]
    panel = compared(answers(logprob_sum=half_known), "agreement", "sequence_probability")
    assert panel.judged == whole.frame.height
    assert panel.rows == 0.75 * panel.judged
    assert {row.estimator.name: row.missing for row in panel.found} == {
        "agreement": 0,
        "sequence_probability": panel.judged // 4,
    }


def test_who_has_too_few_values_is_left_out_and_takes_no_rows_away() -> None:
    few = [-1.0 if at % 4 == 0 else None for at in range(480)]
    panel = compared(answers(logprob_sum=few), "agreement", "sequence_probability", "verbal_confidence")
    assert panel.rows == panel.judged == 480
    assert panel.left_out == {
        "sequence_probability": "120 of 480 judged answers have a value; it needs the log-probability of "
        "each answer",
        "verbal_confidence": "no values; it needs a confidence stated in the answer, on the scale that is "
        "declared",
    }


def test_where_nothing_is_judged_or_all_is_right_nothing_is_claimed() -> None:
    nobody = compared(answers(outcome=["undecided"] * 480), "agreement")
    assert (nobody.judged, nobody.rows, nobody.best, nobody.found) == (0, 0, "", [])
    all_right = compared(answers(outcome=["correct"] * 480), "agreement")
    assert np.isnan(all_right.found[0].auroc.value)
    assert all_right.best == ""
    assert all_right.as_dict()["estimators"]["agreement"]["auroc"] == {
        "value": None,
        "low": None,
        "high": None,
    }


def test_the_order_of_rows_and_the_seed_say_the_same() -> None:
    given = answers()
    shuffled = Answers(given.frame.sample(fraction=1, shuffle=True, seed=3), given.questions)
    one, other = (compared(each, "agreement", "semantic_entropy").as_dict() for each in (given, shuffled))
    assert one == other


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    rows = [
        {
            "id": f"q{at}",
            "question": f"Who leads town {at}?",
            "answers": ["Ann"],
            "kind": "short",
            "model": "m",
            "samples": [
                {"text": "Ann" if (at + place) % (at % 5 + 1) else f"Bob {place % 3}"} for place in range(6)
            ],
        }
        for at in range(30)
    ]
    path = tmp_path / "recorded.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_eval_prints_a_panel(recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["eval", "--engine", "replay", "--recorded", str(recorded), "--store", str(tmp_path / "store")]
    words += ["--n", "6", "--repeats", "20"]
    assert run([*words, "--uncertainty", "all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("agreement") and " best" in line for line in lines)
    assert any(line.startswith("eigen_score") and "no values; it needs" in line for line in lines)
    assert run([*words, "--uncertainty", "agreement,lexical-similarity", "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    found = json.loads(out)["uncertainty"]
    assert found["estimators"].keys() == {"agreement", "lexical_similarity"}
    assert found["estimators"]["agreement"].keys() >= {"auroc", "average_precision", "aurc", "n", "missing"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--uncertainty", "agrement"], "no estimator is called 'agrement'"),
        (["--uncertainty", "all", "--map", "platt"], "--map: --uncertainty compares estimates"),
        (["--uncertainty", "all", "--n", "1"], "--n 1: uncertainty needs 2 samples"),
        (["--similarity", "x"], "--similarity: this is for --uncertainty"),
        (["--uncertainty", "eigen_score"], "hidden states"),
    ],
)
def test_what_makes_no_sense_is_refused(
    words: list[str], said: str, recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["eval", "--engine", "replay", "--recorded", str(recorded), "--store", str(tmp_path / "store")]
    assert run([*asked, *words]) == 2
    assert said in capsys.readouterr().err


def test_the_built_in_model_gives_every_estimate_that_needs_no_statement(tmp_path: Path) -> None:
    flags = {"limit": 12, "store": str(tmp_path / "store"), "token_logprobs": True, "max_tokens": 48}
    found = run_uncertainty(["all"], flags, n=4, bootstrap=None, quiet=True)
    assert {*found.panel.left_out} == {"verbal_confidence"}
    assert {row.estimator.name for row in found.panel.found} == {*ESTIMATORS} - {*found.panel.left_out}
    assert all(row.missing < found.panel.judged / 2 for row in found.panel.found)


@pytest.mark.slow
@pytest.mark.parametrize(("pool", "n", "least"), [("mmlu_pro_pool", 40, 0.82), ("evouna_nq_human", 5, 0.76)])
def test_agreement_tells_right_from_wrong_in_real_answers(
    pool: str, n: int, least: float, test_data: Path, tmp_path: Path
) -> None:
    file = test_data / "recorded" / f"{pool}.jsonl"
    flags = {"engine": "replay", "recorded": str(file), "store": str(tmp_path / "store")}
    panel = run_uncertainty(["all"], flags, n=n, quiet=True).panel
    found = {row.estimator.name: row for row in panel.found}
    assert panel.best == "agreement"
    assert found["agreement"].auroc.low > least - 0.01
    assert found["discrete_semantic_entropy"].auroc.value > found["lexical_similarity"].auroc.value > 0.55
