"""Engines: what answers the calls. `base` says what an engine is; `open_engine` opens one by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from synth.engines.base import SAMPLE, Engine
from synth.errors import UsageError, quoted
from synth.options import ModelOptions

BUILTIN: Final = "builtin:almanac"

_ONLY: Final = {
    "device": "transformers",
    "batch_rows": "transformers",
    "tensor_parallel_size": "vllm",
    "data_parallel_size": "vllm",
    "gpu_memory_utilization": "vllm",
    "max_num_seqs": "vllm",
    "enforce_eager": "vllm",
    "quantization": "vllm",
    "lora": "vllm",
    "base_url": "openai",
    "api": "openai",
    "concurrency": "openai",
    "timeout": "openai",
    "max_retries": "openai",
}
"""The options that one engine alone takes."""


def open_engine(
    options: ModelOptions,
    needs: frozenset[str] = frozenset({SAMPLE}),
    columns: Mapping[str, str] | None = None,
) -> Engine:
    """The engine that the options name.

    Args:
        options: which engine, which model.
        needs: what it must be able to do.
        columns: where a recorded file keeps its columns.

    Raises:
        UsageError: it cannot be opened, or cannot do what is needed.
    """
    engine = _open(options, columns)
    try:
        check_can(engine, needs)
    except UsageError:
        engine.close()
        raise
    return engine


def check_can(engine: Engine, needs: frozenset[str]) -> None:
    """Refuse an engine that cannot do what a pipeline needs.

    Raises:
        UsageError: it cannot.
    """
    if missing := needs - engine.can:
        raise UsageError(f"this needs {quoted(sorted(missing))}, which engine '{engine.name}' cannot do")


def _open(options: ModelOptions, columns: Mapping[str, str] | None) -> Engine:
    for name, only in _ONLY.items():
        if options.engine != only and getattr(options, name) != getattr(ModelOptions, name):
            raise UsageError(f"--{name.replace('_', '-')} is for --engine {only}, not {options.engine}")
    if options.engine == "replay":
        from synth.engines.replay import ReplayEngine

        if options.recorded is None:
            raise UsageError("--engine replay needs --recorded FILE, a file of recorded answers")
        return ReplayEngine(options.recorded, None if options.model == BUILTIN else options.model, columns)
    if options.recorded is not None:
        raise UsageError(f"--recorded {options.recorded} is for --engine replay, not {options.engine}")
    if options.engine == "openai":
        return _openai(options)
    if options.engine == "vllm":
        return _vllm(options)
    from synth.engines.transformers import TransformersEngine

    engine = TransformersEngine(
        model=model_folder(options.model),
        revision=options.model_revision,
        dtype=options.dtype,
        device=options.device,
        batch_rows=options.batch_rows,
        max_model_len=options.max_model_len,
        token_logprobs=options.token_logprobs,
        trust_remote_code=options.trust_remote_code,
        strict_identity=options.strict_identity,
    )
    engine.model_name = options.model
    return engine


def _openai(options: ModelOptions) -> Engine:
    from synth.engines.openai import OpenAIEngine

    for name in ("model_revision", "dtype", "max_model_len", "strict_identity", "trust_remote_code"):
        if getattr(options, name) != getattr(ModelOptions, name):
            raise UsageError(f"--{name.replace('_', '-')} is for a model that is loaded here, not a server's")
    return OpenAIEngine(
        base_url=options.base_url,
        model=None if options.model == BUILTIN else options.model,
        api=options.api,
        concurrency=options.concurrency,
        timeout=options.timeout,
        max_retries=options.max_retries,
        token_logprobs=options.token_logprobs,
    )


def _vllm(options: ModelOptions) -> Engine:
    from synth.engines.vllm import VllmEngine

    engine = VllmEngine(
        model=model_folder(options.model),
        revision=options.model_revision,
        dtype=options.dtype,
        tensor_parallel_size=options.tensor_parallel_size,
        data_parallel_size=options.data_parallel_size,
        max_model_len=options.max_model_len,
        gpu_memory_utilization=options.gpu_memory_utilization,
        max_num_seqs=options.max_num_seqs,
        enforce_eager=options.enforce_eager,
        lora=options.lora,
        quantization=options.quantization,
        token_logprobs=options.token_logprobs,
        trust_remote_code=options.trust_remote_code,
        strict_identity=options.strict_identity,
    )
    engine.model_name = options.model
    return engine


def model_folder(model: str) -> str:
    """A model as a library loads it: a built-in one's folder, any other unchanged."""
    if model != BUILTIN:
        return model
    from synth.almanac import MODEL_DIR

    return str(MODEL_DIR)
