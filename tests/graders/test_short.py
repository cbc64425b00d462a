"""Short answers: what counts as saying the gold, and what only looks like it."""

from __future__ import annotations

import pytest

from synth.graders.base import Item
from synth.graders.normal import words
from synth.graders.short import grade


def outcome(text: str, *golds: str, question: str = "which one is it", complete: bool = True) -> str:
    return grade([Item(text, question, golds, None, complete)])[0].outcome


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("paris", "Paris"),
        ("Paris.", "Paris"),
        ("PARIS!", "paris"),
        ("Wilhelm Rontgen", "Wilhelm Röntgen"),
        ("The Beatles", "Beatles"),
        ("World War 2", "World War II"),
        ("Henry the Eighth", "Henry VIII"),
        ("the 2nd", "second"),
        ("twenty-five", "25"),
        ("25", "twenty five"),
        ("75,000", "75000"),
        ("1.2 million", "1,200,000"),
        ("one hundred and five", "105"),
        ("U.S. Army", "US Army"),
        ("minus: −10 °C", "-10 °C"),
        ("from 1990-1995", "1995"),
        ("Rock & Roll", "rock and roll"),
        ("It's in Saint Petersburg, I believe.", "saint petersburg"),
        ("The Nobel Prize went to Wilhelm Röntgen in 1901.", "Wilhelm Röntgen"),
        ("Answer: Paris", "Paris"),
        ("Let me think. France is a country.\nAnswer: Paris", "Paris"),
        ("2 May 1605", "May 2, 1605"),
        ("1605-05-02", "May 2, 1605"),
        ("It was released on 2 May 1605.", "May 1605"),
        ("She was born in 1969.", "1969"),
        ("about 1,234,000 people", "1,234,000"),
        ("It was not London, it was Paris.", "Paris"),
        ("It's not Berlin but Paris.", "Paris"),
        ("Paris\n\nQuestion: What is the capital of Italy?\nAnswer: Rome", "Paris"),
    ],
)
def test_right(text: str, gold: str) -> None:
    assert outcome(text, gold) == "correct"


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("Hannah", "Ann"),
        ("Ann", "Hannah"),
        ("London", "Paris"),
        ("It was not Paris.", "Paris"),
        ("It wasn't Paris", "Paris"),
        ("Paris is not the capital.", "Paris"),
        ("May 2, 1606", "May 2, 1605"),
        ("June 1605", "May 2, 1605"),
        ("8", "7"),
        ("-10 degrees", "10 degrees"),
        ("10", "-10"),
        ("70", "7"),
        ("About 75 people", "75,000"),
        ("", "Paris"),
        ("Paris or London", "Paris"),
        ("either 1901 or 1902", "1901"),
        ("Paris\n\nQuestion: What is the capital of Italy?\nAnswer: Rome", "Rome"),
    ],
)
def test_not_right(text: str, gold: str) -> None:
    assert outcome(text, gold) != "correct"


def test_a_gold_within_a_longer_word_is_not_said() -> None:
    assert outcome("Hannah", "Ann") == "wrong"
    assert outcome("the Romantics", "Roman") == "wrong"


def test_an_answer_without_a_full_stop_keeps_its_last_letter() -> None:
    assert outcome("Paris", "Paris") == outcome("Paris.", "Paris") == "correct"


def test_any_alias_counts() -> None:
    assert outcome("Holland", "The Netherlands", "Holland") == "correct"


def test_the_echoed_question_is_no_answer() -> None:
    question = "who was born first, Ada Lovelace or Charles Babbage"
    assert (
        outcome("The one born first, Ada Lovelace or Charles Babbage?", "Ada Lovelace", question=question)
        != "correct"
    )
    assert outcome("Ada Lovelace", "Ada Lovelace", question=question) == "correct"
    capital = "what is the capital of Mexico"
    assert (
        outcome("The capital of Mexico is Guadalajara.", "Mexico City", "Mexico", question=capital)
        != "correct"
    )


def test_two_candidates_are_undecided() -> None:
    assert outcome("Paris or London", "Paris") == "undecided"


def test_refusals_are_not_wrong() -> None:
    assert outcome("I don't know.", "Paris") == "refused"
    assert outcome("I'm not sure, but I think it was Paris.", "Paris") == "correct"
    assert outcome("I'm not sure, but I think it was London.", "Paris") == "wrong"


def test_without_a_gold_only_a_refusal_can_be_told() -> None:
    assert outcome("Nobody knows.") == "refused"
    assert grade([Item("Paris", "which", ())])[0] == ("undecided", "Paris", None, "no_gold")


def test_a_cut_answer_is_judged_only_where_it_had_ended() -> None:
    assert outcome("Paris", "Paris", complete=False) == "truncated"
    assert outcome("The city you are looking for is", "Paris", complete=False) == "truncated"
    assert outcome("Paris\nThe city lies on the", "Paris", complete=False) == "correct"
    assert outcome("London\nThe city lies on the", "Paris", complete=False) == "wrong"
    assert outcome("Answer: London\nBecause", "Paris", complete=False) == "wrong"


def test_words_of_a_normal_form() -> None:
    assert words("The U.S. Army's 2nd, “twenty-five” & Röntgen—Ø") == [
        "us",
        "army",
        "2",
        "25",
        "and",
        "rontgen",
        "o",
    ]
    assert words("") == words("… the !") == []
