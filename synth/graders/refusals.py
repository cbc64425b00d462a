"""Replies that say "I don't know" instead of answering a question.

A refusal is a reply in which nothing is left once what declines, apologises or offers help is taken
away. So "I'm not sure, but I think it was Paris" is an answer, and so is an answer with a warning.
"""

from __future__ import annotations

import re
from typing import Final

from synth.graders.normal import plain
from synth.graders.vocabulary import vocabulary

_LOOKED_AT: Final = 1200

_LY: Final = (
    r"(?:(?:\w+ly|just|still|also|even|quite|very|too|so|entirely|at all|actually|currently|now|well) )*"
)
_NOT_ABLE: Final = (
    r"(?:do not|dont|did not|didnt|cannot|can not|cant|could not|couldnt|would not|wouldnt|will not|wont|"
    r"was not able to|am not able to|are not able to|wasnt able to|unable to|not able to|have not|havent)"
)
_KNOW: Final = (
    r"(?:be able to |been able to |come to |really |actually )?(?:know|remember|recall|have|find|"
    r"see|understand|provide|answer|"
    r"say|tell|determine|confirm|give|identify|locate|access|verify|recogni[sz]e|possess|predict|"
    r"speculate|guess|"
    r"comment|help|assist|offer|browse|think i (?:know|can)|believe i (?:know|can))"
)
_INFORMATION: Final = (
    r"(?:information|info|answers?|evidence|records?|data|consensus|way to|details?|mention|proof|context|"
    r"knowledge)"
)
_SOURCE: Final = (
    r"(?:it|this|that|which|passage|text|context|article|document|question|information|source|"
    r"sources|statement|"
    r"paragraph|story|database|data|prompt|excerpt|history|scripture|record|records)"
)
_SPEAKER: Final = (
    rf"\b(?:i|we) {_LY}{_NOT_ABLE} {_LY}{_KNOW}\b",
    rf"\b(?:i am|im|we are|were|i was) {_LY}(?:not )?{_LY}(?:unable to|unsure|uncertain|unaware|"
    rf"unfamiliar|clueless|ignorant)\b",
    rf"\b(?:i am|im|we are) {_LY}not {_LY}(?:(?:100|100 percent|a hundred percent) )?"
    r"(?:sure|certain|aware|familiar|confident|positive|able|informed|equipped|designed|qualified|"
    r"knowledgeable|in a position)\b",
    r"\b(?:i|we) (?:\w+ly )?(?:have|ve|ve got|got|havent|have not) (?:absolutely |really |honestly |"
    r"literally )?"
    r"(?:no|not|not the|a|any|the)? ?(?:faintest |slightest |foggiest |real )?"
    r"(?:idea|clue|foggiest|faintest|knowledge|information|recollection|memory|record|data|way of|"
    r"way to|access|answer for|answer to)\b",
    r"\bive (?:absolutely )?no (?:idea|clue)",
    r"\b(?:i|we) (?:lack|decline|refuse|must decline|must refuse|have to pass|will pass|ll pass|"
    r"would rather not|"
    r"prefer not|would prefer not|wish i knew|admit|am at a loss|am stumped|am drawing a blank|"
    r"draw a blank|give up|"
    r"am clueless|forgot|have forgotten|forget|only know|only have)\b",
    r"\bid (?:rather|prefer) not\b",
    r"\bim (?:at a loss|stumped|drawing a blank|clueless|going to pass|passing)\b",
    r"\b(?:it is |this is |thats |its )?(?:beyond|outside)(?: of)? (?:my|the (?:scope|reach|limits))\b",
    r"\b(?:not|isnt) (?:something|anything|a topic|a question) (?:that )?(?:i|we)\b",
    r"\b(?:my|current) (?:knowledge|training|information|memory|database) (?:\w+ )?(?:is|does|"
    r"doesnt|cutoff|cut off|only|data|fails)",
    r"\bas an? (?:ai|language model|large language|artificial)",
    r"\b(?:escapes me|eludes me|slipped my mind|slips my mind|beats me|stumps me|search me|"
    r"news to me|above my pay)\b",
)
_WHOLE: Final = (
    r"^(?:\w+ )?(?:no idea|no clue|dunno|who knows|your guess is as good|havent a clue|not a clue|"
    r"god knows|lord knows|"
    r"heaven knows|(?:pass|skip|blank)$|hard to say|hard to tell|cant say|couldnt say|cannot say|"
    r"couldnt tell you|cant tell|"
    r"dont know|do not know|do not recall|dont recall|dont remember|do not remember|never heard of)\b",
    r"^(?:answer |it is |its |this is |that is |thats |still |currently |"
    r"sorry )?(?:an? )?(?:unknown|unsure|uncertain|unclear|undetermined|unanswerable|"
    r"unspecified|unavailable|undisclosed|undecidable|idk|n a|not sure|not certain|not known|"
    r"not clear|not available|not applicable|"
    r"not specified|not mentioned|not stated|not provided|not given|not found|not answerable|"
    r"not enough|none known|"
    r"impossible to|insufficient|cannot (?:be )?(?:answer|say|tell|determine|know)|cant (?:answer|"
    r"say|tell|determine)|"
    r"no (?:answer|information|comment|data|record|consensus|known|one knows|definitive|specific))"
    r"(?= (?:at|to|if|who|whom|what|when|where|which|why|how|whether|for|about|because|as|but|i|we|"
    r"sorry|in|from|on|of|by|"
    r"information|info|enough|data|context|answer|date|yet|found|given|available|provided|and|with|"
    r"without|the|this|that)\b|,|$)",
)
_MATTER: Final = (
    r"\b(?:is|are|was|were|thats|its|remains?|seems?|appears?|isnt|arent|wasnt)(?: \w+ly| still|"
    r" currently| as of yet| yet| to be| far from)* "
    r"(?:unknown|unclear|uncertain|undetermined|unanswerable|unresolved|undisclosed|unavailable|"
    r"debated|disputed|"
    r"not (?:\w+ly |yet |been )?(?:known|clear|certain|available|possible to|specified|mentioned|"
    r"stated|recorded|documented|"
    r"disclosed|determined|provided|given|established|answerable|publicly)(?! (?:for|as|to be))|"
    r"(?:im|not )possible to|(?:hard|difficult|tough|tricky) to (?:say|tell|know|predict|determine|"
    r"answer|pin)|"
    r"a mystery|a matter of (?:debate|opinion|speculation)|open to debate|up for debate|"
    r"anyones guess|clear)\b(?<!is clear)(?<!are clear)(?<!was clear)(?<!seems clear)",
    rf"\b(?:there is|theres|there are|there was|there were|there isnt|there arent|has|have|with|"
    rf"due to)(?: \w+ly| still| as of yet)* "
    rf"(?:no|not|not any|not enough|insufficient|too little|little|any|enough|"
    rf"a lack of) (?:\w+ ){{0,4}}?{_INFORMATION}\b",
    r"\b(?:it|this|that|they|answer|question|exact \w+|date|number|name) (?:cannot|can not|cant|"
    r"could not|couldnt) (?:\w+ly )?be "
    r"(?:\w+ly )?(?:known|answered|determined|specified|provided|given|established|confirmed|"
    r"verified|predicted|identified|found|inferred)",
    r"\b(?:no one|nobody|no person|no human|none)(?: \w+ly| really)* (?:knows|can (?:\w+ly )?(?:say|"
    r"know|tell|answer|predict)|is (?:\w+ly )?(?:sure|certain))",
    rf"\b(?:not|isnt|arent) (?:enough|sufficient|adequate) {_INFORMATION}|\b(?:insufficient|"
    rf"inadequate|lack of) {_INFORMATION}",
    rf"\b{_SOURCE} (?:do|does|did) ?(?:not|nt) (?:\w+ ){{0,2}}?(?:contain|provide|mention|include|"
    rf"specify|state|say|give|have|exist|tell|indicate|reveal|make sense)\b",
    rf"\b{_SOURCE} (?:doesnt|dont|didnt) (?:\w+ ){{0,2}}?(?:contain|provide|mention|include|specify|"
    rf"state|say|give|have|exist|tell|indicate|reveal|make sense)\b",
    r"\bneeds? (?:\w+ )?(?:more|additional|further) (?:information|context|details|data|info|specifics)",
    r"\b(?:time|history|future) will tell\b|\bonly time\b|\bno way (?:of knowing|to know|to tell)\b|"
    r"\bis no (?:\w+ )?(?:answer|consensus)\b",
    r"\b(?:cannot|cant|unable to) (?:answer|provide|determine|help|assist|say|tell|verify|confirm|"
    r"be (?:determined|known|answered|verified|confirmed|inferred|said))\b",
)
_DECLINES: Final = re.compile("|".join((*_SPEAKER, *_WHOLE, *_MATTER)))
_FILLER: Final = re.compile(
    r"\b(?:sorry|apologi[sz]e|apologies|unfortunately|afraid|please|let me know|feel free|"
    r"happy to help|can i help|"
    r"can you|could you|would you|did you mean|do you (?:know|have|mean)|if you|more (?:information|"
    r"context|details|specific)|rephrase|clarify|"
    r"clarification|i(?: would| d)? (?:recommend|suggest|advise)|"
    r"you (?:may|might|can|could|should|would need|will need|ll need|ll have) (?:\w+ ){0,3}?(?:want|"
    r"try|check|consult|look|search|find|visit|refer|"
    r"contact|ask|need)|try (?:searching|checking|asking|looking|again)|consult|check (?:the|with|"
    r"online|other)|refer to|"
    r"is there anything|anything else|thank you|thanks|(?:good|great|interesting|tough|tricky|hard|"
    r"difficult) (?:question|one)|i hope|"
    r"i(?: would| will| ll| d) (?:be|need|try|have to|love to|like to)|i wish|hmm+|sources? online|"
    r"reliable sources?|"
    r"next question|ask me|try me|somebody else|someone else)\b"
)
_NEUTRAL: Final = vocabulary(
    "to be honest honestly frankly well um uh hmm oh ah okay ok so then really actually just at "
    "this time moment point "
    "present the answer a an it this that i of my me sir friend at all for sure yet right now "
    "currently today in general "
    "with certainty certain truthfully speaking tbh alas yes no offhand off top head no. and or "
    "you your question for "
    "one exactly precisely specific regarding about on know as far is was"
)
_SUBORDINATE: Final = vocabulary(
    "who whom whose what when where which why how if whether as because since so nor and or though "
    "although that due "
    "given without with unfortunately sorry including like such especially particularly nor not "
    "unless let until"
)
_SENTENCE: Final = re.compile(
    r"[.!?…;:\n]+(?=\s|$)|,?\s+(?:but|however|although|though|nevertheless|yet)\b,?", re.IGNORECASE
)
# Every reply that declines has one of these words; most answers have none and need no closer look.
_HINTS: Final = vocabulary(
    "not no none nobody cannot cant dont didnt doesnt couldnt wouldnt wont isnt arent wasnt havent "
    "hasnt lack lacks need needs pass skip blank beyond outside sorry guess decline refuse rather "
    "prefer wish hard difficult tough tricky idk dunno beats knows know forgot forget forgotten loss "
    "stumped stumps escapes eludes slipped slips clue clueless ai language search debated disputed "
    "debate mystery impossible insufficient inadequate unable unsure unknown uncertain unclear unaware "
    "unfamiliar undetermined unanswerable unspecified unavailable undisclosed undecidable unresolved "
    "ignorant admit n tell time anyones without due my"
)
_HINT_WORD: Final = re.compile(r"[a-z]+")
_QUOTED: Final = re.compile(r"[\"“][^\"“”\n]{1,80}[\"”]")
_ASIDE: Final = re.compile(r",\s+(?:whose|which|who)\b[^,.!?\n]*")
_NOISE: Final = re.compile(r"[^a-z0-9\s,]+")


def is_refusal(text: str) -> bool:
    """Whether the reply declines to answer and gives no answer besides."""
    head = plain(text[:_LOOKED_AT]).casefold().replace("'", "")
    if _HINTS.isdisjoint(_HINT_WORD.findall(head)):
        return False
    declined = False
    head = _ASIDE.sub("", _QUOTED.sub(" quoted ", head)).replace("n/a", "n a")
    for sentence in _SENTENCE.split(head):
        clause = " ".join(_NOISE.sub(" ", sentence).split())
        if match := _DECLINES.search(clause.replace(",", "")):
            declined = True
            if any(_answers(piece) for piece in clause[match.end() :].split(",")[1:]):
                return False
        elif _answers(clause):
            return False
    return declined


def _answers(clause: str) -> bool:
    """Whether a clause that declines nothing says something that could be the answer."""
    said = clause.replace(",", " ").split()
    if not said or (said[0] in _SUBORDINATE and said[:2] != ["as", "of"]) or _NEUTRAL.issuperset(said):
        return False
    return not _FILLER.search(clause) and not _DECLINES.search(clause)
