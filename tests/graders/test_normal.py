"""The normal form: damaged spellings and stems."""

from __future__ import annotations

import pytest

from synth.graders.normal import stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the finullcial year", ["financial", "year"]),
        ("Fernulldo Keenull", ["fernando", "keenan"]),
        ("null", ["null"]),
        ("it was nullified and annulled", ["it", "was", "nullified", "and", "annulled"]),
        ("Nullarbor", ["nullarbor"]),
        ("61,2003", ["61200"]),
        ("7:00 a.m.", ["7", "am"]),
        ("7:30", ["7:30"]),
        (r"Caf\u00e9", ["cafe"]),
        (r"1989\u201390", ["1989", "90"]),
    ],
)
def test_damage_is_undone(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("hinduism", "hindu"),
        ("excited", "excitation"),
        ("lenses", "lens"),
        ("french", "france"),
        ("spanish", "spain"),
    ],
)
def test_forms_of_a_word_have_one_stem(left: str, right: str) -> None:
    assert stem(left) == stem(right)


def test_a_short_word_keeps_its_letters() -> None:
    assert stem("sing") == "sing"
    assert stem("1990s") == "1990s"
