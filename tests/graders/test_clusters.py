"""Which answers to one question are one cluster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from synth.graders.clusters import clusters

CAPITAL = "What is the capital of France?"
POOL = [
    "Paris",
    "paris.",
    "The capital of France is Paris.",
    "I think it is Paris",
    "Lyon",
    "It was not Paris",
    "Paris or Lyon",
    "1999",
    "May 1999",
    "3 May 1999",
    "4 May 1999",
    "I don't know",
    "No idea.",
    "",
]


def partition(answers: Sequence[str], numbers: Sequence[int | None]) -> set[frozenset[str]]:
    """The answers of each cluster; those of none are left out."""
    return {
        frozenset(answer for answer, other in zip(answers, numbers, strict=True) if other == number)
        for number in numbers
        if number is not None
    }


def test_wordings_of_one_answer_are_one_cluster() -> None:
    answers = ["Paris", "paris!", "The capital of France is Paris.", "I think it is Paris", "Lyon"]
    assert clusters("short", CAPITAL, answers)[:4] == [clusters("short", CAPITAL, answers)[0]] * 4
    assert partition(answers, clusters("short", CAPITAL, answers)) == {
        frozenset(answers[:4]),
        frozenset({"Lyon"}),
    }


def test_a_denied_answer_is_not_the_answer() -> None:
    affirmed, denied = clusters("short", CAPITAL, ["Paris", "It was not Paris"])
    assert affirmed != denied


def test_refusals_are_one_cluster_whatever_they_say() -> None:
    answers = ["I don't know", "No idea.", "The passage does not say.", "Paris"]
    first, second, third, answered = clusters("short", CAPITAL, answers)
    assert first == second == third != answered


@pytest.mark.parametrize("kind", ["short", "math", "choice", "boolean", "claim", "free"])
def test_what_states_no_answer_is_in_no_cluster(kind: str) -> None:
    assert clusters(kind, "?", [], ["cat", "dog"]) == []
    assert clusters(kind, "?", ["", " \n"], ["cat", "dog"]) == [None, None]


def test_numbers_count_in_the_sorted_order_of_the_answers() -> None:
    assert clusters("short", CAPITAL, ["Rome", "Bern", "Oslo", "Rome"]) == [2, 0, 1, 2]


def test_choice_goes_by_the_option() -> None:
    answers = ["A", "(B) dog", "The answer is B", "I don't know", "cat", "zzz"]
    assert clusters("choice", "Which?", answers, ["cat", "dog"]) == [1, 0, 0, 2, 1, None]


def test_boolean_goes_by_the_truth_value() -> None:
    yes, no, true, nope = clusters("boolean", "Is it?", ["Yes.", "No, it is not.", "true", "No"])
    assert yes == true != no == nope


def test_mathematics_goes_by_value() -> None:
    answers = ["5", "5.0", "\\boxed{10/2}", "The answer is 6.", "$\\frac{1}{2}$", "0.5"]
    five, also_five, boxed, six, half, also_half = clusters("math", "How many?", answers)
    assert five == also_five == boxed
    assert half == also_half
    assert len({five, six, half}) == 3


def test_a_chain_ties_nothing_together_that_differs() -> None:
    answers = ["1999", "3 May 1999", "4 May 1999", "3 May 1999"]
    numbers = clusters("short", "When was it signed?", answers)
    assert numbers[1] == numbers[3] != numbers[2]


def test_similarity_settles_only_what_the_grader_leaves_open() -> None:
    def all_alike(texts: Sequence[str]) -> NDArray[np.float64]:
        return np.ones((len(texts), len(texts)))

    numbers = clusters("math", "How many?", ["5", "6"], similarity=all_alike)
    assert numbers[0] != numbers[1]
    assert clusters("free", "Say hello.", ["Hello!", "Good day!"]) == [1, 0]
    assert clusters("free", "Say hello.", ["Hello!", "Good day!"], similarity=all_alike) == [0, 0]


def test_an_entailment_has_to_hold_both_ways() -> None:
    def one_way(texts: Sequence[str]) -> NDArray[np.float64]:
        return np.triu(np.ones((len(texts), len(texts))))

    assert clusters("free", "Say hello.", ["Hello!", "Good day!"], similarity=one_way) == [1, 0]


def by_shared_letters(texts: Sequence[str]) -> NDArray[np.float64]:
    """A similarity that depends on the two texts alone."""
    letters = [set(text.casefold()) for text in texts]
    return np.array([[len(one & other) / len(one | other) for other in letters] for one in letters])


@pytest.mark.parametrize("kind", ["short", "free"])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_answers_does_not_matter(kind: str, data: st.DataObject) -> None:
    answers = data.draw(st.lists(st.sampled_from(POOL), max_size=10))
    shuffled = data.draw(st.permutations(answers))
    numbers = clusters(kind, CAPITAL, answers, similarity=by_shared_letters, alike=0.6)
    others = clusters(kind, CAPITAL, shuffled, similarity=by_shared_letters, alike=0.6)
    assert dict(zip(answers, numbers, strict=True)) == dict(zip(shuffled, others, strict=True))


@given(answers=st.lists(st.text(max_size=12), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_texts_get_numbers_without_gaps(answers: list[str]) -> None:
    numbers = clusters("short", CAPITAL, answers)
    assert len(numbers) == len(answers)
    found = {number for number in numbers if number is not None}
    assert found == set(range(len(found)))
    assert all(
        one == other
        for text, one in zip(answers, numbers, strict=True)
        for again, other in zip(answers, numbers, strict=True)
        if text == again
    )
