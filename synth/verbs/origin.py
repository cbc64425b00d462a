"""What a set says of where it comes from: settings, model, files read, the command that makes it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from synth import config, drawers
from synth.drawers import Drawer
from synth.engines import model_folder
from synth.exporting.command import ELSEWHERE, from_environment, of_settings
from synth.exporting.generator import LOADED_HERE, generator_license
from synth.machine import Machine
from synth.options import HubOptions
from synth.questions.files import sha256_of
from synth.verbs.opening import Values


@dataclass(frozen=True)
class Origin:
    """What a set says of where it comes from; the attributes are those of `Built`."""

    settings: Values
    model: dict[str, str]
    inputs: list[Values]
    command: str
    also_read: list[Values] = field(default_factory=list)


def whole_command(
    typed: str, drawer: Drawer, flags: Values, config_file: str | None, assignments: Sequence[str]
) -> str:
    """The command that builds the set again, also what Python or the environment said of it.

    Args:
        typed: on the command line; empty for a build from Python.
        drawer: the pipeline.
        flags: as `run_build` has them.
        config_file: as there.
        assignments: as there.
    """
    settings = config.build_settings(drawer)
    given = {name.replace("-", "_") for name in (*flags, *config.given_by(config_file, assignments))}
    command = typed or of_settings("build", _named(drawer), settings, flags)
    return command + from_environment(settings, given)


def also_read(values: Values, config_file: str | None) -> list[Values]:
    """Name and hash of each file that shaped the set besides its questions."""
    recorded = values["recorded"] if values["questions"] else None
    paths = [Path(name).expanduser() for name in (config_file, recorded) if name]
    return [{"name": path.name, "sha256": sha256_of(path)} for path in paths if path.is_file()]


def recorded(values: Values, machine: Machine) -> Values:
    """The settings that a manifest keeps: all that shape the set, none that only say where or how fast."""
    private = ELSEWHERE | {setting.name for setting in config.group_settings([HubOptions])}
    kept = {name: value for name, value in values.items() if name not in private}
    kept["model"] = machine.engine.model_name
    if machine.template:
        kept["prompt"] = machine.template.text  # a file's name alone would not say what was asked
    kept |= machine.votes.facts()
    for name in ("model", "questions", "recorded", "semantic_model", "lora", "tokenizer"):
        if kept.get(name) and Path(kept[name]).exists():
            kept[name] = Path(kept[name]).name  # where a file lies on one machine is nobody else's business
    return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}


def model_facts(machine: Machine, values: Values) -> dict[str, str]:
    """Which model the labels speak about, and its licence where a user or the model's own card names one."""
    engine = machine.engine
    facts = {"identity": engine.identity, "name": engine.model_name, "engine": engine.name}
    if layout := getattr(engine, "layout", None):  # a recording knows of none
        facts |= layout(values["system"] is not None)
    if values["generator_license"]:
        return facts | {"license": values["generator_license"]}
    # What a server or a recording calls a model proves nothing, and an adapter has terms of its own.
    if engine.name not in LOADED_HERE or values["lora"]:
        return facts
    return facts | generator_license(model_folder(engine.model_name), engine.identity)


def _named(drawer: Drawer) -> str:
    shipped = drawer.path.parent == drawers.folder("pipelines")
    return drawer.name.replace("_", "-") if shipped else str(drawer.path)
