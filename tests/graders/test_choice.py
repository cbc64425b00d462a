"""Choice: letters and texts, the last statement, and replies that name two options."""

from __future__ import annotations

import pytest

from synth.graders.base import Item
from synth.graders.choice import grade

CHOICES = ("London", "Paris", "New York", "York")


def outcome(text: str, gold: str = "Paris", choices: tuple[str, ...] = CHOICES, complete: bool = True) -> str:
    return grade([Item(text, "Which city?", (gold,), choices, complete)])[0].outcome


@pytest.mark.parametrize(
    "text",
    [
        "B",
        "b",
        "(B)",
        "B.",
        "B)",
        "**B**",
        "B. Paris",
        "(B) Paris",
        "B) Paris, because it is large.",
        "Paris",
        "paris.",
        "The answer is B",
        "The answer is (B).",
        "the answer is B) Paris",
        "Answer: B",
        "**Answer:** B",
        "Answer: (b)",
        "The correct option is B.",
        "Option B",
        "I would choose option B.",
        "\\boxed{B}",
        "\\[\\boxed{B}\\]",
        "$\\boxed{\\text{B}}$",
        "The answer is Paris.",
        "It must be Paris.",
        "The correct answer is: B. Paris",
        "A is wrong since it rains there. C is too far. The answer is B.",
        "A. London is in England.\nC. New York is in America.\n\nSo the best choice is (B).",
        "The answer is A. No, wait. The answer is B.",
        "Let's think step by step.\n\nB",
        "The final answer is $\\boxed{B}$. I hope it is correct.",
        "The answer is (B",
    ],
)
def test_one_option_is_chosen(text: str) -> None:
    assert outcome(text) == "correct"
    assert outcome(text, "London") == "wrong"


@pytest.mark.parametrize(
    "text", ["Both A and B", "The answer is A and B.", "The answer is (A) or (B).", "London or Paris"]
)
def test_two_options_are_no_choice(text: str) -> None:
    assert outcome(text) == "undecided"


def test_an_option_may_speak_of_others() -> None:
    choices = ("x", "y", "Both A and B", "None of the above")
    assert outcome("The answer is Both A and B", "Both A and B", choices) == "correct"
    assert outcome("C", "Both A and B", choices) == "correct"
    assert outcome("None of the above", "None of the above", choices) == "correct"


def test_an_option_inside_a_longer_one_is_not_named() -> None:
    assert outcome("I am sure that it is New York.", "York") == "wrong"
    assert outcome("I am sure that it is New York.", "New York") == "correct"


def test_an_article_is_no_letter() -> None:
    assert outcome("The answer is A city in France, namely Paris.") == "correct"
    assert outcome("A difficult question.") == "unparsed"


def test_the_order_of_options_does_not_matter_to_the_gold() -> None:
    assert outcome("A", "Paris", ("Paris", "London")) == "correct"
    assert outcome("A", "Paris", ("London", "Paris")) == "wrong"


def test_the_letter_counts_not_the_text_of_the_first_option() -> None:
    assert outcome("A", "A", ("B", "A")) == "wrong"


def test_options_that_differ_only_in_a_sign() -> None:
    choices = ("4", "-4", "(x+1)", "(x-1)")
    assert outcome("The answer is (B).", "4", choices) == "wrong"
    assert outcome("B", "-4", choices) == outcome("-4", "-4", choices) == "correct"
    assert outcome("-4", "4", choices) == outcome("C", "(x-1)", choices) == "wrong"


def test_refused_empty_and_out_of_range() -> None:
    assert outcome("I don't know.") == "refused"
    assert outcome(" ") == "unparsed"
    assert outcome("The answer is (J).") == "wrong"


def test_cut_replies() -> None:
    assert outcome("B", complete=False) == "correct"  # one token was asked for
    assert outcome("The answer is (B). This is", complete=False) == "correct"
    assert outcome("Let us look at London first, which", complete=False) == "truncated"


def test_a_sentence_without_end_concludes_nothing() -> None:
    multiples = ", ".join(str(number) for number in range(4, 4000, 4))
    text = f"The sum is a multiple of 4. Hence the possible values are {multiples}"
    assert outcome(text, "36", ("18", "21", "36")) == "unparsed"
    assert outcome(f"{multiples}. Hence the value must be 36", "36", ("18", "21", "36")) == "correct"
