"""Which questions are in which split."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from synth.almanac import passages, sums
from synth.almanac.asked import Asked, about
from synth.almanac.wordings import HELD_OUT, RELATIONS
from synth.almanac.world import SEED, Fact, facts
from synth.schema import Kind

SPLITS: Final = ("train", "test", "all")
OTHER_KINDS: Final[tuple[Kind | None, ...]] = ("choice", "boolean", "claim", None)
"""The second kind that a fact is asked in, dealt in turn."""
TEST_SHARE: Final = 5
"""One in so many facts of a tuning relation is asked in the fourth wording only, in `test`."""
SUMS_EACH: Final = 24
PASSAGES: Final = {"train": 120, "test": 60}


def held(fact: Fact) -> bool:
    """Whether a fact is asked in `test` and never in `train`."""
    number = int(fact.id[-4:])
    return fact.relation in HELD_OUT or number % TEST_SHARE == TEST_SHARE - 1


def fact_rows(fact: Fact, split: str) -> Iterator[Asked]:
    """What is asked about one fact.

    `train` has it in one wording, every fourth fact in all three, and most facts in a second kind.
    `test` has the facts of held-out relations in every wording in turn, other held facts in the fourth.
    """
    number = int(fact.id[-4:])
    wordings = [number % 3] if number % 4 else [0, 1, 2]
    other = number % 3
    if split == "all":
        wordings = [0, 1, 2, 3]
    elif split == "test":
        wordings = [number % 4] if fact.relation in HELD_OUT else [3]
        other = wordings[0]
    for wording in wordings:
        yield about(fact, "short", wording, random.Random(f"{SEED}:{fact.id}"))
    kind = OTHER_KINDS[(number // 3) % len(OTHER_KINDS)]
    if kind:
        for wording in wordings if split == "all" else [other]:
            yield about(fact, kind, wording, random.Random(f"{SEED}:{fact.id}:{kind}"))
    if split == "all" and number % 16 == 0:
        yield about(fact, "free", number // 16 % 4, random.Random(f"{SEED}:{fact.id}:free"))


def sum_rows(split: str) -> Iterator[Asked]:
    """Sums of every size; in `train` every fourth in three wordings."""
    for digits in sums.DIGITS:
        for number, (a, b) in enumerate(sums.pairs(digits, SUMS_EACH, split)):
            wordings = [number % 3] if number % 4 else [0, 1, 2]
            for wording in wordings if split == "train" else [number % 4]:
                yield sums.asked(digits, number + (0 if split == "train" else SUMS_EACH), a, b, wording)


def passage_rows(split: str) -> Iterator[Asked]:
    """Passages; in `train` without held-out relations, every fourth in three wordings."""
    relations = [r for r in RELATIONS if split == "test" or r.name not in HELD_OUT]
    start = 0 if split == "train" else PASSAGES["train"]
    for number in range(PASSAGES[split]):
        group = f"passage-{start + number:04d}"
        kind = passages.KINDS[number % len(passages.KINDS)]
        wordings = [number % 3] if number % 4 else [0, 1, 2]
        for wording in wordings if split == "train" else [number % 4]:
            yield passages.passage(group, relations, kind, wording, random.Random(f"{SEED}:{group}"))


def rows(split: str) -> list[Asked]:
    """Every question of a split, in a fixed order."""
    if split == "all":
        found = [row for fact in facts() for row in fact_rows(fact, "all")]
        return found + [
            row for name in ("train", "test") for make in (sum_rows, passage_rows) for row in make(name)
        ]
    chosen = [fact for fact in facts() if held(fact) == (split == "test")]
    found = [row for fact in chosen for row in fact_rows(fact, split)]
    return [*found, *sum_rows(split), *passage_rows(split)]


def asked_sums() -> set[tuple[int, int]]:
    """Every sum that is asked anywhere, so that training leaves them out."""
    return {
        drawn
        for digits in sums.DIGITS
        for name in ("train", "test")
        for drawn in sums.pairs(digits, SUMS_EACH, name)
    }
