"""A person's own files follow the dataset folder from one export to the next."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import chain, count
from pathlib import Path


def carry(old: Path, new: Path, owned: Iterable[str]) -> None:
    """Move everything from `old` to `new` except the `owned` files; nothing in `new` is overwritten.

    Each move is one rename, so a carry that was cut off goes on where it stopped.
    """
    owned = set(owned)
    folders = {str(parent) for path in owned for parent in Path(path).parents}
    _carry(old, new, Path(), owned, folders)


def _carry(old: Path, new: Path, at: Path, owned: set[str], folders: set[str]) -> None:
    for entry in sorted((old / at).iterdir()):
        path = at / entry.name
        if str(path) in owned:
            continue
        is_folder = entry.is_dir() and not entry.is_symlink()
        target = new / path
        if is_folder and (str(path) in folders or (target.is_dir() and not target.is_symlink())):
            _carry(old, new, path, owned, folders)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        entry.rename(_free(target))


def _free(target: Path) -> Path:
    names = chain([target.name], (f"{target.name}.kept-{number}" for number in count(1)))
    return next(free for name in names if not os.path.lexists(free := target.with_name(name)))
