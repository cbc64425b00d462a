"""The `vllm` engine: vLLM in processes of its own."""

from synth.engines.vllm.engine import VllmEngine

__all__ = ["VllmEngine"]
