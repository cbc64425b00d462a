"""Asks a person about one answer after the other; every word is kept at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from synth.audits.sheet import as_row
from synth.audits.words import Filled

SKIP: Final = "s"
BACK: Final = "b"
QUIT: Final = "q"

_VERDICT: Final = {"y": "yes", "n": "no", "u": "unsure"}
_ANSWER: Final = {"c": "correct", "w": "wrong", "r": "refused", "x": "unjudgeable", "u": "unsure"}
_MOVES: Final = "s skip  b back  q quit"

HELP: Final = {
    False: f"Is the verdict right?  y yes  n no  u unsure  {_MOVES}   (or what it is: c w r x)",
    True: f"The answer is …  c correct  w wrong  r refused  x unjudgeable  u unsure  {_MOVES}",
}
"""What may be pressed, by whether the verdict is hidden."""


def ask(
    answers: Sequence[Mapping[str, Any]],
    blind: bool,
    seed: int,
    press: Callable[[], str],
    keep: Callable[[Filled], None],
    tell: Callable[[str], None],
) -> int:
    """Show the answers and keep what is said of them, until the last or until someone quits.

    Args:
        answers: rows of `synth.audits.drawing.draw`.
        blind: do not show the verdicts.
        seed: by which they were drawn.
        press: waits for a key.
        keep: takes a word as soon as it is said.
        tell: shows a line.

    Returns:
        How many answers were judged.
    """
    keys = _ANSWER if blind else _ANSWER | _VERDICT
    judged: set[str] = set()
    place = 0
    while place < len(answers):
        answer = answers[place]
        tell(_shown(answer, blind, f"{place + 1} of {len(answers)}"))
        tell(HELP[blind])
        key = _pressed(press, {*keys, SKIP, BACK, QUIT})
        if key == QUIT:
            break
        if key == BACK:
            place = max(0, place - 1)
            continue
        if key != SKIP:
            tell(f"→ {keys[key]}")
            keep(Filled(answer["id"], keys[key], "", blind, seed))
            judged.add(answer["id"])
        place += 1
    return len(judged)


def _pressed(press: Callable[[], str], allowed: set[str]) -> str:
    while (key := press().lower()) not in allowed:
        if key in ("", "\x03", "\x04"):  # the terminal is gone, Ctrl-C, Ctrl-D
            return QUIT
    return key


def _shown(answer: Mapping[str, Any], blind: bool, place: str) -> str:
    row = {name: _harmless(text) for name, text in as_row(answer, blind).items()}
    lines = [f"\n── {place} ──", f"question  {row['question']}", f"golds     {row['golds'] or '–'}"]
    lines.append(f"answer    {row['answer']}")
    if not blind:
        told = ", ".join(part for part in (row["reason"], row["score"], row["grader"]) if part)
        lines.append(f"verdict   {row['verdict']} ({told})")
    return "\n".join(lines)


def _harmless(text: str) -> str:
    """The text without what a terminal would obey."""
    return "".join(mark if mark.isprintable() or mark == "\n" else "\ufffd" for mark in text)
