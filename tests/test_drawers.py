"""Drawers: found by name, read without running, loaded by path."""

from pathlib import Path

import pytest

from synth import drawers
from synth.errors import UsageError

DRAWER = '''
"""A file."""
from dataclasses import dataclass
from synth import setting

@dataclass(frozen=True)
class {name}:
    """{title}"""
    n: int = setting({n}, help="how many")
'''


def write(path: Path, name: str, n: int, title: str = "A title.") -> Path:
    path.write_text(DRAWER.format(name=name, n=n, title=title))
    return path


def test_shipped_drawers_are_found_by_name_with_either_dash() -> None:
    assert "refusal" in drawers.names("pipelines")
    assert drawers.find("filters", "near-duplicates") == drawers.find("filters", "near_duplicates")


def test_reading_does_not_run_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.py", "Mine", 3)
    path.write_text(path.read_text() + "\nraise RuntimeError('run')\n")
    assert drawers.read("pipelines", str(path)).title == "A title."
    with pytest.raises(UsageError, match="RuntimeError: run"):
        drawers.load(drawers.read("pipelines", str(path)))


def test_two_files_of_one_name_do_not_disturb_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = drawers.load(drawers.read("pipelines", str(write(tmp_path / "a" / "mine.py", "Mine", 1))))
    two = drawers.load(drawers.read("pipelines", str(write(tmp_path / "b" / "mine.py", "Mine", 2))))
    assert (one().n, two().n) == (1, 2)
    assert one.__module__ != two.__module__


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="no pipeline is called 'refusals'; did you mean 'refusal'"):
        drawers.find("pipelines", "refusals")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "holds one frozen dataclass, this one holds 0"),
        ("def f(:\n", "not valid Python"),
        ("from dataclasses import dataclass\n@dataclass\nclass A:\n    n: int = 1\n", "holds 0"),
        ("@dataclass(frozen=True)\nclass A:\n    n: complex = 1j\n", "setting 'n' cannot be read"),
    ],
)
def test_a_file_that_is_no_drawer_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "mine.py").write_text(text)
    with pytest.raises(UsageError, match=message):
        drawers.read("pipelines", str(tmp_path / "mine.py"))


def test_drawer_files_import_only_the_standard_library_polars_and_synth() -> None:
    import ast
    import sys

    allowed = set(sys.stdlib_module_names) | {"polars", "synth"}
    for kind in ("pipelines", "filters"):
        for name in drawers.names(kind):
            tree = ast.parse(drawers.find(kind, name).read_text())
            for node in tree.body:
                modules = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                assert {module.split(".")[0] for module in modules} <= allowed, name
