"""Yes and no, inside sentences and under negation."""

from __future__ import annotations

import pytest

from synth.graders.base import Item
from synth.graders.boolean import gold_truth, grade


def outcome(text: str, gold: str = "yes", complete: bool = True) -> str:
    return grade([Item(text, "Is it so?", (gold,), None, complete)])[0].outcome


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes.",
        "YES",
        "Yes, because it is.",
        "True",
        "true.",
        "**True**",
        "The answer is yes.",
        "Answer: Yes",
        "The statement is true.",
        "The claim is correct",
        "It is true that he did. So the answer is yes.",
        "He lived there for years. Therefore, the statement is true.",
        "That is not false.",
        "Yeah",
        "\\boxed{True}",
        "He did not know it, and it was no fun. The answer is: yes",
        "First, no one knew. Answer: True",
    ],
)
def test_yes(text: str) -> None:
    assert outcome(text, "yes") == outcome(text, "true") == "correct"
    assert outcome(text, "no") == outcome(text, "False") == "wrong"


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "No.",
        "No, it isn't.",
        "false",
        "Not true.",
        "That is not true.",
        "The statement isn't correct.",
        "The answer is no.",
        "The statement is incorrect.",
        "It is untrue. The claim is false.",
        "No it does not.",
        "Right after the war it was sold. So the statement is false.",
        "No\n\nQuestion: Is it?\nAnswer: Yes",
    ],
)
def test_no(text: str) -> None:
    assert outcome(text, "no") == "correct"
    assert outcome(text, "yes") == "wrong"


def test_none_is_not_false() -> None:
    assert gold_truth("none") is None
    assert outcome("None", "no") == "unparsed"
    assert outcome("no", "none") == "undecided"
    assert outcome("Nobody did.", "no") != "correct"


def test_both_are_undecided() -> None:
    assert outcome("It may be true or it may be false.") == "undecided"


def test_refused_empty_and_cut() -> None:
    assert outcome("I don't know.") == "refused"
    assert outcome("") == "unparsed"
    assert outcome("Well, the matter is", complete=False) == "truncated"
    assert outcome("Yes, since the", complete=False) == "correct"
