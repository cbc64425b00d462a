"""Prompts: what stands before a question, and that nothing gives its answer away."""

import polars as pl

from synth.asking import conversations, gold_as_asked
from synth.schema import QUESTIONS, conform


def questions() -> pl.DataFrame:
    rows = [
        {"id": f"q{i}", "question": f"Capital {i // 2}?", "answers": [f"City {i // 2}"], "kind": "short"}
        | {"group": f"g{i // 2}"}
        for i in range(8)
    ]
    rows.append({"id": "m", "question": "2 + 2?", "answers": ["4"], "kind": "math", "group": "m"})
    return conform(pl.LazyFrame(rows), QUESTIONS).collect()


def test_shots_are_of_the_same_kind_and_of_other_groups() -> None:
    frame = questions()
    asked = conversations(frame, "Be brief.", shots=2).to_list()
    for talk, group, kind in zip(asked, frame["group"], frame["kind"], strict=True):
        assert talk[0] == {"role": "system", "content": "Be brief."}
        shown = [turn["content"] for turn in talk if turn["role"] == "assistant"]
        assert len(shown) == (2 if kind == "short" else 0)
        assert f"City {group[1:]}" not in shown
        assert talk[-1]["role"] == "user"
    assert [turn["content"] for turn in asked[0] if turn["role"] == "assistant"] == ["City 1", "City 2"]


def test_without_shots_a_question_stands_alone() -> None:
    assert [len(talk) for talk in conversations(questions(), None)] == [1] * 9


def test_a_gold_is_shown_as_the_prompt_wants_it() -> None:
    row = {"id": "c", "question": "?", "answers": ["Paris"], "kind": "choice", "choices": ["Rome", "Paris"]}
    frame = conform(pl.LazyFrame([row]), QUESTIONS).collect()
    assert gold_as_asked(frame).to_list() == ["B. Paris"]
