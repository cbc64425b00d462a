"""From a machine to a finished set: the pipeline's examples, checked, filtered and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl

from synth import asking
from synth.audits.overriding import GRADER
from synth.built import Built
from synth.drawers import Drawer
from synth.errors import UsageError
from synth.filtering import Filtered, apply_all
from synth.formats import SCHEMAS
from synth.machine import Machine
from synth.pipeline import Pipeline
from synth.schema import OUTCOMES, SPINE
from synth.settling import Spool
from synth.verbs.opening import Values
from synth.verbs.origin import Origin


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


def teaches(examples: pl.DataFrame, formats: Sequence[str]) -> pl.Expr:
    """Whether an example gives a training row in any format; an undecided question gives none."""
    rows = [_has_rows(examples, name) for name in formats]
    return pl.any_horizontal(pl.lit(False), *rows).fill_null(False)


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


def _has_rows(examples: pl.DataFrame, name: str) -> pl.Expr:
    """Whether an example has a row in a format, or several."""
    of_several = isinstance(examples.schema[name], pl.List)
    return pl.col(name).list.len() > 0 if of_several else pl.col(name).is_not_null()
