"""Asks a server for the samples of a call: many a request where it gives them, one by one where not.

What a server gives too few is asked for again, each sample with its own seed; what it refuses and can be
done without is left out from then on.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

import openai
import orjson

from synth.engines.base import Answer, Call
from synth.engines.openai.choices import answers_of, chance, different, failures, repeated
from synth.engines.openai.concurrency import Concurrency, Pulse
from synth.engines.openai.requests import CHAT, PLAIN, body_of, prefix_of, refused
from synth.engines.openai.server import Server

_MOST: Final = 128
"""Samples of one request: more are refused by OpenAI, and would be lost together."""
_TRIES: Final = 3
"""Rounds without a single choice, after which the rest of a call has failed."""
_TOLD: Final = 200
"""Characters of a server's error that are kept."""
_UNLIKELY: Final = math.log(1e-6)
"""What is less likely is no accident."""
_LONG: Final = 8
"""A key of so many characters is no word that an answer could hold by itself."""


class Asking:
    """Makes the requests of calls, on one event loop.

    Args:
        client: the SDK's; repeats what may be repeated.
        server: who is asked.
        concurrency: how many samples may be in flight.
        pulse: is told how requests end.
        give: takes finished answers.
        key: the API key, to keep it out of what is stored and told.
        token_logprobs: keep the log-probability of each token.
    """

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        server: Server,
        concurrency: Concurrency,
        pulse: Pulse,
        give: Callable[[list[Answer]], None],
        key: str,
        token_logprobs: bool,
    ) -> None:
        self._client = client
        self._server = server
        self._concurrency = concurrency
        self._pulse = pulse
        self._give = give
        self._key = key
        self._token_logprobs = token_logprobs
        self._without: set[str] = set()
        # vLLM gives child i of a request the seed + i; of others one has to see two different choices.
        self._differ = server.maker == "vllm"
        self._luck = 0.0

    async def serve(self, call: Call, missing: set[int]) -> None:
        """Ask for the samples of a call until all are there, or nothing comes any more.

        Args:
            call: what to ask.
            missing: indices of the samples to get; those that are there or have failed are taken out.
        """
        fruitless = 0
        while missing and fruitless < _TRIES:
            before = len(missing)
            await asyncio.gather(*(self._take(call, part, missing) for part in self._parts(missing)))
            fruitless = 0 if len(missing) < before else fruitless + 1

    def told(self, error: BaseException) -> str:
        """The error as "Type: message", on one line and without the key."""
        body = getattr(error, "body", None)
        message = body.get("message") if isinstance(body, dict) else None
        if isinstance(error, openai.APIConnectionError) and error.__cause__:
            message = f"{type(error.__cause__).__name__} {error.__cause__}"
        told = " ".join(str(message or error).split())
        return f"{type(error).__name__}: {self._without_key(told)[:_TOLD]}"

    def _parts(self, missing: Iterable[int]) -> list[range]:
        """The requests to make: runs of indices, or single ones where more are not to be had."""
        parts: list[range] = []
        for index in sorted(missing):
            follows = bool(parts) and parts[-1].stop == index and len(parts[-1]) < _MOST
            if follows and "n" not in self._without:
                parts[-1] = range(parts[-1].start, index + 1)
            else:
                parts.append(range(index, index + 1))
        return parts

    async def _take(self, call: Call, part: range, missing: set[int]) -> None:
        """Make one request and hand over what it gave."""
        answers = await self._ask(call, part)
        if different(answers):
            self._differ = True
        elif len(answers) == 1 < len(part) and not self._differ:
            self._without.add("n")
        if repeated(answers, call.sampling.temperature):
            answers = await self._checked(call, answers)
        missing.difference_update(answer.index for answer in answers)
        if answers:
            self._give([self._clean(answer) for answer in answers])

    async def _checked(self, call: Call, answers: list[Answer]) -> list[Answer]:
        """Equal answers of one reply, if they can be; else all but the first asked again, each with its seed.

        A server that has given different choices is doubted where their log-probabilities leave no other
        explanation; one that never has, as soon as all its replies together do, or where they are unknown.
        If those asked again differ, the server gives one choice for all seeds.
        """
        likely = chance(answers, call.sampling)
        if not self._differ:
            self._luck += -math.inf if likely is None else likely
        if (likely or 0.0 if self._differ else self._luck) > _UNLIKELY:
            return answers
        again = await asyncio.gather(*(self._ask(call, range(a.index, a.index + 1)) for a in answers[1:]))
        fresh = [answers[0], *(answer for part in again for answer in part)]
        if different(fresh):
            self._without.add("n")
        elif (likely or 0.0) < _UNLIKELY and repeated(fresh, call.sampling.temperature):
            error = f"RepeatedChoice: {len(answers)} seeds gave one text, which is all but impossible"
            return failures(call.key, [answer.index for answer in answers], error)
        return fresh

    async def _ask(self, call: Call, part: range) -> list[Answer]:
        """One request, without what the server refuses; its answers, or as many failures."""
        without = set(self._without)
        path = CHAT if self._server.chat else PLAIN
        while True:
            body = body_of(self._server, call, part.start, len(part), without)
            try:
                answers = self._read(await self.post(path, body, len(part)), call, part, body)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if name := refused(str(error), body):
                    without.add(name)
                    continue
                return failures(call.key, part, self.told(error))
            except Exception as error:
                # Whatever a server can do to us costs its own samples, never the run.
                return failures(call.key, part, self.told(error))
            self._without |= without  # only now, for a refusal may name things that are not its reason
            return answers

    async def post(self, path: str, body: dict[str, Any], samples: int = 1) -> Any:
        """The server's reply to a request that counts as so many samples in flight."""
        async with self._concurrency.slot(samples):
            begun = time.monotonic()
            try:
                reply = await self._client.post(path, cast_to=str, body=body)
            except (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError):
                self._pulse.lost(begun)
                raise
        self._concurrency.coped(samples)
        self._pulse.served()
        return orjson.loads(reply)

    def _read(self, reply: Any, call: Call, part: range, body: dict[str, Any]) -> list[Answer]:
        facts: dict[str, Any] = {} if "seed" in body else {"seed": None}
        if isinstance(reply, dict) and reply.get("model") not in (None, self._server.model):
            facts["model"] = reply["model"]
        before = prefix_of(self._server, call.prompt)
        return answers_of(reply, call.key, part.start, len(part), call.sampling.max_tokens, before, facts)

    def _clean(self, answer: Answer) -> Answer:
        """The answer without what was not asked for, and without the key, should the server echo it."""
        if not self._token_logprobs:
            answer = replace(answer, token_logprobs=None)
        if len(self._key) < _LONG:
            return answer
        return replace(
            answer,
            text=answer.text and self._without_key(answer.text),
            reasoning=answer.reasoning and self._without_key(answer.reasoning),
            stop_reason=answer.stop_reason and self._without_key(answer.stop_reason),
            meta=answer.meta and self._without_key(answer.meta),
        )

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "***") if self._key else text
