from __future__ import annotations

import polars as pl
import pytest

from synth.text import normal_form, numbers


def form(text: str) -> str:
    result: str = pl.select(normal_form(pl.lit(text))).item()
    return result


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Who wrote Hamlet?", "who  wrote hamlet ?"),
        ("In 1990, who won?", "In 1990 who won"),
        ("“Hamlet” is a play.", '"Hamlet" is a play'),
        ("It’s blue!", "It's blue"),
        ("ﬁsh\u200b and\u00a0chips", "fish and chips"),
        ("1914–1918", "1914-1918"),
        ("x²", "x^2"),
        ("½ of it", "1/2 of it"),
        ("First.\nSecond.", "first second"),
    ],
)
def test_same_form(one: str, other: str) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3.5", "35"),
        ("-2", "2"),
        ("−2", "2"),
        ("C++", "C"),
        ("C#", "C"),
        (".NET", "NET"),
        ("x^2", "x2"),
        ("x²", "x2"),
        ("10²", "102"),
        ("101₂", "1012"),
        ("3½", "31/2"),
        ("What is 5!?", "What is 5?"),
        ("n!", "n"),
        ("2*(3+4)", "2*3+4"),
        ("1,000", "1000"),
        ("1, 2", "1 2"),
        ("1, 2, ..., 9", "1, 2, 9"),
        ("f'(x)", "f(x)"),
        ("$5", "5"),
        ("5%", "5"),
        ('5" pipe', "5 pipe"),
        ("a/b", "ab"),
        ("naïve", "naive"),
    ],
)
def test_other_form(one: str, other: str) -> None:
    assert form(one) != form(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no numbers", ""),
        ("7 of 3.5 and 1,000", "7 3.5 1,000"),
        ("5 - 3 = -2", "5 3 -2"),
        ("1990-1995", "1990 1995"),
        ("x-2", "2"),
    ],
)
def test_numbers(text: str, expected: str) -> None:
    assert pl.select(numbers(pl.lit(text))).item() == expected
