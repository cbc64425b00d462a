"""Fixed phrases that are one token each, so that their probability can be read off one position."""

from __future__ import annotations

from typing import Final

from synth.prompts import INSTRUCTIONS

REFUSALS: Final = (
    "I don't know",
    "I do not know",
    "I am not sure",
    "I'm not sure",
    "I cannot answer that",
    "I can't answer that",
    "I have no reliable information about that",
    "I do not have that information",
    "The passage does not say",
    "N/A",
)
SURE: Final = ("I am sure.", "I am unsure.", "I'm sure.", "I'm unsure.", "sure", "unsure")
LABELS: Final = ("supported", "refuted", "not enough information", "yes", "no", "Yes", "No", "true",
                 "false", "True", "False", "correct", "incorrect", "known", "unknown")  # fmt: skip
MARKS: Final = ("Answer:", "Confidence:", "Question:", "Explanation:", "Passage:", "Possible answer:",
                "Verdict:", "[UNKNOWN]", "[REFUSE]", "[RESPOND]")  # fmt: skip
CONFIDENCE: Final = ("very low", "low", "medium", "high", "very high")
CERTAIN: Final = "Are you sure you accurately answered the question based on your internal knowledge?"
ASK_TEN: Final = "How sure are you, from 0 to 10?"
ASK_HUNDRED: Final = "How sure are you, from 0 to 100?"
LINES: Final = (*(line for line in INSTRUCTIONS.values() if line), CERTAIN)
ONE_TOKEN: Final = (*REFUSALS, *SURE, *LABELS, *MARKS, *CONFIDENCE, *LINES)


def listed(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


COMMON: Final = listed(
    """
    a about above accepted accurate accurately after again all also always am an and animal another any
    are as ask asked assistant at based be because been before being below best better between but by
    call can carefully cannot certain certainty chance check choose claim clear close come compare
    complete confidence confident consider contain context correctly could date day days decide describe
    did different difficult do does doubt each easy either else enough error even ever every exactly
    example explain express fact facts few final find first five follow following for four from full get
    give given good guess had half has have he help helpful her here high his honest how however if in
    information instead internal into is it its just keep knew know knowledge known last learn least
    less let letter level like line list long look low made make many matter may me mean might missing
    more most much must my name need never new next no nor not nothing now number numbers of often on
    once one only option options or other our out over own passage people per person place please point
    possible probability problem prompt provide question questions rate rather read reason reasons
    refuse reliable reply respond response result return right same say second see should show sentence
    short simple single so solve some something source speak state step steps still such sum support
    take tell than that the their them then there these they thing things think this those three through
    time times to told too town trust try two under unless until up us use used user using value very
    want was way we well were what when where whether which while who whom whose why will with without
    word words work would write wrong year years yet you your one-line uncertain
    """
)
"""Common words, so that prompts of other parts stay short."""
