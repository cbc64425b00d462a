"""How likely given continuations of a prompt are, from a vLLM server.

The protocol has no such question. vLLM says what it reads of a conversation, and gives the log-probabilities
of a prompt's own tokens; together they are the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import openai
import orjson

from synth.engines.chat import shared_start
from synth.engines.openai.requests import PLAIN, conversation_of
from synth.engines.openai.server import Server, root_of


async def score(
    client: openai.AsyncOpenAI, server: Server, prompt: str, continuations: Sequence[str]
) -> list[float]:
    """The log-probability of each continuation of a rendered prompt, natural, at temperature 1.

    Where a tokenizer joins the prompt's last token with what follows, the text is scored from where it parts
    from the prompt.
    """
    root = root_of(client)

    async def ask(path: str, **body: Any) -> Any:
        reply = await client.post(path, cast_to=str, body={"model": server.model} | body)
        return orjson.loads(reply)

    async def read(text: str) -> list[int]:
        """The text's token ids; a chat template has written the special tokens already."""
        reply = await ask(f"{root}/tokenize", prompt=text, add_special_tokens=not server.chat)
        tokens: list[int] = reply["tokens"]
        return tokens

    async def one(head: list[int], text: str) -> float:
        tokens = await read(text)
        shared = shared_start(head, tokens)
        reply = await ask(PLAIN, prompt=tokens, echo=True, logprobs=1, max_tokens=1, temperature=0.0)
        return float(sum(reply["choices"][0]["logprobs"]["token_logprobs"][shared : len(tokens)]))

    if server.chat:
        tokens = (await ask(f"{root}/tokenize", **conversation_of(prompt)))["tokens"]
        prompt = (await ask(f"{root}/detokenize", tokens=tokens))["prompt"]
    head = await read(prompt)
    return list(await asyncio.gather(*(one(head, prompt + continuation) for continuation in continuations)))
