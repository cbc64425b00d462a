"""Makes a set again, from what its folder says and what a view of its store gives."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import polars as pl

from synth import config, drawers
from synth.asking import PROMPTS
from synth.built import Built
from synth.drawers import Drawer
from synth.errors import UsageError
from synth.schema import QUESTIONS
from synth.settings import check
from synth.verbs.assembling import assemble
from synth.verbs.build import open_filters
from synth.verbs.opening import Values, machine_over
from synth.verbs.origin import Origin
from synth.verifying.engine import remembered
from synth.verifying.subject import Subject
from synth.verifying.view import View
from synth.verifying.votes import given_votes


def rebuilt(subject: Subject, view: View, drawer: Drawer) -> Built:
    """The set as the code of today builds it.

    Args:
        subject: the folder.
        view: what the set rests on.
        drawer: the pipeline's file.
    """
    manifest = subject.manifest
    values = settings_then(manifest, drawer)
    prompts = subject.scan("prompts", PROMPTS)
    questions = subject.scan("questions", QUESTIONS).collect()
    machine = machine_over(
        questions,
        remembered(manifest["model"], prompts),
        view,
        given_votes(subject),
        values,
        quiet=True,
        offline=True,
    )
    origin = Origin(manifest["settings"], manifest["model"], manifest["inputs"], manifest["command"])
    return assemble(drawer, config.instance(drawer, values), open_filters(values), machine, origin)


def pipeline_of(subject: Subject, given: str | None) -> Drawer:
    """The file of the set's pipeline.

    Args:
        subject: the folder.
        given: its name or path, from the user; None where the manifest has to do.

    Raises:
        UsageError: it is a person's own file, and not where it was.
    """
    name = subject.manifest["pipeline"]
    if given is None and name not in drawers.names("pipelines"):
        words = shlex.split(subject.manifest["command"])
        own = [word for word in words if word.endswith(".py") and Path(word).stem == name]
        if not own or not Path(own[0]).expanduser().is_file():
            raise UsageError(
                f"{subject.folder} was built by a pipeline of a person's own, {name}.py, "
                "which is not here; name it with --pipeline"
            )
        given = own[0]
    return drawers.read("pipelines", given or name)


def settings_then(manifest: dict[str, Any], drawer: Drawer) -> Values:
    """The settings that the set was built with; those that a manifest leaves out change nothing.

    Raises:
        UsageError: one is wrong, or unknown to this version.
    """
    settings = config.build_settings(drawer)
    facts = ("semantic_version", "judge_version")
    given = {name: value for name, value in manifest["settings"].items() if name not in facts}
    values = {setting.name: setting.default for setting in settings}
    return dict(sorted((values | check(settings, given, "manifest.json")).items()))


def changed_since(manifest: dict[str, Any], built: Built, version: str) -> list[str]:
    """What of the code is not what it was when the set was built, in sentences."""
    said = []
    if manifest["synth"] != version:
        said.append(f"the set was built by synth {manifest['synth']}, this is {version}")
    for name, digest in manifest["drawer"].items():
        if built.drawer.get(name, digest) != digest:
            said.append(f"{name}.py is not the file that the set was built with")
    return said


def graders_changed(then: pl.LazyFrame, now: pl.LazyFrame) -> list[str]:
    """Which graders have another version in two frames of samples, in sentences."""
    columns = pl.col("grader", "grader_version").cast(pl.String())
    by_then, by_now = (
        frame.select(columns).drop_nulls().unique().sort(pl.all()).collect(engine="streaming")
        for frame in (then, now)
    )
    said = []
    for grader in by_then["grader"].unique().sort():
        old, new = (
            frame.filter(pl.col("grader") == grader)["grader_version"].to_list()
            for frame in (by_then, by_now)
        )
        if old != new:
            said.append(f"graded by {grader} {', '.join(old)}; here is {', '.join(new) or 'none'}")
    return said
