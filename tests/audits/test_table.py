"""The table of audits: only added to, the latest wins; each is about one answer to one question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.audits import audited, current
from synth.audits.overriding import overridden
from synth.audits.table import AUDITS, FILE, add, merge
from synth.audits.words import OF_ANSWERS, OF_VERDICTS, meaning, read_word
from synth.errors import UsageError
from synth.graders import grade

QUESTION: dict[str, Any] = {
    "question_id": "q",
    "kind": "short",
    "question": "Capital of France?",
    "answers": ["Paris"],
    "choices": None,
    "text": "Lutetia",
    "finish": "stop",
}
TYPES = pl.Schema({name: AUDITS[name] for name in QUESTION})


def audit(outcome: str | None = "correct", right: bool | None = False, **changes: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(AUDITS)
    return nothing | QUESTION | {"verdict": "wrong", "right": right, "outcome": outcome, "seed": 0} | changes


def rows(*changes: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([QUESTION | change for change in changes], schema=TYPES)


def graded(frame: pl.DataFrame, audits: pl.DataFrame) -> pl.DataFrame:
    return overridden(frame, grade(frame), audits)


def test_the_latest_word_on_an_answer_holds(tmp_path: Path) -> None:
    add(tmp_path, [audit("correct"), audit("wrong", text="Rome")])
    add(tmp_path, [audit("refused")])
    assert current(tmp_path).select("text", "outcome").rows() == [("Rome", "wrong"), ("Lutetia", "refused")]
    assert current(tmp_path).schema == AUDITS
    assert current(tmp_path / "none").is_empty()


def test_what_can_be_learned_from(tmp_path: Path) -> None:
    add(tmp_path, [audit(), audit(None, None, text="Rome")])
    found = audited(tmp_path)
    assert found.columns == [*QUESTION, "outcome"]
    assert found.rows(named=True) == [QUESTION | {"outcome": "correct"}]


def test_a_line_cut_by_a_power_failure_costs_only_itself(tmp_path: Path) -> None:
    add(tmp_path, [audit(), audit(text="Rome")])
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:-20])
    add(tmp_path, [audit(text="Lyon")])
    assert current(tmp_path)["text"].to_list() == ["Lutetia", "Lyon"]


def test_something_else_in_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"question_id": {"a": 1}}\n')
    with pytest.raises(UsageError, match=r"audits\.jsonl"):
        current(tmp_path)


def test_a_persons_word_replaces_the_verdict(tmp_path: Path) -> None:
    add(tmp_path, [audit()])
    frame = rows({}, {"text": "Rome"})
    before, after = grade(frame), graded(frame, current(tmp_path))
    assert after.row(0, named=True) == before.row(0, named=True) | {
        "outcome": "correct",
        "score": 1.0,
        "reason": "audited",
        "grader": "audit",
        "grader_version": "1",
    }
    assert after.row(1) == before.row(1)
    assert after.schema == before.schema


@pytest.mark.parametrize(
    "other",
    [
        {"question_id": "p"},
        {"question": "Capital of Gaul?"},
        {"answers": ["Paris", "Lutetia"]},
        {"choices": ["Paris", "Rome"]},
        {"text": "Lutetia."},
        {"finish": "length"},
        {"kind": "boolean"},
    ],
)
def test_it_is_about_this_answer_to_this_question_alone(tmp_path: Path, other: dict[str, Any]) -> None:
    add(tmp_path, [audit()])
    frame = rows(other)
    assert graded(frame, current(tmp_path)).equals(grade(frame))


def test_who_was_unsure_replaces_nothing(tmp_path: Path) -> None:
    add(tmp_path, [audit(None, None)])
    assert graded(rows({}), current(tmp_path)).equals(grade(rows({})))


@pytest.mark.parametrize("verdict", ["correct", "wrong", "refused", "undecided", "truncated", "unparsed"])
def test_words_mean_the_same_of_every_verdict(verdict: str) -> None:
    assert meaning("yes", verdict) == (True, verdict)
    assert meaning("unsure", verdict) == (None, None)
    assert meaning("no", verdict).right is False
    assert meaning("no", verdict).outcome != verdict
    assert meaning("correct", verdict) == (verdict == "correct", "correct")
    speaks = verdict in ("correct", "wrong", "refused")
    assert meaning("unjudgeable", verdict) == (not speaks, "undecided" if speaks else verdict)


def test_words_are_read_as_people_write_them() -> None:
    assert [read_word(word, blind=False) for word in ("Yes ", "y", "N", "TRUE", "", " ", "Refused")] == [
        *("yes", "yes", "no", "yes", None, None, "refused")
    ]
    assert all(read_word(word, blind=False) == word for word in (*OF_VERDICTS, *OF_ANSWERS))
    for word, blind in (("maybe", False), ("yes", True), ("n", True)):
        with pytest.raises(UsageError, match=word):
            read_word(word, blind)


def test_merged_audits_count_in_the_order_of_time(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, when, outcome in ((one, "2026-02-01", "correct"), (other, "2026-01-01", "wrong")):
        folder.mkdir()
        add(folder, [audit(outcome, when=when)])
    add(other, [audit("refused", text="Rome", when="2026-03-01")])
    assert merge(one, other) == 2
    assert merge(one, other) == 0
    assert dict(current(one).select("text", "outcome").iter_rows()) == {
        "Lutetia": "correct",
        "Rome": "refused",
    }
    assert merge(one, tmp_path / "none") == 0
