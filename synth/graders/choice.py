"""Multiple choice: the letter, or the text, of the option that the reply settles on.

The last explicit statement wins over letters inside the reasoning; naming two options there is no
choice, and stays undecided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from string import ascii_uppercase
from typing import Final, NamedTuple

from synth.graders.base import TRUNCATED, Item, Verdict
from synth.graders.extraction import own_turn
from synth.graders.normal import clip, words
from synth.graders.refusals import is_refusal

VERSION: Final = "1"

_LETTER: Final = (
    r"[\s*_`\"'“$]{0,6}(?:\\[(\[]\s*)?\{?\s*(?:\\(?:boxed|fbox|text|textbf|mathrm|mathbf)\s*\{\s*)*"
    r"(?P<letter>\([A-Za-z](?:\)|$)|\[[A-Za-z]\]|[A-Z](?![\w'’]|\s*[=<>^+])|[a-z](?=\)|\s*\.?\s*$))"
    r"(?P<second>[\s*,)]*(?:\b(?:and|or)\b|&|/|,)\s*(?i:options?\s)?[\s*(]*(?P<other>[A-Z])(?![\w'’.]\w))?"
)
_STATED: Final = re.compile(
    r"(?:\b(?i:answers?|ans|choice|option|response)\b(?:\s+(?i:to|for)\s[^.:\n]{1,60}?)?"
    r"(?:\s+(?i:is|are|be|was|would\s+be|must\s+be|should\s+be|seems\s+to\s+be)\b|[*_\s]*[:：=])"
    r"(?:\s*(?i:therefore|thus|most\s+likely|likely|probably|definitely|clearly|either|both|closest\s+to|options?|letter|the|choice)\b)*"
    r"\s*[:：]?"
    r"|\\f?boxed\s*(?=\{)"
    r"|\b(?i:choose|choosing|select|pick|go\s+with|answer|closest\s+to|corresponds\s+to|matches|is|so|to)\s+(?i:option|choice|letter|answer)\s*[:：]?)"
    + _LETTER
)
_STATED_TEXT: Final = re.compile(
    r"\b(?:answer|choice|option)\b(?:\s+(?:is|would be|must be|should be)\b|\s*[:：])\s*[:：]?\s*",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(
    r"[\s*_#\"'`]{0,6}(?:(?i:option|choice)\s+)?"
    + r"(?P<letter>\([A-Za-z]\)|[A-Z](?=[).]|\s*[-–—]\s|\s*$|\s*\n)|[a-z](?=\)))"
)
_LAST_LINE: Final = re.compile(
    r"[\s*_#\"'`$]{0,6}(?P<letter>\([A-Za-z]\)|[A-Z](?=[).\s*$\"'`]|$))[).:*\s]*(?P<text>.*)"
)
_ARTICLES: Final = re.compile(
    r"\s+(?!(?:because|since|as|and|or|is|which|for|with|due|based|given|from|by|in|but)\b)[a-z]"
)
_PAIR: Final = re.compile(
    r"\W*(?:(?i:both|either)\s+)?(?P<letter>\(?[A-Z]\)?)\s*(?:,|&|/|\b(?i:and|or)\b)\s*(?P<other>\(?[A-Z]\)?)\W*"
)
_ELLIPSES: Final = ("…", "...")
# A tail that goes on to questions of its own: which of them an answer in it belongs to, nobody can tell.
_OPTION_LIST: Final = re.compile(
    r"(?:^|\n)[ \t]{0,8}(?:Options|Choices)[ \t]?:|\n\(?B[.)].*\n\(?C[.)].*\n\(?D[.)]"
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")


class Picked(NamedTuple):
    """What the reply settles on.

    Attributes:
        options: positions of the options named; one is a choice.
        reason: the rule that found them.
        closed: whether the statement is complete even where the reply was cut.
    """

    options: tuple[int, ...]
    reason: str
    closed: bool


def grade(items: Sequence[Item]) -> list[Verdict]:
    """One verdict for each item, in order."""
    return [_verdict(item) for item in items]


def _verdict(item: Item) -> Verdict:
    whole = clip(item.text).strip()
    text = own_turn(whole).strip()
    choices = item.choices or ()
    if not text:
        return Verdict("unparsed", None, None, "empty")
    if whole.startswith(_ELLIPSES) and (len(text) < len(whole) or _OPTION_LIST.search(text)):
        return Verdict("undecided", None, None, "run_on")
    picked = pick(text, choices)
    if picked is None or not (item.complete or picked.closed):
        if not item.complete:
            return TRUNCATED
        if is_refusal(text):
            return Verdict("refused", text, 0.0, "refusal")
        return Verdict("unparsed", None, None, "no_option")
    if len(picked.options) != 1:
        named = [choices[option] for option in picked.options if option < len(choices)]
        likely = 0.4 if set(named) & set(item.answers) else 0.02
        return Verdict("undecided", " | ".join(named), likely, "several")
    (option,) = picked.options
    if option >= len(choices):
        return Verdict("wrong", ascii_uppercase[option], 0.02, "no_such_option")
    if not item.answers:
        return Verdict("undecided", choices[option], None, "no_gold")
    chosen = _same_option(choices[option], item.answers, choices)
    return Verdict("correct" if chosen else "wrong", choices[option], 0.99 if chosen else 0.01, picked.reason)


def _same_option(option: str, answers: Sequence[str], choices: Sequence[str]) -> bool:
    """Whether the option is a right one: to the letter, for "-4" and "4" differ in nothing else.

    Only a gold that is no option as written is compared by normal form.
    """
    if option in answers:
        return True
    return any(answer not in choices and words(answer) == words(option) for answer in answers)


def pick(text: str, choices: Sequence[str]) -> Picked | None:
    """The option that a reply settles on; None where it names none."""
    said = words(text) if len(text) <= 400 else []
    forms = _forms(tuple(choices))
    bare = text.strip(" \n\t()[].*_\"'`$:").upper()
    # A lone letter is a letter, whatever text an option has; only beyond the last one may it be a text.
    if len(bare) == 1 and bare in ascii_uppercase[: len(choices)]:
        return Picked((ascii_uppercase.index(bare),), "letter", True)
    whole = [option for option, choice in enumerate(choices) if text == choice.strip()] or [
        option for option, form in enumerate(forms) if form and said == form
    ]
    if len(whole) == 1:
        return Picked((whole[0],), "text", True)
    if (pair := _PAIR.fullmatch(text)) and _index(pair["letter"]) != _index(pair["other"]):
        return Picked((_index(pair["letter"]), _index(pair["other"])), "several", True)
    return (
        _stated(text, forms)
        or _by_letter(_LEADING.match(text), text, "leading")
        or _last_line(text, forms)
        or _by_text(text, forms)
    )


def _stated(text: str, forms: Sequence[Sequence[str]]) -> Picked | None:
    """The last statement "the answer is …", with a letter or with an option's text behind it."""
    letter = None
    for match in _STATED.finditer(text):
        if (
            match["letter"] not in ("A", "I")
            or match["second"]
            or not _ARTICLES.match(text, match.end("letter"))
        ):
            letter = match
    by_text = None
    for match in _STATED_TEXT.finditer(text):
        rest = words(_SENTENCE.split(text[match.end() : match.end() + 600], maxsplit=1)[0])
        fitting = [option for option, form in enumerate(forms) if form and rest[: len(form)] == form]
        if fitting:
            longest = max(fitting, key=lambda option: len(forms[option]))
            by_text = match.end(), Picked((longest,), "stated_text", True)
    if letter is None:
        return by_text[1] if by_text else None
    if by_text and by_text[0] >= letter.start() and len(forms[by_text[1].options[0]]) > 1:
        return by_text[1]
    options = [_index(letter["letter"])]
    if letter["other"] and ascii_uppercase.index(letter["other"]) not in options:
        options.append(ascii_uppercase.index(letter["other"]))
    if len(options) > 1 and max(options) >= len(forms):
        options = options[:1]
    closed = len(letter["letter"]) > 1 or bool(text[letter.end() :].strip())
    return Picked(tuple(options), "stated", closed)


def _last_line(text: str, forms: Sequence[Sequence[str]]) -> Picked | None:
    """A letter that closes the reply on a line of its own, alone or with its option's text."""
    match = _LAST_LINE.match(text.rsplit("\n", 1)[-1])
    if match is None:
        return None
    option, rest = _index(match["letter"]), words(match["text"])
    fits = not rest or (option < len(forms) and rest == forms[option])
    return Picked((option,), "last_line", False) if fits else None


def _by_letter(match: re.Match[str] | None, text: str, reason: str) -> Picked | None:
    return Picked((_index(match["letter"]),), reason, len(text) > match.end()) if match else None


def _by_text(text: str, forms: Sequence[Sequence[str]]) -> Picked | None:
    """The one option whose text the last sentence holds; an option inside a longer one does not count."""
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    for part in (sentences[-1], text) if len(text) <= 400 else sentences[-1:]:
        joined = f" {' '.join(words(part))} "
        held = []
        for option in sorted(range(len(forms)), key=lambda option: -len(forms[option])):
            form = f" {' '.join(forms[option])} "
            if form.strip() and form in joined:
                held.append(option)
                joined = joined.replace(form, " · ")
        if held:
            return Picked(tuple(sorted(held)), "text_inside" if len(held) == 1 else "several", False)
    return None


def _index(letter: str) -> int:
    return ascii_uppercase.index(letter.strip("()[]").upper())


@lru_cache(maxsize=4096)
def _forms(choices: tuple[str, ...]) -> tuple[list[str], ...]:
    forms = [words(choice) for choice in choices]
    # Options that differ only in what a normal form drops cannot be told apart by it.
    return tuple(form if forms.count(form) == 1 else [] for form in forms)
