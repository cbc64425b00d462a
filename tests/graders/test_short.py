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


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("Lovelace", "Augusta Ada King Lovelace"),
        ("Ada Lovelace", "Augusta Ada Lovelace"),
        ("A. Lovelace", "Ada Lovelace"),
        ("Ada Byron Lovelace", "Ada Lovelace"),
        ("Bill Thornbury", "William Thornbury"),
        ("Dr. Ada Lovelace", "Ada Lovelace"),
        ("The first programme was written by Lovelace.", "Ada Lovelace"),
    ],
)
def test_a_name_may_lack_parts(text: str, gold: str) -> None:
    assert outcome(text, gold, question="who wrote the first programme") == "correct"


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("Ada", "Ada Lovelace"),
        ("Ada Thornbury", "Ada Lovelace"),
        ("Ralph Lovelace", "Ada Lovelace"),
        ("It was written by Ralph Lovelace.", "Ada Lovelace"),
        ("Sir Charles Thornbury", "Sir Charles Babbage"),
        ("Queen Maud", "Queen Isolde"),
    ],
)
def test_a_given_name_or_a_namesake_is_not_the_person(text: str, gold: str) -> None:
    assert outcome(text, gold, question="who wrote the first programme") != "correct"


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("It came out on May 2, 16051.", "May 2, 1605"),
        ("It came out in 16051.", "1605"),
        ("5/2/1605", "May 2, 1605"),
        ("May 1605", "2 May 1605"),
        ("1605", "2 May 1605"),
        ("It came out on 2 May, in the year 1605", "2 May 1605"),
    ],
)
def test_a_date_may_be_partial_or_footnoted(text: str, gold: str) -> None:
    assert outcome(text, gold, question="when did it come out") == "correct"


@pytest.mark.parametrize(
    ("text", "golds"),
    [
        ("3 May 1605", ("2 May 1605",)),
        ("June 1605", ("May 1605",)),
        ("17 May 1605", ("1605", "2 May 1605")),
        ("the 1710s", ("1605",)),
        ("either 1605 or 1606", ("1605",)),
    ],
)
def test_another_date_is_not_right(text: str, golds: tuple[str, ...]) -> None:
    assert outcome(text, *golds, question="when did it come out") != "correct"


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("8 kilometres", "5 miles"),
        ("8.05 km", "5 miles"),
        ("120 minutes", "2 hours"),
        ("61,2003 people", "61,200"),
        ("61, 200", "61,200"),
        ("about 61,000", "61,234"),
        ("It opens at 7:00 a.m.", "7 a.m."),
    ],
)
def test_a_number_may_be_rounded_or_in_another_unit(text: str, gold: str) -> None:
    assert outcome(text, gold, question="how much is it") == "correct"


@pytest.mark.parametrize(
    ("text", "gold"),
    [("5 km", "5 miles"), ("5 hours", "5 miles"), ("179", "180"), ("61,900", "61,234"), ("6", "61,200")],
)
def test_another_number_or_unit_is_not_right(text: str, gold: str) -> None:
    assert outcome(text, gold, question="how much is it") != "correct"


def test_a_number_of_the_question_is_no_answer() -> None:
    question = "what is the 40 foot ladder called"
    assert outcome("The 40 foot ladder is called a giraffe.", "40th rung", question=question) != "correct"


def test_a_list_needs_its_items() -> None:
    gold = "copper, tin and zinc"
    assert outcome("Zinc, tin, copper.", gold) == "correct"
    assert outcome("It holds tin as well as copper and zinc", gold) == "correct"
    assert outcome("copper", gold) != "correct"
    assert outcome("Ada", "Ada and Charles", question="who were they") != "correct"


def test_one_of_two_variants_is_enough() -> None:
    assert outcome("violin", "violin or viola") == "correct"
    assert outcome("a lens", "lenses (glass)") == "correct"
    assert outcome("the Ministry of Rivers", "Ministry of Rivers (1901-1930)") == "correct"


@pytest.mark.parametrize(
    ("text", "gold", "right"),
    [
        ("Yes, you may.", "yes", "correct"),
        ("No, you need a permit.", "no", "correct"),
        ("No, you need a permit.", "yes", "wrong"),
        ("There is no doubt about it: yes.", "no", "wrong"),
        ("You need a permit.", "no", "undecided"),
    ],
)
def test_yes_and_no_are_meant_not_spelled(text: str, gold: str, right: str) -> None:
    assert outcome(text, gold, question="may one fish there") == right


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("Tammel Society", "Tammel Hall"),
        ("nucleic acids", "amino acid"),
        ("Tammel Territory", "unorganised territory"),
        ("Orbiter 2", "Rover 2"),
    ],
)
def test_a_shared_word_with_another_word_is_another_thing(text: str, gold: str) -> None:
    assert outcome(text, gold) != "correct"


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("Lisbon", "Lisbon, Portugal"),
        ("mahogany", "mahogany tree"),
        ("In Lisbon.", "Lisbon, Portugal"),
        ("hindu", "Hinduism"),
        ("the Spanish", "Spain"),
        ("Wilhelm Roentgen", "Wilhelm Rontgen"),
    ],
)
def test_a_part_or_another_form_is_the_same_thing(text: str, gold: str) -> None:
    assert outcome(text, gold) == "correct"


def test_the_place_around_the_gold_is_not_enough() -> None:
    assert outcome("It is somewhere in Portugal, I think, near the sea.", "Lisbon, Portugal") != "correct"


def test_initials_stand_for_a_name() -> None:
    assert outcome("The NRW did.", "Northern Rail Works") == "correct"
    assert outcome("Northern Rail Works", "NRW") == "correct"
    assert outcome("no real work", "NRW") != "correct"


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("It was sung byAda Lovelacein 1974.", "Ada Lovelace"),
        ("TheSolanfestival is the oldest.", "Solan"),
        ("finullcial crisis", "financial crisis"),
        ("Chloe Keenull", "Chloe Keenan"),
        ("Caf\\u00e9 Mozart", "Café Mozart"),
    ],
)
def test_damaged_text_is_read(text: str, gold: str) -> None:
    assert outcome(text, gold) == "correct"
