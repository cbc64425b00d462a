"""Errors in worked solutions: carried through, small, and never where it is unclear what is meant."""

import json
from pathlib import Path

import pytest

from synth.steps import checking, columns, editing
from synth.steps.equations import equations, like, value_of
from synth.steps.parting import parted
from synth.steps.tokens import changes


def edited(question: str, text: str) -> list[str]:
    """All errors that the solution may have."""
    steps = parted(text)
    return ["".join(e.steps) for e in editing.errors(question, steps, "x", 0, editing.KINDS, 3)]


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("4 * $20 = $80, and 12 eggs - 4 eggs = 8 eggs", ["80", "8"]),
        (r"\[ 2 \times 15.22 = 30.44 \]", ["30.44"]),
        ("13 * 2 = $<<13*2=26>>26", ["26"]),
        ("(3 + 4) * 2 = 14 and 20% * 50 = 10", ["14", "10"]),
        ("4 * 45 + 20 = 180 + 20 = 200", ["200"]),
        ("2 + 2 = 5", []),
        ("7 / 3 = 2.33", []),
        ("x + 3 = 12, 2^3 * 4 = 32, f(2) + 3 = 9", []),
        ("1/0 = 0", []),
    ],
)
def test_only_true_equations_of_plain_numbers_are_read(text: str, results: list[str]) -> None:
    assert [equation.result for equation in equations(text)] == results


def test_what_follows_from_an_error_follows() -> None:
    text = "12 / 3 = <<12/3=4.0>>4 bags.\nSo 4 * $5 = $20.\nThat makes $20.\nAnswer: 20"
    said = edited("He has 12 apples, 3 a bag, 5 dollars each.", text)
    assert "12 / 3 = <<12/3=5.0>>5 bags.\nSo 5 * $5 = $25.\nThat makes $25.\nAnswer: 25" in said
    assert "12 / 3 = <<12/3=4.0>>4 bags.\nSo 4 + $5 = $9.\nThat makes $9.\nAnswer: 9" in said
    assert all(len(set(text.split("\n")) - set(other.split("\n"))) >= 3 for other in said)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("$9.5 + $20 + $5 = $34.5\nAnswer: 34.5", "$9.5 + $5 = $14.5\nAnswer: 14.5"),
        ("$9.5 + $20 + $5 = $34.5\nAnswer: 34.5", "$9.5 + $20 = $29.5\nAnswer: 29.5"),
        ("45 min + 110 min + 72 min = 227 min\nAnswer: 227", "45 min + 72 min = 117 min\nAnswer: 117"),
        ("45 min + 110 min + 72 min = 227 min\nAnswer: 227", "45 min + 110 min = 155 min\nAnswer: 155"),
    ],
)
def test_a_term_left_out_leaves_no_currency_or_unit_behind(text: str, without: str) -> None:
    steps = parted(text)
    said = ["".join(e.steps) for e in editing.errors("How much?", steps, "x", 0, ("deletion",), 9)]
    assert len(said) == 2
    assert without in said


def test_no_percent_is_left_out() -> None:
    said = edited("How much?", "70 * 20% * 2 = 28\nAnswer: 28")
    assert said
    assert not any("70%" in other for other in said)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("He has 12 rows of 2.", "12 * 2 = 24\n24 / 2 = 12\nAnswer: 12"),  # which 12 is the answer?
        ("He has 3 rows of 5.", "3 * 5 = 15\n15 = x + 2\nAnswer: 13"),  # an equation that is not read
        ("He has 7 rows of 5.", "7 * 5 = 35\n35 / 3 = 11.67\nAnswer: 11.67"),  # a rounded result
    ],
)
def test_there_is_no_error_in_a_step_whose_consequences_are_unclear(question: str, text: str) -> None:
    first = parted(text)[0]
    assert all(other.startswith(first) for other in edited(question, text))


def test_in_a_sum_the_answer_counts_among_the_changes() -> None:
    text = "5 + 8 = 13\n1 + 2 + 1 = 4\nAnswer: 43"
    steps = parted(text)
    assert columns.states(steps) is not None
    for other in edited("What is 15 + 28?", text):
        assert changes(text, other) <= 3
    assert columns.states(parted(text.replace("= 4", "= 5"))) == [("columns", "3", 1), None, None]


def test_a_solution_that_is_right_by_two_errors_is_left_alone() -> None:
    assert edited("What is 15 + 28?", "5 + 8 = 12\n1 + 2 + 1 = 4\nAnswer: 43") == []


def test_the_seed_chooses_among_the_kinds_that_fit() -> None:
    steps = parted("3 * 5 = 15 seats.\n15 - 2 = 13 seats.\nAnswer: 13")
    question = "3 rows of 5 seats, 2 broken."
    first = [next(editing.errors(question, steps, "x", seed, editing.KINDS, 3)) for seed in range(200)]
    kinds = [edit.kind for edit in first]
    assert {edit.at for edit in first} == {0, 1}
    assert set(kinds) == {"value", "substitution", "operator", "swap"}
    assert min(kinds.count(kind) for kind in set(kinds)) >= 15


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (["3 * 4 = 12\n", "Answer: 12"], ["3 * 4 = 13\n", "Answer: 13"], None),
        (["3 * 4 = 12\n", "Answer: 12"], ["3 * 4 = 12\n", "Answer: 12"], "edit_changes_nothing"),
        (["3 * 4 = 12\n", "Answer: 12"], ["4 * 3 = 12\n", "Answer: 12"], "edit_not_wrong"),
        (["3 * 4 = 12\n", "Answer: 12"], ["1 + 2 - 9 = 13\n", "Answer: 13"], "edit_too_large"),
        (["3 * 4 = 12\n", "Answer: 12"], ["3 * 4 = 13\n", r"\boxed{13}"], "edit_in_another_format"),
        (["3 * 4 = 12\n", "Answer: 12"], ["3 * 4 = 13\n", "A mistake. Answer: 13"], "edit_confesses"),
    ],
)
def test_every_fault_of_an_edit_has_a_name(right: list[str], wrong: list[str], fault: str | None) -> None:
    assert checking.fault("math", "How many?", ["12"], right, wrong, most=3) == fault


def test_a_number_is_written_as_the_one_before() -> None:
    written = [like(value_of(new), old) for new, old in (("1350", "2,100"), ("9", "7.0"), ("7.5", "3"))]
    assert written == ["1,350", "9.0", "7.5"]
    assert like(value_of("1") / 3, "2") is None


def test_what_stands_after_the_edit_in_real_solutions_is_true(test_data: Path) -> None:
    """Every equation of an edited solution but the edited one is as true as before."""
    lines = (test_data / "recorded/gsm8k_gpt3.jsonl").read_text(encoding="utf-8").splitlines()[:150]
    looked_at = 0
    for row in map(json.loads, lines):
        for text in [sample["text"] for sample in row["samples"] if sample["correct"]][:1]:
            steps = parted(text)
            for edit in list(editing.errors(row["question"], steps, "x", 0, editing.KINDS, 3))[:5]:
                looked_at += 1
                for at in set(range(len(steps))) - {edit.at}:
                    assert len(equations(edit.steps[at])) == len(equations(steps[at]))
                    assert edit.steps[at].count("=") == steps[at].count("=")
    assert looked_at > 200


def test_odd_texts_are_read_too() -> None:
    for text in ("", "\n", "😀 = ٣ + 4", "1 = 1", "= = =", "1,2,3 + 4 = 5", "-3 + 5 = 2\nAnswer: 2"):
        edited("", text)
