"""Numbers with units, and how near two of them are."""

from __future__ import annotations

import pytest

from synth.graders.normal import words
from synth.graders.short.quantities import Quantity, closeness, only_quantity


def quantity(text: str) -> Quantity:
    found = only_quantity(words(text))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("75,000", "75000"),
        ("1.2 million", "1,200,000"),
        ("61,234", "61,000"),
        ("3.14159", "3.14"),
        ("5 miles", "8 km"),
        ("100 cm", "1 m"),
        ("2 hours", "120 minutes"),
        ("1 kg", "2.2 lbs"),
        ("5 miles", "5"),
        ("5 people", "5 persons"),
    ],
)
def test_equal_rounded_and_converted_numbers_say_the_same(left: str, right: str) -> None:
    assert closeness(quantity(left), quantity(right)) == closeness(quantity(right), quantity(left)) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("179", "180"),
        ("12", "13"),
        ("5 miles", "5 km"),
        ("5 miles", "5 hours"),
        ("61,234", "62,000"),
        ("0", "1"),
    ],
)
def test_other_numbers_do_not(left: str, right: str) -> None:
    assert closeness(quantity(left), quantity(right)) < 1
    assert closeness(quantity(right), quantity(left)) < 1


def test_nearer_is_closer() -> None:
    gold = quantity("1000 people")
    assert closeness(gold, quantity("1010 people")) > closeness(gold, quantity("1050 people")) > 0
    assert closeness(gold, quantity("2000 people")) == 0
