"""`build`: sample what is missing, grade, build, filter, export, and count all of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from synth import asking, config, drawers, hub
from synth.audits.overriding import GRADER
from synth.audits.table import as_input
from synth.built import Built
from synth.drawers import Drawer
from synth.engines import model_folder
from synth.errors import NothingBuilt, UsageError
from synth.exporting import check_destination, export
from synth.exporting.command import ELSEWHERE, from_environment, of_settings
from synth.exporting.front_matter import check_languages
from synth.exporting.generator import LOADED_HERE, generator_license
from synth.exporting.trainers import chosen
from synth.filtering import Filtered, apply_all
from synth.formats import SCHEMAS
from synth.machine import Machine
from synth.options import HubOptions
from synth.pipeline import Pipeline
from synth.questions.files import sha256_of
from synth.schema import OUTCOMES, SPINE
from synth.settling import Spool
from synth.verbs.opening import SAMPLE_ONLY, Values, open_machine, open_questions
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


def _named(drawer: Drawer) -> str:
    shipped = drawer.path.parent == drawers.folder("pipelines")
    return drawer.name.replace("_", "-") if shipped else str(drawer.path)


def also_read(values: Values, config_file: str | None) -> list[Values]:
    """Name and hash of each file that shaped the set besides its questions."""
    recorded = values["recorded"] if values["questions"] else None
    paths = [Path(name).expanduser() for name in (config_file, recorded) if name]
    return [{"name": path.name, "sha256": sha256_of(path)} for path in paths if path.is_file()]


def assemble(
    drawer: Drawer, made: Pipeline, filters: Sequence[tuple[Drawer, Any]], machine: Machine, origin: Origin
) -> Built:
    """Run the machine until the pipeline has all it asks for, build its examples and filter them.

    Args:
        drawer: the pipeline's file.
        made: the pipeline.
        filters: from `open_filters`.
        machine: over the questions; closed afterwards.
        origin: what the set is to say of its making.
    """
    machine.prompts = Spool(asking.PROMPTS)
    try:
        examples = examples_of(made, machine)
    finally:
        machine.close()
    parted = filtered(examples, machine.questions, [instance for _, instance in filters])
    head = machine.grading.head
    return Built(
        pipeline=drawer.name,
        title=drawer.title,
        formats=made.formats,
        kept=parted.kept,
        dropped=parted.dropped,
        samples=machine.spool.once,
        questions=machine.labelled(),
        settings=origin.settings,
        model=origin.model,
        inputs=origin.inputs,
        counts=counts_of(machine, examples, parted),
        command=origin.command,
        also_read=origin.also_read,
        drawer={drawer.name: drawer.sha256} | {filter.name: filter.sha256 for filter, _ in filters},
        audits=machine.grading.audits,
        prompts=machine.prompts.samples,
        head=head.packed() if head else None,
        spools=(machine.spool, machine.prompts),
    )


def teaches(examples: pl.DataFrame, formats: Sequence[str]) -> pl.Expr:
    """Whether an example gives a training row in any format; an undecided question gives none."""
    rows = [_has_rows(examples, name) for name in formats]
    return pl.any_horizontal(pl.lit(False), *rows).fill_null(False)


def _has_rows(examples: pl.DataFrame, name: str) -> pl.Expr:
    """Whether an example has a row in a format, or several."""
    of_several = isinstance(examples.schema[name], pl.List)
    return pl.col(name).list.len() > 0 if of_several else pl.col(name).is_not_null()


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


def examples_of(pipeline: Pipeline, machine: Machine) -> pl.DataFrame:
    """Run the pipeline's rounds and build its examples, checked against what it promises.

    Raises:
        UsageError: a column of the spine or a format is missing, or an id occurs twice.
    """
    examples = pipeline.build(machine.run(pipeline)).collect()
    missing = [name for name in [*SPINE, *pipeline.formats] if name not in examples.columns]
    if missing:
        raise UsageError(f"the pipeline's build gave no column {', '.join(missing)}")
    if unknown := [name for name in pipeline.formats if name not in SCHEMAS]:
        raise UsageError(
            f"the pipeline declares the format '{unknown[0]}', which synth.formats does not have"
        )
    if examples["id"].n_unique() < examples.height:
        twice = examples.filter(pl.col("id").is_duplicated())["id"][0]
        raise UsageError(f"the pipeline's build gave two examples with the id '{twice}'")
    if "reason" not in examples.columns:
        examples = examples.with_columns(reason=pl.lit(None, pl.String()))
    return examples.select(*SPINE, *pipeline.formats, "reason")


def filtered(examples: pl.DataFrame, questions: pl.DataFrame, filters: Sequence[Any]) -> Filtered:
    """Drop the rows that the pipeline gave a reason to, then apply the filters in order."""
    own = examples.filter(pl.col("reason").is_not_null())
    formats = [name for name in examples.columns if name not in SPINE and name != "reason"]
    # The first format that a row is in stands for what it teaches.
    taught = [
        pl.when(_has_rows(examples, name)).then(pl.struct(name).struct.json_encode()) for name in formats
    ]
    content = pl.coalesce(*taught, "question")
    asked = pl.concat_str(
        "context", "question", pl.col("choices").list.join("\n"), separator="\n", ignore_nulls=True
    )
    texts = questions.select(pl.col("id").alias("question_id"), "answers", question=asked)
    rows = (
        examples.filter(pl.col("reason").is_null())
        .drop("reason")
        .join(texts, on="question_id", how="left", maintain_order="left")
        .with_columns(content=content)
    )
    parted = apply_all(filters, rows)
    extra = ["question", "answers", "content"]
    dropped = [
        own.with_columns(twin=pl.lit(None, pl.String()), score=pl.lit(None, pl.Float64())),
        parted.dropped.drop(extra).select(*own.columns, "twin", "score"),
    ]
    return Filtered(parted.kept.drop(extra), pl.concat(dropped))


def counts_of(machine: Machine, examples: pl.DataFrame, parted: Filtered) -> Values:
    """The counts of a build, as its `--json` prints them (DESIGN, "The command line")."""
    graded = machine.spool.once.filter(pl.col("outcome").is_not_null())
    outcomes = Counter(dict(graded.group_by(pl.col("outcome").cast(pl.String())).len().collect().iter_rows()))
    by_person = 0
    if not machine.grading.audits.is_empty():
        by_person = graded.filter(pl.col("grader") == GRADER).select(pl.len()).collect().item()
    per_question = examples.unique("question_id", keep="first", maintain_order=True)["known"]
    return {
        "questions": machine.questions.height,
        "samples": machine.sample_counts(),
        "outcomes": {name: outcomes[name] for name in OUTCOMES},
        **({"audited": by_person} if by_person else {}),
        "labels": {
            "known": int((per_question == True).sum()),  # noqa: E712
            "unknown": int((per_question == False).sum()),  # noqa: E712
            "undecided": per_question.null_count(),
        },
        "built": examples.height,
        "kept": parted.kept.height,
        "dropped": dict(sorted(Counter(parted.dropped["reason"].to_list()).items())),
        "tokens": machine.drawn.tokens,
        **machine.votes.counts(),
    }


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
