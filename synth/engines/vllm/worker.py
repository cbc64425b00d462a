"""The process in which vLLM runs: reads calls from the one that started it, sends back finished samples.

It leads a session of its own, so that Ctrl-C reaches only us, and ends with the process that started it,
however that ended: vLLM's own processes would live on.
"""

from __future__ import annotations

import os
import threading
import traceback
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from synth.engines.base import Call, ScoreCall
from synth.engines.vllm.processes import end_group
from synth.engines.vllm.session import Session
from synth.engines.vllm.settings import Settings


def main(descriptor: int, parent: int) -> None:
    """Work until the other process ends this one, or ends itself.

    Args:
        descriptor: of the socket to the process that started this one.
        parent: that process's id.
    """
    connection: Connection[Any, Any] = Connection(descriptor)
    inbox: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_read, args=(connection, inbox, parent), daemon=True).start()
    settings: Settings = inbox.get()
    stage = "failed"
    try:
        session = Session(settings)
        connection.send(("ready", session.seats))
        stage = "died"
        _work(session, connection, inbox)
    except Exception as error:
        traceback.print_exc()  # into the log, before anybody reads it
        connection.send((stage, _reason(error)))


def _work(session: Session, connection: Connection[Any, Any], inbox: SimpleQueue[Any]) -> None:
    while True:
        while not (session.busy and inbox.empty()):
            message = inbox.get()
            if isinstance(message, Call):
                session.add(message)
            else:
                scores: list[ScoreCall] = message
                connection.send(("scores", session.score(scores)))
        if rows := session.step():
            connection.send(("answers", rows))


def _read(connection: Connection[Any, Any], inbox: SimpleQueue[Any], parent: int) -> None:
    """Queue what comes in; when nobody can send any more, end this process and all that it started."""
    try:
        # Others may hold a copy of the parent's end, so its closing is not the only sign.
        while os.getppid() == parent:
            if connection.poll(1):
                inbox.put(connection.recv())
    except (EOFError, OSError):
        pass
    end_group(os.getpgrp())
    os._exit(1)


def _reason(error: Exception) -> str:
    """The error on one line."""
    # Pydantic's text opens with how many errors there are; each has a text of its own.
    told = error.errors()[0]["msg"] if hasattr(error, "errors") else str(error)
    return f"{type(error).__name__}: {' '.join(told.split())}"
