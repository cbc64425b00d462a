"""Parts a worked solution into its steps: lines, sentences of a long line, whole formulas, lines of code.

Nothing is lost: the steps joined are the solution.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from synth.graders.extraction import explicit

_LINE: Final = re.compile(r"(?:(?!\\n(?![a-z]))[^\n])*(?:(?:\n|\\n(?![a-z]))+|$)")
"""A line; inside JSON its end is written as a backslash and an n."""
_SENTENCE: Final = re.compile(r"(?<=[.!?])[\"”')\]*]*\s+(?=[^a-z\s])")
_NO_END: Final = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|No|vs|e\.g|i\.e|[ap]\.m)|^\W*\d+)\.\W*$")
_OPENS: Final = re.compile(r"\\\[|\\begin\{")
_CLOSES: Final = re.compile(r"\\\]|\\end\{")
_FENCE: Final = re.compile(r"^\s*```(\w*)")
_SAYS: Final = re.compile(r"\w.*\w|\d", re.DOTALL)


def parted(text: str) -> tuple[str, ...]:
    """The steps of a solution, in order; joined they are the solution again."""
    units: list[str] = []
    block: str | None = None  # the language of the fenced block that we are in
    opened = False
    for line in filter(None, _LINE.findall(text)):
        fence = _FENCE.match(line)
        if fence:
            block = fence[1] if block is None else None
        is_code = block not in (None, "json")
        parts = [line] if is_code or fence or opened else _sentences(line)
        if opened:
            units[-1] += parts.pop(0)
        units += parts
        opened = not is_code and _is_open(units[-1])
    return _joined(units)


def so_far(steps: Sequence[str]) -> str:
    """Steps as the beginning of a reply: a model goes on better without the space at the end."""
    return "".join(steps).rstrip(" ")


def gone_on(steps: Sequence[str], text: str) -> str:
    """Steps and what a model wrote after them."""
    return "".join(steps) + text.lstrip()


def ending(text: str) -> str:
    """How a solution states its answer: a stable word (boxed, hashes, json, label, sentence), "" for not."""
    found = explicit(text)
    return found.how if found else ""


def _sentences(line: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for end in _SENTENCE.finditer(line):
        if not _NO_END.search(line[start : end.start()]):
            parts.append(line[start : end.end()])
            start = end.end()
    return [*parts, line[start:]] if start < len(line) else parts


def _is_open(unit: str) -> bool:
    """Whether a displayed formula goes on in the next line."""
    dollars = unit.count("$$") % 2 == 1
    return dollars or len(_OPENS.findall(unit)) > len(_CLOSES.findall(unit))


def _joined(units: list[str]) -> tuple[str, ...]:
    """The units, those that say nothing (brackets, fences, blanks) put to the one before, or after."""
    steps: list[str] = []
    for unit in units:
        silent = bool(steps) and not _SAYS.search(_FENCE.sub("", steps[-1]))
        if steps and (silent or not _SAYS.search(_FENCE.sub("", unit))):
            steps[-1] += unit
        else:
            steps.append(unit)
    return tuple(steps)
