"""The built-in writer: what it says follows from the shares, and every text passes the checks."""

import random
from dataclasses import replace

import pytest

from synth.rationales import Case, Stated, cases, fault, prompting, writing
from synth.rationales.cases import name_of
from synth.rationales.parting import parting


def stated(name: str, share: float, *chains: tuple[str, ...]) -> Stated:
    return Stated(name, (name,), (" ".join([*(chains[0] if chains else ()), name]),), chains, share)


def case(
    *answers: Stated, confidence: float = 0.5, kind: str = "short", question: str = "Where is it?"
) -> Case:
    return Case(question, kind, answers, 0, confidence, "5", gold=("Paris",), right=False)


def test_it_names_every_answer_above_the_share_with_its_share() -> None:
    text = writing.write(case(stated("Rome", 0.6), stated("Oslo", 0.3), stated("Bonn", 0.05)), "q", 0)
    assert "“Rome”" in text
    assert "60%" in text
    assert "“Oslo” (30%)" in text
    assert "Bonn" not in text


def test_it_says_what_it_lacks_by_what_the_question_asks_for() -> None:
    torn = case(stated("1814", 0.4), stated("1815", 0.4))
    assert "the date" in writing.write(replace(torn, question="When was it signed?"), "q", 0)
    assert "the capital" in writing.write(replace(torn, question="What is the capital of Norland?"), "q", 0)


def test_agreement_that_is_wrong_is_said_to_prove_nothing() -> None:
    always = case(stated("Rome", 1.0), confidence=0.02)
    sure = writing.write(replace(always, confidence=0.98), "q", 0)
    for seed in range(5):
        assert writing.write(always, "q", seed) != sure
        assert any(word in writing.write(always, "q", seed) for word in ("nothing", "cannot"))


def test_chains_are_quoted_where_they_part() -> None:
    one = stated("12", 0.6, ("There are 3 rows.", "Each row has 4 seats."))
    other = stated("15", 0.4, ("There are 3 rows.", "Each row has 5 seats."))
    text = writing.write(case(one, other, kind="math", question="How many seats are there?"), "q", 0)
    assert "“Each row has 4 seats”" in text
    assert "“Each row has 5 seats”" in text
    assert fault(text, case(one, other, kind="math", question="How many seats are there?")) is None


def test_chains_part_after_their_common_beginning_or_in_like_steps_or_nowhere() -> None:
    common = [("a b c.", "d e f.", "g h i.")], [("A b c", "x y z.", "g h i.")]
    assert parting(*common) == ("d e f", "x y z")
    like = [("It follows.", "The sum of both is 4.")], [("So we add.", "The sum of both is 5.")]
    assert parting(*like) == ("The sum of both is 4", "The sum of both is 5")
    assert parting([("Rome is old.",)], [("No one knows that here.",)]) is None
    assert parting([], [("The sum of both is 5.",)]) is None
    assert parting([("The sum is 4.",)], [("The sum is 4.", "It is even more.")]) is None


def test_the_wording_depends_on_key_and_seed_alone() -> None:
    torn = case(stated("Rome", 0.4), stated("Oslo", 0.4))
    texts = {writing.write(torn, f"q{number}", 0) for number in range(50)}
    assert len(texts) > 3
    assert writing.write(torn, "q1", 7) == writing.write(torn, "q1", 7)


@pytest.mark.parametrize("seed", range(200))
def test_whatever_it_writes_passes_the_checks(seed: int) -> None:
    dice = random.Random(seed)
    names = dice.sample(
        ["Rome", "Oslo 2", "3.5%", "x^2+1", "F. 9", "“so”".strip("“”"), "St. John's", "1,200"], 5
    )
    weights = [dice.random() ** 3 + 0.01 for _ in names]
    shares = sorted((weight / sum(weights) for weight in weights), reverse=True)
    answers = tuple(stated(name, share) for name, share in zip(names, shares, strict=True))
    kind = dice.choice(["short", "math", "choice", "boolean", "claim"])
    made = replace(
        case(*answers[: dice.randint(1, 5)], confidence=dice.random(), kind=kind),
        shown=dice.choice([0, 0, 0]),
    )
    assert fault(writing.write(made, str(seed), seed), made) is None


def test_a_long_answer_is_named_by_what_it_adds_to_the_question() -> None:
    question = "who was the first speaker of the house of norland"
    long = "The first speaker of the House of Norland was Ann Ashby, who held the chair from 1801 until 1822."
    assert cases.name_of("short", question, [long]) == "Ann Ashby"
    assert cases.name_of("short", question, [long, "Ann M. Ashby", "Ann M. Ashby"]) == "Ann M. Ashby"
    assert cases.name_of("short", question, ["As an AI language model, I cannot say."]) is None


def test_an_option_is_named_with_its_letter_a_long_one_by_it_alone() -> None:
    options = ["red", "a colour " * 12]
    assert cases.name_of("choice", "Which?", ["red"], options) == "A. red"
    assert cases.name_of("choice", "Which?", [options[1].strip()], options) == "option B"
    assert cases.in_full("choice", options[1].strip(), options) == f"B. {options[1].strip()}"


def test_steps_end_where_the_answer_is_stated() -> None:
    text = "There are 3 rows. Each has 4 seats. The answer is 12. Rows are fun."
    assert cases.steps("math", text, None, "12") == ("There are 3 rows.", "Each has 4 seats.")
    assert cases.steps("short", "Rome. It is old.", None, "Rome") == ()
    assert cases.steps("short", "Rome.", "It lies in Italy.", "Rome") == ("It lies in Italy.",)


def test_what_a_model_is_asked_holds_its_answers_and_never_the_gold() -> None:
    asked = prompting.request(case(stated("Rome", 0.6, ("It lies in Italy.",)), stated("Oslo", 0.3)))
    assert '"Rome" (60% of the time)' in asked
    assert "It lies in Italy." in asked
    assert "Paris" not in asked


def test_a_reply_that_is_not_as_asked_is_no_rationale() -> None:
    assert prompting.reading("<reflection>I waver\nhere.</reflection>") == "I waver here."
    assert prompting.reading("I waver.") is None
    assert prompting.reading("<reflection>a</reflection><reflection>b</reflection>") is None
    assert prompting.reading(None) is None


def test_the_degree_of_a_root_is_no_citation() -> None:
    assert name_of("math", "Find x.", [r"3 \sqrt[3]{100}"]) == r"3 \sqrt[3]{100}"
    assert name_of("short", "Who leads?", ["Ann[3]"]) == "Ann"
