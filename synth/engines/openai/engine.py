"""Any server that speaks OpenAI's protocol: `vllm serve`, SGLang, llama.cpp, Ollama, a hosted one.

An event loop in a thread of its own asks; the scheduler's thread hands calls in and takes answers out.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import openai

from synth.engines.base import SAMPLE, SCORE, Answer, Call, ScoreCall
from synth.engines.openai.asking import Asking
from synth.engines.openai.choices import failures
from synth.engines.openai.concurrency import Concurrency, Pulse, Watched
from synth.engines.openai.requests import render
from synth.engines.openai.score import score
from synth.engines.openai.server import Api, look_up, root_of, shown
from synth.engines.scored import unscored
from synth.errors import UsageError
from synth.prompts import Message

T = TypeVar("T")

_OPENAI: Final = "https://api.openai.com/v1"
_CONNECT: Final = 10.0
"""Seconds to wait for a connection at most."""
_LOOKS: Final = 2
"""Tries after the first to reach the server at all, before a run begins."""


class OpenAIEngine:
    """Samples from an OpenAI-compatible server; scores where it is a vLLM.

    The key is the one in OPENAI_API_KEY; a server of one's own needs none.

    Args:
        base_url: the server's address, with /v1; by default OPENAI_BASE_URL, else OpenAI's.
        model: the model's name there; by default the only one it serves.
        api: "chat" sends conversations, "completions" texts in the plain layout, "auto" finds out.
        concurrency: samples in flight at most.
        timeout: seconds that one try of a request may take.
        max_retries: tries after the first, made by the SDK, which honours Retry-After.
        token_logprobs: report the log-probability of each token, not only their sum.

    Attributes:
        address: the server's, without what may be secret in it.

    Raises:
        UsageError: no server there, the key is refused, or there is no such model.
    """

    name = "openai"

    def __init__(
        self,
        base_url: str | None = None,
        model: str | None = None,
        api: Api = "auto",
        concurrency: int = 256,
        timeout: float = 600.0,
        max_retries: int = 5,
        token_logprobs: bool = False,
    ) -> None:
        key = os.environ.get("OPENAI_API_KEY", "").strip()
        options: dict[str, Any] = {
            "base_url": _checked(base_url or os.environ.get("OPENAI_BASE_URL"), key),
            "api_key": key or "none",
            "timeout": openai.Timeout(timeout, connect=min(timeout, _CONNECT)),
        }
        with openai.OpenAI(**options, max_retries=_LOOKS) as client:
            self._server = look_up(client, model, api)
            self.address = shown(client)
        self.can = frozenset({SAMPLE, SCORE} if self._server.maker == "vllm" else {SAMPLE})
        self.model_name = self._server.model
        self.identity = self._server.identity
        self._owed = 0
        self._answers: SimpleQueue[list[Answer]] = SimpleQueue()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._gone = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="openai", daemon=True)
        self._thread.start()
        self._on_loop(self._open(options, key, concurrency, max_retries, token_logprobs))

    def render(self, messages: Sequence[Message], prefix: str = "") -> str:
        """The conversation and the prefix as JSON; for a base model the text it reads."""
        return render(self._server, messages, prefix)

    def layout(self, system: bool) -> dict[str, str]:
        """Whether the server gets conversations; what its chat template makes of them is not known here."""
        return {"layout": "chat" if self._server.chat else "plain"}

    def room(self) -> int:
        """How many more samples keep the server busy: one limit's worth in flight, another waiting."""
        return int(2 * self._concurrency.limit) - self._owed

    def submit(self, call: Call) -> None:
        """Queue a call."""
        self._owed += call.n
        self._loop.call_soon_threadsafe(self._start, call)

    def collect(self) -> list[Answer]:
        """Wait until a sample is there or has failed; return all that are. Empty only when idle."""
        if not self._owed:
            return []
        answers = self._answers.get()
        self._owed -= len(answers)
        return answers + self.finished()

    def finished(self) -> list[Answer]:
        """The samples that are there by now; does not wait."""
        answers: list[Answer] = []
        while True:
            try:
                answers += self._answers.get_nowait()
            except Empty:
                self._owed -= len(answers)
                return answers

    def score(self, calls: Sequence[ScoreCall]) -> list[Answer]:
        """How likely the continuations are (`synth.engines.base.ScoringEngine`), all calls at once."""
        return self._on_loop(self._scored(calls))

    def close(self) -> None:
        """Give up what is in flight and close the connections."""
        if self._loop.is_closed():
            return
        self._on_loop(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _open(
        self, options: dict[str, Any], key: str, concurrency: int, max_retries: int, token_logprobs: bool
    ) -> None:
        self._concurrency = Concurrency(concurrency)
        pulse = Pulse(self._give_up)
        wire = openai.DefaultAsyncHttpxClient(transport=Watched(self._concurrency, pulse))
        self._client = openai.AsyncOpenAI(**options, max_retries=max_retries, http_client=wire)
        self._asking = Asking(
            self._client, self._server, self._concurrency, pulse, self._answers.put, key, token_logprobs
        )

    async def _scored(self, calls: Sequence[ScoreCall]) -> list[Answer]:
        root = root_of(self._client)
        asked = [score(self._asking.post, self._server, root, call) for call in calls]
        tasks = [self._loop.create_task(one) for one in asked]
        self._tasks.update(tasks)
        if self._gone:
            self._give_up()
        answers: list[Answer] = []
        # Whatever a server can do to us costs its own samples, never the run.
        for call, found in zip(calls, await asyncio.gather(*tasks, return_exceptions=True), strict=True):
            if isinstance(found, asyncio.CancelledError):
                answers += unscored(call, self._no_answers)
            elif isinstance(found, BaseException):
                answers += unscored(call, self._asking.told(found))
            else:
                answers += found
        self._tasks.difference_update(tasks)
        return answers

    async def _shut(self) -> None:
        self._give_up()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    def _give_up(self) -> None:
        """Fail everything that waits or is in flight, and whatever comes later."""
        self._gone = True
        for task in self._tasks:
            task.cancel()

    def _start(self, call: Call) -> None:
        missing = set(range(call.first, call.first + call.n))
        task = self._loop.create_task(self._asking.serve(call, missing))
        self._tasks.add(task)
        task.add_done_callback(partial(self._end, call, missing))
        if self._gone:
            task.cancel()

    @property
    def _no_answers(self) -> str:
        return f"ServerGone: no answers from {self.address} any more"

    def _end(self, call: Call, missing: set[int], task: asyncio.Task[None]) -> None:
        """Report as failed what a call has not brought, however it ended."""
        self._tasks.discard(task)
        if task.cancelled():
            error = self._no_answers
        elif broken := task.exception():
            error = self._asking.told(broken)
        else:
            error = "TooFewChoices: the server replied, but without a choice"
        if missing:
            self._answers.put(failures(call.key, sorted(missing), error))


def _checked(url: str | None, key: str) -> str:
    """The base URL; it is not quoted in a message, for it may hold a password."""
    if not url and not key:
        raise UsageError(
            "--engine openai needs --base-url (or OPENAI_BASE_URL), or OPENAI_API_KEY for OpenAI itself"
        )
    url = url or _OPENAI
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not parts.query
    except ValueError:
        sound = False
    if not sound:
        raise UsageError("--base-url is not the address of a server, such as http://localhost:8000/v1")
    return url
