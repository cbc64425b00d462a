"""Bad input: each mistake exits 2 with a message that names file, line or id and value; nothing changes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from synth.cli import run

GOOD = {
    "id": "q0",
    "question": "Capital of France?",
    "answers": ["Paris"],
    "samples": [{"text": "Paris"}],
    "model": "m",
}


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def with_(**changes: object) -> dict[str, object]:
    return {name: value for name, value in (GOOD | changes).items() if value is not ...}


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Runs a build that must be refused; gives its message."""
    monkeypatch.chdir(tmp_path)

    def call(content: bytes | None, *arguments: str) -> str:
        file = tmp_path / "questions.jsonl"
        if content is not None:
            file.write_bytes(content)
        before = snapshot(tmp_path)
        code = run(["build", "refusal", "--engine", "replay", "--recorded", str(file), *arguments])
        told = capsys.readouterr()
        assert code == 2, told.err
        assert told.out == ""
        assert "Traceback" not in told.err
        assert snapshot(tmp_path) == before
        assert not (tmp_path / ".synth").exists()
        return told.err

    return call


TWO_OPTIONS = with_(kind="choice", choices=["Rome", "Paris", "Paris"], answers=["Paris"])

FILES = {
    "missing file": (None, ["questions.jsonl"]),
    "empty file": (b"", ["questions.jsonl", "empty"]),
    "no question column": (lines(with_(question=..., prompt="x")), ["question", "prompt"]),
    "one id, two texts": (lines(GOOD, with_(question="Capital of Italy?")), ["q0"]),
    "broken JSON in the middle": (
        lines(GOOD) + b'{"id": "q1", "question"\n' + lines(with_(id="q2")),
        ["line 2"],
    ),
    "wrong encoding": ('{"id": "q1", "question": "Où?"}\n'.encode("latin-1"), ["line 1", "UTF-8"]),
    "NUL bytes": (lines(GOOD) + b"\x00\x00\x00\n", ["NUL"]),
    "empty answer list": (lines(with_(answers=[])), ["q0", "answer"]),
    "unknown kind": (lines(with_(kind="shrot")), ["shrot", "short"]),
    "choice gold that fits two options": (lines(TWO_OPTIONS), ["line 1", "'Paris' fits the options B"]),
    "question is no text": (lines(with_(question=7)), ["question"]),
    "not an object": (b"[1, 2]\n", ["questions.jsonl"]),
}


@pytest.mark.parametrize(("content", "words"), FILES.values(), ids=FILES.keys())
def test_a_bad_file_is_refused(refused: Callable[..., str], content: bytes | None, words: list[str]) -> None:
    message = refused(content)
    assert all(word in message for word in words), message


def test_all_mistakes_of_a_file_are_told_together(refused: Callable[..., str]) -> None:
    message = refused(
        lines(with_(id="a", answers=[]), GOOD, with_(id="b", kind="x"), with_(id="c", question=""))
    )
    assert "3 problems" in message


def test_an_unknown_option_in_yaml(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "conf.yaml").write_text("treshold: 0.4\n")
    message = refused(lines(GOOD), "--config", "conf.yaml")
    assert "conf.yaml" in message
    assert "unknown option 'treshold'; did you mean 'threshold'?" in message


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--n", "-1"], "--n: -1 is below 1"),
        (["--n", "many"], "--n: 'many' is not a whole number"),
        (["--threshold", "1.5"], "--threshold: 1.5 is above 1"),
        (["--set", "shown=theirs"], "--shown: 'theirs' is not"),
        (["--set", "shown"], "expected name=value"),
        (["--config", "nowhere.yaml"], "nowhere.yaml: No such file"),
        (["--filters", "exakt"], "did you mean 'exact'?"),
        (["--no-such-option"], "no-such-option"),
        (["--columns", "question=q"], "q"),
    ],
)
def test_a_bad_option_is_refused(refused: Callable[..., str], arguments: list[str], words: str) -> None:
    assert words in refused(lines(GOOD), *arguments)


def test_an_unwritable_output_folder(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "file" in refused(lines(GOOD), "-o", str(tmp_path / "file" / "out"))
    assert "/proc" in refused(lines(GOOD), "-o", "/proc/out")


def test_an_output_folder_that_holds_something_else(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("mine")
    assert "thesis" in refused(lines(GOOD), "-o", "thesis")


def test_a_store_made_by_a_newer_version(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "store.json").write_text('{"version": 99}')
    assert "made by a newer synth" in refused(lines(GOOD), "--store", "store")


def test_a_model_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["build", "refusal", "--model", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_one_json_object_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["build", "refusal", "--json", "--questions", "nowhere.jsonl"]) == 2
    told = capsys.readouterr()
    answer = json.loads(told.out)
    assert answer["exit"] == 2
    assert "nowhere.jsonl" in answer["error"]
    assert told.out.count("\n") == 1
    assert run(["build", "refusal", "--json", "--no-such"]) == 2
    assert json.loads(capsys.readouterr().out)["exit"] == 2
