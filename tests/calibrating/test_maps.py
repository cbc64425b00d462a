"""Maps make confidences true, rank as before, and are fitted apart from what they are told of."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from synth import metrics
from synth.calibrating import MAPS, check_apart, fit_map, halves
from synth.calibrating.held_out import HeldOut, fit_and_tell
from synth.errors import UsageError

Floats = NDArray[np.float64]


def overconfident(rows: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Confidences whose logit is twice too large."""
    random = np.random.default_rng(seed)
    true = random.beta(2, 2, rows)
    said = 1 / (1 + ((1 - true) / true) ** 2)
    return said, (random.random(rows) < true).astype(float)


@pytest.mark.parametrize("name", MAPS)
def test_a_map_lowers_the_error_of_calibration_on_other_answers(name: str) -> None:
    fitted = fit_map(name, *overconfident(2000))
    said, right = overconfident(4000, seed=1)
    before, after = (float(metrics.ece(metrics.by_level(right, sure))) for sure in (said, fitted(said)))
    # Platt's logistic curve over the confidence itself, not its logit, cannot undo all of it.
    assert before > 0.1
    assert after < (0.05 if name == "platt" else 0.03)


@pytest.mark.parametrize("name", MAPS)
def test_a_map_never_turns_two_answers_round(name: str) -> None:
    mapped = fit_map(name, *overconfident(500))(np.linspace(0, 1, 101))
    assert (np.diff(mapped) >= 0).all()
    assert ((mapped >= 0) & (mapped <= 1)).all()


@pytest.mark.parametrize("name", MAPS)
def test_a_confidence_that_runs_the_wrong_way_is_not_turned_round(name: str) -> None:
    said, right = overconfident(500)
    mapped = fit_map(name, said, 1 - right)(np.linspace(0, 1, 101))
    assert (np.diff(mapped) >= 0).all()
    if name != "temperature":
        assert mapped == pytest.approx(1 - right.mean(), abs=0.01), "it tells nothing but the base rate"


@pytest.mark.parametrize("name", MAPS)
def test_what_is_not_a_number_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="a score to fit a map on is not a number"):
        fit_map(name, [0.1, np.nan, 0.9], [0, 1, 1])


def test_temperature_finds_the_temperature() -> None:
    fitted = fit_map("temperature", *overconfident(20_000))
    assert fitted([0.5, 0.8]) == pytest.approx([0.5, 2 / 3], abs=0.01)
    with pytest.raises(UsageError, match="temperature scaling takes probabilities"):
        fit_map("temperature", [-1.0, 2.0], [0, 1])


@pytest.mark.parametrize("name", ["isotonic", "platt"])
def test_any_score_can_be_mapped(name: str) -> None:
    said, right = overconfident(2000)
    fitted = fit_map(name, np.log(said) * 7 - 3, right)
    assert 0 <= fitted([-1e6])[0] < fitted([-3.0])[0] <= 1


def test_parted_answers_have_a_finite_map() -> None:
    mapped = fit_map("platt", [0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])([0.0, 1.0])
    assert 0 < mapped[0] < mapped[1] < 1


@pytest.mark.parametrize(("correct", "said"), [([1, 1], "2 answers .* all are right"), ([], "no answers")])
def test_a_map_needs_right_and_wrong_answers(correct: list[int], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        fit_map("isotonic", [0.5] * len(correct), correct)
    with pytest.raises(UsageError, match="no map is called 'beta'"):
        fit_map("beta", [0.5], [1])


def test_halves_keep_a_group_whole_and_do_not_depend_on_the_order() -> None:
    group = [f"g{at % 50}" for at in range(200)]
    fit, report = halves(group, seed=3)
    one, other = ({group[at] for at in part} for part in (fit, report))
    assert len(one) == len(other) == 25
    assert not one & other
    check_apart(sorted(one), sorted(other))
    again = halves(group[::-1], seed=3)[0]
    assert {group[::-1][at] for at in again} == one
    assert {group[at] for at in halves(group, seed=4)[0]} != one


def test_parts_that_share_a_question_are_refused() -> None:
    with pytest.raises(UsageError, match="1 groups of questions are in both parts, 'b' is the first"):
        check_apart(["a", "b"], ["b", "c"])
    with pytest.raises(UsageError, match="questions of fewer than two groups cannot be parted"):
        halves(["a", "a"])


def predictions(questions: int, each: int = 1) -> pl.DataFrame:
    said, right = overconfident(questions * each)
    names = [f"q{at // each}" for at in range(questions * each)]
    return pl.DataFrame({"question": names, "correct": right > 0, "confidence": said})


def test_what_is_told_is_of_the_other_half() -> None:
    rows = predictions(1000, each=2)
    found = fit_and_tell(rows, HeldOut("isotonic", risk=0.3, delta=0.1), repeats=50)
    assert found["fit"] == {"rows": 1000, "questions": 500} == found["report"]
    assert found["map"]["ece"]["after"]["value"] < found["map"]["ece"]["before"]["value"] / 2
    abstain = found["abstain"]
    assert abstain["tested"] == 500
    assert 0 < abstain["threshold"] < 1
    assert abstain["wrong"]["value"] < 0.35
    assert 0.2 < abstain["coverage"]["value"] < 1
    again = fit_and_tell(rows.sample(fraction=1, shuffle=True, seed=1), HeldOut("isotonic"), repeats=50)
    assert again["map"]["ece"]["after"]["value"] == pytest.approx(found["map"]["ece"]["after"]["value"])


def test_paraphrases_stay_together() -> None:
    rows = predictions(400)
    group = pl.Series([f"g{at // 4}" for at in range(400)])
    found = fit_and_tell(rows, HeldOut(risk=0.5, delta=0.2), group, repeats=20)
    assert found["fit"]["questions"] == 200
    assert found["abstain"]["tested"] == 50


def test_where_no_threshold_keeps_the_risk_all_is_abstained_from() -> None:
    rows = predictions(400).with_columns(correct=pl.Series(np.arange(400) % 2 == 0))
    found = fit_and_tell(rows, HeldOut(risk=0.1), repeats=20)["abstain"]
    assert found["threshold"] is None
    assert found["coverage"]["value"] == 0
    assert found["wrong"]["value"] is None


def test_unjudged_and_unsure_rows_are_left_out() -> None:
    rows = pl.concat(
        [
            predictions(100),
            pl.DataFrame({"question": ["u", "v"], "correct": [None, True], "confidence": [0.5, None]}),
        ]
    )
    found = fit_and_tell(rows, HeldOut("platt"), repeats=20)
    assert found["fit"]["rows"] + found["report"]["rows"] == 100
    with pytest.raises(UsageError, match="take answers with 'correct' and 'confidence'"):
        fit_and_tell(rows.drop("confidence"), HeldOut("platt"))
    with pytest.raises(UsageError, match="no judged answer has a confidence"):
        fit_and_tell(rows.filter(pl.col("confidence").is_null()), HeldOut("platt"))
