"""What the guide names is there: options, files, links and defaults; and no file goes unnamed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from synth import config, drawers
from synth.cli.app import app
from synth.settings import written

ROOT = Path(__file__).parent.parent.parent
PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
]
LISTED = ("synth", "pipelines", "filters", "data_cards")
"""The folders whose every file has a line in the README's tree."""
NOT_OURS = {
    *("--demo", "--out", "--train", "--test", "--training", "--images"),
    *("--no-enable-chunked-prefill", "--max-num-batched-tokens", "--model-path", "--served-model-name"),
    *("--port", "--parallel", "--data", "--host"),
}
"""Options of scripts and servers that the pages name."""
TO_BE_MADE = re.compile(r"own_answers|too_long|_shipped")
"""Paths that a reader makes, or that only a wheel has."""

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z_-]*[a-z](?![\w-])")
_PATH = re.compile(r"(?<![\w/.-])(?:synth|pipelines|filters|data_cards|tests|docs)/[\w./-]*")
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
_TREE = re.compile(r"<!-- tree -->\n```text\n(.*?)```", re.DOTALL)
_METHOD = re.compile(r"^\| `(r-tuning[a-z-]*)` \| `([^`]*)`", re.MULTILINE)
_DEFAULT = re.compile(r"^\| [^|]* \| `(--[a-z-]+)` \| `([^`]*)` \|", re.MULTILINE)


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def test_every_option_exists() -> None:
    known = {*_options(typer.main.get_command(app)), *NOT_OURS}
    named = {(page, name.replace("_", "-")) for page in PAGES for name in _OPTION.findall(text_of(page))}
    assert {(page, name) for page, name in named if name not in known} == set()


def test_every_path_exists() -> None:
    """In words, not in blocks: those hold examples, and the tree has a test of its own."""
    missing = {
        (page, path)
        for page in PAGES
        for path in _PATH.findall(re.sub(r"^```.*?^```", "", text_of(page), flags=re.DOTALL | re.MULTILINE))
        if not TO_BE_MADE.search(path) and not (ROOT / path.rstrip(".")).exists()
    }
    assert missing == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for target, heading in _LINK.findall(text_of(page)):
        file = (ROOT / page).parent / target if target else ROOT / page
        assert file.exists(), f"{page}: {target}"
        if heading:
            assert heading in _headings(file.read_text(encoding="utf-8")), f"{page}: {target}#{heading}"


def test_the_tree_of_the_readme_is_the_repository() -> None:
    named = dict(_tree())
    missing = {path for path in named if not (ROOT / path).exists()}
    assert missing == set(), "in the tree, not in the repository"
    assert not [path for path, line in named.items() if not line], "without a word on what it is"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *LISTED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    whole = tuple(path for path in named if path.endswith("model/"))
    files = {p for p in listed.stdout.splitlines() if (ROOT / p).exists() and not p.startswith(whole)}
    assert files - set(named) == set(), "in the repository, not in the tree"


def test_the_defaults_of_the_refusal_page_are_those_of_the_code() -> None:
    page = text_of("docs/refusal.md")
    table = page[page.index("<!-- table: defaults -->") : page.index("`curtail` stops a question")]
    settings = {s.option: written(s.default) for s in config.build_settings(_refusal())}
    named = dict(_DEFAULT.findall(table))
    assert len(named) == 8
    assert {option: settings[option] for option in named} == named


def test_the_methods_of_the_refusal_page_are_those_of_the_code() -> None:
    methods: dict[str, dict[str, Any]] = drawers.load(_refusal()).methods
    told = {}
    for name, options in _METHOD.findall(text_of("docs/refusal.md")):
        words = options.split()
        told[name] = dict(zip(words[::2], words[1::2], strict=True))
    settings = {s.name: s for s in config.build_settings(_refusal())}
    assert told.keys() == methods.keys()
    for name, values in methods.items():
        read = {settings[key].name: value for key, value in values.items() if key != "refusals"}
        given = {o[2:].replace("-", "_"): v for o, v in told[name].items()}
        assert {key: settings[key].read(value) for key, value in given.items()} == read, name


def test_the_keys_of_json_objects_are_those_of_the_code() -> None:
    page = text_of("docs/architecture.md")
    table = page[page.index("<!-- table: json -->") : page.index("`coverage` is the share")]
    keys = set(re.findall(r"`([a-z_]+)`", table))
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "synth").rglob("*.py"))
    assert {key for key in keys if f'"{key}"' not in code and f"def {key}(" not in code} == set()


def _refusal() -> drawers.Drawer:
    return drawers.read("pipelines", "refusal")


def _options(command: Any) -> Iterator[str]:
    """Every long option of a command and of those below it."""
    for parameter in command.params:
        yield from (name for name in [*parameter.opts, *parameter.secondary_opts] if name.startswith("--"))
    yield from ("--help", "--version")
    if hasattr(command, "list_commands"):
        context = typer.Context(command)
        for name in command.list_commands(context):
            yield from _options(command.get_command(context, name))


def _headings(text: str) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    found = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def _tree() -> Iterator[tuple[str, str]]:
    """Each path of the README's tree, a folder with a slash at its end, and its line."""
    found = _TREE.search(text_of("README.md"))
    assert found is not None
    above: list[str] = []
    for line in found[1].splitlines():
        name, _, words = line.strip().partition(" ")
        depth = (len(line) - len(line.lstrip())) // 2
        above = [*above[:depth], name]
        yield "".join(above), words.strip()
