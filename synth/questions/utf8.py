"""Text must be UTF-8 without NULs; where it is not, say at which line and byte."""

from __future__ import annotations

from typing import Final

from synth.questions.notes import Notes

BOM: Final = b"\xef\xbb\xbf"


def text_complaint(line: bytes) -> str | None:
    """What keeps a line from being text, with its place in the line; None where nothing does."""
    if b"\x00" in line:
        return f"byte {line.index(0) + 1} is NUL: the file is damaged or not a text"
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} (0x{line[error.start]:02x}) is not UTF-8: save the file as UTF-8"
    return None


def decoded(data: bytes, notes: Notes) -> str | None:
    """A whole file's text; None where it is none, and every bad line is noted."""
    if b"\x00" not in data:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    notes.unit = "line"
    for number, line in enumerate(data.splitlines(), 1):
        complaint = text_complaint(line)
        if complaint:
            notes.add(number, complaint)
    return None
