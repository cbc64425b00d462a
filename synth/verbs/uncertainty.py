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
    from synth.pipeline import State
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
    from synth.engines.base import HIDDEN_STATES, SAMPLE, SCORE
    from synth.pipeline import Request
    from synth.scales import scale_of
    from synth.settling import Spool
    from synth.uncertainty.similarity import load

    estimators = uncertainty.chosen(names)
    if n < 2:
        raise UsageError(f"--n {n}: uncertainty needs 2 samples a question")
    said_on, alike = scale_of(scale), load(similarity)
    values = config.resolve(config.group_settings(GROUPS), flags or {}, config_file, assignments)
    wanted = {need for each in estimators for need in each.needs}
    special = {ability for need, ability in (("states", HIDDEN_STATES), ("p_true", SCORE)) if need in wanted}
    # "all" takes what the engine can give; what is asked for by name has to be there.
    by_name = [*names] != ["all"]
    questions = open_questions(values, needs_answers=True)
    needs = frozenset({SAMPLE} | (special if by_name else set()))
    machine = open_machine(values, questions, needs, quiet=quiet)
    try:
        special &= machine.engine.can
        looks_inside = HIDDEN_STATES in special
        machine.prompts = Spool(asking.PROMPTS) if looks_inside else None
        machine.answer(Request(n))
        own = machine.state(asked=1)
        asked = _p_true(machine, own, by_name) if SCORE in special else None
        answers = uncertainty.Answers(
            own.samples,
            own.questions,
            scale=said_on,
            similarity=alike,
            spans=getattr(machine.engine, "spans", None),
            p_true=asked,
            states=_states(machine, own.samples) if looks_inside else None,
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


def _p_true(machine: Machine, state: State, by_name: bool) -> pl.DataFrame | None:
    """P(True) of every answer: `key, index, p_true`; equal texts of a question are asked about once.

    Args:
        machine: has the answers drawn.
        state: with them.
        by_name: whether it was asked for by name; else a model that cannot say is one without a value.
    """
    from synth.correctness import p_true, wording
    from synth.pipeline import Request

    questions = state.questions.collect()
    about = questions.select("question_id").hstack(wording.about(questions))
    told = state.samples.select("question_id", "key", "index", "text").drop_nulls("text").collect()
    distinct = told.unique(["key", "text"], keep="first", maintain_order=True)
    named = distinct.with_columns(sample=pl.format("{}/{}", "key", "index"))
    answers = named.join(about, on="question_id", how="left", maintain_order="left")
    for asks in p_true.asks(answers.lazy()):
        machine.answer(Request(role="judge", asks=asks))
    try:
        found = p_true.read(machine.state(asked=2).samples.filter(pl.col("request") > 0)).collect()
    except UsageError:
        if by_name:
            raise
        return None
    read = named.join(found, on="sample").select("key", "text", "p_true")
    return told.join(read, on=["key", "text"]).select("question_id", "key", "index", "p_true")
