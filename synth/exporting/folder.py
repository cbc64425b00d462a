"""The dataset folder: written beside its place, then swapped in. Nothing half-written is ever seen.

    .refusal.partial-1a2b   written here, by anyone, at any time
    .refusal.lock           held while one draft becomes the folder
    .refusal.previous       the folder as it was; its presence means that a swap is under way
    .refusal.trash          what is being deleted

The names are the journal. A kill while `previous` stands and the folder does not is undone by the next
run; a kill after the new folder stands is finished by it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from synth.errors import UsageError
from synth.exporting.carry import carry
from synth.exporting.managed import read_card
from synth.exporting.manifest import MANIFEST, owned_files, read_manifest
from synth.locks import abandoned, locked, mark


def check_destination(out: Path) -> None:
    """Refuse a destination that an export could not or must not replace; changes nothing.

    Raises:
        UsageError: if `out` is a file or a mount point, cannot be created, holds something else, or has a
            card that cannot be read.
    """
    try:
        _check(out.resolve())
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}") from None


def _check(out: Path) -> None:
    if out.exists():
        if not out.is_dir():
            raise UsageError(f"{out} is a file; --output-dir wants a folder")
        if os.path.ismount(out):
            raise UsageError(f"{out} is a mount point and cannot be replaced; name a folder inside it")
        if any(out.iterdir()):
            if not (out / MANIFEST).is_file():
                raise UsageError(
                    f"{out} is not empty and holds no export of synth; name a new folder, or empty this one"
                )
            read_manifest(out)
            read_card(out)
    parent = next(folder for folder in out.parents if os.path.lexists(folder))
    if not parent.is_dir():
        raise UsageError(f"{out} cannot be created: {parent} is not a folder")
    # Tried, not asked: permission bits say nothing to root, nor about a read-only file system.
    Path(tempfile.mkdtemp(prefix=f".{out.name}.probe-", dir=parent)).rmdir()


class Draft:
    """A folder in the making that takes the place of `out`, whole or not at all.

        with Draft(out) as draft:
            ...                                  # write into draft.folder
            with draft.finishing() as previous:  # one process at a time; swapped in at its end
                ...

    Attributes:
        folder: where to write.
    """

    def __init__(self, out: Path) -> None:
        self.out = out.resolve()
        self.folder = self._beside(f"partial-{uuid.uuid4().hex[:12]}")
        self._previous = self._beside("previous")
        self._trash = self._beside("trash")

    def __enter__(self) -> Draft:
        self.out.parent.mkdir(parents=True, exist_ok=True)
        with locked(self._beside("lock")):
            self._recover()
            self.folder.mkdir()
            self._mark = mark(self.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._mark)

    @contextmanager
    def finishing(self) -> Iterator[Path | None]:
        """Hold the place: gives the folder that stands there now, if any; swaps the draft in at the end."""
        with locked(self._beside("lock")):
            self._recover()
            yield self.out if (self.out / MANIFEST).is_file() else None
            self._swap()

    def _swap(self) -> None:
        check_destination(self.out)
        if self.out.exists():
            shutil.copymode(self.out, self.folder)
            self.out.rename(self._previous)
        self.folder.rename(self.out)
        self._retire()

    def _recover(self) -> None:
        if self._previous.exists():
            if (self.out / MANIFEST).is_file():
                self._retire()
            else:
                self._previous.rename(self.out)
        if self._trash.exists():
            shutil.rmtree(self._trash)
        for stale in self.out.parent.iterdir():
            if stale.name.startswith(f".{self.out.name}.partial-") and abandoned(stale):
                shutil.rmtree(stale)

    def _retire(self) -> None:
        """Hand a person's own files on to the new folder, then delete the old one."""
        if not self._previous.exists():
            return
        carry(self._previous, self.out, owned_files(self._previous))
        # Renamed first: a half-deleted folder has no manifest, and its rest would look like a person's.
        self._previous.rename(self._trash)
        shutil.rmtree(self._trash)

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Hold the place while a file of the folder that stands there is changed."""
        with locked(self._beside("lock")):
            self._recover()
            yield

    def _beside(self, what: str) -> Path:
        return self.out.parent / f".{self.out.name}.{what}"
