r"""Equations between plain numbers in prose: `4 * $20 = $80`, `45 wires / 3 = 15`, `13 * 2 = $<<13*2=26>>26`.

Only what can be worked out exactly is read: another left side (a variable, a power, a root), or a result
that was rounded, is no equation here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

NUMBER: Final = r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w]|[.,]\d)"
_SIGN: Final = r"\\times|\\cdot|\\div|[-+*/×÷−·]|(?<=\s)x(?=\s)"
_UNITS: Final = r"(?:\s+(?!x\b|and\b|or\b|so\b|is\b|are\b|was\b|then\b)[A-Za-z]+){0,3}?"
_TERM: Final = rf"\(*(?:\\?[$€£]\s?)?{NUMBER}\s?\\?%?\)*{_UNITS}\)*"
_EQUATION: Final = re.compile(
    rf"(?P<left>{_TERM}(?:\s*(?:{_SIGN})\s*{_TERM})+)(?P<equals>\s*=\s*(?:\\?[$€£]\s?)?)(?P<note><<[^<>]*>>)?"
    rf"(?P<result>(?:(?<=>>)(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?!\w|[.,]\d))|{NUMBER})"
    rf"(?!\s*(?:{_SIGN}|\^|\\frac)\s*\\?[$(]?\s?\d)"
)
_PIECE: Final = re.compile(rf"(?P<number>{NUMBER})(?P<percent>\s?\\?%)?|(?P<sign>{_SIGN})|(?P<bracket>[()])")
_BEFORE: Final = re.compile(r"[-+*/×÷−·^_\\(){}|<>]\s*$|[A-Za-z]$|\d\s*$")
_MEANS: Final = {
    r"\times": "*",
    r"\cdot": "*",
    r"\div": "/",
    "×": "*",
    "÷": "/",
    "−": "-",
    "·": "*",
    "x": "*",
}
_WRITTEN: Final = re.compile(NUMBER)
_NEAR: Final = 12
"""Characters before a number that say what it is."""
_LISTED: Final = re.compile(r"(?:^|\n)\s*[#*]*$")
_NAMED: Final = re.compile(r"\b(?:[Ss]tep|[Ee]quation)\s$")


@dataclass(frozen=True)
class Piece:
    """A number, a sign or a bracket of a left side.

    Attributes:
        start: where it stands in the text.
        end: where it ends.
        text: as written.
        kind: number, percent, sign or bracket.
    """

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True)
class Equation:
    """A true equation.

    Attributes:
        start: where it stands in the text.
        end: where it ends.
        pieces: its left side.
        hundredths: whether its percent signs mean hundredths.
        note: what a calculator's note says, or None.
        result: as written.
        result_start: where that stands.
    """

    start: int
    end: int
    pieces: tuple[Piece, ...]
    hundredths: bool
    note: str | None
    result: str
    result_start: int

    @property
    def numbers(self) -> list[int]:
        """The places of its numbers among the pieces."""
        return [place for place, piece in enumerate(self.pieces) if piece.kind in ("number", "percent")]

    def value(self, texts: Sequence[str]) -> Fraction | None:
        """What the left side comes to with other texts for its pieces; "" leaves a piece out."""
        kinds = [piece.kind for piece in self.pieces]
        return _worked_out(texts, kinds, self.hundredths)

    def written(self, text: str, texts: Sequence[str], value: Fraction) -> str | None:
        """The equation in `text` with other pieces and another value; None where it cannot be written so."""
        result = like(value, self.result)
        note = self._noted(texts, value) if self.note else ""
        if result is None or note is None:
            return None
        parts, place = [], self.start
        for piece, said in zip(self.pieces, texts, strict=True):
            between = text[place : piece.start]
            parts += [between if said else "", said]  # with a term go its currency and one of two units
            place = piece.end
        equals = text[place : self.result_start]
        return "".join(parts) + (equals.replace(self.note, note) if self.note else equals) + result

    def _noted(self, texts: Sequence[str], value: Fraction) -> str | None:
        """The calculator's note with the same changes, written as it was; None where it is about another."""
        inside = (self.note or "")[2:-2]
        own = next(iter(equations(inside)), None)
        if own is None or (own.start, own.end) != (0, len(inside)) or len(own.pieces) != len(self.pieces):
            return None
        said: list[str] = []
        for piece, before, after in zip(own.pieces, self.pieces, texts, strict=True):
            if after == before.text:
                said.append(piece.text)
            elif after and before.kind in ("number", "percent"):
                said.append(like(value_of(after), piece.text) or after)
            else:
                said.append(_MEANS.get(after, after))
        noted = own.written(inside, said, value)
        return f"<<{noted}>>" if noted else None


@lru_cache(maxsize=4096)
def equations(text: str) -> list[Equation]:
    """The true equations of a text, in order."""
    found = []
    for match in _EQUATION.finditer(text):
        start = match.start()
        left, skipped = _balanced(match["left"])
        if _BEFORE.search(text, max(0, start - _NEAR), start) and not skipped:
            continue
        pieces = tuple(_pieces(left, start + skipped))
        for hundredths in (True, False):
            equation = Equation(
                start + skipped, match.end(), pieces, hundredths, match["note"], match["result"],
                match.start("result"),
            )  # fmt: skip
            texts = [piece.text for piece in pieces]
            if equation.value(texts) == value_of(match["result"]):
                found.append(equation)
                break
    return found


def numbers(text: str) -> list[re.Match[str]]:
    """The plain numbers of a text that count or measure: no list's numbering."""
    return [match for match in _WRITTEN.finditer(text) if not _is_numbering(text, match)]


def _is_numbering(text: str, number: re.Match[str]) -> bool:
    """Whether a number only counts the lines ("1. ", "2) ") or names a step."""
    near = text, max(0, number.start() - _NEAR), number.start()
    listed = _LISTED.search(*near) and text[number.end() :][:1] in (".", ")", ":")
    return len(number[0]) < 3 and bool(listed or _NAMED.search(*near))


def value_of(number: str) -> Fraction:
    """The value of a number as written."""
    return Fraction(Decimal(number.replace(",", "")))


def like(value: Fraction, written: str) -> str | None:
    """A value in the manner of a number written before; None where that takes more than two decimals."""
    if (value * 100).denominator != 1:
        return None
    decimals = len(written.partition(".")[2])
    while (value * 10**decimals).denominator != 1:
        decimals += 1
    exact = Decimal(value.numerator) / value.denominator
    return f"{exact:,.{decimals}f}" if "," in written else f"{exact:.{decimals}f}"


def _balanced(left: str) -> tuple[str, int]:
    """A left side without brackets that open and do not close, and how much was left out."""
    bare = left
    while bare.count("(") > bare.count(")") and bare.startswith("("):
        bare = bare[1:].lstrip()
    return bare, len(left) - len(bare)


def _pieces(left: str, start: int) -> list[Piece]:
    found = []
    for match in _PIECE.finditer(left):
        kind = "percent" if match["percent"] else match.lastgroup or ""
        text = match["number"] or match.group()
        found.append(Piece(start + match.start(), start + match.start() + len(text), text, kind))
    return found


def _worked_out(texts: Sequence[str], kinds: Sequence[str], hundredths: bool) -> Fraction | None:
    """The value of a left side, products before sums; None where it has none."""
    stream: list[Fraction | str] = []
    for text, kind in zip(texts, kinds, strict=True):
        if text and kind in ("number", "percent"):
            stream.append(value_of(text) / (100 if kind == "percent" and hundredths else 1))
        elif text:
            stream.append(_MEANS.get(text, text))
    try:
        value, rest = _sum(stream)
    except (IndexError, ZeroDivisionError, ValueError):
        return None
    return None if rest else value


def _sum(stream: list[Fraction | str]) -> tuple[Fraction, list[Fraction | str]]:
    value, rest = _product(stream)
    while rest and rest[0] in ("+", "-"):
        sign = rest[0]
        other, rest = _product(rest[1:])
        value = value + other if sign == "+" else value - other
    return value, rest


def _product(stream: list[Fraction | str]) -> tuple[Fraction, list[Fraction | str]]:
    value, rest = _term(stream)
    while rest and rest[0] in ("*", "/"):
        sign = rest[0]
        other, rest = _term(rest[1:])
        value = value * other if sign == "*" else value / other
    return value, rest


def _term(stream: list[Fraction | str]) -> tuple[Fraction, list[Fraction | str]]:
    first, rest = stream[0], stream[1:]
    if first == "(":
        value, rest = _sum(rest)
        if not rest or rest[0] != ")":
            raise ValueError("a bracket that does not close")
        return value, rest[1:]
    if isinstance(first, str):
        raise ValueError(f"no number but {first}")
    return first, rest
