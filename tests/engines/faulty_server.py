"""A small OpenAI-compatible server that can be told to misbehave, on a real socket of this machine.

An honest sample's text is a function of its seed alone, so that tests can tell which seed a text came from.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

Reply = tuple[int, dict[str, str], bytes]

DIES = "dies"
MODEL = {"id": "tiny", "object": "model", "created": 1, "owned_by": "us", "max_model_len": 512}


def text_of(seed: int | None) -> str:
    """What an honest sample with this seed says."""
    rng = random.Random(seed)
    return f"{rng.choice(['Paris', 'Rome'])} {rng.randrange(10**6)}"


@dataclass
class FaultyServer:
    """Serves while it is entered as a context.

    Attributes:
        fault: what goes wrong: the name of a method below, or "".
        every: it goes wrong in every so many requests; 1 is always.
        until: it goes wrong only in the first so many requests.
        seconds: how long an honest request takes.
        models: what it says it serves.
        tokenizes: what it says when it shall tokenize a conversation; None where it cannot.
        bodies: the requests for completions that came in, with `path`, `at` and `fault`.
        most: samples that were in the works at once.
    """

    fault: str = ""
    every: int = 1
    until: float = math.inf
    seconds: float = 0.0
    models: list[dict[str, Any]] = field(default_factory=lambda: [MODEL])
    tokenizes: Reply | None = None
    bodies: list[dict[str, Any]] = field(default_factory=list)
    most: int = 0

    def __enter__(self) -> FaultyServer:
        self._now = 0
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.StreamWriter] = set()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._converse, "127.0.0.1", 0, backlog=1024)
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def asked(self, index: int) -> list[dict[str, Any]]:
        """The requests of one question, by the number in its text."""
        return [body for body in self.bodies if f"number {index}?" in json.dumps(body)]

    # What can go wrong.

    def internal(self, body: dict[str, Any]) -> Reply:
        return 500, {}, b'{"error": {"message": "the server is broken"}}'

    def busy(self, body: dict[str, Any]) -> Reply:
        return 429, {"Retry-After": "0.3"}, b'{"error": {"message": "too many requests"}}'

    def half(self, body: dict[str, Any]) -> Reply:
        status, headers, content = honest(body)
        return status, headers | {"Content-Length": str(len(content))}, content[: len(content) // 2]

    def fewer(self, body: dict[str, Any]) -> Reply:
        return honest(body, n=max(1, body.get("n", 1) // 2))

    def one(self, body: dict[str, Any]) -> Reply:
        return honest(body, n=1)

    def none(self, body: dict[str, Any]) -> Reply:
        return honest(body, n=0)

    def repeats(self, body: dict[str, Any]) -> Reply:
        return honest(body, one_seed=True)

    def always_paris(self, body: dict[str, Any]) -> Reply:
        return honest(body, text="Paris", logprob=-0.01)

    def impossible(self, body: dict[str, Any]) -> Reply:
        return honest(body, text="Paris, as far as I can tell", logprob=-1.0)

    def invalid(self, body: dict[str, Any]) -> Reply:
        return 200, {}, b'{"choices": [{"message":'

    def empty(self, body: dict[str, Any]) -> Reply:
        return 200, {}, b""

    def cut(self, body: dict[str, Any]) -> Reply:
        return honest(body, finish="length")

    def filtered(self, body: dict[str, Any]) -> Reply:
        return honest(body, finish="content_filter", text=None)

    def odd(self, body: dict[str, Any]) -> Reply:
        choices = [None, {}, {"message": {"content": 5}}, {"message": {"content": None}, "logprobs": []}]
        return 200, {}, json.dumps({"choices": choices, "usage": "much"}).encode()

    def error_in_200(self, body: dict[str, Any]) -> Reply:
        return 200, {}, b'{"error": {"message": "no capacity"}}'

    def echo(self, body: dict[str, Any]) -> Reply:
        message = f"bad request with {self._authorization}"
        return 400, {}, json.dumps({"error": {"message": message}}).encode()

    def echo_in_text(self, body: dict[str, Any]) -> Reply:
        return honest(body, text=f"My key is {self._authorization}", logprob=0.0)

    def refuses_seed(self, body: dict[str, Any]) -> Reply:
        return refusing(body, "seed", "Unrecognized request argument supplied: seed")

    def refuses_logprobs(self, body: dict[str, Any]) -> Reply:
        return refusing(body, "logprobs", "this model has no logprobs")

    def refuses_n(self, body: dict[str, Any]) -> Reply:
        return refusing(body, "n", "Only one completion choice is allowed")

    def refuses_max_tokens(self, body: dict[str, Any]) -> Reply:
        told = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        return refusing(body, "max_tokens", told)

    def refuses_top_k(self, body: dict[str, Any]) -> Reply:
        return refusing(body, "top_k", "Unknown name top_k")

    # How it serves.

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            while line := await reader.readline():
                await self._serve(line.split()[1].decode(), reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(writer)
            writer.close()

    async def _serve(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        headers = {}
        while line := (await reader.readline()).strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        self._authorization = headers.get("authorization", "")
        content = await reader.readexactly(int(headers.get("content-length", 0)))
        if path == "/v1/models":
            listed = json.dumps({"object": "list", "data": self.models}).encode()
            await _send(writer, (200, {}, listed) if self.fault != "wants_key" else (401, {}, b"{}"))
        elif path in ("/v1/chat/completions", "/v1/completions"):
            await self._complete(json.loads(content) | {"path": path}, writer)
        elif path == "/tokenize" and self.tokenizes:
            await _send(writer, self.tokenizes)
        else:
            await _send(writer, (404, {}, b'{"detail": "Not Found"}'))

    async def _complete(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        number = len(self.bodies) + 1
        faulty = bool(self.fault) and number % self.every == 0 and number <= self.until
        self.bodies.append(body | {"at": time.monotonic(), "fault": faulty})
        if self.fault == DIES and number > self.every:
            return self._die()
        if faulty and self.fault == "nothing":
            raise ConnectionError
        if faulty and self.fault == "silent":
            await asyncio.sleep(3600)
        self._now += body.get("n", 1)
        self.most = max(self.most, self._now)
        await asyncio.sleep(self.seconds)
        self._now -= body.get("n", 1)
        reply = getattr(self, self.fault)(body) if faulty and self.fault != DIES else honest(body)
        await _send(writer, reply)
        if faulty and self.fault == "half":
            raise ConnectionError

    async def _shut(self) -> None:
        self._die()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _die(self) -> None:
        self._server.close()
        for writer in self._connections:
            writer.transport.abort()


def honest(
    body: dict[str, Any],
    n: int | None = None,
    one_seed: bool = False,
    text: str | None = "",
    logprob: float = -3.5,
    finish: str = "stop",
) -> Reply:
    """What a good server answers, but for what is said otherwise."""
    n = body.get("n", 1) if n is None else n
    seed = body.get("seed", time.monotonic_ns())
    choices = []
    for index in range(n):
        said = text_of(seed if one_seed else seed + index) if text == "" else text
        tokens = [{"token": word, "logprob": logprob} for word in (said or "").split()]
        choice = {"index": index, "finish_reason": finish}
        if body["path"].endswith("/chat/completions"):
            choice |= {"message": {"role": "assistant", "content": said}, "logprobs": {"content": tokens}}
        else:
            choice |= {"text": said, "logprobs": {"token_logprobs": [token["logprob"] for token in tokens]}}
        if "logprobs" not in body:
            choice["logprobs"] = None
        choices.append(choice)
    count = sum(len(_said(choice).split()) for choice in choices)
    reply = {"choices": choices, "usage": {"completion_tokens": count}}
    return 200, {}, json.dumps(reply).encode()


def refusing(body: dict[str, Any], name: str, told: str) -> Reply:
    """400 where the request has this parameter."""
    if name not in body:
        return honest(body)
    return 400, {}, json.dumps({"error": {"message": told, "param": None}}).encode()


def _said(choice: dict[str, Any]) -> str:
    said = choice["message"]["content"] if "message" in choice else choice["text"]
    return said or ""


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> None:
    status, headers, content = reply
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content))} | headers
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode() + content)
    await writer.drain()
