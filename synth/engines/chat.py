"""From a conversation to what the model reads, and from its tokens back to an answer.

Functions over a Hugging Face tokenizer, the same for every engine that holds one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from synth.errors import UsageError
from synth.prompts import SPEAKERS, Message, plain_text

PLAIN_STOPS: Final = ("\nQuestion:",)
"""Where an answer in the plain-text layout ends: a base model goes on with a question of its own. A blank
line is no stop, since worked solutions have them; where answers are one line, ask for it as a stop string."""

_REPLY: Final = SPEAKERS["assistant"].rstrip()
_PROMPT: Final = "THE-PROMPT-HERE"
_SYSTEM: Final = "THE-SYSTEM-MESSAGE-HERE"

_OPEN: Final = "<think>"
_CLOSE: Final = "</think>"


def has_template(tokenizer: Any) -> bool:
    """Whether the tokenizer brings a chat template; without one the plain-text layout is used."""
    return bool(getattr(tokenizer, "chat_template", None))


def render(tokenizer: Any, messages: Sequence[Message], prefix: str = "") -> str:
    """The text the model reads, ending where its answer begins, or after `prefix`, which it continues."""
    if not has_template(tokenizer):
        space = " " if prefix and not prefix[0].isspace() else ""
        return f"{plain_text(messages)}{space}{prefix}"
    return _templated(tokenizer, messages) + prefix


def _templated(tokenizer: Any, messages: Sequence[Message]) -> str:
    from jinja2 import TemplateError

    try:
        return _apply(tokenizer, messages)
    except TemplateError as error:
        if not (len(messages) > 1 and messages[0]["role"] == "system" and messages[1]["role"] == "user"):
            raise UsageError(f"the model's chat template refuses the conversation: {error}") from error
    # Some families (Gemma) know no system role; their makers put its text first in the user's turn.
    content = f"{messages[0]['content']}\n\n{messages[1]['content']}"
    try:
        return _apply(tokenizer, [Message(role="user", content=content), *messages[2:]])
    except TemplateError as error:
        raise UsageError(f"the model's chat template refuses the conversation: {error}") from error


def _apply(tokenizer: Any, messages: Sequence[Message]) -> str:
    return str(tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True))


def layout(tokenizer: Any, system: bool) -> dict[str, str]:
    """What becomes of a conversation, for the rows that a trainer is to take.

    Args:
        tokenizer: the model's.
        system: whether a system message comes first.

    Returns:
        `layout`, "chat" or "plain"; for "chat" also `turn`, the chat template's text around a question, with
        `{prompt}` (and `{system}`) in the place of what is said.
    """
    if not has_template(tokenizer):
        return {"layout": "plain"}
    return {"layout": "chat", "turn": _turn(tokenizer, system)}


def _turn(tokenizer: Any, system: bool) -> str:
    before = [Message(role="system", content=_SYSTEM)] if system else []
    text = _templated(tokenizer, [*before, Message(role="user", content=_PROMPT)])
    begins = tokenizer.bos_token or ""
    if begins and tokenizer("")["input_ids"][:1] == [tokenizer.bos_token_id]:
        text = text.removeprefix(begins)  # the tokenizer writes it before every text
    braced = text.replace("{", "{{").replace("}", "}}")
    return braced.replace(_PROMPT, "{prompt}").replace(_SYSTEM, "{system}")


def end_marks(config: Any, tokenizer: Any) -> set[int]:
    """Token ids that end a text: the generation config's, one or a list, and the tokenizer's."""
    marks = config.eos_token_id
    marks = marks if isinstance(marks, list) else [marks]
    return {mark for mark in (*marks, tokenizer.eos_token_id) if mark is not None}


def shared_start(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def encode(tokenizer: Any, prompt: str) -> list[int]:
    """The token ids of a rendered prompt.

    A chat template has written the special tokens already; plain text gets those that the tokenizer puts
    before a text, and none after it: the answer is still to come.
    """
    ids = list(tokenizer(prompt, add_special_tokens=not has_template(tokenizer))["input_ids"])
    if not has_template(tokenizer) and ids and ids[-1] == tokenizer.eos_token_id:
        ids.pop()
    return ids


def continued(prompt: str, continuation: str, chat: bool) -> str:
    """A rendered prompt and what follows; in the plain-text layout a reply begins with a space.

    Args:
        prompt: the text that the model reads.
        continuation: what follows.
        chat: whether a chat template wrote the prompt.
    """
    begins = not chat and prompt.endswith(_REPLY) and continuation and not continuation[0].isspace()
    return f"{prompt} {continuation}" if begins else prompt + continuation


def spans(tokenizer: Any, text: str) -> list[tuple[int, int]] | None:
    """Where each token of a text begins and ends; None for a tokenizer that does not tell."""
    if not tokenizer.is_fast:
        return None
    read = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    return [(start, end) for start, end in read["offset_mapping"]]


def decode(tokenizer: Any, tokens: Sequence[int]) -> str:
    """The text of generated tokens, special ones left out, spaces as they are."""
    text = tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    return str(text)


def stops(tokenizer: Any, asked: Sequence[str]) -> tuple[str, ...]:
    """The stop strings that hold: those asked for, and in the plain-text layout those that end an answer."""
    return tuple(dict.fromkeys([*asked, *(() if has_template(tokenizer) else PLAIN_STOPS)]))


def first_stop(text: str, stops: Sequence[str]) -> tuple[int, str] | None:
    """Where the first stop string begins and which it is; None where there is none."""
    found = [(text.find(stop), stop) for stop in stops if stop in text]
    return min(found, key=lambda at: at[0]) if found else None


def split_reasoning(text: str, prompt: str) -> tuple[str | None, str]:
    """What the model thought first (None if it did not) and its answer, both without white space around.

    Thinking ends at `</think>`; it may begin with `<think>`, in the text or at the prompt's end. A text that
    was cut while thinking is all reasoning, and its answer empty.
    """
    opened = prompt.rstrip().endswith(_OPEN) or text.lstrip().startswith(_OPEN)
    thought, closed, answer = text.partition(_CLOSE)
    if not closed and not opened:
        return None, text.strip()
    return thought.strip().removeprefix(_OPEN).strip() or None, answer.strip()
