"""Child processes for computer algebra: started when first needed, killed when one takes too long.

They are plain subprocesses, not `multiprocessing`: nothing is forked, a caller's `__main__` is never
imported again, and it works from any thread. A child ends when its input closes, so none survives us.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Final

SECONDS: Final = 20.0
"""Time on the wall after which a worker is killed; its processor time runs out long before (`algebra`)."""

_START_SECONDS: Final = 120.0

_Result = bool | None


def program(module: str) -> str:
    """What a child runs: the `main` of a module, found where this process finds it."""
    return f"import sys; sys.path[:] = {sys.path!r}; from {module} import main; main()"


def end(process: subprocess.Popen[Any]) -> None:
    """End a child, whatever it is doing, and close its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            # A line may be left in the buffer of a pipe whose reader is gone.
            with suppress(OSError):
                pipe.close()


class Worker:
    """One child process and its two pipes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", program("synth.graders.mathematics.algebra")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self._ready = False

    def equal(self, gold: str, said: str) -> tuple[_Result, bool]:
        """The worker's verdict, and whether the worker is still alive."""
        stdin = self._process.stdin
        assert stdin is not None
        # Read here, not when it was started: it gets ready while others work.
        if not self._ready and self._read(_START_SECONDS) != "ready\n":
            self.close()
            raise RuntimeError("the process that compares mathematical answers did not start")
        self._ready = True
        try:
            stdin.write(json.dumps([gold, said]) + "\n")
            stdin.flush()
        except OSError:
            return None, False
        line = self._read(SECONDS)
        if not line:
            self.close()
            return None, False
        verdict: _Result = json.loads(line)
        return verdict, True

    def close(self) -> None:
        """End the process, whatever it is doing."""
        end(self._process)

    def _read(self, seconds: float) -> str:
        """One line, or "" where none came in time: then the process has been killed."""
        stdout = self._process.stdout
        assert stdout is not None
        clock = threading.Timer(seconds, self._process.kill)
        clock.daemon = True
        clock.start()
        try:
            return stdout.readline()
        finally:
            clock.cancel()


class Workers:
    """As many workers as processors, shared by all callers."""

    def __init__(self, most: int | None = None) -> None:
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._most = most or os.cpu_count() or 1
        self._seats = threading.Semaphore(self._most)

    def equal(self, pairs: Sequence[tuple[str, str]]) -> list[_Result]:
        """The verdict on each pair, in order; None where it could not be read or took too long."""
        if not pairs:
            return []
        # One worker settles a handful sooner than a second one starts.
        threads = min(self._most, 1 + len(pairs) // 8)
        with ThreadPoolExecutor(threads) as executor:
            return list(executor.map(self._one, pairs))

    def close(self) -> None:
        """End the workers that are idle."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _one(self, pair: tuple[str, str]) -> _Result:
        with self._seats:
            try:
                worker = self._idle.get_nowait()
            except Empty:
                worker = Worker()
            verdict, alive = worker.equal(*pair)
            self._idle.put(worker if alive else Worker())
            return verdict


_shared: dict[int, Workers] = {}
_lock = threading.Lock()


def shared() -> Workers:
    """This process's workers; a forked child gets its own, for pipes cannot be shared."""
    with _lock:
        workers = _shared.get(os.getpid())
        if workers is None:
            workers = _shared[os.getpid()] = Workers()
            atexit.register(workers.close)
        return workers
