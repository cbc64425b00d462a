"""The guide is true: its commands run, and what it shows is what they give.

    .venv/bin/python tests/docs/test_pages.py           write the shown parts of the pages anew
    .venv/bin/python tests/docs/test_pages.py --demo    the README's excerpt and picture too

A comment before a fenced block, or before a table, says what it is:

    <!-- file: NAME -->       the block is written to NAME in an empty folder
    <!-- rows: CONFIG -->     the rows of a config's folder, the columns of its format
    <!-- lines: FILE -->      the text of a file
    <!-- output -->           what the last command wrote on standard error
    <!-- exit: CODE -->       the commands end with this exit code
    <!-- not run -->          the commands need the network or a GPU
    <!-- demo: report|rows -->  of `synth build refusal` with its defaults; written by --demo, not compared
    <!-- table: options -->   every option of `synth build refusal`
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from synth import config, drawers
from synth.cli import run
from synth.settings import written

ROOT = Path(__file__).parent.parent.parent
PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
]
FEW = "20"
"""Questions that a command with a real model is run on."""

_BLOCK = re.compile(
    r"(?P<head>(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<info>\w*)\n)(?P<body>.*?)(?P<end>^```$)",
    re.DOTALL | re.MULTILINE,
)
_OPTIONS = re.compile(
    r"(?P<head>^<!-- table: options -->\n\|[^\n]*\n\|[^\n]*\n)(?P<body>(?:^\|[^\n]*\n)*)", re.M
)


@pytest.mark.parametrize("page", PAGES)
def test_its_commands_run_and_it_shows_what_they_give(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    with _in_an_empty_folder(), _one_thread():
        shown = Guide().refreshed(text)
    assert shown == text, f"{page} is out of date: run tests/docs/test_pages.py"


@dataclass
class Guide:
    """One page on its way: what its commands said last.

    Attributes:
        demo: also fill the blocks of the demo, from the repository's own store.
        told: standard error of the last command.
    """

    demo: bool = False
    told: str = ""

    def refreshed(self, page: str) -> str:
        """The page with all that it shows made anew; runs its commands in the current folder."""
        filled = _BLOCK.sub(self._block, page)
        return _OPTIONS.sub(lambda found: found["head"] + options_table(), filled)

    def _block(self, found: re.Match[str]) -> str:
        what, _, name = (found["note"] or "").partition(": ")
        body = found["body"]
        if what == "file":
            Path(name).write_text(body, encoding="utf-8")
        elif what == "rows":
            body = rows_of(Path(name))
        elif what == "lines":
            body = Path(name).read_text(encoding="utf-8")
        elif what == "output":
            body = self.told
        elif what == "demo":
            body = demo(name) if self.demo else body
        elif what != "not run" and found["info"] in ("sh", "console"):
            self.told = run_all(body, int(name) if what == "exit" else 0)
        elif what != "not run" and found["info"] == "python":
            exec(compile(body, "a block of the guide", "exec"), {})
        return found["head"] + body + found["end"]


def run_all(block: str, code: int) -> str:
    """Run the `synth` commands of a block; what the last one wrote on standard error.

    Raises:
        AssertionError: one ended with another exit code.
    """
    told = ""
    for line in block.splitlines():
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if not words:
            continue
        assert words[0] == "synth", f"not a synth command: {line}"
        if words[1] in ("build", "export", "plan", "sample") and not {"replay", "--limit"} & set(words):
            words += ["--limit", FEW]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = run(words[1:])
        told = err.getvalue()
        assert ended == code, f"{line}: exit code {ended}\n{told}"
    return told


def rows_of(folder: Path) -> str:
    """The rows of a config's folder as JSON lines, without the columns that all configs have."""
    rows = pl.read_parquet(folder / "*.parquet")
    return as_lines(rows[rows.columns[: rows.columns.index("id")]])


def as_lines(rows: pl.DataFrame) -> str:
    """A JSON object a row."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.iter_rows(named=True))


def options_table() -> str:
    """A table's rows: every option of `synth build refusal`."""
    lines = []
    for setting in config.build_settings(drawers.read("pipelines", "refusal")):
        default = written(setting.default) if setting.default not in (None, "", ()) else ""
        default = f"{default[:40]} …" if len(default) > 60 else default
        cells = [
            f"`{setting.option}`",
            setting.metavar().replace("|", "\\|"),
            f"`{default}`" if default else "",
            setting.help,
        ]
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


def demo(what: str) -> str:
    """The report, or some rows, of the demo, which is built where it is missing."""
    if what == "report":
        out = io.StringIO()
        with _at(ROOT), contextlib.redirect_stdout(out):
            assert run(["build", "refusal"]) == 0
        shutil.copyfile(ROOT / "out/refusal/reports/labels.png", ROOT / "docs/img/labels.png")
        return "".join(line for line in out.getvalue().splitlines(True) if not line.startswith("time"))
    sft, undecided = (pl.read_parquet(ROOT / f"out/refusal/{c}/*.parquet") for c in ("sft", "undecided"))
    fact = pl.col("id").str.contains(r"^[a-z_]+-\d{4}-w\d$") & ~pl.col("id").str.starts_with("passage")
    shown = ["known", "p_hat", "n", "n_correct"]
    facts = sft.filter(fact)
    picked = [facts.filter(known).sample(2, seed=1) for known in (pl.col("known"), ~pl.col("known"))]
    doubtful = undecided.filter(fact & pl.col("p_hat").is_between(0.4, 0.6)).head(1)
    return as_lines(pl.concat(picked).select("prompt", "completion", *shown)) + as_lines(
        doubtful.select("question", *shown)
    )


@contextlib.contextmanager
def _at(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _in_an_empty_folder() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, _at(Path(folder)):
        yield


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """A small model gains nothing from threads, and loses much where others use the machine."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def main() -> None:
    """Write what the pages show anew."""
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        with _in_an_empty_folder(), _one_thread():
            shown = Guide(demo="--demo" in sys.argv).refreshed(text)
        if shown != text:
            (ROOT / page).write_text(shown, encoding="utf-8")
            print(f"{page}: written anew")


if __name__ == "__main__":
    main()
