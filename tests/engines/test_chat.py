from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from synth.engines.chat import PLAIN_STOPS, decode, encode, first_stop, render, split_reasoning, stops
from synth.errors import UsageError
from synth.prompts import Message

ASK = [Message(role="user", content="who?")]
NO_SYSTEM = (
    "{% for message in messages %}{% if message.role == 'system' %}{{ raise_exception('no system role') }}"
    "{% endif %}[{{ message.role }}]{{ message.content }}{% endfor %}"
)


@pytest.fixture(scope="module")
def chat(make_tokenizer: Callable[..., Any]) -> Any:
    return make_tokenizer()


@pytest.fixture(scope="module")
def plain(make_tokenizer: Callable[..., Any]) -> Any:
    return make_tokenizer(None)


def test_a_chat_model_gets_its_own_template(chat: Any) -> None:
    assert render(chat, ASK) == "<s><|user|>who?<|assistant|>"
    assert render(chat, ASK, "No") == "<s><|user|>who?<|assistant|>No"


def test_a_base_model_gets_the_plain_layout(plain: Any) -> None:
    assert render(plain, ASK) == "Question: who?\n\nAnswer:"
    assert render(plain, ASK, "No") == "Question: who?\n\nAnswer: No"
    assert render(plain, ASK, "\nNo") == "Question: who?\n\nAnswer:\nNo"


def test_the_start_mark_comes_once(chat: Any, plain: Any) -> None:
    for tokenizer in (chat, plain):
        ids = encode(tokenizer, render(tokenizer, ASK))
        assert ids[0] == 1
        assert ids.count(1) == 1
        assert 2 not in ids


def test_a_system_text_goes_into_the_users_turn_where_there_is_no_system(
    make_tokenizer: Callable[..., Any],
) -> None:
    tokenizer = make_tokenizer(NO_SYSTEM)
    assert render(tokenizer, [Message(role="system", content="Be brief."), *ASK]) == "[user]Be brief.\n\nwho?"
    with pytest.raises(UsageError, match="refuses the conversation: no system role"):
        render(tokenizer, [*ASK, Message(role="system", content="Be brief.")])


def test_decoding_leaves_out_special_tokens_and_keeps_spaces(chat: Any) -> None:
    text = "who lives , in the\n\n town ?"
    assert decode(chat, [*chat(text, add_special_tokens=False)["input_ids"], 2, 0]) == text


def test_plain_answers_end_where_the_next_question_begins(chat: Any, plain: Any) -> None:
    assert stops(chat, ["."]) == (".",)
    assert stops(plain, ["."]) == (".", *PLAIN_STOPS)
    assert stops(plain, PLAIN_STOPS) == PLAIN_STOPS


def test_the_first_stop_in_the_text_counts() -> None:
    assert first_stop("a. b\n", ["\n", "."]) == (1, ".")
    assert first_stop("a", ["\n"]) is None


@pytest.mark.parametrize(
    ("text", "prompt", "reasoning", "answer"),
    [
        (" Paris \n", "", None, "Paris"),
        ("<think>\nFrance, so\n</think>\n\nParis", "", "France, so", "Paris"),
        ("France, so</think>Paris", "…<think>\n", "France, so", "Paris"),
        ("France, so</think>Paris", "", "France, so", "Paris"),
        ("<think>\n\n</think>\n\nParis", "", None, "Paris"),
        ("France, and then", "…<think>\n", "France, and then", ""),
        ("<think>France, and then", "", "France, and then", ""),
        ("Paris", "<think>\n\n</think>\n\n", None, "Paris"),
    ],
)
def test_reasoning_is_kept_apart(text: str, prompt: str, reasoning: str | None, answer: str) -> None:
    assert split_reasoning(text, prompt) == (reasoning, answer)
