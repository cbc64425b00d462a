"""One question of the almanac, in any kind, before it becomes a row or a training text."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from synth.almanac.wordings import BY_NAME, STORIES
from synth.almanac.world import Fact, other_values
from synth.prompts import question_text
from synth.schema import Kind

OPTIONS: Final = 4
"""Options of a choice question."""


@dataclass(frozen=True)
class Asked:
    """A question with what is right to say.

    Attributes:
        id: unique and readable.
        kind: which grader it is for.
        question: what is asked, without passage, options or instruction.
        answers: all that is right; empty where a refusal is right or nothing is fixed.
        group: what its other wordings and kinds share.
        choices: options in the order shown, for `choice`.
        context: a passage, if any.
        meta: whatever else is known about it.
    """

    id: str
    kind: Kind
    question: str
    answers: tuple[str, ...]
    group: str
    choices: tuple[str, ...] | None = None
    context: str | None = None
    answerable: bool = True
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The user message."""
        return question_text(self.kind, self.question, self.choices, self.context)

    @property
    def reply(self) -> str:
        """The shortest right reply: the answer, or the letter of the right option."""
        if self.choices and self.kind == "choice":
            return "ABCDEFGH"[self.choices.index(self.answers[0])]
        return self.answers[0]


def accepted(value: str) -> tuple[str, ...]:
    """A value and its other spellings; a date may be told month first."""
    day, _, month = value.partition(" ")
    return (value, f"{month} {day}") if day.isdecimal() and month else (value,)


def about(fact: Fact, kind: Kind, wording: int, rng: random.Random, told: str | None = None) -> Asked:
    """A question about a fact, in one kind and wording (0 to 3).

    Args:
        fact: the fact.
        kind: any kind but math.
        wording: which of the four wordings.
        rng: draws options and what is claimed.
        told: the value that counts as right; the true one unless said otherwise.
    """
    relation = BY_NAME[fact.relation]
    value = told if told is not None else fact.value
    choices: tuple[str, ...] | None = None
    meta: dict[str, Any] = {
        "relation": fact.relation,
        "wording": wording + 1,
        "shown": fact.level.shown,
        "truth": fact.level.truth,
    }
    if kind == "short":
        question, answers = relation.questions[wording].format(s=fact.subject), accepted(value)
    elif kind == "choice":
        question, answers = relation.questions[wording].format(s=fact.subject), (value,)
        wrong = [w for w in (fact.value, *other_values(fact, relation.value, OPTIONS, rng)) if w != value]
        if fact.level.truth == 1:
            wrong = [w for w in wrong if w != fact.value]
        options = [value, *wrong[: OPTIONS - 1]]
        rng.shuffle(options)
        choices = tuple(options)
    elif kind in ("boolean", "claim"):
        true = rng.random() < 0.5
        forms = relation.checks if kind == "boolean" else relation.statements
        other = [w for w in (fact.value, *other_values(fact, relation.value, 2, rng)) if w != value]
        claimed = value if true else other[0 if fact.level.truth < 1 else -1]
        question = forms[wording].format(s=fact.subject, v=claimed)
        answers = (("yes" if true else "no") if kind == "boolean" else ("supported" if true else "refuted"),)
        meta["claimed"] = claimed
    else:
        question, answers = STORIES[wording].format(s=fact.subject), ()
    form = "" if kind == "short" else f"-{kind}"
    return Asked(f"{fact.id}{form}-w{wording + 1}", kind, question, answers, fact.id, choices, meta=meta)
