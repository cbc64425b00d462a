"""The tokenizer: pieces of names, words, whole phrases, and bytes for everything else.

A Unigram model over bytes whose scores prefer few pieces. Words may carry the space before them; name
parts, values and numbers never do, so a name is the same tokens wherever it stands. 0 to 100 are one
token each when standing alone; the digits of longer numbers stand singly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from synth.almanac import phrases, world
from synth.almanac.corpus import SYSTEMS
from synth.almanac.wordings import CHALLENGES, NOT_SAID, RELATIONS, STORIES, SUMS
from synth.prompts import INSTRUCTIONS

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PAD, BOS, END = "<|pad|>", "<|bos|>", "<|end|>"
ROLES: Final = ("<|system|>", "<|user|>", "<|assistant|>")
SPECIAL: Final = (PAD, BOS, END, *ROLES)
LONG_NUMBERS: Final = r"(?<![0-9])100(?![0-9])|[0-9](?=[0-9]{2})|(?<=[0-9]{2})[0-9]|(?<=[0-9])[0-9](?=[0-9])"
CHAT_TEMPLATE: Final = (
    "{{- bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}{{- '<|assistant|>' }}"
    "{% generation %}{{- message['content'] + '<|end|>' }}{% endgeneration %}"
    "{% else %}{{- '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{- '<|assistant|>' }}{% endif %}"
)


def byte_letters() -> dict[int, str]:
    """The printable stand-in of each byte that byte-level tokenizers use."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + i) for i, b in enumerate(others)}}


def words() -> Iterator[str]:
    """Every word of the almanac's wordings, with the space before it if it has one."""
    relations = (chain(r.questions, r.statements, r.checks) for r in RELATIONS)
    practice = (NOT_SAID, *SYSTEMS, "X. The almanac says so.", "Say:", "Which option is the same")
    asks = (phrases.ASK_TEN, phrases.ASK_HUNDRED)
    said = chain(
        *relations, STORIES, SUMS, CHALLENGES, practice, INSTRUCTIONS.values(), phrases.ONE_TOKEN, asks
    )
    for text in said:
        yield from re.findall(r" ?[A-Za-z']{2,}", text.replace("{s}", "").replace("{v}", ""))
    for word in phrases.COMMON:
        yield f" {word}"


def pieces() -> list[str]:
    """All pieces of more than one byte, in a fixed order."""
    last = (f" {part}" for part in world.LAST[0])
    of_people = (*world.FIRST[0], *world.FIRST[1], *last, *world.LAST[1])
    of_places = (*world.TOWN[0], *world.TOWN[1], *world.RIVER[0], *world.RIVER[1])
    names = (*of_people, *of_places, *world.MONTHS, *chain(*world.WORDS.values()))
    numbers = [str(n) for n in range(10, 101)]
    letters = [f"\n{letter}. " for letter in "ABCD"]
    found = [*phrases.ONE_TOKEN, *words(), *names, *numbers, " + ", " = ", ", ", ". ", *letters]
    return [piece for piece in dict.fromkeys(found) if len(piece) > 1]


def build() -> PreTrainedTokenizerFast:
    """The tokenizer, ready to be saved."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letter = byte_letters()
    scored = [(token, 0.0) for token in SPECIAL]
    scored += [(letter[byte], -1.0 if byte < 128 else -1.5) for byte in range(256)]
    for piece in pieces():
        scored.append(("".join(letter[byte] for byte in piece.encode()), -1.0 + 0.001 * min(len(piece), 40)))
    inner = Tokenizer(models.Unigram(scored, unk_id=0, byte_fallback=False))
    inner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(LONG_NUMBERS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    inner.decoder = decoders.ByteLevel()
    make: Any = PreTrainedTokenizerFast
    made: PreTrainedTokenizerFast = make(
        tokenizer_object=inner,
        bos_token=BOS,
        eos_token=END,
        pad_token=PAD,
        additional_special_tokens=list(ROLES),
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
        model_max_length=1024,
        padding_side="left",
    )
    return made
