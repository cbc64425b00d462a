"""Plays back answers that something else recorded, as if a model gave them now.

Sample i of a question's recorded samples is its answer with index i, whatever the prompt and sampling.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from synth.engines.base import SAMPLE, Answer, Call
from synth.prompts import Message, plain_text
from synth.questions.files import sha256_of
from synth.questions.recorded import FIELDS, Recording, Sample
from synth.questions.rows import compact_json

_IN_FLIGHT: Final = 8192
_ROWS_KEPT: Final = 256
_OF_ANSWER: Final = tuple(name for name in FIELDS if name != "model")


class ReplayEngine:
    """Answers calls from recorded files.

    Args:
        recorded: a file, or a folder of files of one form.
        model: answer with this model's samples; needed where the files hold those of several.
        columns: the columns of the question's fields, as for `load_questions`.

    Attributes:
        source: `recorded`; the questions can be loaded from it.

    Raises:
        UsageError: the files are not there, not in this form, or hold answers of several models.
    """

    name = "replay"
    can = frozenset({SAMPLE})

    def __init__(
        self, recorded: str | Path, model: str | None = None, columns: Mapping[str, str] | None = None
    ) -> None:
        self.source = str(recorded)
        self._recording = Recording(self.source, model, columns)
        self.model_name = self._recording.model
        self.identity = f"{self.model_name}@{_content_hash(self._recording.paths)}"
        self._samples: Callable[[str], list[Sample]] = lru_cache(_ROWS_KEPT)(self._recording.samples)
        self._queue: deque[Call] = deque()
        self._queued = 0

    def available(self, question_id: str) -> int | None:
        """How many samples of a question there are to ask for; engines that can draw more say None."""
        return self._recording.count(question_id)

    def render(self, messages: Sequence[Message], prefix: str = "") -> str:
        """The conversation as plain text."""
        return f"{plain_text(messages)} {prefix}" if prefix else plain_text(messages)

    def room(self) -> int:
        """How many more samples to hand in; it never waits, so this only bounds memory."""
        return _IN_FLIGHT - self._queued

    def submit(self, call: Call) -> None:
        """Queue a call."""
        self._queue.append(call)
        self._queued += call.n

    def collect(self) -> list[Answer]:
        """The answers to all that is queued."""
        answers = []
        while self._queue:
            call = self._queue.popleft()
            samples = self._samples(call.question_id)
            for index in range(call.first, call.first + call.n):
                if index < len(samples):
                    answers.append(_answer(call.key, index, samples[index]))
                else:
                    error = f"NotRecorded: question {call.question_id!r} has {len(samples)} recorded samples"
                    answers.append(Answer(call.key, index, None, finish="error", error=error))
        self._queued = 0
        return answers

    def finished(self) -> list[Answer]:
        """None: what is not collected has not been looked up."""
        return []

    def close(self) -> None:
        """Free what the engine holds."""
        self._recording.close()


def _answer(key: str, index: int, sample: Sample) -> Answer:
    """A recorded sample as an answer; what an answer has no place for goes to its `meta`."""
    known = {name: sample[name] for name in _OF_ANSWER if sample.get(name) is not None}
    rest = {name: value for name, value in sample.items() if name not in _OF_ANSWER}
    known.setdefault("text", None)
    if known["text"] is None:
        known.setdefault("error", "NoText: the recorded sample has no text")
    elif known.get("finish") == "error":
        known.setdefault("error", "RecordedError: the recorded call failed")
    if "error" in known:
        known["finish"] = "error"
    return Answer(key, index, **known, meta=compact_json(rest) if rest else None)


def _content_hash(paths: Sequence[Path]) -> str:
    """16 hex digits for the bytes of the files, so that two recordings never share a key."""
    hashes = "".join(sha256_of(path) for path in paths)
    return hashlib.sha256(hashes.encode()).hexdigest()[:16]
