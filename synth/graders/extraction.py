"""The final answer inside a reply, where one was stated.

Nothing here knows the gold: an answer is what the reply calls its answer, right or wrong. A reply that
was cut at its length limit has one only where the statement visibly ended before the cut.
"""

from __future__ import annotations

import re
from collections import deque
from typing import Final, NamedTuple

_NEXT_TURN: Final = re.compile(
    r"\n[ \t>*#]{0,8}(?:Question|Q|Human|User|Input|Problem)\s*\d{0,4}\s*[:：]", re.IGNORECASE
)
_LABEL: Final = re.compile(
    r"(?:^|[\n.!?*]|\#\#)[#*_>\s]{0,8}"
    r"(?:so,?\s+|thus,?\s+|therefore,?\s+|hence,?\s+)?(?:the\s+|my\s+)?(?:final\s+|correct\s+|short\s+|best\s+)?"
    r"(?:answer|ans)[*_\s]{0,4}[:：][*_\s]{0,4}(?=\S)",
    re.IGNORECASE,
)
_ANSWER_IS: Final = re.compile(
    r"\b(?:answer|result|solution)(?:\s+(?:to|for)\s[^.:\n]{1,80}?)?\s+(?:is|would\s+be|must\s+be|should\s+be|=)"
    r"\s*(?:therefore|thus|simply|just|then|equal to|approximately)?\s*:?\s*(?=\S)",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"(?<![A-Z])[.!?](?=\s|$|\*)|\n")
_HASHES: Final = re.compile(r"(?:^|\n)[ \t]{0,8}####[ \t]*([^\n]+)")
_SHORT_LABEL: Final = re.compile(r"(?:^|\n)[ \t]{0,8}A[ \t]?[:：][ \t]*([^\n]+)")
_JSON_KEY: Final = re.compile(r"[\"'](?:final_?\s?)?answer[\"']\s*:\s*", re.IGNORECASE)
_JSON_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)("?)', re.DOTALL)
_BOX: Final = re.compile(r"\\f?boxed\s*")
_BETWEEN_BOXES: Final = re.compile(r"[^\n.!?]{0,70}?(?:,|;|\band\b|\bor\b)[^\n.!?]{0,70}?")


class Found(NamedTuple):
    """A stated answer.

    Attributes:
        answer: as written, without its label.
        how: a stable word: boxed, hashes, json, label, sentence.
        closed: whether the statement visibly ended (by a brace, a quote, a line break, more text).
    """

    answer: str
    how: str
    closed: bool


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match of the pattern in the text."""
    found = deque(pattern.finditer(text), maxlen=1)
    return found[0] if found else None


def own_turn(text: str) -> str:
    """The reply alone: a base model often goes on with a next question of its own."""
    turn = _NEXT_TURN.search(text, 1)
    return text[: turn.start()] if turn else text


def labelled(text: str) -> Found | None:
    """What stands behind the last "Answer:", to the end of its line."""
    match = last_match(_LABEL, text)
    if match is None:
        return None
    line, ended, _ = text[match.end() :].partition("\n")
    return Found(_bare(line), "label", bool(ended)) if _bare(line) else None


def answer_is(text: str) -> Found | None:
    """What stands behind the last "the answer is", to the end of its sentence."""
    match = last_match(_ANSWER_IS, text)
    if match is None:
        return None
    rest = text[match.end() :]
    end = _SENTENCE_END.search(rest)
    sentence = rest[: end.start()] if end else rest
    return Found(_bare(sentence), "sentence", end is not None and bool(rest[end.end() :].strip()))


def boxed(text: str) -> Found | None:
    r"""What is in the last `\boxed{…}`; several boxes in one line are one answer with commas."""
    boxes = list(_BOX.finditer(text))[-8:]
    found: list[str] = []
    closed = False
    start = len(text)
    for box in reversed(boxes):
        content, end = _braced(text, box.end())
        if end > start or not content:
            continue
        if found and not _BETWEEN_BOXES.fullmatch(text[end:start].strip("$ ")):
            break
        closed = closed or text[end - 1 : end] == "}"
        if not found or found[-1] != content:
            found.append(content)
        start = box.start()
    return Found(", ".join(reversed(found)), "boxed", closed) if found else None


def json_answer(text: str) -> Found | None:
    """The value of the last `"answer"` key, also where the JSON around it is broken."""
    match = last_match(_JSON_KEY, text)
    if match is None:
        return None
    rest = text[match.end() :]
    if string := _JSON_STRING.match(rest):
        # Only what JSON must escape is undone: models write LaTeX with single backslashes here.
        value = string[1].replace("\\\\", "\\").replace('\\"', '"').strip()
        return Found(value, "json", bool(string[2])) if value else None
    end = re.search(r"[\n}]", rest)
    value = (rest[: end.start()] if end else rest).strip().rstrip(",").strip()
    return Found(value, "json", end is not None) if value else None


def hashes(text: str) -> Found | None:
    """What stands behind the last "####", as GSM8K writes it."""
    return _last(_HASHES, text, "hashes")


def explicit(text: str) -> Found | None:
    """The answer that a worked solution states, by the strongest mark it has; None without any."""
    return (
        boxed(text)
        or hashes(text)
        or json_answer(text)
        or _later(labelled(text), answer_is(text), text)
        or _last(_SHORT_LABEL, text, "label")
    )


def closed_line(text: str) -> str | None:
    """The first line of a cut reply where it is an answer by itself: short, ended, announcing nothing."""
    line, ended, _ = text.strip().partition("\n")
    line = line.strip()
    return line if ended and len(line.split()) <= 10 and not line.endswith((":", "!", ",")) else None


def _later(first: Found | None, second: Found | None, text: str) -> Found | None:
    """Of two statements the one that comes later in the text."""
    if first is None or second is None:
        return first or second
    return first if text.rfind(first.answer) >= text.rfind(second.answer) else second


def _last(pattern: re.Pattern[str], text: str, how: str) -> Found | None:
    match = last_match(pattern, text)
    return Found(_bare(match[1]), how, match.end() < len(text)) if match and _bare(match[1]) else None


def _bare(line: str) -> str:
    """The line without Markdown emphasis around it."""
    return line.strip().strip("*_").strip()


def _braced(text: str, start: int) -> tuple[str, int]:
    """The content of the braces that open at `start` and where they end; a bare token where none open."""
    if text[start : start + 1] != "{":
        token = re.match(r"-?\w[\w/^()+-]*", text[start : start + 40])
        return (token.group(), start + token.end()) if token else ("", start)
    depth = 0
    for position in range(start, len(text)):
        if text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if not depth:
                return text[start + 1 : position].strip(), position + 1
    return "", len(text)
