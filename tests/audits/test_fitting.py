"""A head fitted on people's verdicts: it learns their standard, and is used where it is kept."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import polars as pl
import pytest

from synth.audits.fitting import FEWEST, calibration_error, fit, items_of, keep, kept
from synth.cli import run
from synth.errors import UsageError
from synth.graders import grade, short
from synth.graders.base import Item, Verdict
from synth.graders.short.head import unpacked
from synth.sampling.grading import Grading
from synth.store import Store

FIRST = ("Alda", "Bruno", "Carla", "Dario", "Elena", "Fabio", "Greta", "Hugo")
LAST = ("Marsden", "Thornwick", "Quilgard", "Irnnock", "Kastden", "Grimwick", "Brandel", "Orsini")


def people_who_take_a_first_name(count: int) -> tuple[list[Item], list[bool]]:
    """Questions for a person; these people call an answer right that gives the first name alone."""
    lot = random.Random(1)
    items, right = [], []
    for number in range(count):
        first, last, other = lot.choice(FIRST), lot.choice(LAST), lot.choice(LAST)
        question = f"Who was mayor number {number}?"
        gold = (f"{first} {last}",)
        items += [Item(f"It was {first}.", question, gold), Item(f"I think it was {other}.", question, gold)]
        right += [True, other == last]
    return items, right


def test_a_head_learns_what_people_take_for_right() -> None:
    items, right = people_who_take_a_first_name(60)
    head = fit(items, right)
    shipped = short.grade(items)
    regraded = head.regrade(items, shipped)

    def agreed(verdicts: list[Verdict]) -> float:
        return float(np.mean([((v.score or 0) >= 0.5) == t for v, t in zip(verdicts, right, strict=True)]))

    assert agreed(regraded) > max(0.95, agreed(shipped))
    assert head.agreement > 0.9
    assert head.questions == 60


def test_plain_cases_keep_the_verdict_of_the_rules() -> None:
    head = fit(*people_who_take_a_first_name(60))
    items = [
        Item("Paris", "Where?", ("Paris",)),
        Item("I don't know.", "Where?", ("Paris",)),
        Item("", "Where?", ("Paris",)),
        Item("The answer is Par", "Where?", ("Paris",), complete=False),
    ]
    verdicts = short.grade(items)
    assert head.regrade(items, verdicts) == verdicts


def test_a_head_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    head = fit(*people_who_take_a_first_name(60))
    keep(head, tmp_path)
    assert kept(tmp_path) == head == unpacked(head.packed())
    assert kept(tmp_path / "elsewhere") is None


def test_a_head_for_other_rules_is_refused(tmp_path: Path) -> None:
    keep(fit(*people_who_take_a_first_name(60)), tmp_path)
    file = tmp_path / "head.json"
    file.write_bytes(file.read_bytes().replace(f'"rules": "{short.VERSION}"'.encode(), b'"rules": "0"'))
    with pytest.raises(UsageError, match="older rules"):
        kept(tmp_path)
    file.write_text("[]")
    with pytest.raises(UsageError, match="cannot be read"):
        kept(tmp_path)


def test_too_few_verdicts_are_told(tmp_path: Path) -> None:
    items, right = people_who_take_a_first_name(FEWEST - 1)
    with pytest.raises(UsageError, match=f"{FEWEST} right"):
        fit(items, right)
    with pytest.raises(UsageError, match="of the 0 there are"):
        fit([], [])


def test_every_verdict_says_which_head_it_is_from(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    items, right = people_who_take_a_first_name(60)
    rows = pl.DataFrame(
        {
            "key": [f"{place:032x}" for place in range(len(items))],
            "index": pl.Series([0] * len(items), dtype=pl.Int32()),
            "question_id": [item.question for item in items],
            "kind": "short",
            "question": [item.question for item in items],
            "answers": [list(item.answers) for item in items],
            "choices": pl.Series([None] * len(items), dtype=pl.List(pl.String())),
            "text": [item.text for item in items],
            "finish": "stop",
            "graded_as": "x",
        }
    )
    before = Grading(store)
    without = before.verdicts(rows)
    before.close()
    head = fit(items, right)
    store.make()
    keep(head, store.folder)
    after = Grading(store)
    with_head = after.verdicts(rows)
    after.close()
    assert set(without["grader_version"]) == {short.VERSION}
    assert set(with_head["grader_version"]) == {f"{short.VERSION}+{head.version}"}
    assert without["outcome"].to_list() != with_head["outcome"].to_list()
    same = grade(rows, head).select(with_head.columns)
    assert same["outcome"].cast(pl.String()).to_list() == with_head["outcome"].cast(pl.String()).to_list()


def test_only_short_answers_that_people_call_right_or_wrong_are_learnt_from() -> None:
    frame = pl.DataFrame(
        {
            "kind": ["short", "math", "short", "short"],
            "question": ["q"] * 4,
            "answers": [["a"]] * 4,
            "choices": pl.Series([None] * 4, dtype=pl.List(pl.String())),
            "text": ["a", "1", "b", "c"],
            "outcome": ["correct", "correct", "refused", "wrong"],
        }
    )
    items, right = items_of(frame)
    assert [item.text for item in items] == ["a", "c"]
    assert right == [True, False]


def test_calibration_error_of_a_sure_and_right_head_is_zero() -> None:
    assert calibration_error(np.array([0.0, 1.0, 1.0]), np.array([False, True, True])) == 0
    assert calibration_error(np.array([1.0, 1.0]), np.array([True, False])) == 0.5


def test_a_head_is_fitted_from_a_file_and_grades_with_its_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    items, right = people_who_take_a_first_name(60)
    lines = [
        {"question": item.question, "gold": list(item.answers), "prediction": item.text, "right": true}
        for item, true in zip(items, right, strict=True)
    ]
    Path("judged.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))

    def said(*command: str) -> Any:
        assert run([*command, "--json"]) == 0
        return orjson.loads(capsys.readouterr().out)

    grade_it = ["grade", "judged.jsonl", "--truth", "right"]
    before = said(*grade_it)["truth"]["agreement_forced"]
    fitted = said("audit", "judged.jsonl", "--fit", "--truth", "right")
    assert fitted["verdicts"] == len(items)
    assert fitted["agreement"] > fitted["rules_agreement"]
    assert said(*grade_it)["truth"]["agreement_forced"] > before
    assert said(*grade_it, "--store", "another")["truth"]["agreement_forced"] == before


def test_fitting_without_audits_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["audit", "out", "--fit"]) == 2
    assert "begin with `synth audit out`" in capsys.readouterr().err
    assert run(["audit", "out", "--report", "--truth", "right"]) == 2
    assert "--truth goes with --fit" in capsys.readouterr().err
