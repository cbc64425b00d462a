"""`synth audit` as it is typed: a sheet there and back, a terminal, and what is refused."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from synth.audits.words import Filled
from synth.cli import run
from synth.cli.asking import ask

Recorded = Callable[..., Path]
OUT = "out/refusal"


@pytest.fixture(autouse=True)
def _a_built_set(recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    file = recorded({"a?": ["Paris"] * 16, "b?": ["Rome"] * 14 + ["Lutetia"] * 2})
    assert run(["build", "refusal", "--engine", "replay", "--recorded", str(file), "-q"]) == 0


def synth(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_a_sheet_there_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert synth(capsys, "audit", OUT, "-o", "s.csv")["rows"] == 2
    sheet = Path("s.csv")
    sheet.write_bytes(sheet.read_bytes().replace(b",short,,", b",short,yes,"))
    result = synth(capsys, "audit", OUT, "--read", "s.csv", "--by", "ann")
    assert (result["audited"], result["noise"]["value"]) == (2, 0)
    assert run(["audit", OUT, "--report"]) == 0
    told = capsys.readouterr().out
    assert "audited    2 of 2 different answers" in told
    assert synth(capsys, "audit", OUT, "-o", "t.csv", code=4)["exit"] == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "-o SHEET.csv"),
        (["-o", "a.csv", "--report"], "name one"),
        (["--read", "none.csv"], "none.csv"),
        (["-o", "a.txt"], ".csv or .jsonl"),
        (["-o", "no/such/a.csv"], "cannot be written"),
        (["--report", "--store", "elsewhere"], "--store"),
        (["-o", "a.csv", "--rows", "0"], "--rows"),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert told in synth(capsys, "audit", OUT, *arguments, code=2)["error"]
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_in_a_terminal_each_word_is_kept_at_once() -> None:
    with Terminal(["audit", OUT, "--by", "bob"]) as terminal:
        first = terminal.until("Is the verdict right?")
        assert "1 of 2" in first
        terminal.press("n")
        terminal.until("2 of 2")
        assert len(kept()) == 1
        terminal.press("b")
        terminal.until("1 of 2")
        terminal.press("y")
        terminal.until("2 of 2")
        terminal.press("q")
        assert "audited    1 of 2 different answers" in terminal.until(
            "wrong  ", "noise", r"\n.*short +wrong"
        )
    assert [(audit["right"], audit["by"]) for audit in kept()] == [(False, "bob"), (True, "bob")]


def test_a_terminal_shows_no_verdict_to_the_blind() -> None:
    with Terminal(["audit", OUT, "--blind"]) as terminal:
        shown = terminal.until("The answer is")
        assert "verdict" not in shown
        terminal.press("c")
        terminal.until("2 of 2")
        terminal.press("\x03")
        terminal.until("synth audit out/refusal --blind")
    assert [audit["outcome"] for audit in kept()] == ["correct"]


def test_keys() -> None:
    answers = [
        {"id": name, "question": "?", "choices": None, "answers": ["x"], "text": "\x1b[2J", "score": None}
        | {"outcome": "correct", "reason": None, "grader": "short"}
        for name in "abc"
    ]

    def said(keys: Sequence[str]) -> list[tuple[str, str]]:
        told: list[Filled] = []
        lines: list[str] = []
        pressed = iter(keys)
        count = ask(answers, False, 0, lambda: next(pressed, ""), told.append, lines.append)
        assert "\x1b" not in "".join(lines)
        assert count == len({filled.id for filled in told})
        return [(filled.id, filled.word) for filled in told]

    assert said("ynu") == [("a", "yes"), ("b", "no"), ("c", "unsure")]
    assert said("sYq") == [("b", "yes")]
    assert said("bynbzwq") == [("a", "yes"), ("b", "no"), ("b", "wrong")]
    assert said("x") == [("a", "unjudgeable")]


def kept() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(".synth/store/audits.jsonl").read_text().splitlines()]


class Terminal:
    """`synth` in a pseudo-terminal."""

    def __init__(self, arguments: list[str]) -> None:
        self._process, self._handle = pty.fork()
        if self._process == 0:
            os.execv(sys.executable, [sys.executable, "-m", "synth", *arguments])

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)
        os.waitpid(self._process, 0)

    def press(self, key: str) -> None:
        time.sleep(0.2)  # keys that come before the terminal waits for one are lost
        os.write(self._handle, key.encode())

    def until(self, *patterns: str) -> str:
        """What is shown until the last of the patterns has been."""
        text = ""
        for part in self._parts():
            text += part
            if all(re.search(pattern, text) for pattern in patterns):
                return text.replace("\r\n", "\n")
        raise AssertionError(f"{patterns} not in {text}")

    def _parts(self, seconds: float = 60) -> Iterator[str]:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if select.select([self._handle], [], [], 0.5)[0]:
                try:
                    part = os.read(self._handle, 4096)
                except OSError:  # the process has ended
                    return
                yield part.decode()
