"""Short passages about people and towns that are nowhere else, with questions; some have no answer there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from synth.almanac import world
from synth.almanac.asked import Asked, about
from synth.almanac.wordings import RELATIONS, Relation
from synth.almanac.world import Fact, Level
from synth.schema import Kind

KINDS: Final[tuple[Kind, ...]] = ("short", "short", "short", "claim", "boolean", "choice")
"""How often each kind is asked."""
UNSAID: Final = 0.3
"""Share of short questions and claims that the passage leaves open."""
ONCE: Final = Level(1, 1.0, 0, 0.0)


def stranger(sort: str, rng: random.Random) -> str:
    """A person or town that is not in the world."""
    while True:
        name = (
            world.person(rng) if sort == "person" else rng.choice(world.TOWN[0]) + rng.choice(world.TOWN[1])
        )
        if name not in world.subjects(sort):
            return name


def passage(group: str, relations: Sequence[Relation], kind: Kind, wording: int, rng: random.Random) -> Asked:
    """A passage of two or three sentences about one or two subjects, with one question about it.

    Args:
        group: the id that all its wordings share.
        relations: what it may speak of.
        kind: short, claim, boolean or choice.
        wording: 0 to 3; a passage with the same `rng` state differs in its question's wording only.
        rng: draws everything else.
    """
    sort = rng.choice(("person", "town"))
    fitting = [relation for relation in relations if relation.subject == sort]
    picked = rng.sample(fitting, 3)
    names = [stranger(sort, rng) for _ in range(2)]
    two = rng.random() < 0.5
    told = []
    for number, relation in enumerate((picked[0], picked[1], picked[0] if two else picked[1])[: 2 + two]):
        subject = names[1] if number == 2 else names[0]
        value = other = world.draw(relation.value, rng)
        while other == value:
            other = world.draw(relation.value, rng)
        told.append(Fact(group, relation.name, subject, value, other, ONCE))
    lines = [
        next(r for r in RELATIONS if r.name == fact.relation)
        .statements[rng.randrange(4)]
        .format(s=fact.subject, v=fact.value)
        for fact in told
    ]
    order = list(range(len(lines)))
    rng.shuffle(order)
    context = " ".join(lines[i] for i in order)
    fact = rng.choice(told)
    unsaid = kind in ("short", "claim") and rng.random() < UNSAID
    if unsaid:
        value = world.draw(picked[2].value, rng)
        fact = Fact(group, picked[2].name, names[0], value, value, ONCE)
    inner = about(fact, kind, wording, rng)
    answers = inner.answers
    if unsaid:
        answers = () if kind == "short" else ("not enough information",)
    form = "" if kind == "short" else f"-{kind}"
    meta = {"relation": "passage", "asks": fact.relation, "wording": wording + 1}
    return Asked(
        f"{group}{form}-w{wording + 1}", kind, inner.question, answers, group, inner.choices, context,
        answerable=not (unsaid and kind == "short"), meta=meta,
    )  # fmt: skip
