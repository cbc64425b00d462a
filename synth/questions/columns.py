"""Which column of a source is which field of a question."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from synth.errors import Problems

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "id": ("question_id",),
    "question": ("problem", "query"),
    "answers": ("answer", "gold", "golds", "gold_answers"),
    "kind": (),
    "choices": ("options",),
    "context": ("passage",),
    "answerable": (),
    "group": ("qid",),
    "source": (),
    "license": ("licence",),
}
"""The fields of a question, and the other names that a column may have. The field's own name comes first."""

RECORDED: Final = ("samples", "model")
"""What a file of recorded answers holds besides the question."""

_LAYOUTS_KEPT: Final = 1000


def parse_columns(text: str) -> dict[str, str]:
    """`--columns question=prompt,answers=answer.aliases` as a mapping from field to column.

    `context=` with no column leaves the field out.

    Raises:
        UsageError: a part without "=", an unknown field, or a field named twice.
    """
    problems = Problems("--columns")
    columns: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        field, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals:
            problems.add(f"'{part}' is not field=column")
        elif field in columns:
            problems.add(f"'{field}' is given twice ('{columns[field]}' and '{column}')")
        else:
            columns[field] = column
    _check_fields(columns, problems)
    problems.raise_if_any()
    return columns


def nearest(name: str, names: list[str]) -> str:
    """The end of a message: ", did you mean 'x'?", or nothing."""
    close = get_close_matches(name, names, n=1)
    return f", did you mean '{close[0]}'?" if close else ""


class Layout(NamedTuple):
    """Where the fields are in the rows that have the same columns.

    Attributes:
        direct: (field, column) for the fields that are a column.
        nested: (field, steps) for those inside a column.
        rest: the columns that are no field and go to `meta`.
    """

    direct: tuple[tuple[str, str], ...]
    nested: tuple[tuple[str, tuple[str, ...]], ...]
    rest: tuple[str, ...]


class Columns:
    """Takes the fields out of one file's rows and remembers which columns the file has.

    Attributes:
        mapping: the columns that the user named, by field; dots lead into objects.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self.mapping = dict(mapping or {})
        problems = Problems("--columns")
        _check_fields(self.mapping, problems)
        problems.raise_if_any()
        self._unclear: dict[str, str] = {}
        self._known: dict[str, None] = {}
        self._found: set[str] = set()
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def take(self, row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The row's fields by name (only those it has), and the rest of it."""
        names = tuple(row)
        layout = self._layouts.get(names) or self._new_layout(names, row)
        fields = {field: row[column] for field, column in layout.direct}
        for field, steps in layout.nested:
            value: Any = row
            for step in steps:
                value = value.get(step) if isinstance(value, dict) else None
            if value is not None:
                self._found.add(field)
                fields[field] = value
        return fields, {name: row[name] for name in layout.rest}

    def missing(self) -> dict[str, str]:
        """Once all rows were taken: what to say of the fields that no row had though it must, by field."""
        known = list(self._known)
        told = {
            field: f"no column '{column}' for {field}{nearest(column, known)} (there are: {listed(known)})"
            for field, column in self.mapping.items()
            if column and field not in self._found
        }
        told |= self._unclear
        if not {"question"} & {*self._found, *told}:
            told["question"] = (
                f"no column 'question'; name the one that holds it with --columns question=… "
                f"(there are: {listed([name for name in known if '.' not in name])})"
            )
        return told

    def _new_layout(self, names: tuple[str, ...], row: dict[str, Any]) -> Layout:
        self._known.update(dict.fromkeys(names))
        for name, value in row.items():
            if isinstance(value, dict):
                self._known.update(dict.fromkeys(f"{name}.{key}" for key in value))
        direct, nested = [], []
        for field in ALIASES:
            column = _column_of(field, names, self.mapping)
            if column:
                direct.append((field, column))
                self._found.add(field)
            elif "." in self.mapping.get(field, ""):
                nested.append((field, tuple(self.mapping[field].split("."))))
            elif field not in self.mapping:
                self._note_unclear(field, names)
        used = {column for _, column in direct}
        recorded = RECORDED if "samples" in row else ()
        rest = tuple(name for name in names if name not in used and name not in recorded)
        if len(self._layouts) >= _LAYOUTS_KEPT:
            self._layouts.clear()
        layout = self._layouts[names] = Layout(tuple(direct), tuple(nested), rest)
        return layout

    def _note_unclear(self, field: str, names: tuple[str, ...]) -> None:
        several = [f"'{alias}'" for alias in ALIASES[field] if alias in names]
        if len(several) > 1:
            self._unclear[field] = (
                f"{' and '.join(several)} could both be the {field}: choose with --columns {field}=…"
            )


def _column_of(field: str, names: tuple[str, ...] | list[str], mapping: Mapping[str, str]) -> str | None:
    """The column that is the field; None where none is, or where several could be."""
    if field in mapping:
        return mapping[field] if mapping[field] and mapping[field] in names else None
    if field in names:
        return field
    others = [alias for alias in ALIASES[field] if alias in names]
    return others[0] if len(others) == 1 else None


def _check_fields(columns: Mapping[str, str], problems: Problems) -> None:
    for field in columns:
        if field not in ALIASES:
            problems.add(f"'{field}' is no field of a question{nearest(field, list(ALIASES))}")


def listed(names: list[str], most: int = 20) -> str:
    """The names for a message, the first of them where there are many."""
    return ", ".join(names[:most]) + (f", … {len(names) - most} more" if len(names) > most else "")
