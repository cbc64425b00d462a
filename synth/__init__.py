"""Training sets that teach language models what they know, what they don't, and how sure they are.

    dataset = synth.build("refusal", questions="nq.jsonl", model="Qwen/Qwen2.5-7B-Instruct")

Names are loaded when first used: importing `synth` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from synth.settings import setting
from synth.version import __version__

if TYPE_CHECKING:
    from synth import choose, evidence, formats, ngrams, text
    from synth.api import audit, build, eval, export, filter, grade, load, plan, push, sample, verify
    from synth.filtering import Filtered
    from synth.pipeline import Request, State
    from synth.sampling.rule import LabelRule

_FROM = {
    "Filtered": "synth.filtering",
    "LabelRule": "synth.sampling.rule",
    "Request": "synth.pipeline",
    "State": "synth.pipeline",
    **dict.fromkeys(
        ("audit", "build", "eval", "export", "filter", "grade", "load", "plan", "push", "sample", "verify"),
        "synth.api",
    ),
}
_MODULES = ("choose", "evidence", "formats", "ngrams", "text")

__all__ = [
    "Filtered",
    "LabelRule",
    "Request",
    "State",
    "__version__",
    "audit",
    "build",
    "choose",
    "eval",
    "evidence",
    "export",
    "filter",
    "formats",
    "grade",
    "load",
    "ngrams",
    "plan",
    "push",
    "sample",
    "setting",
    "text",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"synth.{name}")
    if name in _FROM:
        return getattr(import_module(_FROM[name]), name)
    raise AttributeError(f"module 'synth' has no attribute '{name}'")
