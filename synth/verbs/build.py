"""`build`: sample what is missing, grade, build, filter, export, and count all of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from synth import config, drawers, hub
from synth.audits.table import as_input
from synth.drawers import Drawer
from synth.errors import NothingBuilt, UsageError
from synth.exporting import check_destination, export
from synth.exporting.front_matter import check_languages
from synth.exporting.trainers import chosen
from synth.options import HubOptions
from synth.verbs.assembling import assemble, teaches
from synth.verbs.opening import SAMPLE_ONLY, Values, open_machine, open_questions
from synth.verbs.origin import Origin, also_read, model_facts, recorded, whole_command
from synth.verbs.push import push_built


def run_build(
    pipeline: str,
    flags: Values,
    config_file: str | None = None,
    assignments: Sequence[str] = (),
    command: str = "",
    quiet: bool = False,
    offline: bool = False,
) -> Values:
    """`synth build`: the object that its `--json` prints, and `failures` by question where there are any.

    Everything a user can get wrong is checked before anything is drawn or written.

    Args:
        pipeline: a name or a path.
        flags: settings given by name.
        config_file: a YAML file of settings.
        assignments: `name=value` texts.
        command: the command line, for the manifest.
        quiet: show no progress.
        offline: draw nothing; build from what the store holds.
    """
    started = time.monotonic()
    drawer = drawers.read("pipelines", pipeline)
    methods = getattr(drawers.load(drawer), "methods", {})
    values = config.resolve(config.build_settings(drawer), flags, config_file, assignments, methods)
    made = config.instance(drawer, values)
    out = Path(values["output_dir"] or f"out/{drawer.name}").expanduser()
    check_destination(out)
    check_languages(values["language"])
    chosen(values["formats"], made.formats)
    check_apart(out, Path(values["store"]).expanduser())
    filters = open_filters(values)
    to_hub = config.group(HubOptions, values)
    if to_hub.push_to_hub:
        hub.check(to_hub)
    questions = open_questions(values, getattr(made, "needs_answers", True))
    machine = open_machine(values, questions, getattr(made, "needs", SAMPLE_ONLY), quiet, offline)
    origin = Origin(
        settings=recorded(values, machine),
        model=model_facts(machine, values),
        inputs=questions.inputs,
        command=whole_command(command, drawer, flags, config_file, assignments),
        also_read=also_read(values, config_file),
    )
    built = assemble(drawer, made, filters, machine, origin)
    counts = built.counts
    if built.kept.filter(teaches(built.kept, made.formats)).is_empty():
        reasons = ", ".join(f"{rows} {reason}" for reason, rows in counts["dropped"].items())
        undecided = counts["labels"]["undecided"]
        why = f"dropped: {reasons or 'none'}; undecided: {undecided}"
        raise NothingBuilt(f"no row came out of {counts['questions']} questions ({why})")
    if "audited" in counts:
        built = replace(built, inputs=[*built.inputs, as_input(machine.store.folder)])
    configs = export(built, out, drawer.path.parent)
    pushed = {"hub": push_built(out, to_hub, quiet)} if to_hub.push_to_hub else {}
    seconds = round(time.monotonic() - started, 3)
    failures = {"failures": machine.drawn.failures} if machine.drawn.failures else {}
    return {"out": str(out), "configs": configs} | counts | pushed | {"seconds": seconds} | failures


def check_apart(out: Path, store: Path) -> None:
    """Refuse a dataset folder inside the store, or a store inside the dataset folder.

    Raises:
        UsageError: one lies in the other.
    """
    one, other = out.resolve(), store.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise UsageError(f"--output-dir {out} and --store {store} must not lie in one another")


def open_filters(values: Values) -> list[tuple[Drawer, Any]]:
    """The filters that `filters` names, each with its part of the values; "none" is no filter.

    A user's own file has its defaults: its fields may be called like another's options.

    Raises:
        UsageError: there is no such filter.
    """
    names = values["filters"]
    if "none" in names and len(names) > 1:
        raise UsageError("--filters none goes with no other filter")
    found = [drawers.read("filters", name) for name in names if name != "none"]
    shipped = drawers.folder("filters")
    return [(d, config.instance(d, values if d.path.parent == shipped else {})) for d in found]
