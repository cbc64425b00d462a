"""Engines: what answers the calls. `base` says what an engine is; `open_engine` opens one by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from synth.engines.base import SAMPLE, Engine
from synth.errors import UsageError, quoted
from synth.options import ModelOptions

BUILTIN: Final = "builtin:almanac"


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
    if missing := needs - engine.can:
        raise UsageError(
            f"this pipeline needs {quoted(sorted(missing))}, which engine '{engine.name}' cannot do"
        )
    return engine


def _open(options: ModelOptions, columns: Mapping[str, str] | None) -> Engine:
    if options.engine == "replay":
        from synth.engines.replay import ReplayEngine

        if options.recorded is None:
            raise UsageError("--engine replay needs --recorded FILE, a file of recorded answers")
        return ReplayEngine(options.recorded, None if options.model == BUILTIN else options.model, columns)
    if options.recorded is not None:
        raise UsageError(f"--recorded {options.recorded} is for --engine replay, not {options.engine}")
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


def model_folder(model: str) -> str:
    """A model as a library loads it: a built-in one's folder, any other unchanged."""
    if model != BUILTIN:
        return model
    from synth.almanac import MODEL_DIR

    return str(MODEL_DIR)
