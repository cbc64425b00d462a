"""`build`: sample what is missing, grade, build, filter, export, and count all of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from synth import config, drawers
from synth.audits.overriding import GRADER
from synth.audits.table import as_input
from synth.built import Built
from synth.drawers import Drawer
from synth.errors import NothingBuilt, UsageError
from synth.exporting import check_destination, export
from synth.filtering import Filtered, apply_all
from synth.formats import SCHEMAS
from synth.machine import Machine
from synth.pipeline import Pipeline
from synth.schema import OUTCOMES, SPINE
from synth.verbs.opening import SAMPLE_ONLY, Values, open_machine, open_questions


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
    check_apart(out, Path(values["store"]).expanduser())
    filters = open_filters(values)
    questions = open_questions(values, getattr(made, "needs_answers", True))
    machine = open_machine(values, questions, getattr(made, "needs", SAMPLE_ONLY), quiet, offline)
    try:
        examples = examples_of(made, machine)
    finally:
        machine.close()
    parted = filtered(examples, machine.questions, [instance for _, instance in filters])
    counts = counts_of(machine, examples, parted)
    if parted.kept.filter(teaches(parted.kept, made.formats)).is_empty():
        reasons = ", ".join(f"{rows} {reason}" for reason, rows in counts["dropped"].items())
        undecided = counts["labels"]["undecided"]
        why = f"dropped: {reasons or 'none'}; undecided: {undecided}"
        raise NothingBuilt(f"no row came out of {counts['questions']} questions ({why})")
    built = Built(
        pipeline=drawer.name,
        title=drawer.title,
        formats=made.formats,
        kept=parted.kept,
        dropped=parted.dropped,
        samples=machine.spool.once,
        questions=machine.labelled(),
        settings=recorded(values, machine),
        model=model_facts(machine),
        inputs=[*questions.inputs, *([as_input(machine.store.folder)] if "audited" in counts else [])],
        counts=counts,
        command=command,
        drawer={drawer.name: drawer.sha256} | {filter.name: filter.sha256 for filter, _ in filters},
        audits=machine.grading.audits,
    )
    configs = export(built, out, drawer.path.parent)
    seconds = round(time.monotonic() - started, 3)
    failures = {"failures": machine.drawn.failures} if machine.drawn.failures else {}
    return {"out": str(out), "configs": configs} | counts | {"seconds": seconds} | failures


def teaches(examples: pl.DataFrame, formats: Sequence[str]) -> pl.Expr:
    """Whether an example gives a training row in any format; an undecided question gives none."""
    lists = {name for name in formats if isinstance(examples.schema[name], pl.List)}
    rows = [pl.col(n).list.len() > 0 if n in lists else pl.col(n).is_not_null() for n in formats]
    return pl.any_horizontal(pl.lit(False), *rows).fill_null(False)


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
    taught = pl.col(examples.columns[len(SPINE)])  # a row's first format stands for what it teaches
    content = pl.when(taught.is_null()).then("question").otherwise(pl.struct(taught).struct.json_encode())
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
    private = {"output_dir", "store", "device", "batch_rows"}
    private |= {"base_url", "judge_base_url", "concurrency", "timeout", "max_retries"}
    private |= {"tensor_parallel_size", "data_parallel_size", "gpu_memory_utilization", "max_num_seqs"}
    kept = {name: value for name, value in values.items() if name not in private}
    kept["model"] = machine.engine.model_name
    kept |= machine.votes.facts()
    for name in ("questions", "recorded", "semantic_model"):
        if kept[name] and Path(kept[name]).exists():
            kept[name] = Path(kept[name]).name  # where a file lies on one machine is nobody else's business
    return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}


def model_facts(machine: Machine) -> dict[str, str]:
    """Which model the labels speak about."""
    engine = machine.engine
    return {"identity": engine.identity, "name": engine.model_name, "engine": engine.name}
