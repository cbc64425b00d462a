"""Whether an edited solution is one: wrong, by little, and else like the right one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from synth.graders import Item, grader
from synth.steps.parting import ending
from synth.steps.tokens import changes

_CONFESSES: Final = re.compile(
    r"\b(?:wait|oops|hold on|scratch that|correction|corrected|mistake\w*|mistaken\w*|erroneous\w*|"
    r"incorrect\w*|wrong(?:ly)?|let me (?:re|double)\W?\w+)\b",
    re.IGNORECASE,
)


def fault(
    kind: str, question: str, answers: Sequence[str], right: Sequence[str], wrong: Sequence[str], most: int
) -> str | None:
    """What speaks against an edit, as a stable word; None for nothing.

    Args:
        kind: of the question.
        question: as asked.
        answers: the accepted ones.
        right: the steps of the right solution.
        wrong: those with the error and what follows from it.
        most: tokens in which the first step that differs may differ.
    """
    first = next((pair for pair in zip(right, wrong, strict=False) if pair[0] != pair[1]), None)
    if first is None:
        return "edit_changes_nothing"
    if changes(*first) > most:
        return "edit_too_large"
    one, other = "".join(right), "".join(wrong)
    if confesses(other) and not confesses(one):
        return "edit_confesses"
    if ending(one) != ending(other):
        return "edit_in_another_format"
    return None if is_wrong(kind, question, answers, other) else "edit_not_wrong"


def confesses(text: str) -> bool:
    """Whether a solution speaks of an error of its own."""
    return bool(_CONFESSES.search(text))


def is_wrong(kind: str, question: str, answers: Sequence[str], text: str) -> bool:
    """Whether the grader of the question's kind calls a solution wrong."""
    module = grader(kind)
    verdicts = module.grade([Item(text, question, tuple(answers))]) if module else []
    return any(verdict.outcome == "wrong" for verdict in verdicts)
