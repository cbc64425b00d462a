"""Every mistake in a source is one sentence with its place, and all of a file come at once."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.errors import UsageError
from synth.questions import load_questions, parse_columns

GOOD = {"id": "q1", "question": "Which river flows through Paris?", "answers": ["Seine"]}


def told(path: Path, content: bytes | str | list[Any] | None = None, **options: Any) -> str:
    """What is said of a file with this content."""
    if isinstance(content, list):
        content = "".join(json.dumps(row) + "\n" for row in content)
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UsageError) as caught:
        load_questions(str(path), **options)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    message = told(tmp_path / "none.jsonl")
    assert message == f"no file or folder '{tmp_path}/none.jsonl' (looked for {tmp_path}/none.jsonl)"


@pytest.mark.parametrize("source", ["", " ", "a\x00b.jsonl", "x" * 5000, "~nobody-of-this-name/q.jsonl"])
def test_paths_that_are_none(source: str) -> None:
    with pytest.raises(UsageError):
        load_questions(source)


def test_a_device_is_no_file() -> None:
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        load_questions(os.devnull)


def test_an_unknown_form(tmp_path: Path) -> None:
    assert "none of .jsonl, .ndjson" in told(tmp_path / "q.xlsx", b"PK")


@pytest.mark.parametrize("ending", ["jsonl", "json", "csv", "tsv", "parquet"])
def test_an_empty_file(tmp_path: Path, ending: str) -> None:
    assert told(tmp_path / f"q.{ending}", b"") == f"q.{ending}: the file is empty"


@pytest.mark.parametrize(
    ("name", "content"), [("q.jsonl", "\n\n"), ("q.csv", "question,answer\n"), ("q.json", "[]")]
)
def test_no_rows(tmp_path: Path, name: str, content: str) -> None:
    assert told(tmp_path / name, content) == f"{name}: there are no rows in it"


@pytest.mark.parametrize(
    ("name", "content"),
    [("q.jsonl", '{"frage": "Wer?", "answer": 1}\n' * 3), ("q.csv", "frage,answer\nWer?,1\n")],
)
def test_no_question_column(tmp_path: Path, name: str, content: str) -> None:
    message = told(tmp_path / name, content)
    assert message.startswith(f"{name}: no column 'question'; ")
    assert "--columns question=…" in message
    assert "(there are: frage, answer)" in message


def test_two_columns_that_could_be_the_answers(tmp_path: Path) -> None:
    message = told(tmp_path / "q.jsonl", [{"question": "Who?", "answer": "Ann", "gold": "Bob"}])
    assert message == (
        "q.jsonl: 'answer' and 'gold' could both be the answers: choose with --columns answers=…"
    )


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    rows = [{"prompt": "Who?", "answer": {"aliases": ["Ann"]}}]
    columns = {"question": "promt", "answers": "answer.alias"}
    message = told(tmp_path / "q.jsonl", rows, columns=columns)
    assert message.startswith("q.jsonl: 2 problems")
    assert "no column 'promt' for question, did you mean 'prompt'?" in message
    assert "no column 'answer.alias' for answers, did you mean 'answer.aliases'?" in message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("question=a,question=b", "'question' is given twice ('a' and 'b')"),
        ("question", "'question' is not field=column"),
        ("answer=x", "'answer' is no field of a question, did you mean 'answers'?"),
    ],
)
def test_columns_that_cannot_be(text: str, part: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_columns(text)
    assert str(caught.value) == f"--columns: {part}"


def test_an_unknown_field_is_told_once(tmp_path: Path) -> None:
    assert told(tmp_path / "q.jsonl", [GOOD], columns={"title": "x"}).startswith("--columns: 'title' is no")


def test_one_id_with_two_questions(tmp_path: Path) -> None:
    message = told(tmp_path / "q.jsonl", [GOOD, {**GOOD, "question": "Which river flows through Rome?"}])
    assert message == "q.jsonl: line 2: id 'q1' is also at line 1, with another question"


def test_one_question_with_two_answers(tmp_path: Path) -> None:
    rows = [{"question": "Who?", "answers": "Ann"}, {"question": "who", "answers": "Bob"}]
    message = told(tmp_path / "q.jsonl", rows)
    assert message == (
        "q.jsonl: line 2: the question 'who' is also at line 1, with other answers or another kind"
    )


def test_one_id_in_two_files(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(GOOD))
    (tmp_path / "b.jsonl").write_text(json.dumps({**GOOD, "question": "Else?"}))
    assert "b.jsonl: line 1: id 'q1' is also at a.jsonl: line 1" in told(tmp_path)


def test_a_broken_line_in_the_middle(tmp_path: Path) -> None:
    good = json.dumps(GOOD)
    message = told(tmp_path / "q.jsonl", f'{good}\n{{"id": "q2", "question\n{good}\n')
    assert message.startswith(
        "q.jsonl: line 2: broken JSON (unexpected control character in string at column "
    )
    assert message.endswith("""'{"id": "q2", "question'""")


def test_one_object_over_many_lines(tmp_path: Path) -> None:
    assert "is one object over many lines" in told(
        tmp_path / "q.json", json.dumps({"data": [GOOD]}, indent=1)
    )


def test_a_broken_array(tmp_path: Path) -> None:
    message = told(tmp_path / "q.json", '[\n{"question": "Who?"},\n{"question" "What?"}]')
    assert message.startswith("q.json: broken JSON (")
    assert "line 3" in message


@pytest.mark.parametrize("item", ["[1, 2]", '"text"', "3", "null"])
def test_lines_and_items_that_are_no_objects(tmp_path: Path, item: str) -> None:
    assert told(tmp_path / "q.jsonl", f"{json.dumps(GOOD)}\n{item}\n").startswith(
        "q.jsonl: line 2: not an object"
    )
    assert told(tmp_path / "q.json", f"[{item}]").startswith("q.json: item 1: not an object")


@pytest.mark.parametrize("name", ["q.jsonl", "q.json", "q.csv"])
def test_a_wrong_encoding(tmp_path: Path, name: str) -> None:
    lines = {
        "q.jsonl": '{"question": "ok", "answers": 1}\n{"question": "café"}\n',
        "q.json": '[\n{"question": "café"}]',
        "q.csv": "question\ncafé\n",
    }
    message = told(tmp_path / name, lines[name].encode("latin-1"))
    assert message.startswith(f"{name}: line 2: byte ")
    assert "(0xe9) is not UTF-8" in message


@pytest.mark.parametrize("name", ["q.jsonl", "q.json", "q.csv"])
def test_utf_16(tmp_path: Path, name: str) -> None:
    assert told(tmp_path / name, "question\n".encode("utf-16")) == f"{name}: is UTF-16: save it as UTF-8"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("q.jsonl", b'\n{"question": "a\x00b"}'),
        ("q.json", b'[\n{"a": "\x00"}]'),
        ("q.csv", b"question\na\x00b\n"),
    ],
)
def test_nul_bytes(tmp_path: Path, name: str, content: bytes) -> None:
    message = told(tmp_path / name, content)
    assert message.startswith(f"{name}: line 2: byte ")
    assert "is NUL" in message


def test_parquet_by_name_only(tmp_path: Path) -> None:
    assert "is not Parquet though its name says so" in told(tmp_path / "q.parquet", [GOOD])


def test_parquet_by_content_only(tmp_path: Path) -> None:
    pl.DataFrame([GOOD]).write_parquet(tmp_path / "q.jsonl")
    assert told(tmp_path / "q.jsonl") == "q.jsonl: is Parquet: let its name end in .parquet"


def test_half_a_parquet_file(tmp_path: Path) -> None:
    pl.DataFrame([GOOD]).write_parquet(tmp_path / "whole.parquet")
    data = (tmp_path / "whole.parquet").read_bytes()
    assert "cannot be read as Parquet" in told(tmp_path / "q.parquet", data[: len(data) // 2])


def test_ragged_rows(tmp_path: Path) -> None:
    message = told(tmp_path / "q.csv", 'question,answer\n"Who\nis it?",Ann\nWhat?\nWhy?,no,yes\n')
    assert message.splitlines() == [
        "q.csv: 2 problems",
        "  line 4: has 1 cells where the header has 2",
        "  line 5: has 3 cells where the header has 2",
    ]


def test_quotes_that_never_close(tmp_path: Path) -> None:
    assert "line 3: broken CSV" in told(tmp_path / "q.csv", 'question,answer\nWho?,Ann\n"What?,it\nWhy?,so\n')


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    assert "two columns are named 'question'" in told(tmp_path / "q.csv", "question,question\na,b\n")


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ({"answers": []}, "no answers (id 'q1')"),
        ({"answers": None}, "no answers (id 'q1')"),
        ({"answers": ""}, "no answers (id 'q1')"),
        ({"answers": ["Seine", None]}, "answers holds null: ['Seine', None]"),
        ({"answers": ["Seine", ""]}, "answers holds an empty text"),
        ({"answers": [["Seine"]]}, "answers holds a list"),
        ({"answers": {"text": ["Seine"]}}, "answers is an object (text): name one of its fields"),
        ({"answers": "Se\x00ine"}, "answers holds a NUL character"),
        ({"question": ""}, "question is empty"),
        ({"question": " \n"}, "question is empty"),
        ({"question": None}, "question is null, not a text"),
        ({"question": 5}, "question is a number, not a text: 5"),
        ({"question": ["a"]}, "question is a list, not a text"),
        ({"question": "a\x00"}, "question holds a NUL character"),
        ({"kind": "shrot"}, "kind 'shrot' is unknown: did you mean 'short'?"),
        ({"kind": "zzz"}, "kind 'zzz' is unknown: there are short, math, choice"),
        ({"kind": 3}, "kind 3 is unknown"),
        ({"kind": "choice"}, "choices missing though the kind is 'choice'"),
        ({"choices": ["Seine"]}, "choices has 1 options, two are the least"),
        ({"choices": []}, "choices has 0 options, two are the least"),
        ({"choices": "Seine, Rhine"}, "choices is a text, not a list"),
        ({"choices": {"text": ["Seine", "Rhine"]}}, "choices is an object (text)"),
        ({"choices": ["Seine", None]}, "choices holds null"),
        ({"choices": [f"river {i}" for i in range(27)]}, "choices has 27 options, 26 (A to Z) are the most"),
        ({"choices": ["Rhine", "Rhone"]}, "answers 'Seine' is none of the options ['Rhine', 'Rhone']"),
        ({"choices": ["Seine", "Seine"]}, "answers 'Seine' fits the options A ('Seine') and B ('Seine')"),
        ({"choices": ["a", "b"], "answers": 2}, "answers 2 is none of the options"),
        ({"choices": ["a", "b"], "answers": 10**30}, "is none of the options"),
        ({"context": ["a"]}, "context is a list"),
        ({"answerable": "maybe"}, "answerable is not true or false: 'maybe'"),
        ({"id": {"a": 1}}, "id is an object"),
        ({"group": [1]}, "group is a list"),
    ],
)
def test_a_wrong_value(tmp_path: Path, row: dict[str, Any], part: str) -> None:
    message = told(tmp_path / "q.jsonl", [{"question": "Fine?", "answers": "yes"}, {**GOOD, **row}])
    assert message.startswith("q.jsonl: line 2: ")
    assert part in message
    assert "\n" not in message


def test_not_a_number_in_parquet(tmp_path: Path) -> None:
    pl.DataFrame({"question": ["How many?"], "answer": [float("nan")]}).write_parquet(tmp_path / "q.parquet")
    assert told(tmp_path / "q.parquet") == "q.parquet: row 1: answers is not a number: nan"


def test_an_integer_too_long_for_any_reader(tmp_path: Path) -> None:
    message = told(tmp_path / "q.jsonl", '{"question": "How many?", "answers": ' + "9" * 5000 + "}")
    assert message.startswith("q.jsonl: line 1: broken JSON")


def test_objects_nested_without_end(tmp_path: Path) -> None:
    content = '{"question": "?", "a": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert told(tmp_path / "q.jsonl", content).startswith("q.jsonl: line 1: broken JSON")


def test_all_mistakes_of_a_file_at_once(tmp_path: Path) -> None:
    rows = [GOOD, {"question": "", "answers": [None], "kind": "x"}, 5, {"question": "Who?"}]
    message = told(tmp_path / "q.jsonl", [*rows, {**GOOD, "question": "Else?"}])
    assert message.splitlines() == [
        "q.jsonl: 6 problems",
        "  line 2: question is empty",
        "  line 2: kind 'x' is unknown: there are short, math, choice, boolean, claim, free",
        "  line 2: answers holds null: [None]",
        "  line 3: not an object: '5'",
        "  line 4: no answers",
        "  line 5: id 'q1' is also at line 1, with another question",
    ]


def test_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("about")
    assert "no files in it that end in .jsonl" in told(tmp_path)


def test_a_folder_of_several_forms(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("question\n")
    (tmp_path / "b.jsonl").write_text("{}")
    assert "files of several forms (a.csv, b.jsonl)" in told(tmp_path)


@pytest.mark.parametrize("where", ["file", "folder"])
def test_no_permission(tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(GOOD))
    monkeypatch.setattr(Path, "open" if where == "file" else "iterdir", refuse)
    assert "cannot be read: Permission denied" in told(path if where == "file" else tmp_path)
