"""What a cell may hold: texts, numbers as texts, lists of them. A `ValueError` says what is wrong."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

LONGEST_EXACT = 1e16
"""Whole floats below are written as integers; above, neighbouring integers are one float."""

MOST_OPTIONS = len(ascii_uppercase)
"""Options are lettered A to Z where they are shown."""


def shown(value: object, width: int = 60) -> str:
    """The value for a message, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def text_of(value: Any) -> str:
    """A scalar as text: 18.0 becomes "18", True becomes "true".

    Raises:
        ValueError: it is null, a list, an object or not a number.
    """
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError(f"holds a NUL character: {shown(value)}")
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"is not a number: {value}")
        return str(int(value)) if value.is_integer() and abs(value) < LONGEST_EXACT else repr(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return str(value)
    raise ValueError(f"is {_kind_of(value)}: {shown(value)}")


def optional_text(value: Any) -> str | None:
    """A scalar as text; None where it is null or empty."""
    return None if value is None or value == "" else text_of(value)


def scalars(value: Any) -> list[Any]:
    """A list's elements as they are; a scalar is a list of one, null and "" are an empty list.

    Raises:
        ValueError: it is an object, or one of its elements is null, empty, a list or an object.
    """
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        keys = ", ".join(list(value)[:8])
        raise ValueError(f"is an object ({keys}): name one of its fields with a dotted path in --columns")
    elements = list(value) if isinstance(value, (list, tuple)) else [value]
    for element in elements:
        if element is None or isinstance(element, (list, tuple, dict)):
            raise ValueError(f"holds {_kind_of(element)}: {shown(value)}")
        if isinstance(element, str) and not element.strip():
            raise ValueError(f"holds an empty text: {shown(value)}")
    return elements


def question_text(value: Any) -> str:
    """The question.

    Raises:
        ValueError: it is not a text, or empty.
    """
    if not isinstance(value, str):
        raise ValueError(f"is {_kind_of(value)}, not a text: {shown(value)}")
    if not value.strip():
        raise ValueError("is empty")
    return text_of(value)


def option_texts(value: Any, kind: Any) -> list[str] | None:
    """The options; None where there are none.

    An empty list is none only where `kind` says that the question has no options: tables hold one in
    every row.

    Raises:
        ValueError: it is not a list of two or more texts, or missing though `kind` is "choice".
    """
    lettered = kind in (None, "", "choice")
    if value is None or value == "" or (value == [] and not lettered):
        if kind == "choice":
            raise ValueError("missing though the kind is 'choice'")
        return None
    if not isinstance(value, (list, tuple, dict)):
        raise ValueError(f"is {_kind_of(value)}, not a list: {shown(value)}")
    options = [text_of(option) for option in scalars(value)]
    if len(options) < 2:
        raise ValueError(f"has {len(options)} options, two are the least: {shown(value)}")
    if lettered and len(options) > MOST_OPTIONS:
        raise ValueError(f"has {len(options)} options, {MOST_OPTIONS} (A to Z) are the most")
    return options


def truth(value: Any) -> bool | None:
    """True, false or null; the words "true" and "false" count, in any case.

    Raises:
        ValueError: it is anything else.
    """
    if value is None or isinstance(value, bool):
        return value
    words = {"true": True, "false": False, "": None}
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    raise ValueError(f"is not true or false: {shown(value)}")


def _kind_of(value: object) -> str:
    names: dict[type, str] = {
        type(None): "null",
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        tuple: "a list",
        dict: "an object",
    }
    return names.get(type(value), f"of type {type(value).__name__}")
