"""What our part of a card says: the set's purpose, making, quality, losses, files, limits and sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from synth.built import Built
from synth.exporting.configs import RAW
from synth.exporting.examples import examples, shortened
from synth.exporting.front_matter import licences_of
from synth.exporting.licences import identifiers
from synth.exporting.quality import Numbers
from synth.exporting.scrub import scrub
from synth.exporting.templates import find_template, render
from synth.exporting.trainers import ABOUT
from synth.formats import FOR_READING
from synth.version import __version__

_LOAD: Final = """\
from datasets import load_dataset

rows = load_dataset("path/or/id/of/this/dataset", "{config}")"""
_LENGTH: Final = 300
"""Characters of a setting or a name that the card shows; the manifest has them whole."""
_MOST: Final = 100
"""Entries of a list that the card shows."""


def card_block(built: Built, numbers: Numbers, own: Path | None, noise: dict[str, Any] | None = None) -> str:
    """The managed part of the card, without its marks.

    Args:
        built: the set.
        numbers: its numbers, from `synth.exporting.quality.card_numbers`.
        own: folder of the pipeline's file where it is a person's own, for a template beside it.
        noise: what audits say of the verdicts, from `synth.exporting.noise`; None where there are none.
    """
    values = _cut(
        scrub(
            {
                "pipeline": built.pipeline,
                "title": built.title,
                "model": built.model,
                "settings": built.settings,
                "inputs": built.inputs,
            }
        )
    )
    training = {
        name: splits for name, splits in numbers["configs"].items() if name not in (*RAW, *FOR_READING)
    }
    first = next(iter(training), "")
    values |= {
        "numbers": _cut(numbers),
        "noise": noise,
        "command": scrub(built.command),
        "licences": {
            "questions": _cut(identifiers(licences_of(built))[:_MOST]),
            "model": _cut(identifiers([built.model.get("license")])[:_MOST]),
        },
        "training": training,
        "split_names": sorted({split for splits in training.values() for split in splits}),
        "about": {name: Markup(text) for name, text in (ABOUT | RAW).items()},  # our own words
        "load": _LOAD.format(config=next(iter(numbers["configs"]), "")),
        "examples": examples(built, first) if first else [],
        "first_config": first,
        "version": __version__,
    }
    return render(find_template(built.pipeline, own), values)


def _cut(value: Any) -> Any:
    """The value with long texts shortened; works through dicts and lists."""
    if isinstance(value, dict):
        return {shortened(name, _LENGTH): _cut(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_cut(item) for item in value[:_MOST]]
    return shortened(value, _LENGTH) if isinstance(value, str) else value
