"""What vLLM is opened with: our settings, and vLLM's arguments for them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Final

_RANKS: Final = (1, 8, 16, 32, 64, 128, 256, 320, 512)
"""The LoRA ranks that vLLM makes room for."""
_GIB: Final = 1 << 30


@dataclass(frozen=True)
class Settings:
    """What an engine is opened with; the names and meanings are vLLM's.

    Attributes:
        model: a folder or a Hub id.
        revision: a commit on the Hub.
        lora: folder of an adapter.
        lora_rank: the adapter's rank.
    """

    model: str
    revision: str | None = None
    dtype: str = "auto"
    tensor_parallel_size: int = 1
    max_model_len: int | None = None
    gpu_memory_utilization: float | None = None
    max_num_seqs: int | None = None
    enforce_eager: bool = False
    quantization: str | None = None
    lora: str | None = None
    lora_rank: int = 0
    token_logprobs: bool = False
    trust_remote_code: bool = False


def engine_arguments(settings: Settings) -> dict[str, Any]:
    """The settings as vLLM takes them."""
    from vllm.platforms import current_platform

    arguments: dict[str, Any] = {
        "model": settings.model,
        "revision": settings.revision,
        "tokenizer_revision": settings.revision,
        "dtype": settings.dtype,
        "tensor_parallel_size": settings.tensor_parallel_size,
        "max_model_len": settings.max_model_len,
        "max_num_seqs": settings.max_num_seqs,
        "enforce_eager": settings.enforce_eager,
        "quantization": settings.quantization,
        "trust_remote_code": settings.trust_remote_code,
        # A checkpoint's own temperature or top-p would be used beside ours.
        "generation_config": "vllm",
        "disable_log_stats": True,
    }
    if settings.gpu_memory_utilization is not None:
        arguments["gpu_memory_utilization"] = settings.gpu_memory_utilization
    if settings.lora:
        rank = next((rank for rank in _RANKS if rank >= settings.lora_rank), settings.lora_rank)
        arguments |= {"enable_lora": True, "max_lora_rank": rank, "max_loras": 1}
    return arguments | _on_a_cpu(settings, arguments) if current_platform.is_cpu() else arguments


def _on_a_cpu(settings: Settings, arguments: dict[str, Any]) -> dict[str, Any]:
    """What a CPU needs: its engine dies of seeded requests whose prompts are read in chunks."""
    import psutil
    from vllm.engine.arg_utils import EngineArgs

    changes: dict[str, Any] = {"enforce_eager": True, "enable_chunked_prefill": False}
    if settings.dtype == "auto":
        changes["dtype"] = "float32"
    if settings.gpu_memory_utilization is None and "VLLM_CPU_KVCACHE_SPACE" not in os.environ:
        changes["kv_cache_memory_bytes"] = min(4 * _GIB, psutil.virtual_memory().available // 4)
    # A prompt that is read at once has to fit into one step.
    longest = EngineArgs(**arguments | changes).create_model_config().max_model_len
    return changes | {"max_num_batched_tokens": max(8192, longest)}
