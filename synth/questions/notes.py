"""The mistakes of one file, each with its place."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from synth.errors import Problems


class Unreadable(Exception):
    """A file that cannot be read at all; the text says why."""


class Note(NamedTuple):
    """One mistake: where it stands and which field it is about ("" where it is about none)."""

    number: int
    field: str
    text: str


class Notes:
    """Collects what is wrong with a file while it is read.

    Attributes:
        unit: what `number` counts in this file: line, item (of a JSON array) or row (of a table).
        found: the mistakes so far.
    """

    def __init__(self) -> None:
        self.unit = "line"
        self.found: list[Note] = []

    def add(self, number: int, text: str, field: str = "") -> None:
        """Note a mistake at a line, item or row (counted from 1); 0 is the file as a whole."""
        self.found.append(Note(number, field, text))

    def place(self, number: int) -> str:
        """The place in words: "line 3"."""
        return f"{self.unit} {number}"

    def tell(self, problems: Problems, prefix: str = "", without: Collection[str] = ()) -> None:
        """Hand the mistakes over in the order of the file.

        Args:
            problems: who takes them.
            prefix: what to say before each, such as the file's name.
            without: fields whose row mistakes follow from one mistake about the whole file.
        """
        for note in sorted(self.found, key=lambda note: note.number):
            if not note.number:
                problems.add(f"{prefix}{note.text}")
            elif note.field not in without:
                problems.add(f"{prefix}{self.place(note.number)}: {note.text}")
