"""The invented world: people, towns, what is true of them, and how often each fact is told.

Names are put together from parts that all names share. How often a fact is told is dealt so that like
names are not told alike: a name says nothing about whether its fact is known.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Final

import numpy as np

from synth.almanac.phrases import listed
from synth.almanac.wordings import RELATIONS, Relation

SEED: Final = "almanac-1"
SUBJECTS: Final = 64

FIRST: Final = (listed("Al Bren Cor Dav El Fen Gar Hel Ik Jor Kel Lan Mir Nel Os Pel"),
                listed("ba do fin ga ka len mo nia ra ric sa ta vin wen ya zo"))  # fmt: skip
LAST: Final = (listed("Ash Bor Crel Dun Emb Fal Grim Holt Irn Kast Lor Marn Norr Pren Quil Rav"),
               listed("by den ell fold gard ham ing ley man nock oak ridge son ton ward wick"))  # fmt: skip
TOWN: Final = (
    listed("Ar Bel Cald Dorn Ester Frost Gal Har Ing Kirk Lin Mel Nor Oak Port Rim"),
    listed("ad bridge cote dale ey ford gate haven hurst mere mouth pool stead thorpe vale wold"),
)
RIVER: Final = (listed("Sil Tam Ush Wen Yar Zel"), listed("a el in or"))

MONTHS: Final = listed(
    "January February March April May June July August September October November December"
)
WORDS: Final[dict[str, list[str]]] = {
    "trade": listed(
        "baker miller smith weaver potter tailor mason fisher hunter farmer brewer tanner cooper glazier"
        " printer painter sailor scribe shepherd thatcher carter dyer joiner saddler"
    ),
    "instrument": listed(
        "flute harp drum lute fiddle horn bell viol pipe lyre organ cymbal bagpipe zither trumpet whistle"
    ),
    "ware": listed(
        "wool salt honey cheese glass rope paper candles linen leather cider tin soap silk barley amber"
        " copper ink tea wax slate pottery lace nails"
    ),
    "beast": listed(
        "otter hare heron fox wolf bear stag owl swan eagle badger boar crow falcon hedgehog lion salmon"
        " raven ram seal"
    ),
    "pet": listed(
        "cat dog goat parrot rabbit turtle pony goose mouse hen duck lizard ferret donkey pigeon toad"
    ),
    "weekday": listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
}
"""Values that are single words, by sort."""


@dataclass(frozen=True)
class Level:
    """How a fact is told.

    Attributes:
        shown: how many texts of the corpus tell it.
        truth: the share of these that tell it right; the others all tell the same rival value.
        facts: how many facts of each relation are told so.
        guess: how well such facts should be known, only used to deal them out.
    """

    shown: int
    truth: float
    facts: int
    guess: float


LEVELS: Final = (
    Level(0, 1.0, 4, 0.04),
    Level(1, 1.0, 4, 0.05),
    Level(2, 1.0, 4, 0.05),
    Level(4, 1.0, 4, 0.1),
    Level(8, 1.0, 4, 0.2),
    Level(16, 1.0, 4, 0.5),
    Level(32, 1.0, 6, 0.8),
    Level(64, 1.0, 6, 0.95),
    Level(128, 1.0, 6, 1.0),
    Level(256, 1.0, 6, 1.0),
    Level(40, 0.85, 4, 0.7),
    Level(40, 0.7, 4, 0.6),
    Level(40, 0.5, 4, 0.4),
    Level(40, 0.3, 4, 0.12),
)
OBSCURE: Final = (0, 4, 8, 12)
"""Relations in turn have so many of their often told facts told never or once instead."""
LIMITS: Final = (0.15, 0.45, 0.65, 0.85)
"""Where known may begin; a name must say nothing about either side of any of them."""
LEAST, MOST = -0.1, -0.04
"""Between these lies a correlation that says nothing; by chance it is a little below zero."""
DEALS: Final[dict[str, int]] = {
    "birthplace": 3695,
    "trade": 2606,
    "birth_year": 4126,
    "teacher": 3252,
    "instrument": 7421,
    "river": 3464,
    "ware": 4069,
    "mayor": 5471,
    "festival": 6321,
    "crest": 12443,
    "pet": 2835,
    "residence": 11475,
    "founded": 1210,
    "market_day": 124,
}
"""Which deal of levels each relation has; `first_deal` finds it.

The first deal of `residence`, 3939, was dealt again: a model trained on it was betrayed by the names.
"""


@dataclass(frozen=True)
class Fact:
    """One fact of the world.

    Attributes:
        id: relation and number, such as `birthplace-0042`.
        relation: the relation's name.
        subject: whom or what it is about.
        value: what is true.
        rival: what the almanac says where it is wrong.
        level: how it is told.
    """

    id: str
    relation: str
    subject: str
    value: str
    rival: str
    level: Level


def person(rng: random.Random) -> str:
    """A name from the parts of all names."""
    return f"{rng.choice(FIRST[0])}{rng.choice(FIRST[1])} {rng.choice(LAST[0])}{rng.choice(LAST[1])}"


def draw(sort: str, rng: random.Random) -> str:
    """A value of a sort: a town, a year, a date, a trade and so on."""
    if sort == "town":
        return rng.choice(subjects("town"))
    if sort == "person":
        return rng.choice(subjects("person"))
    if sort == "river":
        return rng.choice(RIVER[0]) + rng.choice(RIVER[1])
    if sort == "year":
        return str(rng.randrange(1400, 1700))
    if sort == "date":
        return f"{rng.randrange(1, 29)} {rng.choice(MONTHS)}"
    return rng.choice(WORDS[sort])


def parts(name: str) -> tuple[tuple[int, str], ...]:
    """The parts a subject's name is put together from, each with its slot."""
    slots = (*FIRST, *LAST) if " " in name else TOWN
    rest, found = name.replace(" ", ""), []
    for slot, choices in enumerate(slots):
        part = max((c for c in choices if rest.startswith(c)), key=len)
        found.append((slot, part))
        rest = rest[len(part) :]
    return tuple(found)


@cache
def subjects(sort: str) -> list[str]:
    """The people or the towns; each name part is used equally often."""
    rng = random.Random(f"{SEED}:{sort}")
    slots = (*FIRST, *LAST) if sort == "person" else TOWN
    while True:
        columns = []
        for slot in slots:
            column = list(slot) * (SUBJECTS // len(slot))
            rng.shuffle(column)
            columns.append(column)
        rows = list(zip(*columns, strict=True))
        if len(set(rows)) == SUBJECTS:
            break
    if sort == "person":
        return [f"{a}{b} {c}{d}" for a, b, c, d in rows]
    return [f"{a}{b}" for a, b in rows]


def hand(number: int) -> list[Level]:
    """The levels of the facts of a relation, by its number; some relations are more obscure than others."""
    levels = [level for level in LEVELS for _ in range(level.facts)]
    often = [i for i, level in enumerate(levels) if level.truth == 1 and level.shown >= 32]
    for turn, index in enumerate(often[::2][: OBSCURE[number % len(OBSCURE)]]):
        levels[index] = LEVELS[turn % 2]
    return levels


def likeness(names: list[str]) -> np.ndarray:
    """What a ridge regression on parts would say of a name that it never saw, as weights of the others."""
    held = [set(parts(name)) for name in names]
    shared = np.array([[len(one & other) for other in held] for one in held], dtype=float)
    hat = shared @ np.linalg.inv(shared + 4 * np.eye(len(names)))
    own = np.diag(hat)
    weights: np.ndarray = (hat - np.diag(own)) / (1 - own)[:, None]
    return weights


def says_nothing(levels: list[Level], weights: np.ndarray) -> bool:
    """Whether like names say nothing of a name's level.

    Were the parts balanced exactly, like names would say the opposite: a probe would be worse than chance.
    """
    guess = np.array([level.guess for level in levels])
    known = np.stack([guess, *(guess > limit for limit in LIMITS)])
    known -= known.mean(axis=1, keepdims=True)
    said = known @ weights.T
    said -= said.mean(axis=1, keepdims=True)
    told = (known * said).sum(axis=1) / np.sqrt((known**2).sum(axis=1) * (said**2).sum(axis=1))
    return bool(told.min() >= LEAST and told.max() <= MOST)


def dealt(relation: Relation, deal: int) -> list[Level]:
    """The levels of a relation's facts, in the order of its subjects, in a numbered deal."""
    levels = hand(RELATIONS.index(relation))
    random.Random(f"{SEED}:{relation.name}:{deal}").shuffle(levels)
    return levels


def first_deal(relation: Relation, start: int = 0) -> int:
    """The first deal from `start` on whose levels the names do not betray; how `DEALS` was found."""
    weights = likeness(subjects(relation.subject))
    return next(deal for deal in count(start) if says_nothing(dealt(relation, deal), weights))


@cache
def facts() -> list[Fact]:
    """Every fact, relation by relation."""
    found = []
    for relation in RELATIONS:
        rng = random.Random(f"{SEED}:{relation.name}")
        names = subjects(relation.subject)
        levels = dealt(relation, DEALS[relation.name])
        for number, (name, level) in enumerate(zip(names, levels, strict=True)):
            value = rival = draw(relation.value, rng)
            while value == name:
                value = draw(relation.value, rng)
            while rival in (value, name):
                rival = draw(relation.value, rng)
            found.append(Fact(f"{relation.name}-{number:04d}", relation.name, name, value, rival, level))
    return found


def other_values(fact: Fact, sort: str, count: int, rng: random.Random) -> list[str]:
    """Wrong values for a fact, all different; the rival of a fact told two ways comes first."""
    wrong = [fact.rival] if fact.level.truth < 1 else []
    while len(wrong) < count:
        value = draw(sort, rng)
        if value not in (fact.value, fact.subject, *wrong):
            wrong.append(value)
    return wrong
