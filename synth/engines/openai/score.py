"""How likely given continuations of a prompt are, from a vLLM server.

The protocol has no such question. vLLM says what it reads of a conversation, and gives the log-probabilities
of a prompt's own tokens; together they are the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from synth.engines.base import Answer, ScoreCall
from synth.engines.chat import continued, shared_start
from synth.engines.openai.requests import PLAIN, conversation_of
from synth.engines.openai.server import Server
from synth.engines.scored import Continuation, scored

Post = Callable[[str, dict[str, Any]], Awaitable[Any]]


async def score(post: Post, server: Server, root: str, call: ScoreCall) -> list[Answer]:
    """An answer for each continuation of a call (`synth.engines.base.ScoringEngine`).

    Args:
        post: makes a request, path and body.
        server: who is asked.
        root: its address without /v1.
        call: what to ask.
    """

    async def ask(path: str, **body: Any) -> Any:
        return await post(path, {"model": server.model} | body)

    async def read(text: str) -> list[int]:
        """The text's token ids; a chat template has written the special tokens already."""
        reply = await ask(f"{root}/tokenize", prompt=text, add_special_tokens=not server.chat)
        tokens: list[int] = reply["tokens"]
        return tokens

    async def one(head: list[int], index: int, text: str) -> Answer:
        tokens = await read(text)
        shared = shared_start(head, tokens)
        reply = await ask(PLAIN, prompt=tokens, echo=True, logprobs=1, max_tokens=1, temperature=0.0)
        logprobs = reply["choices"][0]["logprobs"]["token_logprobs"][shared : len(tokens)]
        return scored(call, index, Continuation(head[:shared], tokens[shared:], logprobs))

    prompt = call.prompt
    if server.chat:
        tokens = (await ask(f"{root}/tokenize", **conversation_of(prompt)))["tokens"]
        prompt = (await ask(f"{root}/detokenize", tokens=tokens))["prompt"]
    head = await read(prompt)
    texts = [continued(prompt, text, server.chat) for text in call.continuations]
    return list(await asyncio.gather(*(one(head, index, text) for index, text in enumerate(texts))))
