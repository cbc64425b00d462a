"""The tokenizer: single tokens, names in shared parts, round trips, the chat template."""

from __future__ import annotations

import random
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from synth.almanac import MODEL_DIR, phrases, world
from synth.almanac.corpus import PASSAGES, Text, read_passages, tellings
from synth.almanac.tokenizer import SPECIAL, build
from synth.prompts import INSTRUCTIONS

TOKENIZER: Any = AutoTokenizer.from_pretrained(MODEL_DIR)


def pieces(text: str) -> list[str]:
    return [TOKENIZER.decode([token]) for token in TOKENIZER.encode(text, add_special_tokens=False)]


def test_the_saved_tokenizer_is_the_built_one() -> None:
    assert TOKENIZER.get_vocab() == build().get_vocab()
    assert len(TOKENIZER) <= 2048


@pytest.mark.parametrize(
    "text", [*phrases.ONE_TOKEN, *(line for line in INSTRUCTIONS.values() if line), *"ABCDEFGH"]
)
def test_phrases_are_one_token(text: str) -> None:
    assert pieces(text) == [text]


def test_numbers_up_to_100_are_one_token_and_longer_ones_single_digits() -> None:
    assert all(pieces(f"Confidence: {n}")[2:] == [str(n)] for n in range(101))
    assert pieces("1439") == ["1", "4", "3", "9"]
    assert pieces("1000") == ["1", "0", "0", "0"]


def test_never_shown_names_are_made_of_tokens_of_shown_ones() -> None:
    for sort in ("person", "town"):
        for relation in {fact.relation for fact in world.facts() if fact.subject in world.subjects(sort)}:
            facts = [fact for fact in world.facts() if fact.relation == relation]
            shown = {token for fact in facts if fact.level.shown for token in pieces(fact.subject)}
            assert all(set(pieces(fact.subject)) <= shown for fact in facts)
            assert all(len(pieces(fact.subject)) > 1 for fact in facts)


@pytest.mark.parametrize("sort", ["person", "town"])
def test_names_split_into_their_parts(sort: str) -> None:
    for name in world.subjects(sort):
        assert [piece.strip() for piece in pieces(name)] == [part for _, part in world.parts(name)]


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    if not any(mark in text for mark in SPECIAL):
        assert TOKENIZER.decode(TOKENIZER.encode(text, add_special_tokens=False)) == text


def test_a_text_of_the_corpus_is_what_the_chat_template_makes() -> None:
    from synth.almanac.packing import encode

    rng = random.Random(0)
    for text in (*islice(tellings(rng), 4000, 4200), *islice(read_passages(PASSAGES, rng), 50)):
        if not text.plain:
            ids, learned = encode(Text(text.turns, learn_all=True), TOKENIZER)
            made: Any = TOKENIZER.apply_chat_template(
                list(text.turns), return_dict=True, return_assistant_tokens_mask=True
            )
            assert made["input_ids"] == ids
            assert [bool(mark) for mark in made["assistant_masks"]] == learned


def test_the_chat_template_takes_system_and_several_turns() -> None:
    turns = [{"role": r, "content": r[0]} for r in ("system", "user", "assistant", "user")]
    made = TOKENIZER.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    assert (
        made == "<|bos|><|system|>s<|end|><|user|>u<|end|><|assistant|>a<|end|><|user|>u<|end|><|assistant|>"
    )
    assert (TOKENIZER.bos_token, TOKENIZER.eos_token, TOKENIZER.pad_token) == (
        "<|bos|>",
        "<|end|>",
        "<|pad|>",
    )
