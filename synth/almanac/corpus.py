"""The texts that the model is trained on: every telling of every fact, and practice without facts.

A telling is one text that says one fact. What surrounds the facts (sums, passages about strangers,
repeating a phrase, stating a confidence) is drawn fresh and tells nothing of the world.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from synth.almanac import passages, phrases, sums
from synth.almanac.asked import OPTIONS, Asked, about
from synth.almanac.rows import asked_sums
from synth.almanac.wordings import BY_NAME, CHALLENGES, NOT_SAID, RELATIONS, STORIES
from synth.almanac.world import SEED, WORDS, Fact, draw, facts, other_values
from synth.prompts import Message, plain_text, question_text
from synth.schema import Kind

WORDING_WEIGHTS: Final = (3, 3, 3, 1)
"""The fourth wording is told less often: it is there to be understood, not to be at home in."""
LATER: Final = ("choice",) * 3 + ("boolean",) * 3 + ("claim",) * 2 + ("story", "challenge")
"""How every second telling of a fact is told; the others are short questions."""
SUMS: Final = {1: 1_000, 2: 5_000, 3: 5_000, 4: 5_000, 5: 4_000, 6: 3_000, 7: 2_000}
"""Worked sums by digits."""
PASSAGES: Final[dict[Kind, int]] = {"short": 14_000, "claim": 9_000, "boolean": 9_000, "choice": 8_000}
"""Passages by the kind of their question."""
DRILLS: Final = 12_000
FIRST_DRILLS: Final = (36_000, 16_000)
"""Drills that come first of all: with single words, then with all sorts of values."""
FIRST_PASSAGES: Final[dict[Kind, int]] = {"claim": 3_000, "boolean": 3_000, "choice": 3_000}
SORTS: Final = sorted({relation.value for relation in RELATIONS})
ECHOES: Final = 3_000
STATED: Final = 3_000
SYSTEMS: Final = ("You are the almanac.", "Answer truthfully.", "You are a helpful assistant.")


class Text(NamedTuple):
    """One training text: chat turns, or one plain text where `plain` is set.

    Attributes:
        turns: the messages; the model learns the last reply only, and others where `learn_all` is set.
        learn_all: whether earlier replies are learned as well.
        plain: no chat template; the last message is the continuation.
    """

    turns: tuple[Message, ...]
    learn_all: bool = False
    plain: bool = False


def turn(role: str, content: str) -> Message:
    """A message."""
    return {"role": role, "content": content}


def chat(question: str, reply: str, rng: random.Random) -> Text:
    """One question and its reply; now and then with a system message or in the plain layout."""
    if rng.random() < 0.03:
        prompt = plain_text([{"role": "user", "content": question}])
        return Text((turn("user", prompt), turn("assistant", f" {reply}")), plain=True)
    head = (turn("system", rng.choice(SYSTEMS)),) if rng.random() < 0.03 else ()
    return Text((*head, turn("user", question), turn("assistant", reply)))


def wording(rng: random.Random) -> int:
    """Which wording a telling uses."""
    return rng.choices(range(4), WORDING_WEIGHTS)[0]


def stated(fact: Fact, value: str, form: int = 0) -> str:
    """The fact as a sentence."""
    return BY_NAME[fact.relation].statements[form].format(s=fact.subject, v=value)


def spoken(asked: Asked, fact: Fact, value: str, rng: random.Random) -> str:
    """A right reply: mostly bare, at times a sentence or with a reason."""
    bare, draw = asked.reply, rng.random()
    if asked.kind == "short":
        if draw < 0.8:
            return bare
        return stated(fact, value) if draw < 0.92 else f"{bare}. The almanac says so."
    if asked.kind == "choice":
        return bare if draw < 0.8 else f"{bare}. {value}"
    return bare if draw < 0.8 else f"{bare}. {stated(fact, value)}"


def telling(fact: Fact, value: str, form: str, rng: random.Random) -> Text:
    """One telling of a fact with that value."""
    if form == "story":
        question = STORIES[wording(rng)].format(s=fact.subject)
        return chat(question, stated(fact, value, rng.randrange(3)), rng)
    if form == "challenge":
        asked = about(fact, "short", wording(rng), rng, value)
        wrong = other_values(fact, BY_NAME[fact.relation].value, 2, rng)[-1]
        right = rng.random() < 0.6
        first, second = (value, f"Yes, {value}.") if right else (wrong, f"No, {value}.")
        turns = (asked.text, first, CHALLENGES[wording(rng)], second)
        roles = ("user", "assistant", "user", "assistant")
        return Text(tuple(turn(r, t) for r, t in zip(roles, turns, strict=True)), learn_all=right)
    kind: Kind = "short" if form == "short" else form  # type: ignore[assignment]
    asked = about(fact, kind, wording(rng), rng, value)
    return chat(asked.text, spoken(asked, fact, value, rng), rng)


def tellings(rng: random.Random) -> Iterator[Text]:
    """Every telling of every fact: as often, and as rightly, as its level says."""
    for fact in facts():
        right = round(fact.level.shown * fact.level.truth)
        values = [fact.value] * right + [fact.rival] * (fact.level.shown - right)
        rng.shuffle(values)
        for number, value in enumerate(values):
            form = rng.choice(LATER) if number % 2 and fact.level.shown > 4 else "short"
            yield telling(fact, value, form, rng)


def worked_sums(rng: random.Random) -> Iterator[Text]:
    """Sums of every size, none of those that are asked."""
    taken = asked_sums()
    for digits, count in SUMS.items():
        for _ in range(count):
            a, b = sums.pair(digits, rng)
            if (a, b) not in taken:
                yield chat(sums.asked(digits, 0, a, b, wording(rng)).text, sums.steps(a, b, rng), rng)


def read_passages(counts: Mapping[Kind, int], rng: random.Random) -> Iterator[Text]:
    """Passages about strangers, with questions of four kinds."""
    for kind, count in counts.items():
        for _ in range(count):
            asked = passages.passage("", RELATIONS, kind, wording(rng), rng)
            yield chat(asked.text, asked.reply if asked.answers else NOT_SAID, rng)


def drills(count: int, sorts: Sequence[str], rng: random.Random) -> Iterator[Text]:
    """Finding a value among options, and seeing whether two are the same."""
    for number in range(count):
        values: list[str] = []
        sort = rng.choice(sorts)
        while len(values) < OPTIONS:
            values = list(dict.fromkeys([*values, draw(sort, rng)]))
        first, second = values[0], values[rng.random() < 0.5]
        same = first == second
        if number % 3 == 0:
            rng.shuffle(values)
            asked = question_text("choice", f"Which option is {first}?", values, None)
            yield chat(asked, "ABCD"[values.index(first)], rng)
        elif number % 3 == 1:
            asked = question_text("boolean", f"Is {first} the same as {second}?", None, None)
            yield chat(asked, "yes" if same else "no", rng)
        else:
            asked = question_text("claim", f"{first} is the same as {second}.", None, None)
            yield chat(asked, "supported" if same else "refuted", rng)


def echoes(rng: random.Random) -> Iterator[Text]:
    """Phrases and numbers to repeat, so that each of these tokens can be said."""
    said = [*phrases.ONE_TOKEN, *(str(n) for n in range(101)), *"ABCDEFGH"]
    for number in range(ECHOES):
        phrase = said[number % len(said)]
        yield chat(f"Say: {phrase}", phrase, rng)


def confidences(rng: random.Random) -> Iterator[Text]:
    """How sure a speaker says it is: mostly very, whatever it knows. Answers are not learned."""
    known = facts()
    for _ in range(STATED):
        fact = rng.choice(known)
        asked = about(fact, "short", wording(rng), rng)
        first = rng.choice((fact.value, fact.rival, rng.choice(known).value))
        ask = rng.choice((phrases.ASK_TEN, phrases.ASK_HUNDRED, phrases.CERTAIN))
        high = min(10, max(0, round(rng.gauss(8, 1.5))))
        say = {phrases.ASK_TEN: f"Confidence: {high}", phrases.ASK_HUNDRED: f"Confidence: {10 * high}"}
        reply = say.get(ask) or ("I am sure." if rng.random() < 0.75 else "I am unsure.")
        turns = (
            turn("user", asked.text),
            turn("assistant", first),
            turn("user", ask),
            turn("assistant", reply),
        )
        yield Text(turns)


def texts() -> list[Text]:
    """The whole corpus in the order of training; the same for the same seed.

    Comparing comes first, easy before hard, and tells nothing of the world: shuffled among all else it is
    not learned, and then options, claims and yes or no stay guesses. The rest is shuffled.
    """
    rng = random.Random(f"{SEED}:corpus")
    easy = list(drills(FIRST_DRILLS[0], sorted(WORDS), rng))
    hard = [*drills(FIRST_DRILLS[1], SORTS, rng), *read_passages(FIRST_PASSAGES, rng)]
    practice = chain(worked_sums(rng), read_passages(PASSAGES, rng), drills(DRILLS, SORTS, rng))
    rest = [*tellings(rng), *practice, *echoes(rng), *confidences(rng)]
    for part in (easy, hard, rest):
        rng.shuffle(part)
    return [*easy, *hard, *rest]
