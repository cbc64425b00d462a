"""Questions load from every form that people have them in, and each field comes out as documented."""

from __future__ import annotations

import csv
import hashlib
import json
import logging
import os
import sys
import types
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.errors import UsageError
from synth.questions import load_questions, parse_columns
from synth.questions.ids import hashed, normal, stable_id
from synth.schema import QUESTIONS

SEINE: dict[str, Any] = {
    "id": "q1",
    "question": "Which river flows through Paris?",
    "answers": ["Seine", "the Seine"],
}
MOON: dict[str, Any] = {
    "id": "q2",
    "question": "Who walked on the Moon first?",
    "answers": ["Neil Armstrong"],
}
ROWS = [SEINE, MOON]


def write_lines(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def first(path: str, **options: Any) -> dict[str, Any]:
    return load_questions(path, **options).frame.row(0, named=True)


def write_csv(path: Path, header: list[str], *rows: list[str], separator: str = ",") -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator).writerows([header, *rows])
    return str(path)


@pytest.mark.parametrize("form", [".jsonl", ".ndjson", ".json", ".parquet", ".JSONL"])
def test_every_form_gives_the_same_frame(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"rivers{form}"
    if form == ".parquet":
        pl.DataFrame(ROWS).write_parquet(path)
    else:
        write_lines(path, ROWS)
    questions = load_questions(str(path))
    assert questions.frame.schema == QUESTIONS
    assert questions.frame["answers"].to_list() == [SEINE["answers"], MOON["answers"]]
    assert questions.frame["kind"].to_list() == ["short", "short"]
    assert questions.frame["source"].to_list() == ["rivers", "rivers"]
    assert questions.label == path.name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert questions.inputs == [{"name": path.name, "sha256": digest, "rows": 2, "license": None}]


def test_a_json_array(tmp_path: Path) -> None:
    path = tmp_path / "rivers.json"
    path.write_text(json.dumps(ROWS, indent=2))
    assert load_questions(str(path)).frame["id"].to_list() == ["q1", "q2"]


@pytest.mark.parametrize(("ending", "separator"), [(".csv", ","), (".tsv", "\t")])
def test_tables(tmp_path: Path, ending: str, separator: str) -> None:
    row = ["007", "How many\nmoons, in all?", '["2", "two"]', "easy", ""]
    header = ["id", "question", "answers", "level", "note"]
    path = write_csv(tmp_path / f"moons{ending}", header, row, separator=separator)
    loaded = first(path)
    assert loaded["id"] == "007"
    assert loaded["question"] == "How many\nmoons, in all?"
    assert loaded["answers"] == ["2", "two"]
    assert loaded["meta"] == '{"level":"easy"}'


def test_a_csv_answer_that_only_looks_like_a_list(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "q.csv", ["question", "answers"], ["Where is sqrt real?", "[0, inf)"])
    assert first(path)["answers"] == ["[0, inf)"]


def test_a_folder_in_the_order_of_its_names(tmp_path: Path) -> None:
    write_lines(tmp_path / "b.jsonl", [MOON])
    write_lines(tmp_path / "a.ndjson", [SEINE | {"license": "MIT"}])
    (tmp_path / "README.md").write_text("about")
    (tmp_path / ".hidden.csv").write_text("x")
    questions = load_questions(str(tmp_path))
    assert questions.frame["id"].to_list() == ["q1", "q2"]
    assert [(entry["name"], entry["license"]) for entry in questions.inputs] == [
        ("a.ndjson", "MIT"),
        ("b.jsonl", None),
    ]
    assert questions.label == tmp_path.name


def test_split_picks_files_of_a_folder(tmp_path: Path) -> None:
    write_lines(tmp_path / "train-00000-of-00001.jsonl", [SEINE])
    write_lines(tmp_path / "test.jsonl", [MOON])
    assert load_questions(str(tmp_path), split="train").frame["id"].to_list() == ["q1"]
    with pytest.raises(UsageError, match="no file of split 'dev'"):
        load_questions(str(tmp_path), split="dev")
    with pytest.raises(UsageError, match="one file and has no splits"):
        load_questions(str(tmp_path / "test.jsonl"), split="test")


def test_a_byte_order_mark_blank_lines_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(SEINE).encode() + b"\r\n\r\n  \n" + json.dumps(MOON).encode()
    )
    assert load_questions(str(path)).frame["id"].to_list() == ["q1", "q2"]
    path = tmp_path / "q.csv"
    path.write_bytes(b"\xef\xbb\xbfquestion,answer\r\nWho?,me\r\n\r\n")
    assert first(str(path))["answers"] == ["me"]


def test_aliases(tmp_path: Path) -> None:
    row = {"question_id": 7, "problem": "1+1?", "gold": 2, "options": None, "passage": "Sums.", "qid": "s1"}
    loaded = first(write_lines(tmp_path / "q.jsonl", [row]))
    assert (loaded["id"], loaded["question"], loaded["answers"]) == ("7", "1+1?", ["2"])
    assert (loaded["context"], loaded["group"], loaded["meta"]) == ("Sums.", "s1", "{}")


def test_the_fields_own_name_beats_an_alias(tmp_path: Path) -> None:
    loaded = first(write_lines(tmp_path / "q.jsonl", [SEINE | {"answer": "a river", "gold": "x"}]))
    assert loaded["answers"] == ["Seine", "the Seine"]
    assert loaded["meta"] == '{"answer":"a river","gold":"x"}'


def test_columns_with_dotted_paths(tmp_path: Path) -> None:
    row = {
        "q": "Who?",
        "answer": {"value": "Ann", "aliases": ["Ann", "Anne"]},
        "a.b": "x",
        "context": {"t": 1},
    }
    path = write_lines(tmp_path / "q.jsonl", [row])
    columns = parse_columns("question=q, answers=answer.aliases,source=a.b,context=")
    loaded = first(path, columns=columns)
    assert (loaded["question"], loaded["answers"], loaded["source"]) == ("Who?", ["Ann", "Anne"], "x")
    assert loaded["context"] is None
    assert json.loads(loaded["meta"]) == {"answer": row["answer"], "context": {"t": 1}}


def test_columns_lead_into_parquet_structs(tmp_path: Path) -> None:
    path = tmp_path / "q.parquet"
    pl.DataFrame([{"question": "Who?", "answers": {"text": ["Ann"], "start": [3]}}]).write_parquet(path)
    assert first(str(path), columns={"answers": "answers.text"})["answers"] == ["Ann"]


def test_json_strings_are_not_parsed(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "q.jsonl", [{"question": "Who?", "answers": '["a", "b"]'}])
    assert first(path)["answers"] == ['["a", "b"]']


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (18, "18"),
        (18.0, "18"),
        (-0.5, "-0.5"),
        (True, "true"),
        (123456789012345678901234567890, "123456789012345678901234567890"),
        (2**63, str(2**63)),
        (1e300, "1e+300"),
    ],
)
def test_scalars_become_one_text(tmp_path: Path, value: object, text: str) -> None:
    loaded = first(write_lines(tmp_path / "q.jsonl", [{"question": "?!", "answers": value, "same": value}]))
    assert loaded["answers"] == [text]
    assert json.loads(loaded["meta"]) == {"same": value}


@pytest.mark.parametrize(("gold", "text"), [(True, "true"), ("False", "false"), ("yes", "yes")])
def test_boolean_golds(tmp_path: Path, gold: object, text: str) -> None:
    path = write_lines(tmp_path / "q.jsonl", [{"question": "Is it?", "answers": gold, "kind": "boolean"}])
    assert first(path)["answers"] == [text]


def test_kind_is_choice_where_there_are_choices(tmp_path: Path) -> None:
    row = {"question": "Which?", "answer": 1, "choices": ["red", "blue"]}
    loaded = first(write_lines(tmp_path / "q.jsonl", [row]))
    assert (loaded["kind"], loaded["answers"], loaded["choices"]) == ("choice", ["blue"], ["red", "blue"])


def test_a_claim_keeps_its_labels(tmp_path: Path) -> None:
    row = {"question": "It rains.", "answers": "SUPPORTED", "choices": ["SUPPORTED", "NEI"], "kind": "claim"}
    assert first(write_lines(tmp_path / "q.jsonl", [row]))["answers"] == ["SUPPORTED"]


def test_empty_options_where_the_kind_has_none(tmp_path: Path) -> None:
    loaded = first(write_lines(tmp_path / "q.jsonl", [SEINE | {"kind": "short", "choices": []}]))
    assert loaded["choices"] is None


def test_choices_in_a_csv_cell(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "q.csv", ["question", "choices", "answer"], ["Which?", '["red", "blue"]', "1"]
    )
    assert first(path)["answers"] == ["blue"]


def test_ids_and_groups_made_from_the_text(tmp_path: Path) -> None:
    row = {"question": "Which  river?", "answers": "Seine"}
    loaded = first(write_lines(tmp_path / "q.jsonl", [row]))
    assert loaded["id"] == stable_id("which river", None, None)
    assert len(loaded["id"]) == 16
    assert loaded["group"] == hashed(normal("Which river?"))
    assert stable_id("which river", ["a", "b"], None) != loaded["id"] != stable_id("which river", None, "c")
    assert stable_id("5!", None, None) != stable_id("5", None, None)


def test_rows_that_say_the_same_are_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    unnamed: dict[str, Any] = {"question": "Who?", "answers": "Ann"}
    rows = [SEINE, MOON, SEINE | {"level": 3}, unnamed, unnamed | {"question": "who"}]
    with caplog.at_level(logging.WARNING):
        questions = load_questions(write_lines(tmp_path / "q.jsonl", rows))
    assert questions.frame.height == 3
    assert questions.repeated == 2
    assert questions.inputs[0]["rows"] == 5
    assert "2 rows repeat a question" in caplog.text


def test_limit_reads_no_further(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    write_lines(path, [SEINE, SEINE, MOON])
    with path.open("a") as file:
        file.write("not JSON")
    assert load_questions(str(path), limit=2).frame["id"].to_list() == ["q1", "q2"]
    with pytest.raises(UsageError, match="at least 1"):
        load_questions(str(path), limit=0)


def test_recorded_files_are_questions_too(tmp_path: Path) -> None:
    row = SEINE | {"model": "m", "samples": [{"text": "Seine"}], "level": 1}
    assert first(write_lines(tmp_path / "q.jsonl", [row]))["meta"] == '{"level":1}'
    assert first(write_lines(tmp_path / "p.jsonl", [SEINE | {"model": "T"}]))["meta"] == '{"model":"T"}'


@pytest.mark.parametrize("row", [{"kind": "free"}, {"answerable": False}, {"answerable": "false"}])
def test_questions_that_need_no_answer(tmp_path: Path, row: dict[str, Any]) -> None:
    path = write_lines(tmp_path / "q.jsonl", [{"question": "Write a poem.", **row}])
    assert first(path)["answers"] == []


def test_answers_are_not_needed_where_the_caller_says_so(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "q.jsonl", [{"question": "How do I kill a process?", "answers": []}])
    assert first(path, need_answers=False)["answers"] == []


def test_parquet_types(tmp_path: Path) -> None:
    path = tmp_path / "q.parquet"
    frame = pl.DataFrame({"id": [1.0], "question": ["When?"], "answer": ["2020-01-02"], "extra": [b"\x01"]})
    frame.with_columns(pl.col("answer").str.to_date()).write_parquet(path)
    loaded = first(str(path))
    assert (loaded["id"], loaded["answers"]) == ("1", ["2020-01-02"])


def test_many_rows_come_in_order(tmp_path: Path) -> None:
    rows = [{"id": i, "question": f"How many is {i}?", "answers": [i, f"{i}.0"]} for i in range(20_500)]
    frame = load_questions(write_lines(tmp_path / "q.jsonl", rows)).frame
    assert frame["id"].to_list() == [str(row["id"]) for row in rows]
    assert frame["answers"].to_list()[-1] == ["20499", "20499.0"]


def test_the_builtin_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = types.ModuleType("synth.almanac")
    asked = []

    def questions(split: str) -> pl.DataFrame:
        asked.append(split)
        return pl.DataFrame([SEINE | {"license": "CC0-1.0"}, MOON])

    module.questions = questions
    monkeypatch.setitem(sys.modules, "synth.almanac", module)
    monkeypatch.setattr("synth.almanac", module, raising=False)
    loaded = load_questions("builtin:almanac", limit=1)
    assert (loaded.label, loaded.frame.height, loaded.frame.schema) == ("builtin:almanac", 1, QUESTIONS)
    assert loaded.inputs[0]["rows"] == 2
    assert loaded.inputs[0]["license"] == "CC0-1.0"
    assert load_questions("builtin:almanac", split="test").inputs == loaded.inputs
    assert asked == ["train", "test"]
    with pytest.raises(UsageError, match="did you mean 'builtin:almanac'"):
        load_questions("builtin:almanach")
    with pytest.raises(UsageError, match="--columns is for files"):
        load_questions("builtin:almanac", columns={"question": "q"})


def real_files() -> list[Path]:
    folder = Path(os.environ.get("SYNTH_TEST_DATA", ""))
    return sorted([*folder.glob("questions/*.jsonl"), *folder.glob("recorded/*.jsonl")])


@pytest.mark.skipif("SYNTH_TEST_DATA" not in os.environ, reason="SYNTH_TEST_DATA names no folder")
@pytest.mark.parametrize("path", real_files(), ids=lambda path: path.stem)
def test_real_files(path: Path) -> None:
    questions = load_questions(str(path), need_answers="xstest" not in path.name)
    rows = {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    frame = questions.frame
    assert frame.schema == QUESTIONS
    assert frame["id"].to_list() == list(rows)
    for loaded in frame.iter_rows(named=True):
        row = rows[loaded["id"]]
        assert loaded["question"] == row["question"]
        if row["kind"] != "choice":
            assert loaded["answers"] == row["answers"]
        elif row["answers"][0] not in row["choices"]:
            assert loaded["answers"] == [row["choices"]["ABCDEFGHIJ".index(row["answers"][0])]]
        assert set(loaded["answers"]) <= set(loaded["choices"] or loaded["answers"])
