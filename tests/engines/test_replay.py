"""Replay gives back exactly what was recorded, and refuses what cannot be one model's answers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.engines.base import Answer, Call, Engine, Sampling
from synth.engines.replay import ReplayEngine
from synth.errors import UsageError
from synth.questions import load_questions

MOON: dict[str, Any] = {
    "id": "moon",
    "question": "Who walked on the Moon first?",
    "answers": ["Neil Armstrong"],
    "model": "gpt-4",
    "samples": [{"text": "Armstrong", "correct": True}, {"text": "Gagarin", "correct": None, "pred": "G"}],
}
SEINE: dict[str, Any] = {**MOON, "id": "seine", "question": "Which river?", "samples": [{"text": "Seine"}]}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def told(path: Path, **options: Any) -> str:
    with pytest.raises(UsageError) as caught:
        ReplayEngine(path, **options)
    return str(caught.value)


def ask(engine: Engine, question_id: str, first: int = 0, n: int = 1) -> list[Answer]:
    engine.submit(Call(f"key of {question_id}", question_id, "prompt", first, n, 0, Sampling()))
    return engine.collect()


def test_answers_are_the_recorded_samples(tmp_path: Path) -> None:
    engine = ReplayEngine(write(tmp_path / "r.jsonl", MOON, SEINE))
    assert ask(engine, "moon", n=2) == [
        Answer("key of moon", 0, "Armstrong", meta='{"correct":true}'),
        Answer("key of moon", 1, "Gagarin", meta='{"correct":null,"pred":"G"}'),
    ]
    assert ask(engine, "moon", first=1)[0].text == "Gagarin"
    assert ask(engine, "seine") == [Answer("key of seine", 0, "Seine")]
    assert engine.collect() == []
    engine.close()


def test_parquet_gives_the_same_answers(tmp_path: Path) -> None:
    pl.DataFrame([MOON, SEINE]).write_parquet(tmp_path / "r.parquet")
    answers = ask(ReplayEngine(tmp_path / "r.parquet"), "moon", n=2)
    assert [answer.text for answer in answers] == ["Armstrong", "Gagarin"]
    assert json.loads(answers[1].meta or "") == {"correct": None, "pred": "G"}


def test_what_an_answer_has_a_place_for(tmp_path: Path) -> None:
    sample = {
        "text": "Arm",
        "reasoning": "hm",
        "finish": "length",
        "n_tokens": 3,
        "logprob_sum": -1.5,
        "token_logprobs": [-0.5, -0.5, -0.5],
        "stop_reason": None,
        "reward": 12345678901234567890123,
    }
    engine = ReplayEngine(write(tmp_path / "r.jsonl", {**MOON, "samples": [sample]}))
    assert ask(engine, "moon") == [
        Answer(
            "key of moon",
            0,
            "Arm",
            reasoning="hm",
            finish="length",
            n_tokens=3,
            logprob_sum=-1.5,
            token_logprobs=[-0.5, -0.5, -0.5],
            meta='{"reward":12345678901234567890123}',
        )
    ]


def test_failed_samples_are_typed_errors(tmp_path: Path) -> None:
    samples = [{"text": None, "correct": False}, {"error": "Timeout: 30 s"}, {"text": "a", "finish": "error"}]
    answers = ask(ReplayEngine(write(tmp_path / "r.jsonl", {**MOON, "samples": samples})), "moon", n=3)
    assert [(answer.text, answer.finish) for answer in answers] == [
        (None, "error"),
        (None, "error"),
        ("a", "error"),
    ]
    assert [str(answer.error).split(":")[0] for answer in answers] == ["NoText", "Timeout", "RecordedError"]


def test_no_more_than_was_recorded(tmp_path: Path) -> None:
    engine = ReplayEngine(write(tmp_path / "r.jsonl", MOON, {**SEINE, "samples": []}))
    assert [engine.available(name) for name in ("moon", "seine", "unheard of")] == [2, 0, 0]
    beyond = ask(engine, "moon", first=1, n=2)[1]
    assert (beyond.index, beyond.text, beyond.finish) == (2, None, "error")
    assert beyond.error == "NotRecorded: question 'moon' has 2 recorded samples"
    assert str(ask(engine, "unheard of")[0].error).startswith("NotRecorded: ")


def test_room_shrinks_with_what_is_queued(tmp_path: Path) -> None:
    engine = ReplayEngine(write(tmp_path / "r.jsonl", MOON))
    room = engine.room()
    engine.submit(Call("k", "moon", "prompt", 0, 2, 0, Sampling()))
    assert engine.room() == room - 2
    engine.collect()
    assert engine.room() == room > 0


def test_render_is_plain_text(tmp_path: Path) -> None:
    engine = ReplayEngine(write(tmp_path / "r.jsonl", MOON))
    assert engine.render([{"role": "user", "content": "Who?"}]) == "Question: Who?\n\nAnswer:"
    assert engine.render([{"role": "user", "content": "Who?"}], "It was").endswith("Answer: It was")


def test_identity_is_the_model_and_the_content(tmp_path: Path) -> None:
    one = ReplayEngine(write(tmp_path / "one.jsonl", MOON))
    copy = ReplayEngine(write(tmp_path / "copy.jsonl", MOON))
    two = ReplayEngine(write(tmp_path / "two.jsonl", MOON, SEINE))
    assert one.model_name == "gpt-4"
    assert one.identity.startswith("gpt-4@")
    assert one.identity == copy.identity != two.identity
    assert one.can == {"sample"}
    assert one.source == str(tmp_path / "one.jsonl")


@pytest.mark.parametrize(
    ("model", "own", "name"),
    [
        ("pool:5", ["a", "b"], "pool:5"),
        ("pool:5", ["a", "a"], "pool:5"),
        ("gpt", ["a", "b"], "pool:gpt"),
        ("gpt", ["a", "a"], "gpt"),
        (None, ["a", "a"], "a"),
        (None, ["a", "b"], "pool:r"),
        (None, [None, None], "r"),
    ],
)
def test_the_name_of_a_model_or_a_pool(tmp_path: Path, model: str, own: list[str], name: str) -> None:
    samples = [{"text": "x", "model": each} for each in own]
    engine = ReplayEngine(write(tmp_path / "r.jsonl", {**MOON, "model": model, "samples": samples}))
    assert engine.model_name == name


def test_several_models_are_never_mixed(tmp_path: Path) -> None:
    other = {**MOON, "model": "llama", "samples": [{"text": "Aldrin"}]}
    path = write(tmp_path / "r.jsonl", MOON, other)
    assert told(path) == "r.jsonl: holds the answers of 2 models: choose 'gpt-4' or 'llama'"
    assert "no answers of 'lama', did you mean 'llama'?" in told(path, model="lama")
    engine = ReplayEngine(path, model="llama")
    assert (engine.model_name, ask(engine, "moon")[0].text) == ("llama", "Aldrin")


def test_ids_are_those_of_the_loaded_questions(tmp_path: Path) -> None:
    row = {"prompt": "Who?", "options": ["Ann", "Bob"], "gold": "A", "samples": [{"text": "A"}]}
    path = write(tmp_path / "r.jsonl", row)
    columns = {"question": "prompt"}
    engine = ReplayEngine(path, columns=columns)
    assert engine.available(load_questions(engine.source, columns).frame["id"][0]) == 1


def test_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", MOON)
    write(tmp_path / "b.jsonl", SEINE)
    engine = ReplayEngine(tmp_path)
    assert (engine.available("moon"), engine.available("seine")) == (2, 1)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"samples": "Seine"}, "samples is not a list: 'Seine'"),
        ({"samples": None}, "samples is not a list: None"),
        ({"samples": ["Seine"]}, "samples[0] is not an object: 'Seine'"),
        ({"samples": [{"text": "a"}, {"answer": "b"}]}, "samples[1] has no 'text' (it has: answer)"),
        ({"samples": [{"text": 5}]}, "samples[0]: text is of the wrong type: 5"),
        ({"samples": [{"text": "a", "n_tokens": "5"}]}, "samples[0]: n_tokens is of the wrong type: '5'"),
        (
            {"samples": [{"text": "a", "finish": "eos"}]},
            "samples[0]: finish is 'eos', not 'stop', 'length' or",
        ),
        ({"model": 4}, "model is not a text: 4"),
        ({"id": None, "question": None}, "question is null, not a text"),
        ({"id": "moon"}, "a second row with the id 'moon'"),
    ],
)
def test_a_wrong_row(tmp_path: Path, change: dict[str, Any], part: str) -> None:
    message = told(write(tmp_path / "r.jsonl", MOON, {**SEINE, **change}))
    assert message.startswith("r.jsonl: line 2: ")
    assert part in message


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    message = told(write(tmp_path / "r.jsonl", MOON, 5, {**SEINE, "samples": 1}, {**MOON, "samples": []}))
    assert message.splitlines() == [
        "r.jsonl: 3 problems",
        "  line 2: not an object: '5'",
        "  line 3: samples is not a list: 1",
        "  line 4: a second row with the id 'moon'",
    ]


def test_questions_without_samples(tmp_path: Path) -> None:
    path = write(tmp_path / "r.jsonl", {"id": 1, "question": "Who?"}, {"id": 2, "question": "What?"})
    message = "r.jsonl: no column 'samples' with the recorded answers (there are: id, question)"
    assert told(path) == message


def test_files_that_are_none(tmp_path: Path) -> None:
    assert "no file or folder" in told(tmp_path / "none.jsonl")
    assert told(write(tmp_path / "r.jsonl")) == "r.jsonl: the file is empty"


def recorded_files() -> list[Path]:
    return sorted(Path(os.environ.get("SYNTH_TEST_DATA", "")).glob("recorded/*.jsonl"))


@pytest.mark.skipif("SYNTH_TEST_DATA" not in os.environ, reason="SYNTH_TEST_DATA names no folder")
@pytest.mark.parametrize("path", recorded_files(), ids=lambda path: path.stem)
def test_real_files(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    models = dict.fromkeys(row["model"] for row in rows)
    if len(models) > 1:
        assert f"holds the answers of {len(models)} models" in told(path)
    for model in models:
        engine = ReplayEngine(path, model=model)
        assert engine.model_name == model
        for row in rows:
            if row["model"] != model:
                assert engine.available(row["id"]) == 0
                continue
            assert engine.available(row["id"]) == len(row["samples"])
            answers = ask(engine, row["id"], n=len(row["samples"]))
            played = [{"text": answer.text, **json.loads(answer.meta or "{}")} for answer in answers]
            assert played == row["samples"]
        engine.close()
