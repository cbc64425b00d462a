"""A process that runs vLLM, as the one that started it sees it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import IO, Any, Final

from synth.engines.vllm.processes import end_group
from synth.engines.vllm.settings import Settings

_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from synth.engines.vllm.worker import main; main(int(sys.argv[2]), int(sys.argv[3]))"
)
"""The caller's own main module is not imported: it may be a script that would start itself again."""
_ENVIRONMENT: Final = {
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
    "VLLM_LOGGING_LEVEL": "WARNING",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "PYTHONWARNINGS": "ignore",
}
"""What holds where the user has not set it otherwise."""
_ERROR: Final = re.compile(r"\b(\w+(?:Error|Exception): .+)$")
_ELSEWHERE: Final = "root cause"
"""What vLLM says in one process of an error in another: "see above for the root cause"."""
_ENDED: Final = "its process ended"

Message = tuple[str, Any]
"""What the process tells: ("ready", samples it writes at once), ("answers", rows), ("scores", answers),
("failed", why it did not start), ("died", why it ended)."""


class Replica:
    """Starts the process; what it tells arrives in a queue, with the replica's number.

    Args:
        number: which replica it is.
        settings: what vLLM is opened with.
        devices: the GPUs that it sees; None for all.
        inbox: where its messages go.
    """

    def __init__(
        self, number: int, settings: Settings, devices: str | None, inbox: SimpleQueue[tuple[int, Message]]
    ) -> None:
        self._number = number
        self._inbox = inbox
        self._closing = False
        self._log = _log_file()
        ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps(sys.path), str(theirs.fileno()), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=self._log or sys.__stderr__,
            stderr=self._log or sys.__stderr__,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            env=_environment(devices),
        )
        theirs.close()
        self._connection: Connection[Any, Any] = Connection(ours.detach())
        self.send(settings)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, message: Any) -> None:
        """Hand something in: a call, or a list of those to score."""
        # Where the process has ended, its last message says why.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._connection.send(message)

    def explain(self, reason: str) -> str:
        """Why the process ended: what it said, or the first error in its log, and where that is kept."""
        if self._log is None:
            return _sentence(reason)
        self._log.seek(0)
        log = self._log.read().decode("utf-8", "replace")
        if _ELSEWHERE in reason or reason == _ENDED:
            found = (match[1] for line in log.splitlines() if (match := _ERROR.search(line)))
            reason = next((cause for cause in found if _ELSEWHERE not in cause), reason)
        with tempfile.NamedTemporaryFile("w", prefix="synth-vllm-", suffix=".log", delete=False) as file:
            file.write(log)
        return f"{_sentence(reason)}. Its log is {file.name}"

    def close(self) -> None:
        """End the process and all that it started."""
        # vLLM's own way takes up to ten seconds, and leaves nothing behind that this does.
        self._closing = True
        end_group(self._process.pid)
        self._process.wait()
        self._reader.join()
        self._connection.close()
        if self._log is not None:
            self._log.close()

    def _read(self) -> None:
        # A thread of its own: Ctrl-C reaches the main thread alone, so no message is cut in two.
        try:
            # Others may hold a copy of the process's end, so its closing is not the only sign.
            while self._connection.poll(1) or self._process.poll() is None:
                if self._connection.poll(0):
                    self._inbox.put((self._number, self._connection.recv()))
        except (EOFError, OSError):
            pass
        if not self._closing:
            self._inbox.put((self._number, ("died", _ENDED)))


def _sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".")


def _environment(devices: str | None) -> Mapping[str, str]:
    given = {"CUDA_VISIBLE_DEVICES": devices} if devices is not None else {}
    return _ENVIRONMENT | dict(os.environ) | given


def _log_file() -> IO[bytes] | None:
    """Where vLLM's messages go; None is standard error, for those who asked for them."""
    if logging.getLogger("synth").isEnabledFor(logging.INFO) or "VLLM_LOGGING_LEVEL" in os.environ:
        return None
    return tempfile.TemporaryFile()
