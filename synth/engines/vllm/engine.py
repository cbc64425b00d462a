"""The `vllm` engine: vLLM in a process of its own, or in several, without a server.

Requests go in as answers come out, so that vLLM's own queue is never empty and no batch waits for its
slowest member. Sample i of a question has the seed that its key and i give it, whatever call it comes in:
four and then four are eight at once.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Final

from synth.engines.base import DISTRIBUTIONS, SAMPLE, SCORE, Answer, Call, ScoreCall
from synth.engines.chat import layout, render, spans
from synth.engines.identity import identity_of, place_of
from synth.engines.tokenizer import open_renderer
from synth.engines.vllm.adapter import open_adapter
from synth.engines.vllm.replica import Message, Replica
from synth.engines.vllm.settings import Settings
from synth.errors import SynthError, UsageError
from synth.prompts import Message as Said

_SEATS: Final = 256
"""Samples that vLLM is taken to write at once until it has said how many."""
_AHEAD: Final = 2
"""Samples to have in flight for each that is being written: as many wait as are at work."""
_PULSE: Final = 0.2
"""Seconds between two looks for Ctrl-C while nothing comes in."""


class VllmEngine:
    """Samples and scores with vLLM, whose processes start with the first call: what is stored needs none.

    Args:
        model: a folder or a Hub id.
        revision: branch, tag or commit on the Hub.
        dtype: as vLLM has it; on a CPU "auto" is float32, where half precision is slow.
        tensor_parallel_size: GPUs that share one copy of the model.
        data_parallel_size: copies of the model; each call goes to the one with the least to do.
        max_model_len: longest prompt and answer together, in tokens; by default what the model was made for.
        gpu_memory_utilization: share of a GPU's memory, 0 to 1; by default vLLM's own.
        max_num_seqs: samples that a copy writes at once; by default vLLM's own.
        enforce_eager: do without compiling and CUDA graphs; always so on a CPU.
        lora: folder or Hub id of a LoRA adapter.
        quantization: how vLLM is to quantise the weights.
        token_logprobs: report the log-probability of each token, not only their sum.
        trust_remote_code: run code that comes with the model.
        strict_identity: hash all bytes of a folder's weights.

    Raises:
        UsageError: vLLM is not installed, or there is no such model or adapter; from `collect` and `score`:
            vLLM cannot load it.
    """

    name = "vllm"
    can = frozenset({SAMPLE, SCORE, DISTRIBUTIONS})

    def __init__(
        self,
        model: str,
        revision: str | None = None,
        dtype: str = "auto",
        tensor_parallel_size: int = 1,
        data_parallel_size: int = 1,
        max_model_len: int | None = None,
        gpu_memory_utilization: float | None = None,
        max_num_seqs: int | None = None,
        enforce_eager: bool = False,
        lora: str | None = None,
        quantization: str | None = None,
        token_logprobs: bool = False,
        trust_remote_code: bool = False,
        strict_identity: bool = False,
    ) -> None:
        if importlib.util.find_spec("vllm") is None:
            raise UsageError("--engine vllm needs vLLM: pip install 'synth-calibration[vllm]'")
        self.model_name = model
        self.identity = identity_of(model, revision, strict_identity)
        place, commit = place_of(model, self.identity)
        adapter = open_adapter(lora) if lora else None
        if adapter:
            self.identity += f"+lora:{adapter.identity}"
        if quantization:
            self.identity += f"+quantization:{quantization}"
        self._renderer = open_renderer(place, commit, trust_remote_code)
        self._settings = Settings(
            model=place,
            revision=commit,
            dtype=dtype,
            tensor_parallel_size=tensor_parallel_size,
            max_model_len=max_model_len,
            gpu_memory_utilization=gpu_memory_utilization,
            max_num_seqs=max_num_seqs,
            enforce_eager=enforce_eager,
            quantization=quantization,
            lora=adapter.folder if adapter else None,
            lora_rank=adapter.rank if adapter else 0,
            token_logprobs=token_logprobs,
            trust_remote_code=trust_remote_code,
        )
        self._devices = _devices(tensor_parallel_size, data_parallel_size)
        self._seats = [max_num_seqs or _SEATS] * data_parallel_size
        self._flying = [0] * data_parallel_size
        self._replicas: list[Replica] = []
        self._inbox: SimpleQueue[tuple[int, Message]] = SimpleQueue()
        self._done: list[Answer] = []
        self._scores: list[list[Answer]] = []
        self._failure: SynthError | None = None

    def render(self, messages: Sequence[Said], prefix: str = "") -> str:
        """The text the model reads for a conversation, ending where its answer begins (after `prefix`)."""
        return render(self._renderer, messages, prefix)

    def layout(self, system: bool) -> dict[str, str]:
        """What becomes of a conversation before the model reads it (`synth.engines.chat.layout`)."""
        return layout(self._renderer, system)

    def spans(self, text: str) -> list[tuple[int, int]] | None:
        """Where each token of a text begins and ends (`synth.engines.chat.spans`)."""
        return spans(self._renderer, text)

    def room(self) -> int:
        """How many more samples keep vLLM's queue as long as what it writes at once."""
        return _AHEAD * sum(self._seats) - sum(self._flying)

    def submit(self, call: Call) -> None:
        """Hand a call to the copy with the least to do."""
        self._start()
        least = min(range(len(self._flying)), key=self._flying.__getitem__)
        self._flying[least] += call.n
        self._replicas[least].send(call)

    def collect(self) -> list[Answer]:
        """Wait until at least one sample is finished; return all that are. Empty only when idle."""
        answers = self.finished()
        while not answers and any(self._flying):
            self._wait()
            answers = self.finished()
        return answers

    def finished(self) -> list[Answer]:
        """What is finished and not yet collected, without waiting."""
        with suppress(Empty):
            while True:
                self._take(*self._inbox.get_nowait())
        answers, self._done = self._done, []
        if self._failure and not answers:
            raise self._failure
        return answers

    def score(self, calls: Sequence[ScoreCall]) -> list[Answer]:
        """How likely the continuations are (`synth.engines.base.ScoringEngine`), shared among the copies."""
        self._start()
        parts = [list(calls[at :: len(self._replicas)]) for at in range(len(self._replicas))]
        for replica, part in zip(self._replicas, parts, strict=True):
            replica.send(part)
        while len(self._scores) < len(parts):
            if self._failure:
                raise self._failure
            self._wait()
        scores, self._scores = self._scores, []
        return [answer for part in scores for answer in part]

    def close(self) -> None:
        """End vLLM's processes; what they were writing is lost."""
        replicas, self._replicas = self._replicas, []
        self._flying = [0] * len(self._flying)
        self._failure = None
        for replica in replicas:
            replica.close()
        self._inbox = SimpleQueue()

    def _start(self) -> None:
        if not self._replicas:
            self._replicas = [
                Replica(number, self._settings, devices, self._inbox)
                for number, devices in enumerate(self._devices)
            ]

    def _wait(self) -> None:
        """Take the next message."""
        # Python may hear of Ctrl-C only between two waits.
        message = None
        while message is None:
            with suppress(Empty):
                message = self._inbox.get(timeout=_PULSE)
        self._take(*message)

    def _take(self, replica: int, message: Message) -> None:
        kind, told = message
        if kind == "answers":
            self._flying[replica] -= len(told)
            self._done += [Answer(*row) for row in told]
        elif kind == "scores":
            self._scores.append(told)
        elif kind == "ready":
            self._seats[replica] = told
        elif self._failure is None:
            # Raised when all that was answered before has been collected.
            reason = self._replicas[replica].explain(told)
            self._failure = (
                UsageError(f"vLLM cannot load '{self.model_name}': {reason}")
                if kind == "failed"
                else SynthError(f"vLLM ended while it worked (what it has answered is kept): {reason}")
            )


def _devices(tensor_parallel: int, data_parallel: int) -> list[str | None]:
    """The GPUs of each copy, as `CUDA_VISIBLE_DEVICES` names them; None where one copy may see all."""
    if data_parallel == 1:
        return [None]
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    wanted = tensor_parallel * data_parallel
    found = named.split(",") if named else [str(at) for at in range(wanted)]
    if len(found) < wanted:
        raise UsageError(f"{data_parallel} copies of the model need {wanted} GPUs; {len(found)} are visible.")
    slices = (found[at : at + tensor_parallel] for at in range(0, wanted, tensor_parallel))
    return [",".join(devices) for devices in slices]
