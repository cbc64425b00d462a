"""Locks that tell who holds them and that a killed process cannot leave behind: `flock` on a file."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from synth.errors import UsageError

log = logging.getLogger(__name__)


class FileLock:
    """An exclusive lock on one machine: `flock` on a file that names its holder.

    A killed process's lock is free at once. The file stays; only the lock on it counts.

        with FileLock(path, "the store segment"):
            ...
    """

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what
        self._file: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        _name_holder(file)
        self._file = file
        return True

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            UsageError: another process holds it; says which.
        """
        if not self.try_acquire():
            raise UsageError(f"{self.what} is in use by {self.holder()}")

    def holder(self) -> str:
        """The holder in words."""
        try:
            return _holder(self.path.read_bytes())
        except OSError:
            return _holder(b"")

    def release(self) -> None:
        """Give the lock up."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> FileLock:
        """Acquire; see `acquire`."""
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release."""
        self.release()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock at `path`; waits for whoever has it, and says so. The file goes when the lock does."""
    handle = _take(path)
    try:
        _name_holder(handle)
        yield
    finally:
        # Unlinked while still held: who waits on this file sees that it is gone and opens the next one.
        path.unlink(missing_ok=True)
        os.close(handle)


def abandoned(folder: Path) -> bool:
    """Whether the process that marked the folder with `mark` has ended."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def mark(folder: Path) -> int:
    """Mark a folder as in use until the handle is closed or the process ends."""
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _take(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.warning("waiting for %s, which holds %s", _holder(os.pread(handle, 1000, 0)), path.name)
            fcntl.flock(handle, fcntl.LOCK_EX)
        if _still_there(handle, path):
            return handle
        os.close(handle)


def _still_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _name_holder(handle: int) -> None:
    os.truncate(handle, 0)
    os.pwrite(handle, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode(), 0)


def _holder(written: bytes) -> str:
    try:
        holder = json.loads(written)
        return f"process {holder['pid']} on {holder['host']}"
    except (ValueError, KeyError, TypeError):
        return "another process"
