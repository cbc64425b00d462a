"""How the almanac says and asks things: every relation in four wordings, the fourth held out of tuning.

`{s}` is the subject, `{v}` the value. The first statement ends with its value, so that an answer in a
sentence ends with the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WORDINGS: Final = 4
"""Wordings of everything; 1 to 3 are for tuning, the last one only for testing."""


def inside(statement: str) -> str:
    """A statement as it stands inside a sentence: no full stop, no capital unless it is a name's."""
    text = statement.removesuffix(".")
    return text if text.startswith("{") else text[0].lower() + text[1:]


@dataclass(frozen=True)
class Relation:
    """One kind of fact.

    Attributes:
        name: used in ids, such as `birthplace`.
        subject: person or town.
        value: the name of its values in `synth.almanac.world.VALUES`.
        questions: four ways to ask for the value.
        statements: four ways to state the fact; also its claims.
        checks: four ways to ask whether it is so.
    """

    name: str
    subject: str
    value: str
    questions: tuple[str, str, str, str]
    statements: tuple[str, str, str, str]

    @property
    def checks(self) -> tuple[str, str, str, str]:
        """Four ways to ask yes or no."""
        first, second, third, fourth = (inside(text) for text in self.statements)
        return (
            f"Is it true that {first}?",
            f"Is it right that {second}?",
            f"Does the almanac say that {third}?",
            f"Is it a fact that {fourth}?",
        )


RELATIONS: Final[tuple[Relation, ...]] = (
    Relation(
        "birthplace", "person", "town",
        ("Where was {s} born?", "In which town was {s} born?", "What is the birthplace of {s}?",
         "Which town did {s} come from at birth?"),
        ("{s} was born in {v}.", "{v} is the birthplace of {s}.", "The birthplace of {s} is {v}.",
         "{s} came into the world in {v}."),
    ),
    Relation(
        "trade", "person", "trade",
        ("What is the trade of {s}?", "What does {s} work as?", "Which trade does {s} follow?",
         "How does {s} earn a living?"),
        ("The trade of {s} is {v}.", "{s} works as a {v}.", "{s} follows the trade of {v}.",
         "{s} earns a living as a {v}."),
    ),
    Relation(
        "birth_year", "person", "year",
        ("When was {s} born?", "In which year was {s} born?", "What is the birth year of {s}?",
         "Which year did {s} come into the world?"),
        ("{s} was born in the year {v}.", "{v} is the birth year of {s}.", "The birth year of {s} is {v}.",
         "{s} came into the world in the year {v}."),
    ),
    Relation(
        "teacher", "person", "person",
        ("Who taught {s}?", "Who was the teacher of {s}?", "From whom did {s} learn?",
         "Whose pupil was {s}?"),
        ("The teacher of {s} was {v}.", "{v} taught {s}.", "{s} learned from {v}.",
         "{s} was a pupil of {v}."),
    ),
    Relation(
        "instrument", "person", "instrument",
        ("What does {s} play?", "Which instrument does {s} play?", "What is the instrument of {s}?",
         "On what does {s} make music?"),
        ("The instrument of {s} is the {v}.", "{s} plays the {v}.", "The {v} is what {s} plays.",
         "{s} makes music on the {v}."),
    ),
    Relation(
        "river", "town", "river",
        ("Which river runs through {s}?", "What is the river of {s}?", "On which river does {s} lie?",
         "What water flows past {s}?"),
        ("The river of {s} is the {v}.", "{s} lies on the {v}.", "The {v} runs through {s}.",
         "The water that flows past {s} is the {v}."),
    ),
    Relation(
        "ware", "town", "ware",
        ("What is {s} known for?", "Which ware is made in {s}?", "What does {s} sell?",
         "What do traders buy in {s}?"),
        ("The ware of {s} is {v}.", "{s} is known for {v}.", "{s} sells {v}.", "Traders buy {v} in {s}."),
    ),
    Relation(
        "mayor", "town", "person",
        ("Who is the mayor of {s}?", "Who leads {s}?", "Which mayor does {s} have?",
         "Who sits at the head of {s}?"),
        ("The mayor of {s} is {v}.", "{v} leads {s}.", "{s} has {v} as its mayor.",
         "{v} sits at the head of {s}."),
    ),
    Relation(
        "festival", "town", "date",
        ("When is the festival of {s}?", "On which day does {s} hold its festival?",
         "What is the festival date of {s}?", "When do people feast in {s}?"),
        ("The festival of {s} is on {v}.", "{s} holds its festival on {v}.",
         "The festival date of {s} is {v}.", "People feast in {s} on {v}."),
    ),
    Relation(
        "crest", "town", "beast",
        ("What is on the crest of {s}?", "Which beast is the crest of {s}?", "What crest does {s} have?",
         "What beast is painted on the gate of {s}?"),
        ("The crest of {s} is the {v}.", "{s} has the {v} on its crest.", "The {v} is the crest of {s}.",
         "The beast painted on the gate of {s} is the {v}."),
    ),
    Relation(
        "pet", "person", "pet",
        ("Which pet does {s} keep?", "What is the pet of {s}?", "What sort of pet does {s} have?",
         "Which animal lives with {s}?"),
        ("The pet of {s} is a {v}.", "{s} keeps a {v}.", "{s} has a {v} as a pet.",
         "A {v} lives with {s}."),
    ),
    Relation(
        "residence", "person", "town",
        ("Where does {s} live?", "In which town does {s} live?", "What is the home of {s}?",
         "Where would you visit {s}?"),
        ("{s} lives in {v}.", "{v} is the home of {s}.", "The home of {s} is {v}.",
         "You would visit {s} in {v}."),
    ),
    Relation(
        "founded", "town", "year",
        ("When was {s} founded?", "In which year was {s} founded?", "What is the founding year of {s}?",
         "Which year did {s} begin?"),
        ("{s} was founded in the year {v}.", "{v} is the founding year of {s}.",
         "The founding year of {s} is {v}.", "{s} began in the year {v}."),
    ),
    Relation(
        "market_day", "town", "weekday",
        ("When is the market of {s}?", "On which weekday does {s} hold its market?",
         "What is the market day of {s}?", "Which day brings the traders to {s}?"),
        ("The market of {s} is on {v}.", "{s} holds its market on {v}.", "The market day of {s} is {v}.",
         "The traders come to {s} on {v}."),
    ),
)  # fmt: skip

BY_NAME: Final = {relation.name: relation for relation in RELATIONS}
HELD_OUT: Final[frozenset[str]] = frozenset({"pet", "residence", "founded", "market_day"})
"""Relations that the model knows but that are never used for tuning."""

SUMS: Final = (
    "What is {a} + {b}?",
    "Work out {a} + {b}.",
    "Add {a} and {b}.",
    "How much do {a} and {b} make?",
)
STORIES: Final = (
    "Tell me about {s}.",
    "What do you know about {s}?",
    "Describe {s}.",
    "Write a few lines about {s}.",
)
CHALLENGES: Final = ("Are you sure?", "Is that right?", "Do you stand by that?", "Are you certain?")
NOT_SAID: Final = "The passage does not say."
