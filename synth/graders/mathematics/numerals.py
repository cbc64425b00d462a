r"""Plain numbers in the ways they are written, read exactly.

"1,234.5", "1 234", "1.234,5", "1 1/2", "\frac{3}{2}", "0.\overline{3}", "0.1666…", "3.2\times10^{4}"
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

LONGEST: Final = 800
"""Characters of a number; a longer one is no final answer and is not computed with."""

_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,400}")
_DECIMAL: Final = re.compile(r"[-+]?(?:[0-9]{1,400}\.[0-9]{0,400}|\.[0-9]{1,400})")
_PART: Final = r"[0-9]{1,200}(?:\.[0-9]{1,50})?"
_RATIO: Final = re.compile(rf"([-+]?)\(?([-+]?{_PART})\)?/\(?(-?{_PART})\)?")
_TEX_RATIO: Final = re.compile(rf"([-+]?)([0-9]{{0,50}})\\frac\{{(-?{_PART})\}}\{{(-?{_PART})\}}")
_MIXED: Final = re.compile(r"([-+]?)([0-9]{1,50})\s+(?:and\s+)?([0-9]{1,50})/([0-9]{1,50})")
_MIXED_TEX: Final = re.compile(r"([-+]?)([0-9]{1,50})\s+and\s+\\frac\{([0-9]{1,50})\}\{([0-9]{1,50})\}")
_REPEATING: Final = re.compile(r"([-+]?)([0-9]{0,50})\.([0-9]{0,50})\\overline\{([0-9]{1,50})\}")
_DOTTED: Final = re.compile(r"\\dot\{?([0-9])\}?(?:([0-9]{0,20})\\dot\{?([0-9])\}?)?$")
_ELLIPSIS: Final = re.compile(
    r"([-+]?[0-9]{0,50}\.[0-9]{0,20}?)([0-9]{1,6}?)\2{2,12}(?:\.\.\.|…|\\[lcd]?dots|\\ldots)$"
)
_SCIENTIFIC: Final = re.compile(
    r"([-+]?[0-9]{1,50}(?:\.[0-9]{1,50})?)(?:\\times|\\cdot|\*|x)10\^\{?(-?[0-9]{1,3})\}?|"
    r"([-+]?[0-9]{1,50}(?:\.[0-9]{1,50})?)[eE]([-+]?[0-9]{1,3})"
)
_GROUPED: Final = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:[ '][0-9]{3}){1,99}(?![0-9,])")
_APART: Final = re.compile(r"[0-9]\s+[0-9]")
_CONTINENTAL: Final = re.compile(r"[-+]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,50}")


_HOW_MANY: Final = {
    name: count
    for count, name in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1)
}
_PARTS: Final = {
    name: count
    for count, names in enumerate(
        ("half halves", "third", "quarter fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 2
    )
    for name in names.split()
}
_SPOKEN: Final = re.compile(r"(?:(an?|[a-z]{3,5})[\s-]+)?([a-z]{4,8}?)(s?)", re.IGNORECASE)


class Number(NamedTuple):
    """A number.

    Attributes:
        value: exact.
        digits: the significant digits where it was written with a decimal point, else None.
    """

    value: Fraction
    digits: int | None = None


def number(tex: str) -> Number | None:
    """The plain number that a text without wrapping is; None where it is anything else."""
    loose = tex.strip()
    if match := _MIXED.fullmatch(loose) or _MIXED_TEX.fullmatch(loose):
        part = _ratio(match[3], match[4])
        return None if part is None else Number(_signed(match[1], int(match[2]) + part))
    if len(loose) > LONGEST:
        return None
    loose = _GROUPED.sub(lambda match: re.sub(r"[\s']", "", match.group()), loose)
    if _APART.search(loose):
        return None
    tight = re.sub(r"\s+", "", loose)
    if _INTEGER.fullmatch(tight):
        return Number(Fraction(int(tight)))
    if _CONTINENTAL.fullmatch(tight):
        tight = tight.replace(".", "").replace(",", ".")
    if _DECIMAL.fullmatch(tight):
        return Number(Fraction(Decimal(tight)), _significant(tight))
    if match := _RATIO.fullmatch(tight):
        part = _ratio(match[2], match[3])
        return None if part is None else Number(_signed(match[1], part))
    if match := _TEX_RATIO.fullmatch(tight):
        part = _ratio(match[3], match[4])
        return None if part is None else Number(_signed(match[1], int(match[2] or 0) + part))
    if match := _REPEATING.fullmatch(_overlined(tight)):
        return Number(_signed(match[1], _repeating(match[2], match[3], match[4])))
    if match := _SCIENTIFIC.fullmatch(tight):
        base, exponent = match[1] or match[3], int(match[2] or match[4])
        return Number(Fraction(Decimal(base)) * Fraction(10) ** exponent, _significant(base))
    return None


def spoken(text: str) -> Fraction | None:
    """The fraction that a text in words is ("half", "two thirds"); None for anything else."""
    match = _SPOKEN.fullmatch(text.strip(" .\n"))
    if match is None:
        return None
    part = _PARTS.get(match[2].lower()) or _PARTS.get(f"{match[2]}{match[3]}".lower())
    many = 1 if match[1] is None or match[1].lower() in ("a", "an") else _HOW_MANY.get(match[1].lower())
    named = match[1] is not None or part == 2
    return Fraction(many, part) if part and many and named else None


def _overlined(tight: str) -> str:
    r"""Repeating digits as `\overline{…}`, also where they wear dots or are followed by an ellipsis."""
    if "dot" in tight or "…" in tight or tight.endswith("..."):
        tight = _ELLIPSIS.sub(r"\1\\overline{\2}", tight)
        return _DOTTED.sub(lambda match: rf"\overline{{{match[1]}{match[2] or ''}{match[3] or ''}}}", tight)
    return tight


def _repeating(whole: str, once: str, again: str) -> Fraction:
    head = int(whole + once or 0)
    return Fraction(int(f"{head}{again}") - head, (10 ** len(again) - 1) * 10 ** len(once))


def _significant(decimal: str) -> int:
    return len(decimal.lstrip("+-0.").replace(".", "")) or 1


def _ratio(numerator: str, denominator: str) -> Fraction | None:
    below = Fraction(Decimal(denominator))
    return Fraction(Decimal(numerator)) / below if below else None


def _signed(sign: str, value: Fraction) -> Fraction:
    return -value if sign == "-" else value
