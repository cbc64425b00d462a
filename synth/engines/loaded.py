"""A model of the `transformers` library with its weights, ready to write."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import Any, Final

import torch
from transformers import AutoModelForCausalLM
from transformers.utils import logging

from synth.engines.chat import end_marks
from synth.engines.ending import Ending
from synth.engines.tokenizer import open_tokenizer
from synth.errors import UsageError, first_line

_SMALL: Final = 20_000_000
"""Parameters below which a step is too short to share among cores: on a busy machine they would wait for
one another many times as long as they work."""


@dataclass(frozen=True)
class Loaded:
    """What writes.

    Attributes:
        model: a causal language model.
        tokenizer: its.
        ending: when a row is done.
        context: tokens that the model reads and writes at most.
        threads: of torch, before this model had its own.
    """

    model: Any
    tokenizer: Any
    ending: Ending
    context: int
    threads: int

    def release(self) -> None:
        """Give torch back its threads."""
        torch.set_num_threads(self.threads)


def load(
    model: str,
    commit: str | None,
    dtype: str = "auto",
    device: str | None = None,
    max_model_len: int | None = None,
    trust_remote_code: bool = False,
) -> Loaded:
    """Load a model.

    Args:
        model: a folder or a Hub id.
        commit: of a Hub id.
        dtype: a torch dtype's name; "auto" is the checkpoint's own on a GPU and float32 on a CPU.
        device: a torch device; by default the GPU, else the CPU.
        max_model_len: longest prompt and answer together; by default what the model was made for.
        trust_remote_code: run code that comes with the model.

    Raises:
        UsageError: it cannot be loaded.
    """
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    if dtype == "auto" and device == "cpu":
        dtype = "float32"
    tokenizer = open_tokenizer(model, commit, trust_remote_code)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        weights: Any = AutoModelForCausalLM.from_pretrained(
            model, revision=commit, dtype=dtype, trust_remote_code=trust_remote_code
        )
        weights = weights.to(device).eval()
    except Exception as error:  # whatever the libraries have against this model, dtype or device
        raise UsageError(f"'{model}' cannot be loaded: {first_line(error)}") from error
    threads = torch.get_num_threads()
    if device == "cpu" and sum(p.numel() for p in weights.parameters()) < _SMALL:
        torch.set_num_threads(1)
    ending = Ending(tokenizer, end_marks(weights.generation_config, tokenizer))
    return Loaded(weights, tokenizer, ending, _context(weights, max_model_len), threads)


def free_memory() -> None:
    """Give back what nobody refers to any more."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _context(model: Any, asked: int | None) -> int:
    """Tokens the model can read and write: what it was made for, or less where less is asked for."""
    made_for = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return min(length for length in (asked, made_for, 1 << 31) if length)
