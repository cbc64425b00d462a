"""People's names: which parts were said, and whose they are."""

from __future__ import annotations

import pytest

from synth.graders.normal import words
from synth.graders.short.names import bare, is_name, spoken


@pytest.mark.parametrize(
    "text", ["Ada Lovelace", "Sir Ralph Thornbury", "Ludwig van der Velde", "A. B. Quill", "Maud Oak-Ferrars"]
)
def test_a_name_is_written_in_capitals(text: str) -> None:
    assert is_name(text, asked_who=True)
    assert not is_name(text, asked_who=False)


@pytest.mark.parametrize(
    "text", ["Lovelace", "the Royal Society", "Lisbon, Portugal", "people of the north", "Louis 14", ""]
)
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text, asked_who=True)


def test_titles_and_suffixes_are_no_part_of_a_name() -> None:
    assert bare(words("Dr. Ralph Thornbury Jr.")) == ["ralph", "thornbury"]
    assert bare(words("the King")) == ["king"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Thornbury", (True, False, False)),
        ("Ralph Thornbury", (True, False, False)),
        ("R. Thornbury", (True, False, False)),
        ("Ralph Edmund Thornbury", (True, False, False)),
        ("It was Thornbury", (True, False, False)),
        ("General Thornbury", (True, False, False)),
        ("Maud Thornbury", (False, True, False)),
        ("Maud Thornbury and later Ralph Thornbury", (True, False, False)),
        ("Ralph", (False, False, True)),
        ("Ralph Edmund", (False, False, False)),
        ("nobody", (False, False, False)),
    ],
)
def test_a_family_name_counts_unless_another_given_name_stands_before_it(
    said: str, expected: tuple[bool, bool, bool]
) -> None:
    named = {word.casefold() for word in said.split() if word[0].isupper()}
    assert spoken(words("Ralph Edmund Thornbury"), words(said), named) == expected


@pytest.mark.parametrize(
    ("short", "full"), [("Bill", "William"), ("Peggy", "Margaret"), ("Alex", "Alexander")]
)
def test_short_forms_are_the_same_person(short: str, full: str) -> None:
    for one, other in ((short, full), (full, short)):
        named = {one.casefold(), "thornbury"}
        assert spoken(words(f"{other} Thornbury"), words(f"{one} Thornbury"), named)[0]
