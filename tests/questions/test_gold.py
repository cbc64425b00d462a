"""A choice gold is a letter, a place or a text, and never two of them."""

from __future__ import annotations

import pytest

from synth.questions.gold import resolve

COLOURS = ["red", "blue", "green"]


@pytest.mark.parametrize("gold", ["B", "b", 1, "blue", " Blue "])
def test_letter_place_and_text(gold: object) -> None:
    assert resolve(gold, COLOURS) == "blue"


def test_a_text_of_digits_is_no_place() -> None:
    assert resolve("2", ["1", "2", "3"]) == "2"
    with pytest.raises(ValueError, match="'1' is none of the options"):
        resolve("1", COLOURS)


def test_cells_without_types_may_be_places() -> None:
    assert resolve("1", COLOURS, typed=False) == "blue"
    with pytest.raises(ValueError, match=r"'2' fits the options B \('2'\) and C \('3'\)"):
        resolve("2", ["1", "2", "3"], typed=False)


def test_a_letter_that_is_also_a_text() -> None:
    with pytest.raises(ValueError, match=r"'B' fits the options B \('A'\) and C \('B'\)"):
        resolve("B", ["C", "A", "B"])
    assert resolve("B", ["A", "B", "C"]) == "B"


def test_a_number_that_is_also_a_text() -> None:
    with pytest.raises(ValueError, match="2 fits the options"):
        resolve(2, ["1", "2", "3"])


def test_two_options_that_read_the_same() -> None:
    with pytest.raises(ValueError, match="fits the options"):
        resolve("red", ["red", "blue", "red"])
    assert resolve("C", ["red", "blue", "red"]) == "red"


@pytest.mark.parametrize("gold", ["D", "yellow", 3, -1, "", True])
def test_no_option(gold: object) -> None:
    with pytest.raises(ValueError, match="none of the options"):
        resolve(gold, COLOURS)


def test_true_is_a_text_not_a_place() -> None:
    assert resolve(True, ["False", "True"]) == "True"
