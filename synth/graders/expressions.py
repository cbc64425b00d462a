r"""The normal form of a mathematical answer, and its exact value where it is a number.

`\dfrac{1}{2}`, `$\frac12$` and `1/2` have one form or one value here. This settles nearly all answers
without computer algebra; what it cannot settle goes to `synth.graders.algebra`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from synth.graders.vocabulary import vocabulary

LONGEST: Final = 400
"""Characters of an expression; a longer one is no final answer and is not computed with."""

_REPAIRS: Final = {
    "\x0crac": r"\frac",
    "\x08oxed": r"\boxed",
    "\times": r"\times",
    "\text": r"\text",
    "\theta": r"\theta",
}
_SYMBOLS: Final = str.maketrans(
    {
        **{
            "−": "-",
            "–": "-",
            "—": "-",
            "×": r"\times ",
            "·": r"\cdot ",
            "⋅": r"\cdot ",
            "÷": "/",
            "⁄": "/",
            "∕": "/",
        },
        **{
            "π": r"\pi ",
            "∞": r"\infty ",
            "°": r"^\circ ",
            "≤": r"\le ",
            "≥": r"\ge ",
            "≠": r"\ne ",
            "∪": r"\cup ",
        },
        **{
            "∅": r"\emptyset ",
            "θ": r"\theta ",
            "±": r"\pm ",
            "√": r"\sqrt ",
            "∩": r"\cap ",
            "∈": r"\in ",
            "≈": r"\approx ",
        },
        **{mark: f"^{{{digit}}}" for digit, mark in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
        **{mark: f"_{{{digit}}}" for digit, mark in enumerate("₀₁₂₃₄₅₆₇₈₉")},
        **{"½": "{1/2}", "¼": "{1/4}", "¾": "{3/4}", "⅓": "{1/3}", "⅔": "{2/3}"},
        **dict.fromkeys("\u200b\u200e\u200f\u202a\u202b\u202c\u2060\ufeff"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
    }
)
_WRAPPING: Final = re.compile(
    r"\\(?:left|right|displaystyle|limits|bigl?|bigr|Bigl?|Bigr)(?![A-Za-z])\.?|\\[!,;: ]|\\q?quad|"
    r"~|\\[()\[\]]|(?<!\\)\$|\\\$"
)
_TEXT: Final = re.compile(
    r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mbox|operatorname|textnormal)\s*\{([^{}]*)\}"
)
_FRACTION: Final = re.compile(r"\\[dtc]?frac\s*")
_SHORT_FRACTION: Final = re.compile(r"\\frac(?:(\d)\s*(\d)|\{([^{}]*)\}\s*(\d)|(\d)\s*\{)")
_SHORT_ROOT: Final = re.compile(r"\\sqrt\s*(\d+|[A-Za-z])")
_CALLED_ROOT: Final = re.compile(r"\\?\bsqrt\s*\(|\\sqrt\s*\(")
_POWER: Final = re.compile(r"\^\s*(-?\d{2,}|-\d)")
_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_NAMED: Final = re.compile(r"^[A-Za-z](?:_\{?\w\}?)?(?:\([A-Za-z]\))?\s*(?:=|\\approx)\s*(?=[^=]+$)")
_PERCENT: Final = re.compile(r"\s*(?:\\?%|\bpercent\b|\bper cent\b)\s*")
_ABOUT: Final = re.compile(r"^(?:\\approx|about|approximately|roughly|around|exactly|only)\s*", re.IGNORECASE)
_WITH_UNIT: Final = re.compile(
    r"(?P<value>[-+]?\s*(?:\d|\.\d|\\frac)[\d.,/{}\\fracsqtpi()\s*]*?)\s*(?P<unit>(?:(?:/\s*|"
    r"\\?%\s*)?[A-Za-z]{2,}|[mgslhLVNFC$€£¥¢])(?![A-Za-z])[^\d]*)"
)
_PROSE: Final = re.compile(r"(?<!\\)\b[A-Za-z]{2,}\b")
_SPACE: Final = re.compile(r"(?<!\\)\s+(?![A-Za-z])|(?<=[^A-Za-z\s])\s+(?=[A-Za-z])|\s+$")
_BARE_PI: Final = re.compile(r"(?<![\\A-Za-z])pi(?![A-Za-z])")
_REPEATING: Final = re.compile(r"([-+]?)(\d{0,50})\.(\d{0,50})\\overline\{(\d{1,50})\}")
_DEGREES: Final = re.compile(r"\^\s*\{?\s*\\circ\s*\}?|\bdegrees?\b")
_CURRENCY: Final = re.compile(r"^(?P<sign>-?)\s*(?:US\s*)?[$€£¥]\s*(?=[\d.])")
_MATHEMATICAL: Final = vocabulary(
    "and or sqrt frac pi sin cos tan cot sec csc arcsin arccos arctan log ln exp cdot times infty "
    "binom choose circ theta le ge "
    "leq geq cup cap in pm ne emptyset overline alpha beta gamma max min mod cbrt begin end "
    "pmatrix bmatrix mathbb"
)

_INTEGER: Final = re.compile(r"[-+]?\d{1,400}")
_DECIMAL: Final = re.compile(r"[-+]?(?:\d{1,400}\.\d{0,400}|\.\d{1,400})")
_RATIO: Final = re.compile(r"([-+]?)\(?([-+]?\d{1,200}(?:\.\d{1,50})?)\)?/\(?(-?\d{1,200}(?:\.\d{1,50})?)\)?")
_TEX_RATIO: Final = re.compile(
    r"([-+]?)(\d{0,50})\\frac\{(-?\d{1,200}(?:\.\d{1,50})?)\}\{(-?\d{1,200}(?:\.\d{1,50})?)\}"
)
_MIXED: Final = re.compile(r"([-+]?)(\d{1,50})\s+(\d{1,50})/(\d{1,50})")
_SCIENTIFIC: Final = re.compile(
    r"([-+]?\d{1,50}(?:\.\d{1,50})?)(?:\\times|\\cdot|\*|x)10\^\{?(-?\d{1,3})\}?|"
    r"([-+]?\d{1,50}(?:\.\d{1,50})?)[eE]([-+]?\d{1,3})"
)


class Expression(NamedTuple):
    """An answer in normal form.

    Attributes:
        form: LaTeX without wrapping, spaces, unit or percent sign.
        value: exact, or None where it is not a plain number.
        digits: the significant digits of a number written with a decimal point, else None.
        percent: whether a percent sign was there.
        unit: the words that stood after the number, or "".
    """

    form: str
    value: Fraction | None
    digits: int | None
    percent: bool
    unit: str


def expression(text: str) -> Expression:
    """The normal form of what somebody wrote as a mathematical answer."""
    tex = _tidy(text)
    percent = False
    unit = ""
    if "%" in tex or "cent" in tex:
        stripped = _PERCENT.sub("", tex)
        percent, tex = stripped != tex, stripped
    if with_unit := _WITH_UNIT.fullmatch(tex):
        words = re.findall(r"[A-Za-z]+", with_unit["unit"])
        if not _MATHEMATICAL.intersection(words) and "=" not in with_unit["unit"]:
            tex, unit = with_unit["value"].strip(), with_unit["unit"].strip().rstrip(".")
    value, digits = _number(tex)
    form = " ".join(tex.split()) if _PROSE.search(tex) else _SPACE.sub("", tex)
    return Expression(form, value, digits, percent, unit)


def wordy(form: str) -> bool:
    """Whether the form is a text ("odd", "Tuesday"), not mathematics."""
    words = re.findall(r"[A-Za-z]+", form)
    return (
        bool(words)
        and not re.search(r"[\d\\^_=+*/{}]", form)
        and max(map(len, words)) >= 3
        and not _MATHEMATICAL.issuperset(words)
    )


def _tidy(text: str) -> str:
    text = text[: 4 * LONGEST]
    for broken, repaired in _REPAIRS.items():
        text = text.replace(broken, repaired)
    text = text.translate(_SYMBOLS).strip()
    text = _CURRENCY.sub(
        r"\g<sign>", text.replace(r"\$", "$").lstrip("$") if text.startswith(("\\$", "$")) else text
    )
    text = _WRAPPING.sub(" ", text.replace("{,}", ","))
    for _ in range(3):
        text, changes = _TEXT.subn(r" \1 ", text)
        if not changes:
            break
    text = _FRACTION.sub(r"\\frac", text.replace("**", "^"))
    text = _SHORT_FRACTION.sub(_full_fraction, text)
    text = _called_roots(text)
    text = _BARE_PI.sub(r"\\pi ", text)
    text = _SHORT_ROOT.sub(r"\\sqrt{\1}", text)
    text = _POWER.sub(r"^{\1}", text)
    text = _DEGREES.sub(" ", text).strip().rstrip(".").strip()
    text = _ABOUT.sub("", text).strip("*` ")
    if not text.startswith(("(", "[", "{", "\\{")):
        text = _THOUSANDS.sub(lambda match: match.group().replace(",", ""), text)
    text = _NAMED.sub("", text)
    while text.startswith("{") and text.endswith("}") and "}" not in text[1:-1] and "{" not in text[1:-1]:
        text = text[1:-1].strip()
    return text.replace("*", r"\cdot ")


def _full_fraction(match: re.Match[str]) -> str:
    if match[1]:
        return rf"\frac{{{match[1]}}}{{{match[2]}}}"
    if match[4]:
        return rf"\frac{{{match[3]}}}{{{match[4]}}}"
    return rf"\frac{{{match[5]}}}{{"


def _called_roots(text: str) -> str:
    """`sqrt(2)` as LaTeX; from the right, so that inner calls are rewritten first."""
    for match in reversed(list(_CALLED_ROOT.finditer(text))):
        depth = 0
        for position in range(match.end() - 1, len(text)):
            depth += {"(": 1, ")": -1}.get(text[position], 0)
            if not depth:
                text = (
                    rf"{text[: match.start()]}\sqrt{{{text[match.end() : position]}}}{text[position + 1 :]}"
                )
                break
    return text


def _number(tex: str) -> tuple[Fraction | None, int | None]:
    """The exact value of a plain number, and its significant digits where it has a decimal point."""
    if match := _MIXED.fullmatch(tex.strip()):
        part = _ratio(match[3], match[4])
        return _signed(match[1], None if part is None else int(match[2]) + part), None
    tight = re.sub(r"\s+", "", tex)
    if len(tight) > LONGEST * 2:
        return None, None
    if _INTEGER.fullmatch(tight):
        return Fraction(int(tight)), None
    if _DECIMAL.fullmatch(tight):
        return Fraction(Decimal(tight)), len(tight.lstrip("+-0.").replace(".", "")) or 1
    if match := _RATIO.fullmatch(tight):
        return _signed(match[1], _ratio(match[2], match[3])), None
    if match := _TEX_RATIO.fullmatch(tight):
        part = _ratio(match[3], match[4])
        return _signed(match[1], None if part is None else int(match[2] or 0) + part), None
    if match := _REPEATING.fullmatch(tight):
        once, again = match[2] + match[3], match[4]
        value = Fraction(int(once + again) - int(once or 0), (10 ** len(again) - 1) * 10 ** len(match[3]))
        return _signed(match[1], value), None
    if match := _SCIENTIFIC.fullmatch(tight):
        base, exponent = match[1] or match[3], int(match[2] or match[4])
        return Fraction(Decimal(base)) * Fraction(10) ** exponent, len(
            base.lstrip("+-0.").replace(".", "")
        ) or 1
    return None, None


def _ratio(numerator: str, denominator: str) -> Fraction | None:
    below = Fraction(Decimal(denominator))
    return Fraction(Decimal(numerator)) / below if below else None


def _signed(sign: str, value: Fraction | None) -> Fraction | None:
    return -value if value is not None and sign == "-" else value
