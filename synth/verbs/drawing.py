"""`list` and `copy`: what is in the drawers, and one of them to edit."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from synth import drawers
from synth.errors import UsageError


def run_list() -> dict[str, list[dict[str, Any]]]:
    """Every pipeline and filter with its first line and its settings."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in ("pipelines", "filters"):
        read = [drawers.read(kind, name) for name in drawers.names(kind)]
        found[kind] = [
            {"name": d.name, "title": d.title, "settings": [setting.name for setting in d.settings]}
            for d in read
        ]
    return found


def run_copy(name: str, destination: Path) -> list[str]:
    """Copy a pipeline with its card template, or a filter, to edit; the files written.

    Args:
        name: a pipeline's or filter's name.
        destination: a folder, or the new `.py` file.

    Raises:
        UsageError: there is no such drawer file, or a file is already there.
    """
    stem = name.replace("-", "_")
    kind: drawers.DrawerKind = "filters" if stem in drawers.names("filters") else "pipelines"
    source = drawers.find(kind, name)
    target = destination if destination.suffix == ".py" else destination / source.name
    pairs = [(source, target)]
    template = drawers.folder("data_cards") / f"{source.stem}.md.j2"
    if kind == "pipelines" and template.is_file():
        pairs.append((template, target.with_suffix(".md.j2")))
    for _, new in pairs:
        if new.exists():
            raise UsageError(f"{new} is already there; name another place")
    for old, new in pairs:
        try:
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(old, new)
        except OSError as error:
            raise UsageError(f"{new} cannot be written: {error.strerror}") from None
    return [str(new) for _, new in pairs]
