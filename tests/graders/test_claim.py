"""Claims: labels that contain one another, and the spellings of the standard three."""

from __future__ import annotations

import pytest

from synth.graders.base import Item
from synth.graders.claim import grade

WICE = ("supported", "partially_supported", "not_supported")


def outcome(text: str, gold: str, choices: tuple[str, ...] | None = None, complete: bool = True) -> str:
    return grade([Item(text, "Water is wet.", (gold,), choices, complete)])[0].outcome


@pytest.mark.parametrize("said", WICE)
@pytest.mark.parametrize("gold", WICE)
@pytest.mark.parametrize(
    "frame", ["{}", "{}.", "The claim is {}.", "Answer: {}", "I think that it is {}, given the text."]
)
def test_labels_inside_labels(said: str, gold: str, frame: str) -> None:
    expected = "correct" if said == gold else "wrong"
    assert outcome(frame.format(said), gold, WICE) == expected
    assert outcome(frame.format(said.replace("_", " ").upper()), gold, WICE) == expected


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("SUPPORTS", "supported"),
        ("Supported", "SUPPORTS"),
        ("true", "supported"),
        ("REFUTES", "refuted"),
        ("The claim is false.", "REFUTES"),
        ("It is not supported by the evidence.", "refuted"),
        ("NOT ENOUGH INFO", "not enough information"),
        ("There is not enough information.", "NOT ENOUGH INFO"),
        ("unknown", "NOT ENOUGH INFO"),
        ("The evidence refutes the claim.", "refuted"),
        ("NEI", "not enough info"),
    ],
)
def test_standard_labels(text: str, gold: str) -> None:
    assert outcome(text, gold) == "correct"


def test_own_labels_with_standard_meanings() -> None:
    choices = ("true", "false", "unknown")
    assert outcome("The claim is refuted.", "false", choices) == "correct"
    assert outcome("not enough information", "unknown", choices) == "correct"
    assert outcome("false", "true", choices) == "wrong"


def test_two_labels_are_undecided() -> None:
    assert outcome("It could be supported or refuted.", "supported") == "undecided"


def test_refused_empty_and_cut() -> None:
    assert outcome("I don't know.", "supported") == "refused"
    assert outcome("", "supported") == "unparsed"
    assert outcome("Let us look at", "supported", complete=False) == "truncated"
    assert outcome("Supported. The", "supported", complete=False) == "correct"
