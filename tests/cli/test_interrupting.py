"""Ctrl-C ends a run, and is heard wherever it comes."""

import os
import signal
import sys
import threading
from collections.abc import Callable

import polars as pl
import pytest

from synth.cli.interrupting import careful_interrupts


def interrupted(work: Callable[[], object]) -> None:
    """Does the work under our handler; Ctrl-C comes after 0.2 s and must end it."""
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with careful_interrupts(), pytest.raises(KeyboardInterrupt):
        work()


def test_it_interrupts_plain_code() -> None:
    interrupted(lambda: threading.Event().wait(10))


def test_it_waits_until_polars_is_done() -> None:
    calls = []

    def slow(values: pl.Series) -> pl.Series:
        for _ in range(2_000_000):
            pass
        calls.append(len(values))
        return values

    def work() -> None:
        for _ in range(30):
            frame = pl.select(x=pl.lit(1).map_batches(slow, return_dtype=pl.Int32()))
            assert frame.height == calls[-1] == 1

    interrupted(work)
    assert 0 < len(calls) < 30
    assert sys.gettrace() is None


def test_the_handler_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with careful_interrupts():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
