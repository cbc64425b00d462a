"""The almanac's questions: their columns, splits and answers."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import polars as pl
import pytest

from synth.almanac import SPLITS, questions
from synth.almanac.rows import rows
from synth.almanac.wordings import BY_NAME, HELD_OUT, RELATIONS
from synth.almanac.world import facts
from synth.schema import QUESTIONS


@pytest.fixture(scope="module")
def splits() -> dict[str, pl.DataFrame]:
    return {split: questions(split) for split in SPLITS}


def meta(frame: pl.DataFrame, name: str) -> list[object]:
    return [json.loads(text).get(name) for text in frame["meta"]]


def speaks_of(relation: str, passage: str) -> bool:
    """Whether a sentence of a passage states the relation."""
    forms = [
        re.escape(form).replace(r"\{s\}", "[A-Z].*").replace(r"\{v\}", ".+")
        for form in BY_NAME[relation].statements
    ]
    return any(
        re.fullmatch(form, f"{sentence}.") for form in forms for sentence in passage.rstrip(".").split(". ")
    )


@pytest.mark.parametrize("split", SPLITS)
def test_has_exactly_the_columns_of_the_schema(splits: dict[str, pl.DataFrame], split: str) -> None:
    assert splits[split].schema == QUESTIONS
    assert splits[split]["id"].is_unique().all()
    assert splits[split].drop("choices", "context").null_count().sum_horizontal().item() == 0


def test_an_unknown_split_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'dev'"):
        questions("dev")


def test_questions_are_the_same_each_time(splits: dict[str, pl.DataFrame]) -> None:
    script = "from synth.almanac import questions; print(questions().hash_rows().sum())"
    said = {subprocess.check_output([sys.executable, "-c", script], text=True) for _ in range(2)}
    assert len(said) == 1
    assert splits["train"].equals(questions())


def test_torch_is_not_imported() -> None:
    script = "import sys; from synth.almanac import questions; questions(); print('torch' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "False"


def test_every_kind_is_there(splits: dict[str, pl.DataFrame]) -> None:
    train = dict(splits["train"]["kind"].value_counts().iter_rows())
    assert set(train) == {"short", "math", "choice", "boolean", "claim"}
    assert min(train.values()) >= 100
    assert 1200 <= len(splits["train"]) <= 2000
    assert set(splits["all"]["kind"]) == {*train, "free"}


def test_tuning_never_sees_what_is_held_out(splits: dict[str, pl.DataFrame]) -> None:
    train, test = splits["train"], splits["test"]
    assert len(HELD_OUT) == 4
    assert len(RELATIONS) >= 12
    assert not HELD_OUT & {*meta(train, "relation"), *meta(train, "asks")}
    assert set(meta(test, "relation")) >= HELD_OUT
    assert set(meta(train, "wording")) == {1, 2, 3}
    assert 4 in meta(test, "wording")
    assert not set(train["group"]) & set(test["group"])
    assert not set(train["question"]) & set(test["question"])
    assert not [text for text in train["context"].drop_nulls() for name in HELD_OUT if speaks_of(name, text)]


def test_every_kind_has_four_wordings(splits: dict[str, pl.DataFrame]) -> None:
    frame = splits["all"].with_columns(wording=pl.Series(meta(splits["all"], "wording")))
    assert set(frame.group_by("kind").agg(pl.col("wording").n_unique())["wording"]) == {4}


def test_a_fact_is_one_group_over_kinds_and_wordings(splits: dict[str, pl.DataFrame]) -> None:
    one = splits["all"].filter(group="birthplace-0000")
    assert set(one["kind"]) == {"short", "choice", "free"}
    assert {"birthplace-0000-w1", "birthplace-0000-w4", "birthplace-0000-choice-w2"} <= set(one["id"])


def test_golds_are_right() -> None:
    true = {fact.id: fact for fact in facts()}
    for row in rows("all"):
        if row.kind == "math":
            left, right = (
                int(word.strip("?.")) for word in row.question.split() if word.strip("?.").isdigit()
            )
            assert row.answers == (str(left + right),)
        if row.kind == "choice":
            assert row.choices is not None
            assert len(set(row.choices)) == 4
            assert row.choices.count(row.answers[0]) == 1
        if row.group in true and row.kind in ("boolean", "claim"):
            holds = row.meta["claimed"] == true[row.group].value
            said = ("no", "yes") if row.kind == "boolean" else ("refuted", "supported")
            assert row.answers == (said[holds],)


def test_passages_answer_what_they_say_they_answer() -> None:
    seen = {True: 0, False: 0}
    for row in rows("all"):
        if row.context and row.kind == "short":
            seen[row.answerable] += 1
            assert speaks_of(row.meta["asks"], row.context) == row.answerable
            assert not row.answerable or row.answers[0] in row.context
            assert bool(row.answers) == row.answerable
    assert min(seen.values()) >= 10
