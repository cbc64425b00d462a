"""Multiple choice: the letter, or the text, of the option that the reply settles on.

The last statement wins over letters inside the reasoning, and over an earlier statement that was taken
back. Naming two options there is no choice, nor are a letter and a text that contradict each other, nor
two statements that do: these stay undecided, and the first one named is given as the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase
from typing import Final, NamedTuple

from synth.graders.base import TRUNCATED, Item, Verdict
from synth.graders.choice.brief import lone_letter
from synth.graders.choice.options import Options, options, place_of, readable
from synth.graders.choice.statements import beside, letters, settled, statements
from synth.graders.extraction import own_turn
from synth.graders.normal import clip, words
from synth.graders.refusals import kind_of
from synth.graders.short.occurrence import stances

VERSION: Final = "4"

_SHORT: Final = 400
"""Characters of a reply that is read as a whole; of a longer one, only what it concludes with."""

_LEADING: Final = re.compile(
    r"[\s*_#\"'`]{0,6}(?P<called>(?i:option|choice|answer|letter)\s+)?"
    r"(?P<letter>\([A-Za-z]\)|\[[A-Za-z]\]|[a-z](?=\))|"
    r"(?(called)[a-z](?=\s*\.?\s*$)|(?!))|"
    r"[A-Z](?=[).:]|,\s|\*\*|\s*[-–—]\s|\s+(?:because|since)\b|\s*$|\s*\n))"
)
_LAST_LINE: Final = re.compile(
    r"[\s*_#\"'`$]{0,6}(?P<letter>\([A-Za-z]\)|[A-Z](?=[).\s*$\"'`]|$))[).:*\s]*(?P<text>.*)"
)
_MARKER: Final = re.compile(r"(?:^|\n)[\s*_#-]{0,6}\(?([A-Z])[).:](?=[\s*]|$)")
_INLINE: Final = re.compile(r"(?:^|[\s.;,])\(?([A-Z])[).:](?=\s)")
_LETTERS: Final = re.compile(
    r"\W*(?:(?i:both|either)\s+)?(?P<letter>\(?[A-Z]\)?)"
    r"(?P<more>(?:\s*(?:,\s*(?:and|or)\b|,|&|/|\band\b|\bor\b)\s*\(?[A-Z]\)?){1,9})\W*"
)
_ELLIPSES: Final = ("…", "...")
# A tail that goes on to questions of its own: which of them an answer in it belongs to, nobody can tell.
_OPTION_LIST: Final = re.compile(
    r"(?:^|\n)[ \t]{0,8}(?:Options|Choices)[ \t]?:|\n\(?B[.)].*\n\(?C[.)].*\n\(?D[.)]"
)
_CONCLUDES: Final = re.compile(
    r"\b(?:so|therefore|thus|hence|answer|option|choice|conclu\w+|correct|finally|must be|should be|best)\b|"
    r"^[^.!?]{1,200}[.!?]$",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")


class Picked(NamedTuple):
    """What the reply settles on.

    Attributes:
        options: places of the options named; one is a choice.
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
    text = readable(own_turn(whole)).strip()
    choices = item.choices or ()
    if not text:
        return Verdict("unparsed", None, None, "empty")
    if whole.startswith(_ELLIPSES) and (len(text) < len(whole) or _OPTION_LIST.search(text)):
        return Verdict("undecided", None, None, "run_on")
    picked = pick(text, choices)
    if not item.complete and not (picked and picked.closed):
        return TRUNCATED
    if picked is None:
        if kind := kind_of(text):
            return Verdict("refused", text, 0.0, f"refusal:{kind}")
        place = lone_letter(text, len(choices))
        picked = None if place is None else Picked((place,), "named", False)
    if picked is None:
        return Verdict("unparsed", None, None, "no_option")
    if len(picked.options) != 1:
        named = [choices[option] for option in picked.options if option < len(choices)]
        likely = 0.4 if set(named) & set(item.answers) else 0.02
        reason = picked.reason if picked.reason == "contradiction" else "several"
        return Verdict("undecided", named[0] if named else None, likely, reason)
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
    known = options(tuple(choices))
    bare = text.strip(" \n\t()[].*_\"'`$:").upper()
    # A lone letter is a letter, whatever text an option has; only beyond the last one may it be a text.
    if len(bare) == 1 and bare in ascii_uppercase[: len(choices)]:
        return Picked((ascii_uppercase.index(bare),), "letter", True)
    said = tuple(words(text)) if len(text) <= _SHORT else ()
    whole = [place for place, choice in enumerate(choices) if text == choice.strip()] or [
        place for place, form in enumerate(known.forms) if form and said == form
    ]
    lettered = _LEADING.match(text)
    if len(whole) == 1 and (lettered is None or place_of(lettered["letter"]) == whole[0] or text[1:2] == " "):
        return Picked((whole[0],), "text", True)
    if (several := _LETTERS.fullmatch(text)) and max(named := letters(several, known)) < len(choices):
        return Picked(named, "letter" if len(named) == 1 else "several", True)
    if (summary := known.summary(said)) is not None:
        return Picked((summary,), "text", True)
    if statement := settled(statements(text, known), text):
        return Picked(statement.options, statement.reason, statement.closed)
    return _leading(text, known) or _last_line(text, known) or _by_text(text, known)


def _leading(text: str, known: Options) -> Picked | None:
    """A letter that opens the reply, unless it opens a discussion of one option after the other."""
    match = _LEADING.match(text)
    if match is None or len(set(_MARKER.findall(text))) > 1 or _enumerates(text, len(known.forms)):
        return None
    place = place_of(match["letter"])
    named = beside(place, text[match.end() :], known) if place < len(known.forms) else (place,)
    return Picked(named, "leading" if len(named) == 1 else "contradiction", len(text) > match.end())


def _enumerates(text: str, options: int) -> bool:
    """Whether a reply goes through the options on one line, from the first on ("A: too small. B: …")."""
    listed = _INLINE.findall(text)
    return len(listed) >= min(3, options) and "".join(listed) == ascii_uppercase[: len(listed)]


def _last_line(text: str, known: Options) -> Picked | None:
    """A letter that closes the reply on a line of its own, alone or with its option's text."""
    before, _, line = text.rpartition("\n")
    match = _LAST_LINE.match(line)
    if match is None:
        return None
    place, rest = place_of(match["letter"]), tuple(words(match["text"]))
    listed = _MARKER.findall(before)
    if listed and place == place_of(listed[-1]) + 1 and not before.endswith("\n"):
        return None
    fits = not rest or (place < len(known.forms) and rest == known.forms[place])
    return Picked((place,), "last_line", False) if fits else None


def _by_text(text: str, known: Options) -> Picked | None:
    """The one option whose text the last sentence affirms; an option inside a longer one does not count."""
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    short = len(text) <= _SHORT
    if short and _enumerates(text, len(known.forms)):
        return None
    for part in (sentences[-1], text) if short else sentences[-1:]:
        if not short and (len(part) > _SHORT or not _CONCLUDES.search(part)):
            return None
        held = _affirmed(words(part), known)
        if held:
            together = known.named(held) if len(held) > 1 else None
            named = held if together is None else (together,)
            return Picked(named, "text_inside" if len(named) == 1 else "several", False)
    return None


def _affirmed(said: list[str], known: Options) -> tuple[int, ...]:
    """The options whose texts are among the words and not denied there."""
    held = []
    for place in sorted(range(len(known.forms)), key=lambda place: -len(known.forms[place])):
        form = known.forms[place]
        if form and (found := stances(form, said, (), False)):
            if set(found) != {"denied"}:
                held.append(place)
            said = _without(form, said)
    return tuple(sorted(held))


def _without(form: Sequence[str], said: Sequence[str]) -> list[str]:
    """The words with every occurrence of the form struck out."""
    joined = f" {'  '.join(said)} ".replace(f" {'  '.join(form)} ", " · ")
    return joined.split()
