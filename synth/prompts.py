"""What a model is shown: the question with its passage, its options and how to answer.

One user message a question. A chat model gets it through its own chat template; a base model gets the
plain-text layout of `plain_text`.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Final, TypedDict


class Message(TypedDict):
    """One turn of a conversation; `role` is system, user or assistant."""

    role: str
    content: str


INSTRUCTIONS: Final[dict[str, str]] = {
    "short": "Answer in a few words.",
    "math": "Think step by step. Then write 'Answer:' and the result.",
    "choice": "Answer with the letter of one option.",
    "boolean": "Answer yes or no.",
    "claim": "Is this claim supported, refuted, or not enough information?",
    "free": "",
}
"""The last line of a question's message, by kind."""

SPEAKERS: Final[dict[str, str]] = {"system": "", "user": "Question: ", "assistant": "Answer: "}
"""What a turn opens with in the plain-text layout, by role."""

TURN_BREAK: Final = "\n\n"
"""What stands between turns there."""


def question_text(kind: str, question: str, choices: Sequence[str] | None, context: str | None) -> str:
    """The user message of a question: context, question, options and instruction, one below the other.

    Options are lettered in their order ("A. …"). A claim with labels of its own in `choices` is asked
    to answer with one of them.
    """
    bare = bare_text(kind, question, choices, context)
    how = instruction(kind, choices)
    return f"{bare}\n{how}" if how else bare


def bare_text(kind: str, question: str, choices: Sequence[str] | None, context: str | None) -> str:
    """The same without the instruction, to speak of a question without asking it."""
    lines = [context] if context else []
    lines.append(question)
    if choices and kind == "choice":
        lines += [f"{letter}. {choice}" for letter, choice in zip(ascii_uppercase, choices, strict=False)]
    return "\n".join(lines)


def instruction(kind: str, choices: Sequence[str] | None) -> str:
    """How to answer: a message's last line, or ""."""
    if choices and kind in ("claim", "boolean"):
        return f"Answer with one of: {', '.join(choices)}."
    return INSTRUCTIONS[kind]


def plain_text(messages: Sequence[Message]) -> str:
    """For a base model without a chat template: `Question: …`, `Answer: …`, blank lines between."""
    turns = [f"{SPEAKERS[message['role']]}{message['content']}" for message in messages]
    return TURN_BREAK.join([*turns, SPEAKERS["assistant"].rstrip()])
