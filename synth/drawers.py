"""The drawers: `pipelines/`, `filters/` and `data_cards/`, found by file name and loaded by path.

A drawer file holds one frozen dataclass. Listing and `--help` read it with `ast`; only `load` runs it.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from synth.errors import UsageError, quoted
from synth.settings import Setting, read_settings

DrawerKind = Literal["pipelines", "filters", "data_cards"]

PACKAGE: Final = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Drawer:
    """A drawer file, read but not run.

    Attributes:
        name: the file's stem; on the command line with hyphens.
        path: the file.
        sha256: of its text.
        title: the first line of its class's docstring, or of the file's.
        class_name: its one dataclass.
        settings: the class's fields.
    """

    name: str
    path: Path
    sha256: str
    title: str
    class_name: str
    settings: tuple[Setting, ...]


def folder(kind: DrawerKind) -> Path:
    """Where the shipped drawer files lie: in the wheel, or in a checkout beside `pyproject.toml`.

    Raises:
        UsageError: neither is there; the installation is broken.
    """
    shipped = PACKAGE / "_shipped" / kind
    if shipped.is_dir():
        return shipped
    root = PACKAGE.parent
    if (root / "pyproject.toml").is_file() and (root / kind).is_dir():
        return root / kind
    raise UsageError(f"the folder '{kind}' is missing from this installation of synth; install it again")


def names(kind: DrawerKind) -> list[str]:
    """The names of the shipped drawer files, sorted."""
    return sorted(path.stem for path in folder(kind).glob("*.py") if not path.stem.startswith("_"))


def find(kind: DrawerKind, name: str) -> Path:
    """The file of a shipped drawer by name (hyphens and underscores alike), or a user's own by path.

    Raises:
        UsageError: there is no such file; names the nearest.
    """
    if name.endswith(".py") or "/" in name or "\\" in name:
        path = Path(name).expanduser()
        if not path.is_file():
            raise UsageError(f"{kind[:-1]} file not found: {name}")
        return path
    stem = name.replace("-", "_")
    path = folder(kind) / f"{stem}.py"
    if stem not in names(kind):
        near = difflib.get_close_matches(stem, names(kind), n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {quoted(names(kind))}"
        raise UsageError(f"no {kind[:-1]} is called '{name}'; {hint}")
    return path


def read(kind: DrawerKind, name: str) -> Drawer:
    """Read a drawer's title and settings without running it.

    Raises:
        UsageError: it is not there, not Python, or does not hold exactly one frozen dataclass.
    """
    path = find(kind, name)
    try:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(f"{path}: not valid Python: {error}") from None
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and _is_frozen_dataclass(node)]
    if len(classes) != 1:
        raise UsageError(f"{path}: a drawer file holds one frozen dataclass, this one holds {len(classes)}")
    title = (ast.get_docstring(classes[0]) or ast.get_docstring(tree) or "").split("\n")[0]
    try:
        settings = tuple(read_settings(tree, classes[0].name))
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Drawer(path.stem, path, digest, title, classes[0].name, settings)


def load(drawer: Drawer) -> type[Any]:
    """Run a drawer's file and return its class; a file of the same content is run once.

    Raises:
        UsageError: the file cannot be run.
    """
    module_name = f"synth_drawer_{drawer.sha256[:16]}"
    if module_name not in sys.modules:
        spec = importlib.util.spec_from_file_location(module_name, drawer.path)
        if spec is None or spec.loader is None:
            raise UsageError(f"{drawer.path}: cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module  # dataclasses look their module up while it runs
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            del sys.modules[module_name]
            raise UsageError(f"{drawer.path}: {type(error).__name__}: {error}") from error
    loaded: type[Any] = getattr(sys.modules[module_name], drawer.class_name)
    return loaded


def _is_frozen_dataclass(node: ast.ClassDef) -> bool:
    return any(
        ast.unparse(d).split("(")[0].split(".")[-1] == "dataclass" and "frozen=True" in ast.unparse(d)
        for d in node.decorator_list
    )
