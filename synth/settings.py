"""`setting`: a dataclass field that is also a command-line option, a YAML key and a keyword argument.

Settings are read from source with `ast`, never by importing, so that `--help` needs no polars or torch.
The same description then checks a value wherever it comes from.
"""

from __future__ import annotations

import ast
import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from types import UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from synth.errors import Problems, UsageError, quoted

T = TypeVar("T")


def setting(default: T, *, help: str = "", low: float | None = None, high: float | None = None) -> T:
    """A field of a drawer: its default, what it means, and the range it must lie in (both ends allowed).

    The annotated type is what the drawer's methods read, hence the declared return type.
    """
    value: T = field(default=default, metadata={"help": help, "low": low, "high": high})
    return value


class Setting(NamedTuple):
    """One field of a drawer or of an option group, as read from its source.

    Attributes:
        name: snake_case.
        type: int, float, str, bool, a Literal, a tuple of these, or one of them and None.
        default: its default value.
        help: one line.
        low: the least allowed number, or None.
        high: the greatest allowed number, or None.
    """

    name: str
    type: Any
    default: Any
    help: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def option(self) -> str:
        """The name on the command line."""
        return "--" + self.name.replace("_", "-")

    def describe(self) -> str:
        """The help line with the range and the default."""
        notes = []
        if self.low is not None and self.high is not None:
            notes.append(f"{self.low:g} to {self.high:g}")
        elif self.low is not None:
            notes.append(f"at least {self.low:g}")
        if self.default not in (None, "", ()):
            default = written(self.default)
            notes.append(f"default: {default if len(default) < 60 else default[:50] + ' …'}")
        return f"{self.help} ({'; '.join(notes)})" if notes else self.help

    def metavar(self) -> str:
        """What stands for the value in a help page."""
        return _metavar(self.type)

    def read(self, value: Any) -> Any:
        """The value in the setting's type, from text or from YAML.

        Raises:
            UsageError: it is of another type, not among the choices, or out of range.
        """
        try:
            read = _read(self.type, value)
        except ValueError as error:
            raise UsageError(f"{self.option}: {error}") from None
        for number in read if isinstance(read, tuple) else (read,):
            if isinstance(number, bool) or not isinstance(number, (int, float)):
                continue
            if self.low is not None and not number >= self.low:
                raise UsageError(f"{self.option}: {number:g} is below {self.low:g}")
            if self.high is not None and not number <= self.high:
                raise UsageError(f"{self.option}: {number:g} is above {self.high:g}")
        return read


def read_settings(tree: ast.Module, class_name: str) -> list[Setting]:
    """The settings of a frozen dataclass, from its parsed source.

    A default may name a constant of the same file. `ClassVar` fields are no settings.

    Raises:
        UsageError: a field's type or default cannot be read.
    """
    constants = _constants(tree)
    body = next(n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == class_name)
    found = []
    for node in body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        if "ClassVar" in ast.unparse(node.annotation):
            continue
        try:
            found.append(_read_field(node.target.id, node, constants))
        except (ValueError, NameError, TypeError, SyntaxError) as error:
            raise UsageError(
                f"line {node.lineno}: setting '{node.target.id}' cannot be read: {error}"
            ) from None
    return found


def settings_of(path: Path, class_name: str) -> list[Setting]:
    """The settings of a class in a file of our own."""
    return read_settings(ast.parse(path.read_text(encoding="utf-8")), class_name)


def check(settings: Iterable[Setting], given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The given values in their types, by name; all mistakes are reported at once.

    Raises:
        UsageError: unknown names (with the nearest known one) or wrong values.
    """
    known = {setting.name: setting for setting in settings}
    problems = Problems(where)
    values: dict[str, Any] = {}
    for name, value in given.items():
        name = name.replace("-", "_")
        if name in values:
            problems.add(f"'{name}' is given twice")
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(sorted(known))}"
            problems.add(f"unknown option '{name}'{hint}")
            continue
        with problems.catching():
            values[name] = known[name].read(value)
    problems.raise_if_any()
    return values


def written(value: Any) -> str:
    """A value as one would type it on the command line."""
    if isinstance(value, tuple):
        return ",".join(written(v) for v in value)
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _constants(tree: ast.Module) -> dict[str, Any]:
    constants = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(targets[0], ast.Name) and value:
            try:
                constants[targets[0].id] = ast.literal_eval(value)
            except ValueError:
                continue
    return constants


def _read_field(name: str, node: ast.AnnAssign, constants: Mapping[str, Any]) -> Setting:
    def literal(value: ast.expr) -> Any:
        return (
            constants[value.id]
            if isinstance(value, ast.Name) and value.id in constants
            else ast.literal_eval(value)
        )

    names = {"int": int, "float": float, "str": str, "bool": bool, "tuple": tuple, "Literal": Literal}
    code = compile(ast.Expression(node.annotation), "<annotation>", "eval")
    annotation = eval(code, {"__builtins__": {}}, names)
    if node.value is None:
        raise ValueError("it has no default")
    if isinstance(node.value, ast.Call) and ast.unparse(node.value.func).split(".")[-1] == "setting":
        words = {word.arg: literal(word.value) for word in node.value.keywords if word.arg}
        return Setting(name, annotation, literal(node.value.args[0]), **words)
    return Setting(name, annotation, literal(node.value))


def _metavar(kind: Any) -> str:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return "|".join(str(a) for a in args)
    if origin in (Union, UnionType):
        return "|".join("none" if a is type(None) else _metavar(a) for a in args)
    if origin is tuple:
        return f"{_metavar(args[0])},…" if args[-1] is Ellipsis else ",".join(_metavar(a) for a in args)
    return {int: "INTEGER", float: "NUMBER", str: "TEXT", bool: "BOOLEAN"}[kind]


def _read(kind: Any, value: Any) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _read_choice(args, value)
    if origin in (Union, UnionType):
        if value is None or (isinstance(value, str) and value.lower() in ("none", "null")):
            return None
        return _read(next(a for a in args if a is not type(None)), value)
    if origin is tuple:
        return _read_tuple(args, value)
    if kind is bool:
        return _read_bool(value)
    if kind is str:
        if isinstance(value, (dict, list, tuple)):
            raise ValueError(f"{value!r} is not text")
        return str(value)
    if value is None or isinstance(value, (bool, dict, list, tuple)):
        raise ValueError(f"{value!r} is not a number")
    try:
        number = kind(value)
    except (TypeError, ValueError):
        raise ValueError(f"'{value}' is not {'a whole number' if kind is int else 'a number'}") from None
    if kind is int and isinstance(value, float) and value != number:
        raise ValueError(f"'{value}' is not a whole number")
    if not math.isfinite(number):
        raise ValueError(f"'{value}' is not a number")
    return number


def _read_choice(choices: tuple[Any, ...], value: Any) -> Any:
    for choice in choices:
        if str(value).replace("_", "-").lower() == str(choice).replace("_", "-").lower():
            return choice
    raise ValueError(f"'{value}' is not {quoted([str(c) for c in choices])}")


def _read_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    yes, no = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
    word = str(value).lower()
    if word not in (*yes, *no):
        raise ValueError(f"'{value}' is not true or false")
    return word in yes


def _read_tuple(args: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    parts = [p for p in value.split(",") if p.strip()] if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        parts = [parts]
    parts = [p.strip() if isinstance(p, str) else p for p in parts]
    if args[-1] is Ellipsis:
        return tuple(_read(args[0], part) for part in parts)
    if len(parts) != len(args):
        raise ValueError(f"'{written(tuple(parts))}' is not {len(args)} values separated by a comma")
    return tuple(_read(arg, part) for arg, part in zip(args, parts, strict=True))
