"""The statements in a reply to a multiple-choice question that name an option, and which of them counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from synth.graders.choice.options import Options, place_of
from synth.graders.normal import words

_OPEN: Final = (
    r"[\s*_`\"'“$]{0,6}(?:\\[(\[]\s*)?\{?\s*(?:\\(?:boxed|fbox|text|textbf|mathrm|mathbf)\s*\{\s*){0,4}"
    r"(?:(?i:options?|choice|letter)\s+)?[*_\"'“]{0,4}"
)
_OTHER: Final = r"(?:\(?[A-Z]\)|[B-HJ-Z](?![\w'’])|[AI](?![\w'’]|\s+[a-z]))"
_AND: Final = r"[\s*]{0,4}(?:,\s*(?:and|or)\b|\b(?:and|or)\b|&|/|,)\s*(?:(?i:options?|choice)\s)?[\s*]{0,4}"
_LETTER: Final = (
    _OPEN + r"(?P<letter>\(\s?[A-Za-z]\s?(?:\)|$)|\([A-Z](?=\s*(?:,|&|/|and\b|or\b))|\[[A-Za-z]\]|"
    r"[A-Z](?![\w'’]|\s*(?:[=>^+]|<(?!/)))|[a-z](?=\)|\s*\.?\s*$))"
    + rf"(?P<more>(?:{_AND}{_OTHER}){{1,9}}(?!\s+(?:is|are|was|were|can|does|has|would)\b))?"
)
_HEDGE: Final = (
    r"(?:\s*(?i:therefore|thus|most\s+likely|likely|probably|definitely|clearly|simply|indeed|actually|either|"
    r"both|closest\s+to|options?|letter|the|choice)\b)*"
)
_STATED: Final = re.compile(
    r"(?:\b(?i:answers?|ans|choice|option|response|solution)\b[\"'”]?(?:\s+(?i:to|for|that|which)\s[^.:\n]{1,60}?)?"
    r"(?:\s+(?i:is|are|be|was|would\s+be|must\s+be|should\s+be|has\s+to\s+be|seems\s+to\s+be)\b|[*_\s]*[:：=])"
    rf"{_HEDGE}\s*[:：]?"
    r"|\\f?boxed\s*(?=\{)|<(?i:answer)>\s*"
    r"|\b(?i:choose|choosing|select|pick|go\s+with|answer|closest\s+to|corresponds\s+to|matches|is|so|to)"
    r"\s+(?i:option|choice|letter|answer)\s*[:：]?"
    r"|\b(?:I|I['’]d|I['’]ll|I['’]m|we)\s+(?:\w+\s+)?(?:choose|choosing|select|pick|go(?:ing)?\s+(?:with|for)|"
    r"say|guess)\b)" + _LETTER
)
_CONCLUDED: Final = re.compile(
    r"(?:\b(?i:therefore|thus|hence|so|it\s+is|it['’]s|it\s+must\s+be|that\s+leaves|leaving(?:\s+us\s+with)?|"
    r"leaves(?:\s+us\s+with)?|i\s+mean|make\s+that|make\s+it|go\s+with|must\s+be|has\s+to\s+be)\b|"
    r"\b(?i:no|wait|actually|sorry|correction|rather|instead|but)\b(?=\s*[,:;—–.…-])|[⇒→]|=>|->)"
    r"[\s,:;—–.…-]{1,4}(?:(?i:it['’]s|it\s+is|that['’]s|rather|actually|choose|pick|option|choice)\s+){0,2}"
    + _LETTER
    + r"(?=[\s*_\"'”})\].]*(?:$|\n|[.,;!?]|\s+(?:because|since|as|instead|rather|then|for)\b))"
)
_IS_RIGHT: Final = re.compile(
    r"(?:(?:\b(?i:options?|choice|answer|statement)\s+)?(?P<letter>\([A-Za-z]\)|\b[A-Z](?![\w'’]))"
    rf"(?P<more>(?:{_AND}{_OTHER}){{1,9}})?[\"'”*_):.]{{0,4}})"
    r"(?:\s+[^\n.,;]{1,60}?)?\s+(?:is|are|was|would\s+be|must\s+be|seems|looks)\s+"
    r"(?:(?:therefore|thus|clearly|indeed|also|definitely|both|likely|most\s+likely|probably|the|a|an|our|my|"
    r"one|only|most|more)\s+){0,4}"
    r"(?:correct|right|best|accurate|appropriate)\b(?!\s+(?:if|when|only|about|that|side|hand))"
)
_TOGETHER: Final = re.compile(
    rf"\b(?:(?i:both)|(?i:either))\s+(?P<letter>\(?[A-Z]\)?)(?P<more>(?:{_AND}{_OTHER}){{1,3}})"
    r"(?!\s+(?:is|are|was|were|seem|look|can)\b)"
)
_SAID: Final = re.compile(
    r"(?:\b(?:answer|choice|option)\b[\"'”]?(?:\s+(?:is|would be|must be|should be)\b|\s*[*_]*[:：])|"
    r"\\boxed\s*\{(?:\\text\s*\{)?|<answer>)\s*[:：]?\s*",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(
    r"\s+(?!(?:because|since|as|and|or|is|which|for|with|due|based|given|from|by|in|but|instead|then)\b)[a-z]"
)
_VOID: Final = re.compile(
    r"(?:\b(?:if|whether|suppose|assum\w+|doubt|unless|could|not|neither|none|isn['’]t|why|would)\b|"
    r"n['’]t\s+(?:think|believe|say)\b)"
    r"[^.\n,;]{0,24}$",
    re.IGNORECASE,
)
_CHANGES: Final = re.compile(
    r"\b(?:no|not|wait|actually|however|but|sorry|correct(?:ion|ing)|rather|instead|i mean|mistake\w*|wrong|"
    r"scratch|"
    r"re-?(?:check|consider|evaluat|think|read|exam)\w*|(?:double[- ])?check\w*|on second thought|hmm+|oops|"
    r"although|though|incorrect|more (?:accurate|precise)\w*|better|yet|alternatively|make that)\b|n['’]t\b",
    re.IGNORECASE,
)
_SEGMENT: Final = re.compile(r"[.;,!)](?=\s|$)|\n|\s[-–—(]|\b(?:because|since)\b|\*\*")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")


class Statement(NamedTuple):
    """A place where the reply names what it takes for the answer.

    Attributes:
        start: where it begins in the text.
        end: where it ends.
        options: the places of the options it names, in its order.
        reason: the rule that found it.
        closed: whether it is complete even where the reply was cut.
        confirmed: whether the option's own text stands behind its letter.
    """

    start: int
    end: int
    options: tuple[int, ...]
    reason: str
    closed: bool
    confirmed: bool


def statements(text: str, known: Options) -> list[Statement]:
    """All statements of a reply, in their order."""
    stated = [
        *_by_letter(_STATED, text, known),
        *_by_letter(_CONCLUDED, text, known),
        *_by_letter(_TOGETHER, text, known),
        *_by_text(text, known),
    ]
    # "B is correct" may be said of every option in turn: it is read only where no answer is stated.
    found = stated or list(_by_letter(_IS_RIGHT, text, known))
    return sorted(found, key=lambda statement: (statement.end, statement.start))


def settled(found: Sequence[Statement], text: str) -> Statement | None:
    """The statement that counts: the last, unless an earlier one says otherwise and was never taken back.

    Where most say the same, the rest does not matter.
    """
    if not found:
        return None
    last = found[-1]
    contrary = [
        statement
        for statement in found[:-1]
        if not set(last.options) <= set(statement.options)
        and statement.confirmed >= last.confirmed
        and not _CHANGES.search(text, statement.end, max(statement.end, last.start))
        and not _CHANGES.match(text, last.start)
    ]
    mostly = 2 * sum(statement.options == last.options for statement in found) > len(found)
    if not contrary or mostly:
        return last
    everything = tuple(
        dict.fromkeys(option for statement in (*contrary, last) for option in statement.options)
    )
    return last._replace(options=everything, reason="contradiction")


def letters(match: re.Match[str], known: Options) -> tuple[int, ...]:
    """The options that a match names by their letters, in its order."""
    places = [place_of(match["letter"])]
    if match["more"]:
        others = [place_of(letter) for letter in re.findall(r"\b[A-Z]\b", match["more"])]
        if max(others) < len(known.forms):
            places += others
    places = list(dict.fromkeys(places))
    together = known.named(places) if len(places) > 1 else None
    return tuple(places) if together is None else (together,)


def beside(place: int, rest: str, known: Options) -> tuple[int, ...]:
    """The option at a letter, and another one where the text behind the letter is that one's."""
    said = _opens(rest)
    other = known.forms.index(said) if said and said in known.forms else place
    return (place,) if other == place else (place, other)


def _opens(rest: str) -> tuple[str, ...]:
    """The words that stand behind a letter, to the end of their part of the sentence."""
    return tuple(words(_SEGMENT.split(rest[:300].lstrip(" )].:*_-–—\"'"), maxsplit=1)[0]))


def _by_letter(pattern: re.Pattern[str], text: str, known: Options) -> Iterator[Statement]:
    for match in pattern.finditer(text):
        places = letters(match, known)
        outside = max(places) >= len(known.forms)
        if _VOID.search(text[max(0, match.start() - 60) : match.start()]):
            continue
        article = match["letter"] in ("A", "I") and not match["more"] and pattern is not _IS_RIGHT
        if article and _ARTICLE.match(text, match.end("letter")):
            continue
        if text[match.start("letter") : match.end() + 200].startswith(known.lettered):
            continue
        rest = text[match.end() : match.end() + 300]
        if outside:
            # Beyond the last letter it may be the text of an option: "The answer is II".
            said = words(text[match.start("letter") : match.end() + 40])
            if pattern is not _STATED or known.begins(said) is not None:
                continue
        elif len(places) == 1 and pattern is not _IS_RIGHT:
            places = beside(places[0], rest, known)
        confirmed = len(places) == 1 and not outside and _opens(rest) == known.forms[places[0]]
        closed = len(match["letter"]) > 1 or bool(rest.strip())
        yield Statement(match.start(), match.end(), places, "stated", closed, confirmed)


def _by_text(text: str, known: Options) -> Iterator[Statement]:
    for match in _SAID.finditer(text):
        if _VOID.search(text[max(0, match.start() - 60) : match.start()]):
            continue
        rest = words(_SENTENCE.split(text[match.end() : match.end() + 600], maxsplit=1)[0])
        place = known.begins(rest)
        # A text of one letter ("A city …") is more likely the option's letter, or an article.
        if place is not None and len("".join(known.forms[place] or rest[:1])) > 1:
            yield Statement(match.start(), match.end(), (place,), "stated_text", True, False)
