"""Ctrl-C where it does no harm: polars swallows exceptions of the Python code that it calls back."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

_POLARS: Final = f"{os.sep}polars{os.sep}"


@contextmanager
def careful_interrupts() -> Iterator[None]:
    """Raise `KeyboardInterrupt` for Ctrl-C, but never inside polars; for the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Raise at once, or as soon as the function that called polars goes on."""
    caller = at = frame
    while at is not None:
        if _POLARS in at.f_code.co_filename:
            caller = at.f_back
        at = at.f_back
    if caller is None or caller is frame:
        raise KeyboardInterrupt
    # A debugger's way to stop in a function that is already running.
    caller.f_trace = _raise
    sys.settrace(lambda *_: None)


def _raise(frame: FrameType, event: str, argument: Any) -> Any:
    sys.settrace(None)
    frame.f_trace = None
    raise KeyboardInterrupt
