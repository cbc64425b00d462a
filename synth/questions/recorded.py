"""Recorded answers: files with a question in each row, `model`, and `samples: [{"text": …, …}, …]`."""

from __future__ import annotations

import tempfile
import weakref
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

from synth.errors import Problems, UsageError, quoted
from synth.questions.columns import Columns, listed, nearest
from synth.questions.files import find_files
from synth.questions.notes import Notes
from synth.questions.reading import loads, read_rows
from synth.questions.rows import RowParser, compact_json
from synth.questions.values import optional_text, shown

Sample = dict[str, Any]

POOL: Final = "pool:"
"""How the name of several models taken together begins."""

_IN_MEMORY: Final = 64 << 20
_NUMBER: Final = (int, float)

FIELDS: Final[dict[str, tuple[type, ...]]] = {
    "text": (str,),
    "reasoning": (str,),
    "finish": (str,),
    "n_tokens": (int,),
    "logprob_sum": _NUMBER,
    "token_logprobs": (list,),
    "stop_reason": (str,),
    "error": (str,),
    "model": (str,),
}
"""The fields of a sample that mean something here, and their types; null is allowed in all."""

FINISHES: Final = ("stop", "length", "error")


class Recording:
    """The recorded samples of one model, by question.

    Samples are kept in a temporary file; memory holds only where each question's begin.

    Attributes:
        model: whose answers these are.
        paths: the files.

    Args:
        source: a file, or a folder of files of one form.
        model: the model to keep; needed where the files hold the answers of several.
        columns: the columns of the question's fields, as for `load_questions`.

    Raises:
        UsageError: the files are not there, not in this form, or hold answers of several models.
    """

    def __init__(
        self, source: str, model: str | None = None, columns: Mapping[str, str] | None = None
    ) -> None:
        self.paths = find_files(source)
        self.model = model or ""
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self.close = weakref.finalize(self, self._file.close)
        """Deletes the temporary file; so does forgetting the object."""
        self._rows: dict[str, int] = {}
        self._starts = array("q", [0])
        self._counts = array("l")
        self._read(Path(source).name, columns, chosen=model is not None)

    def count(self, question_id: str) -> int:
        """How many samples a question has; 0 for one that is not there."""
        row = self._rows.get(question_id)
        return 0 if row is None else self._counts[row]

    def samples(self, question_id: str) -> list[Sample]:
        """A question's samples as they were recorded."""
        row = self._rows.get(question_id)
        if row is None:
            return []
        start, end = self._starts[row], self._starts[row + 1]
        self._file.seek(start)
        samples: list[Sample] = loads(self._file.read(end - start))
        return samples

    def _read(self, label: str, columns: Mapping[str, str] | None, chosen: bool) -> None:
        models: dict[str, None] = {}
        problems = Problems(label)
        for path in self.paths:
            self._add(path, columns, models, problems)
        self._check_model(list(models), chosen, problems)
        problems.raise_if_any()

    def _add(
        self, path: Path, columns: Mapping[str, str] | None, models: dict[str, None], problems: Problems
    ) -> None:
        notes, taken = Notes(), Columns(columns)
        parser = RowParser(taken, notes, source=path.stem, need_answers=False)
        n_rows, has_samples, names = 0, False, list[str]()
        for number, row in read_rows(path, notes):
            n_rows += 1
            names = names or list(row)
            has_samples |= "samples" in row
            try:
                samples = checked(row.get("samples"))
                model = model_of(row.get("model"), samples, path.stem)
                question_id = optional_text(taken.take(row)[0].get("id"))
            except ValueError as error:
                notes.add(number, str(error), "samples")
                continue
            if not question_id:
                question = parser.parse(number, row)
                if question is None:
                    continue
                question_id = question.id
            models[model] = None
            self.model = self.model or model
            if model == self.model:
                self._store(question_id, samples, number, notes)
        whole = taken.missing() if any(note.field == "question" for note in notes.found) else {}
        if n_rows and not has_samples:
            whole["samples"] = f"no column 'samples' with the recorded answers (there are: {listed(names)})"
        if not n_rows and not notes.found:
            whole["rows"] = "there are no rows in it"
        for text in whole.values():
            notes.add(0, text)
        notes.tell(problems, f"{path.name}: " if len(self.paths) > 1 else "", without=whole)

    def _store(self, question_id: str, samples: list[Sample], number: int, notes: Notes) -> None:
        if question_id in self._rows:
            notes.add(number, f"a second row with the id {question_id!r}")
            return
        self._rows[question_id] = len(self._counts)
        self._counts.append(len(samples))
        line = compact_json(samples).encode()
        try:
            self._file.write(line)
        except OSError as error:
            folder = tempfile.gettempdir()
            raise UsageError(f"no room for recorded samples in {folder}: {error.strerror}") from None
        self._starts.append(self._starts[-1] + len(line))

    def _check_model(self, models: list[str], chosen: bool, problems: Problems) -> None:
        """A label speaks about one model."""
        if not models:
            return
        if chosen and self.model not in models:
            problems.add(
                f"no answers of '{self.model}'{nearest(self.model, models)} (there are: {listed(models)})"
            )
        elif not chosen and len(models) > 1:
            problems.add(f"holds the answers of {len(models)} models: choose {quoted(models)}")


def checked(samples: Any) -> list[Sample]:
    """The samples of a row.

    A text may be null: the call failed. It may be left out where `error` says why.

    Raises:
        ValueError: they are not a list of objects with a text each.
    """
    if not isinstance(samples, list):
        raise ValueError(f"samples is not a list: {shown(samples)}")
    for index, sample in enumerate(samples):
        if not isinstance(sample, dict):
            raise ValueError(f"samples[{index}] is not an object: {shown(sample)}")
        if "text" not in sample and not sample.get("error"):
            raise ValueError(f"samples[{index}] has no 'text' (it has: {listed(list(sample))})")
        for name in FIELDS.keys() & sample.keys():
            value = sample[name]
            if value is not None and type(value) not in FIELDS[name]:
                raise ValueError(f"samples[{index}]: {name} is of the wrong type: {shown(value)}")
            if type(value) is int and not 0 <= value < 1 << 31 and name == "n_tokens":
                raise ValueError(f"samples[{index}]: {name} is no count: {shown(value)}")
            if type(value) is list and not all(type(each) in (int, float) for each in value):
                raise ValueError(f"samples[{index}]: {name} holds something that is no number")
        if sample.get("finish") not in (None, *FINISHES):
            raise ValueError(f"samples[{index}]: finish is {sample['finish']!r}, not {quoted(FINISHES)}")
    return samples


def model_of(named: Any, samples: list[Sample], stem: str) -> str:
    """The model that a row's samples speak about: one, or a pool where several answered.

    Args:
        named: the row's `model`.
        samples: the row's samples, each maybe with a `model` of its own.
        stem: the file's name, for a row that names no model.

    Raises:
        ValueError: `named` is not a text.
    """
    if named is not None and not isinstance(named, str):
        raise ValueError(f"model is not a text: {shown(named)}")
    own = {sample["model"] for sample in samples if sample.get("model")}
    if not named:
        return own.pop() if len(own) == 1 else f"{POOL}{stem}" if own else stem
    return named if named.startswith(POOL) or len(own) < 2 else f"{POOL}{named}"
