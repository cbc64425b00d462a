"""`eval --uncertainty`: which estimate from a model's samples tells its right answers from its wrong ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from synth import config
from synth.errors import UsageError
from synth.verbs.evaluate import GROUPS, Bootstrap, N
from synth.verbs.opening import Values, open_machine, open_questions

if TYPE_CHECKING:
    from synth.machine import Machine
    from synth.uncertainty import Panel


@dataclass(frozen=True)
class Comparison:
    """Estimators side by side, and what they are of.

    Attributes:
        subject: the file, or the model.
        bootstrap: how they were compared.
        panel: what each is worth.
        failures: questions of which a call failed, with the error.
    """

    subject: str
    bootstrap: Bootstrap
    panel: Panel
    failures: Mapping[str, str] = field(default_factory=dict)


def run_uncertainty(
    names: Sequence[str],
    flags: Values | None = None,
    config_file: str | None = None,
    assignments: Sequence[str] = (),
    n: int = N,
    scale: str = "0-1",
    similarity: str = "",
    bootstrap: Bootstrap | None = None,
    quiet: bool = False,
) -> Comparison:
    """Ask a model, grade, and compare estimators on its answers.

    Args:
        names: of `synth.uncertainty.ESTIMATORS`, or "all".
        flags: settings of `synth.verbs.evaluate.GROUPS` given by name.
        config_file: YAML file of settings.
        assignments: settings as NAME=VALUE.
        n: samples a question.
        scale: of a stated confidence.
        similarity: the model that says how alike two texts are; empty for n-grams.
        bootstrap: how to compare.
        quiet: show no progress.

    Raises:
        UsageError: a setting means nothing, or questions, model or store cannot be opened.
    """
    bootstrap = bootstrap or Bootstrap()
    bootstrap.check()
    from synth import asking, uncertainty
    from synth.engines.base import HIDDEN_STATES, SAMPLE
    from synth.pipeline import Request
    from synth.scales import scale_of
    from synth.settling import Spool
    from synth.uncertainty.similarity import load

    estimators = uncertainty.chosen(names)
    if n < 2:
        raise UsageError(f"--n {n}: uncertainty needs 2 samples a question")
    said_on, alike = scale_of(scale), load(similarity)
    values = config.resolve(config.group_settings(GROUPS), flags or {}, config_file, assignments)
    looks_inside = any("states" in each.needs for each in estimators)
    # "all" takes what the engine can give; what is asked for by name has to be there.
    needs = {SAMPLE} | ({HIDDEN_STATES} if looks_inside and [*names] != ["all"] else set())
    questions = open_questions(values, needs_answers=True)
    machine = open_machine(values, questions, frozenset(needs), quiet=quiet)
    try:
        looks_inside &= HIDDEN_STATES in machine.engine.can
        machine.prompts = Spool(asking.PROMPTS) if looks_inside else None
        machine.answer(Request(n))
        state = machine.state(asked=1)
        answers = uncertainty.Answers(
            state.samples,
            state.questions,
            scale=said_on,
            similarity=alike,
            spans=getattr(machine.engine, "spans", None),
            states=_states(machine, state.samples) if looks_inside else None,
        )
        panel = uncertainty.compare(answers, estimators, bootstrap.repeats, bootstrap.seed, bootstrap.level)
        subject = str(values["recorded"] if values["engine"] == "replay" else values["model"])
        return Comparison(subject, bootstrap, panel, machine.drawn.failures)
    finally:
        machine.close()


def _states(machine: Machine, samples: pl.LazyFrame) -> pl.DataFrame:
    """The hidden state of every answer: `key, index, state`; equal texts of a question are read once."""
    assert machine.prompts is not None
    prompts = machine.prompts.samples.select("key", "prompt")
    told = samples.select("key", "index", "text").drop_nulls("text").collect()
    read = told.lazy().unique(["key", "text"], maintain_order=True).join(prompts, on="key").collect()
    states = machine.engine.states(read["prompt"].to_list(), read["text"].to_list())  # type: ignore[attr-defined]
    vectors = pl.Series("state", states, dtype=pl.List(pl.Float32()))
    known = read.select("key", "text", vectors)
    return told.join(known, on=["key", "text"]).select("key", "index", "state")
