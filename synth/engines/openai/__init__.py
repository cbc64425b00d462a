"""The `openai` engine: any OpenAI-compatible server."""

from synth.engines.openai.engine import OpenAIEngine

__all__ = ["OpenAIEngine"]
