"""From a call to the body of a request, in the words that the server at hand understands."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, Final

import orjson

from synth.engines.base import Call
from synth.engines.chat import PLAIN_STOPS
from synth.engines.openai.server import Server
from synth.prompts import Message, plain_text

CHAT: Final = "/chat/completions"
PLAIN: Final = "/completions"

_SILENT_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "vllm": {"top_k": 0, "min_p": 0.0, "repetition_penalty": 1.0},
    "sglang": {"top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0},
    "llamacpp": {"top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0, "top_logprobs": 1},
}
"""Where nothing is said, these servers take the model's or their own: what turns each off, or down."""

_DISPENSABLE: Final = {
    "n": r"['\"`]n['\"`]|\bn ?(?:=|:|>|must|is|should)|only one completion",
    "seed": r"\bseed\b",
    "logprobs": r"log_?probs",
    "max_tokens": r"max_completion_tokens",
}
"""What a request can do without, and how a refusal names it. `max_tokens` then goes by its new name."""


def render(server: Server, messages: Sequence[Message], prefix: str) -> str:
    """What stands for the prompt in a store key: the conversation as JSON, or the plain text itself.

    A server applies its own chat template, which we need not know: it belongs to the server's identity.
    """
    if server.chat:
        return orjson.dumps({"messages": list(messages), "prefix": prefix}).decode()
    space = " " if prefix and not prefix[0].isspace() else ""
    return f"{plain_text(messages)}{space}{prefix}"


def prefix_of(server: Server, prompt: str) -> str:
    """The end of what the model reads, as far as it is known: the forced prefix, or the plain text."""
    return str(orjson.loads(prompt)["prefix"]) if server.chat else prompt


def body_of(server: Server, call: Call, first: int, n: int, without: Collection[str]) -> dict[str, Any]:
    """The request for the samples first … first + n − 1 of a call.

    Args:
        server: who is asked.
        call: what to ask.
        first: index of the first sample.
        n: number of samples.
        without: of `_DISPENSABLE`, what this server refuses.
    """
    sampling = call.sampling
    body = {"model": server.model} | (_conversation if server.chat else _text)(call)
    body |= {"temperature": sampling.temperature, "top_p": sampling.top_p}
    body |= _SILENT_DEFAULTS.get(server.maker, {})
    if sampling.top_k:
        body["top_k"] = sampling.top_k
    body["max_completion_tokens" if "max_tokens" in without else "max_tokens"] = sampling.max_tokens
    if n > 1 and "n" not in without:
        body["n"] = n
    if "seed" not in without:
        body["seed"] = seed_of(server, call.seed + first)
    if "logprobs" not in without:
        # The number asks for the most likely alternatives too; 0 is taken for "none at all" by some.
        body["logprobs"] = True if server.chat else 1
    return body


def seed_of(server: Server, seed: int) -> int:
    """The seed as it is sent. vLLM takes all 63 bits; others take 31, or lose the low ones in a double."""
    return seed if server.maker == "vllm" else seed & 0x7FFFFFFF


def refused(message: str, body: dict[str, Any]) -> str | None:
    """What a server's refusal of a request names of the things it can do without, or None."""
    named = (name for name, said in _DISPENSABLE.items() if name in body and re.search(said, message, re.I))
    return next(named, None)


def conversation_of(prompt: str) -> dict[str, Any]:
    """The part of a request that is the conversation, from the rendered prompt."""
    parts = orjson.loads(prompt)
    if not parts["prefix"]:
        return {"messages": parts["messages"]}
    # Servers that continue a last assistant message unasked ignore the flags; one that would write a new turn
    # instead refuses them, and so the call.
    return {
        "messages": [*parts["messages"], {"role": "assistant", "content": parts["prefix"]}],
        "continue_final_message": True,
        "add_generation_prompt": False,
    }


def _conversation(call: Call) -> dict[str, Any]:
    stop = {"stop": list(call.sampling.stop)} if call.sampling.stop else {}
    return conversation_of(call.prompt) | stop


def _text(call: Call) -> dict[str, Any]:
    return {"prompt": call.prompt, "stop": list(dict.fromkeys([*call.sampling.stop, *PLAIN_STOPS]))}
