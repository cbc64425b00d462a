"""Mathematical answers: extraction, equality, and what computer algebra alone gets wrong."""

from __future__ import annotations

import pytest

from synth.graders.base import Item, Verdict
from synth.graders.mathematics import grade


def verdict(text: str, *golds: str, complete: bool = True) -> Verdict:
    return grade([Item(text, "How many?", golds, None, complete)])[0]


def outcome(text: str, gold: str, complete: bool = True) -> str:
    return verdict(text, gold, complete=complete).outcome


@pytest.mark.parametrize(
    ("gold", "text"),
    [
        ("18", "18"),
        ("18", "$18.00"),
        ("18", "\\$18"),
        ("1234", "1,234"),
        ("1152", "1152 cups of flour"),
        ("9", "Sally has 9 books."),
        ("10", "ten"),
        ("\\frac{1}{2}", "0.5"),
        ("\\frac{1}{2}", "1/2"),
        ("\\dfrac12", "\\frac{1}{2}"),
        ("1 \\frac{1}{2}", "3/2"),
        ("0.\\overline{3}", "1/3"),
        ("50\\%", "0.5"),
        ("50", "50%"),
        ("45", "45^\\circ"),
        ("x=5", "5"),
        ("11\\sqrt{2}", "11√2"),
        ("\\sqrt{51}", "sqrt(51)"),
        ("\\text{odd}", "odd"),
        ("5", "x = 5"),
        ("3.2\\times 10^{4}", "32000"),
        ("1/3", "0.333333"),
        ("-10", "-10°F"),
    ],
)
def test_equal_without_computer_algebra(gold: str, text: str) -> None:
    assert verdict(text, gold)[0] == "correct"
    assert verdict(text, gold).reason != "algebra"


EQUAL_BY_ALGEBRA = [
    ("3\\sqrt{13}", "\\sqrt{117}"),
    ("x^2-1", "(x-1)(x+1)"),
    ("6+9i", "9i+6"),
    ("\\frac{\\pi}{6}", "pi/6"),
    ("\\{1,2\\}", "2, 1"),
    ("27", "3^3"),
]
DIFFERENT = [
    ("6", "6√2"),
    ("6", "6*sqrt(2)"),
    ("2^{-99}", "2^{-98}"),
    ("1-1/e", "1+1/e"),
    ("10^{100}+1", "10^{100}"),
    ("2", "(1+√3)/2"),
    ("36", "9, 18, 27, 36, ..."),
    ("100100", "100100_b"),
    ("31", "31.\\overline{6}"),
    ("(1,2)", "[1,2)"),
]


def test_computer_algebra_settles_the_rest() -> None:
    items = [Item(text, "", (gold,)) for gold, text in EQUAL_BY_ALGEBRA + DIFFERENT]
    outcomes = [found.outcome for found in grade(items)]
    assert outcomes[: len(EQUAL_BY_ALGEBRA)] == ["correct"] * len(EQUAL_BY_ALGEBRA)
    assert "correct" not in outcomes[len(EQUAL_BY_ALGEBRA) :]
    alone = [grade([item])[0].outcome for item in items[::5]]
    assert alone == outcomes[::5]


@pytest.mark.parametrize(
    ("gold", "text"), [("50", "0.5"), ("7", "0.07"), ("1234", "12.34"), ("6", "16"), ("2", "20")]
)
def test_different_numbers_are_wrong(gold: str, text: str) -> None:
    assert outcome(text, gold) == "wrong"


def test_a_rough_rounding_is_undecided() -> None:
    assert outcome("0.333", "1/3") == "undecided"
    assert outcome("0.3", "1/3") == "wrong"


LONG = (
    "First we add 3 and 4, which gives 7 apples in the basket of the kitchen.\nThen we take away 2 apples, "
)


@pytest.mark.parametrize(
    "text",
    [
        LONG + "so \\boxed{5} apples.",
        LONG + "so it's $\\boxed{\\text{5}}$. That took 12 minutes.",
        LONG + "\n#### 5",
        LONG + "done.\nAnswer: 5",
        LONG + "done.\n**Answer:** 5 apples",
        LONG + "done. The answer is 5.",
        LONG + "done. The final answer is: $5$. I hope it is correct.",
        LONG + "done.\nA: 5",
        '{"reasoning": "3 + 4 - 2, see \\boxed", "answer": "5"}',
        '```json\n{"reasoning": "a\n"b" c", "answer": 5}\n```',
        LONG + "therefore 5 are left.",
        LONG + "3 + 4 - 2 = 5 apples",
        "\\boxed{5}",
        "5\n\nQuestion: What is 3 + 3?\nAnswer: 6",
    ],
)
def test_the_final_answer_is_found(text: str) -> None:
    assert outcome(text, "5") == "correct"
    assert outcome(text, "7") == "wrong"


def test_strict_means_strict_a_guess_is_never_right() -> None:
    guess = LONG + "and then somebody ate 5 of those while it rained."
    assert verdict(guess, "5").outcome == verdict(guess, "6").outcome == "undecided"
    assert verdict(guess, "5").reason == "guess"


def test_boxed_on_one_side_only() -> None:
    assert outcome("5", "\\boxed{5}") == outcome("\\boxed{5}", "5") == "correct"


def test_several_boxes_in_a_line_are_one_answer() -> None:
    assert verdict("So $x = \\boxed{1}$ or $x = \\boxed{2}$.", "1, 2").answer == "1, 2"


def test_a_cut_solution_counts_only_with_a_closed_answer() -> None:
    assert outcome(LONG + "so \\boxed{5", "5", complete=False) == "truncated"
    assert outcome(LONG + "so 5", "5", complete=False) == "truncated"
    assert outcome("Answer: 5", "5", complete=False) == "truncated"  # it may have become 57
    assert outcome(LONG + "so \\boxed{5}. Let me check", "5", complete=False) == "correct"
    assert outcome(LONG + "so \\boxed{6}. Let me check", "5", complete=False) == "wrong"
    assert outcome("Answer: 5\nLet me check", "5", complete=False) == "correct"


def test_refused_empty_and_no_gold() -> None:
    assert outcome("I don't know.", "5") == "refused"
    assert outcome("  ", "5") == "unparsed"
    assert verdict("5").outcome == "undecided"


def test_any_gold_counts() -> None:
    assert verdict("3/2", "7", "1.5").outcome == "correct"
