"""One vLLM engine: calls in, rows of finished samples out. Runs in a process of its own (`worker.py`).

Each sample is a request of its own: its answer comes back when it is done, not when its call's slowest is.
vLLM makes n requests of one with n > 1 too, child i with `seed + i`, and reads their prompt from its cache.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import copy
from itertools import count
from typing import Any

from synth.engines.base import Answer, Call, ScoreCall
from synth.engines.chat import (
    continued,
    decode,
    encode,
    end_marks,
    first_stop,
    has_template,
    shared_start,
    split_reasoning,
    stops,
)
from synth.engines.scored import UNSHARED, Continuation, scored, unscored
from synth.engines.vllm.settings import Settings, engine_arguments
from synth.errors import first_line

Row = tuple[Any, ...]
"""The fields of an `Answer`, in order."""


class Session:
    """An engine at work.

    Attributes:
        context: tokens that the model reads and writes at most.
        seats: samples that it writes at the same time.
    """

    def __init__(self, settings: Settings) -> None:
        from transformers import AutoTokenizer
        from vllm.engine.arg_utils import EngineArgs
        from vllm.lora.request import LoRARequest
        from vllm.usage.usage_lib import UsageContext
        from vllm.v1.engine.llm_engine import LLMEngine

        _in_this_process()
        arguments = engine_arguments(settings)
        self._engine = LLMEngine.from_engine_args(EngineArgs(**arguments), UsageContext.LLM_CLASS)
        options = {"revision": settings.revision, "trust_remote_code": settings.trust_remote_code}
        self._tokenizer: Any = AutoTokenizer.from_pretrained(settings.model, **options)
        self._marks = _end_marks(settings.model, options, self._tokenizer)
        self._lora = LoRARequest("adapter", 1, settings.lora) if settings.lora else None
        self._token_logprobs = settings.token_logprobs
        self.context = int(self._engine.vllm_config.model_config.max_model_len)
        self.seats = int(self._engine.vllm_config.scheduler_config.max_num_seqs)
        self._asked: dict[str, tuple[Call, int]] = {}
        self._scored: dict[str, Any] = {}
        self._done: list[Row] = []
        self._ids = map(str, count())

    @property
    def busy(self) -> bool:
        """Whether `step` has anything to do."""
        return bool(self._done) or self._engine.has_unfinished_requests()

    def add(self, call: Call) -> None:
        """Queue a call; one that is refused comes back from the next `step`."""
        from vllm.v1.engine.exceptions import EngineDeadError

        indices = range(call.first, call.first + call.n)
        prompt = encode(self._tokenizer, call.prompt)
        if len(prompt) >= self.context:
            error = f"PromptTooLong: {len(prompt)} tokens, and the model reads and writes {self.context}"
            self._done += [_failed(call, index, error) for index in indices]
            return
        params = None
        for index in indices:
            try:
                params = copy(params) if params else self._params(call, len(prompt))
                params.seed = call.seed + index
                self._add(prompt, params, (call, index))
            except EngineDeadError:
                raise
            except Exception as error:  # whatever it is that vLLM has against this request
                self._done.append(_failed(call, index, f"{type(error).__name__}: {first_line(error)}"))

    def step(self) -> list[Row]:
        """Let the engine write the next token of each running sample; the samples that are done."""
        self._step()
        done, self._done = self._done, []
        return done

    def score(self, calls: Sequence[ScoreCall]) -> list[Answer]:
        """An answer for each continuation (`synth.engines.base.ScoringEngine`); samples go on meanwhile."""
        answers: list[Answer] = []
        texts: dict[str, tuple[ScoreCall, int, list[int], int]] = {}
        for call in calls:
            try:
                texts |= self._add_texts(call)
            except ValueError as error:
                answers += unscored(call, first_line(error))
        while not self._scored.keys() >= texts.keys():
            self._step()
        for name, (call, index, text, start) in texts.items():
            found = _continuation(self._scored.pop(name), text, start, call.top)
            answers.append(scored(call, index, found))
        return answers

    def _add_texts(self, call: ScoreCall) -> dict[str, tuple[ScoreCall, int, list[int], int]]:
        """Queue a request for each continuation: its call, its index, all token ids and where it begins.

        Raises:
            ValueError: a text is too long or changes the prompt's first token, or vLLM gives no such `top`.
        """
        from vllm import SamplingParams

        chat = has_template(self._tokenizer)
        read = encode(self._tokenizer, call.prompt)
        texts = [encode(self._tokenizer, continued(call.prompt, text, chat)) for text in call.continuations]
        longest = max(map(len, texts))
        if longest >= self.context:
            raise ValueError(f"PromptTooLong: {longest} tokens, and the model reads {self.context - 1}")
        # Where the tokenizer joins the prompt's last token with what follows, scoring begins before it.
        starts = [shared_start(read, text) for text in texts]
        if not min(starts):
            raise ValueError(UNSHARED)
        params = SamplingParams(temperature=0, max_tokens=1, prompt_logprobs=call.top, detokenize=False)
        return {
            self._add(text, params, None): (call, index, text, start)
            for index, (text, start) in enumerate(zip(texts, starts, strict=True))
        }

    def _params(self, call: Call, prompt: int) -> Any:
        from vllm import SamplingParams
        from vllm.sampling_params import RequestOutputKind

        asked = call.sampling
        ends = stops(self._tokenizer, asked.stop)
        return SamplingParams(
            temperature=asked.temperature,
            top_p=asked.top_p,
            top_k=asked.top_k,
            max_tokens=min(asked.max_tokens, self.context - prompt),
            stop=list(ends),
            stop_token_ids=self._marks,
            logprobs=0,
            flat_logprobs=True,
            # vLLM decodes after each token, which only a stop string needs.
            detokenize=bool(ends),
            output_kind=RequestOutputKind.FINAL_ONLY,
            skip_clone=True,
        )

    def _add(self, tokens: list[int], params: Any, asked: tuple[Call, int] | None) -> str:
        name = next(self._ids)
        prompt: Any = {"type": "token", "prompt_token_ids": tokens}
        self._engine.add_request(name, prompt, params, lora_request=self._lora)
        if asked:
            self._asked[name] = asked
        return name

    def _step(self) -> None:
        if not self._engine.has_unfinished_requests():
            return
        for output in self._engine.step():
            asked = self._asked.pop(output.request_id, None)
            if asked:
                self._done.append(self._row(*asked, output.outputs[0]))
            elif output.finished:
                self._scored[output.request_id] = output.prompt_logprobs

    def _row(self, call: Call, index: int, written: Any) -> Row:
        if written.finish_reason not in ("stop", "length"):
            return _failed(call, index, f"VllmError: the request ended with '{written.finish_reason}'")
        tokens = list(written.token_ids)
        stop = written.stop_reason if isinstance(written.stop_reason, str) else None
        marked = written.finish_reason == "stop" and stop is None
        text = decode(self._tokenizer, tokens[:-1] if marked else tokens)
        if stop is not None:
            found = first_stop(text, stops(self._tokenizer, call.sampling.stop))
            text = text[: found[0]] if found else written.text
        reasoning, text = split_reasoning(text, call.prompt)
        return (
            call.key,
            index,
            text,
            reasoning,
            written.finish_reason,
            len(tokens),
            written.cumulative_logprob,
            list(written.logprobs.logprobs) if self._token_logprobs else None,
            stop,
        )


def _in_this_process() -> None:
    """On a CPU, let vLLM do without a process of its own in ours: a small model writes half as much again.

    On a GPU it keeps one, which has the next step ready while we look at the last.
    """
    from vllm.platforms import current_platform

    if current_platform.is_cpu():
        os.environ.setdefault("VLLM_ENABLE_V1_MULTIPROCESSING", "0")


def _end_marks(model: str, options: dict[str, Any], tokenizer: Any) -> list[int]:
    """Token ids that end a text: the generation config's, one or a list, and the tokenizer's."""
    from transformers import AutoConfig, GenerationConfig

    try:
        config: Any = GenerationConfig.from_pretrained(model, revision=options["revision"])
    except OSError:
        config = GenerationConfig.from_model_config(AutoConfig.from_pretrained(model, **options))
    return sorted(end_marks(config, tokenizer))


def _failed(call: Call, index: int, error: str) -> Row:
    return call.key, index, None, None, "error", None, None, None, None, error


def _continuation(logprobs: Any, text: list[int], start: int, top: int) -> Continuation:
    """What vLLM says of a prompt's tokens, from `start` on: of each its own and the likeliest there."""
    places = logprobs[start:]
    own = [float(place[token].logprob) for place, token in zip(places, text[start:], strict=True)]
    likeliest = [
        sorted((one.rank, token, one.logprob) for token, one in place.items())[:top] for place in places
    ]
    return Continuation(
        text[:start],
        text[start:],
        own,
        [[token for _, token, _ in place] for place in likeliest],
        [[float(logprob) for *_, logprob in place] for place in likeliest],
    )
