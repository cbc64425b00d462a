"""Units of measure behind a number: which are the same, and how many of one make another."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

_TABLE: Final = {
    "length": (
        ("1/1000", "mm millimeter millimetre"),
        ("1/100", "cm centimeter centimetre"),
        ("1/10", "dm decimeter decimetre"),
        ("1", "m meter metre"),
        ("1000", "km kilometer kilometre"),
        ("0.0254", "in inch inches"),
        ("0.3048", "ft foot feet"),
        ("0.9144", "yd yard"),
        ("1609.344", "mi mile"),
    ),
    "mass": (
        ("1/1000", "mg milligram"),
        ("1", "g gram"),
        ("1000", "kg kilogram kilo"),
        ("1000000", "t tonne"),
        ("28.349523125", "oz ounce"),
        ("453.59237", "lb lbs pound"),
    ),
    "time": (
        ("1", "s sec second"),
        ("60", "min minute"),
        ("3600", "h hr hour"),
        ("86400", "day"),
        ("604800", "week"),
    ),
    "volume": (("1/1000", "ml mL milliliter millilitre"), ("1", "l L liter litre"), ("1/100", "cl")),
    "money": (("1/100", "cent ¢ penny pennies"), ("1", "dollar $ USD")),
    "speed": (("1", "mph"), ("1/1.609344", "kmh kph")),
    "count": (("12", "dozen"),),
    "angle": (("1", "degree"),),
}


class Unit(NamedTuple):
    """A known unit.

    Attributes:
        kind: what it measures.
        factor: how many of the kind's base unit it is.
    """

    kind: str
    factor: Fraction


def _units() -> dict[str, Unit]:
    found = {}
    for kind, rows in _TABLE.items():
        for factor, names in rows:
            above, _, below = factor.partition("/")
            unit = Unit(kind, Fraction(above) / Fraction(below or "1"))
            for name in names.split():
                found[name] = unit
                if len(name) > 2:
                    found[f"{name}s"] = unit
    return found


_UNITS: Final = _units()
_WORD: Final = re.compile(r"[A-Za-z]+|[$¢]")


@lru_cache(maxsize=4096)
def unit(words: str) -> Unit | None:
    """The unit that stands behind a number; None for anything else ("apples", "miles per hour")."""
    named = _WORD.findall(words)
    if len(named) != 1 or re.search(r"[/^²³0-9]", words):
        return None
    return _UNITS.get(named[0]) or _UNITS.get(named[0].lower())


def is_unit(word: str) -> bool:
    """Whether a word that touches a number ("5cm") is a unit rather than variables ("2ab")."""
    return len(word) > 1 and unit(word) is not None
