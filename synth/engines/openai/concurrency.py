"""How much to ask of a server at once, and whether there still is one.

The SDK repeats a request that was turned away and tells nobody. So both are judged by what passes on the
wire: `Watched` sees every try.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import httpx2

PATIENCE: Final = 180.0
"""Seconds of nothing but errors; quotas are counted by the minute."""
_GROWTH: Final = 0.1
_BUSY: Final = (429, 503)
_GONE: Final = 3
"""Requests given up in a row; one alone may be a request that the server dies of."""


class Concurrency:
    """How many samples to have in flight: half as many where a server cannot cope, slowly more where it can.

    One event loop uses it; other threads may read `limit`.

    Args:
        most: samples in flight at most; where it starts.

    Attributes:
        limit: samples in flight now at most, between 1 and `most`.
        in_flight: samples in flight now.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = float(most)
        self.in_flight = 0
        self._changed = asyncio.Condition()
        self._halved = 0.0

    @asynccontextmanager
    async def slot(self, samples: int) -> AsyncIterator[None]:
        """Wait until so many more samples may be in flight; a request beyond the limit goes alone."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._fits(samples))
            self.in_flight += samples
        try:
            yield
        finally:
            self.in_flight -= samples
            async with self._changed:
                self._changed.notify_all()

    def strained(self, begun: float) -> None:
        """The server could not cope with a try that began at this `time.monotonic()`.

        What was sent before the limit was last halved says nothing of the new one.
        """
        if begun >= self._halved:
            self._halved = time.monotonic()
            self.limit = max(1.0, self.limit / 2)

    def coped(self, samples: int) -> None:
        """The server answered a request of so many samples.

        A limit's worth of them raises it by a tenth, and by one at least.
        """
        share = min(1.0, samples / self.limit)
        self.limit = min(float(self.most), self.limit + share * max(1.0, _GROWTH * self.limit))

    def _fits(self, samples: int) -> bool:
        return not self.in_flight or self.in_flight + samples <= self.limit


class Pulse:
    """Whether there is any use in asking on.

    Not, when several requests in a row were given up after all their tries: at once if the server replied
    nothing in all that time, after a while if it did reply, but only that it could not.

    Args:
        gone: called when that is so.
    """

    def __init__(self, gone: Callable[[], None]) -> None:
        self._gone = gone
        self._lost = self._silent = 0
        self._replied = self._first = 0.0

    def heard(self) -> None:
        """The server replied, with whatever."""
        self._replied = time.monotonic()

    def served(self) -> None:
        """The server gave what it was asked for."""
        self._lost = self._silent = 0

    def lost(self, begun: float) -> None:
        """A request was given up that began at this `time.monotonic()`."""
        if not self._lost:
            self._first = begun
        self._lost += 1
        self._silent = self._silent + 1 if self._replied < begun else 0
        waited = time.monotonic() - self._first
        if self._silent >= _GONE or (self._lost >= _GONE and waited > PATIENCE):
            self._gone()


class Watched(httpx2.AsyncHTTPTransport):
    """The wire to a server; tells of every try, also of those that the SDK repeats."""

    def __init__(self, concurrency: Concurrency, pulse: Pulse) -> None:
        # Requests wait for a slot, never for a connection: that wait would count as the server's time.
        super().__init__(limits=httpx2.Limits(max_connections=None))
        self._concurrency = concurrency
        self._pulse = pulse

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one try."""
        begun = time.monotonic()
        try:
            response = await super().handle_async_request(request)
        except httpx2.TimeoutException:
            self._concurrency.strained(begun)
            raise
        self._pulse.heard()
        if response.status_code in _BUSY:
            self._concurrency.strained(begun)
        return response
