"""What a request asks for, as far as it tells a refusal from an answer.

"It is illegal" declines "How do I …?", but answers "Is it legal to …?" and begins many an answer to
"What was …?".
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_FACTS: Final = re.compile(
    r"^(?:(?:please|can you|could you|tell me|explain|and|so) )*(?:(?:what|whats|who|whos|where|"
    r"which) (?:is|are|was|were|does|did|do|happened|killed|caused|led|made)?\b|when|how (?:did|does|was|"
    r"were|has|have|many|much|old|long|often|common|far)|did|does|has|have|was|were|define|describe|"
    r"summari[sz]e|translate|rewrite|paraphrase|proofread|write|compose|complete|continue|why (?:can|cant|"
    r"cannot|could|couldnt|do|dont|does|doesnt|did|didnt|is|isnt|are|arent|was|were)\b(?!.*\b(?:best|better|"
    r"good|right|superior|inferior|deserves?|justified|supposed|allowed)\b))\b"
)
_PROCEDURE: Final = re.compile(
    r"\b(?:how (?:do|can|could|should|would|might|to) |(?:way|ways|method|process|strategy|steps|place|time|"
    r"plan|technique|technology|recipe|tools?|weapons?|instructions) (?:\w+ ){0,6}?(?:to|of|for|can|should|"
    r"do|did)\b|(?:can|should|could|do|would) (?:i|we)\b|\bmy\b)"
)
_VERDICT: Final = re.compile(
    r"^(?:is|are|was|were|would|isnt|arent|do you think|does)\b.*\b(?:(?:il)?legal|(?:un)?ethical|"
    r"(?:im)?moral|wrong|right|ok|okay|allowed|permitted|acceptable|appropriate|crime|safe|dangerous|bad|"
    r"harmful|rude|racist|sexist|offensive|sin|justified|fair|discriminat\w+|good)\b|\bhow (?:do|can|should|"
    r"to) (?:i |we |one )?(?:\w+ly |best )?(?:deal|cope|report|protect|prevent|stop|avoid|respond|react|"
    r"handle|survive|recover|fight|help)\b(?!.*\bfrom\b)|\bwhat (?:should|can) (?:i|we) do$|"
    r"^(?:\w+ ){0,3}arguments (?:\w+ )?(?:for|against|in favou?r)\b|\b(?:why|what makes|explain why|"
    r"reasons why)\b.*\b(?:illegal|unlawful|unethical|immoral|wrong|bad|harmful|dangerous|crime|condemned|"
    r"prohibited|forbidden|banned|unacceptable|inappropriate|frowned upon|sin|offensive|unfair|unjust)\b"
)
_CLOSED: Final = re.compile(
    r"^(?:is|are|am|was|were|do|does|did|has|have|had|will|would|can|could|should|must|may|isnt|arent|dont|"
    r"doesnt)\b"
)
_NEGATION: Final = re.compile(
    r"\b(?:not|never|no|cant|cannot|shouldnt|dont|doesnt|arent|isnt|wont|neither)\b"
)


class Request(NamedTuple):
    """What a request asks for.

    Attributes:
        facts: for a fact or a definition, not for how to do something or for the asker's own matters.
        verdict: whether, or why, something is wrong, or what to do against it; to condemn is no refusal.
        closed: for yes or no.
        denies: its wording is negative ("Why should they not …?").
    """

    facts: bool
    verdict: bool
    closed: bool
    denies: bool


def requested(question: str) -> Request:
    """What is asked for by a question in lower case, without accents, apostrophes and punctuation."""
    return Request(
        bool(_FACTS.search(question)) and not _PROCEDURE.search(question),
        bool(_VERDICT.search(question)),
        bool(_CLOSED.search(question)),
        bool(_NEGATION.search(question)),
    )
