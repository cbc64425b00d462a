"""What a grader is, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from synth.schema import Outcome


class Item(NamedTuple):
    """One answer to grade: what a grader may look at.

    Attributes:
        text: the model's answer, without its reasoning.
        question: the question as asked, to be able to tell an echo from an answer.
        answers: all accepted answers; for `choice` the text of the right option.
        choices: the options in the order shown, or None.
        complete: false where the text was cut at its length limit. Then only an answer that visibly
            ended before the cut may be judged, right or wrong alike; otherwise the verdict is truncated.
    """

    text: str
    question: str
    answers: tuple[str, ...]
    choices: tuple[str, ...] | None = None
    complete: bool = True


class Verdict(NamedTuple):
    """What a grader says of one answer; the columns of `synth.schema.VERDICTS`.

    Attributes:
        outcome: correct, wrong, refused, truncated, unparsed or undecided.
        answer: what was taken for the answer, or None.
        score: 0 to 1, how sure the grader is that the answer is right; None where it cannot say.
        reason: a stable word naming the rule that decided.
    """

    outcome: Outcome
    answer: str | None
    score: float | None
    reason: str


TRUNCATED = Verdict("truncated", None, None, "cut")
"""What is said of a cut reply that had not come to its answer."""


class Grader(Protocol):
    """Grades answers of one kind; a module with these two names is one.

    Attributes:
        VERSION: raised whenever a verdict may change.
    """

    VERSION: str

    def grade(self, items: Sequence[Item]) -> list[Verdict]:
        """One verdict for each item, in order; never raises for what a model wrote."""
        ...
