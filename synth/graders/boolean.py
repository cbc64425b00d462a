"""Yes or no: the truth value that the reply states, with its negations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from synth.graders.base import TRUNCATED, Item, Verdict
from synth.graders.extraction import explicit, last_match, own_turn
from synth.graders.normal import clip, words
from synth.graders.refusals import is_refusal
from synth.graders.vocabulary import vocabulary

VERSION: Final = "1"

_TRUE: Final = vocabulary(
    "yes true correct right yeah yep yup affirmative indeed certainly absolutely definitely y t 1"
)
_FALSE: Final = vocabulary("no false incorrect wrong untrue nope nah negative n f 0 never")
_NEGATIONS: Final = vocabulary("not isnt wasnt arent never cannot cant neither")

_STATEMENT: Final = re.compile(
    r"\b(?:answer|statement|claim|proposition|assertion|sentence|premise|this|that|it)\s+"
    r"(?:is|was|would\s+be|must\s+be|should\s+be|seems)(?P<not>n['’]?t|\s+not|\s+never)?\s*"
    r"(?:therefore|thus|clearly|simply|most\s+likely|likely|probably|indeed|definitely|:|a|the|\s)*[\"'“*_(]*"
    r"(?P<value>yes|no|true|false|correct|incorrect|right|wrong|untrue)\b(?!\s+(?:that|to|one|way|longer))",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(r"[^\w]*(?P<value>[A-Za-z]+|[01])(?P<after>[^\w\s]|\s*$|\s)")
_ANYWHERE: Final = re.compile(
    r"\b(?P<not>not\s+|isn['’]?t\s+|wasn['’]?t\s+)?(?P<value>true|false|yes|incorrect|correct|untrue)\b",
    re.IGNORECASE,
)


def grade(items: Sequence[Item]) -> list[Verdict]:
    """One verdict for each item, in order."""
    return [_verdict(item) for item in items]


def _verdict(item: Item) -> Verdict:
    text = own_turn(clip(item.text)).strip()
    if not text:
        return Verdict("unparsed", None, None, "empty")
    value, reason, closed = truth(text)
    if not item.complete and not closed:
        return TRUNCATED
    if value is None:
        if is_refusal(text):
            return Verdict("refused", text, 0.0, "refusal")
        if reason == "both":
            return Verdict("undecided", None, 0.5, reason)
        return Verdict("unparsed", None, None, "no_truth_value")
    golds = {gold for gold in map(gold_truth, item.answers) if gold is not None}
    named = "yes" if value else "no"
    if len(golds) != 1:
        return Verdict("undecided", named, None, "no_gold")
    right = value in golds
    return Verdict("correct" if right else "wrong", named, 0.99 if right else 0.01, reason)


def gold_truth(answer: str) -> bool | None:
    """What a gold answer says; None where it is no truth value ("none" is not "no")."""
    said = words(answer)
    if len(said) != 1:
        return None
    return True if said[0] in _TRUE else False if said[0] in _FALSE else None


def truth(text: str) -> tuple[bool | None, str, bool]:
    """The truth value that a reply states, the rule that found it, and whether it was closed before a cut."""
    found = explicit(text)
    if found and (value := _leading(found.answer)) is not None:
        return value, "stated", found.closed
    if (value := _leading(text)) is not None:
        return value, "leading", True
    if statement := last_match(_STATEMENT, text):
        value = (statement["value"].casefold() in _TRUE) != bool(statement["not"])
        return value, "statement", bool(text[statement.end() :].strip())
    values = {
        (match["value"].casefold() in _TRUE) != bool(match["not"]) for match in _ANYWHERE.finditer(text)
    }
    if len(values) == 1:
        return values.pop(), "mentioned", False
    last = _leading(text.rsplit("\n", 1)[-1])
    if last is not None:
        return last, "last_line", False
    return None, "both" if values else "none", False


def _leading(text: str) -> bool | None:
    """The value that a text opens with: "No, …", "not true", but not "No evidence …" or "none"."""
    said = words(text[:60])
    if said[:1] and said[0] in _NEGATIONS and said[1:2] and said[1] in _TRUE | _FALSE:
        return said[1] in _FALSE
    match = _LEADING.match(text)
    if match is None:
        return None
    word = match["value"].casefold()
    if word not in _TRUE | _FALSE:
        return None
    # "No" and "right" before another word mostly belong to it: "no evidence", "right after the war".
    if (
        match["after"].isspace()
        and match["after"] != "\n"
        and word in ("no", "right", "wrong", "never", "certainly", "definitely", "n", "y", "t", "f", "1", "0")
    ):
        following = words(text[match.end() : match.end() + 30])[:1]
        if following and following[0] not in (
            "it",
            "they",
            "he",
            "she",
            "this",
            "that",
            "there",
            "i",
            "because",
            "you",
            "we",
        ):
            return None
    return word in _TRUE
