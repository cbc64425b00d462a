"""`eval`: metrics of a file of predictions, or of a model that is asked, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from synth import config
from synth.errors import Problems, UsageError, quoted
from synth.options import (
    GradingOptions,
    ModelOptions,
    QuestionOptions,
    SamplingOptions,
    StopOptions,
    StoreOptions,
)
from synth.verbs.opening import Values, open_machine, open_questions

if TYPE_CHECKING:
    import polars as pl

    from synth.calibrating.held_out import HeldOut
    from synth.metrics.sampled import ConfidenceFrom

GROUPS: Final = (
    *(QuestionOptions, ModelOptions, SamplingOptions, StopOptions),
    *(GradingOptions, StoreOptions),
)
N: Final = 20


@dataclass(frozen=True)
class Bootstrap:
    """How metrics are measured.

    Attributes:
        bins: of the errors of calibration.
        repeats: resamples of the questions.
        seed: of the resamples.
        level: of the intervals.
    """

    bins: int = 10
    repeats: int = 1000
    seed: int = 0
    level: float = 0.95

    def check(self) -> None:
        """Refuse what means nothing.

        Raises:
            UsageError: fewer than one bin or resample, or a level that is not between 0 and 1.
        """
        problems = Problems("")
        if self.bins < 1:
            problems.add(f"--bins {self.bins}: 1 is the least")
        if self.repeats < 1:
            problems.add(f"--repeats {self.repeats}: 1 is the least")
        if not 0 < self.level < 1:
            problems.add(f"--level {self.level:g} is not between 0 and 1")
        problems.raise_if_any()


@dataclass(frozen=True)
class Evaluation:
    """Metrics, and what they are of.

    Attributes:
        subject: the file, or the model.
        rows: predictions.
        questions: which they belong to.
        by: the column that says so; empty where each row is a question of its own.
        bootstrap: how they were measured.
        metrics: by name, as `synth.metrics.panel.measure` gives them: what `--json` prints.
        failures: questions of which a call failed, with the error.
        held_out: what a map and a threshold are worth, as `synth.calibrating.held_out` tells it.
    """

    subject: str
    rows: int
    questions: int
    by: str
    bootstrap: Bootstrap
    metrics: dict[str, Values]
    failures: Mapping[str, str] = field(default_factory=dict)
    held_out: Values | None = None

    def as_dict(self) -> Values:
        """What `--json` prints: the metrics, and `held_out` where it was asked for."""
        return self.metrics if self.held_out is None else self.metrics | {"held_out": self.held_out}


def run_evaluate(
    file: Path,
    columns: Mapping[str, str] | None = None,
    scale: str = "0-1",
    bootstrap: Bootstrap | None = None,
    held_out: HeldOut | None = None,
) -> Evaluation:
    """`synth eval FILE`.

    Args:
        file: predictions, as `synth.metrics.reading` reads them.
        columns: the columns of its fields, where they are called something else.
        scale: of the confidence, as in `synth.scales`.
        bootstrap: how to measure.
        held_out: what to fit on one half of the questions and to tell of the other.

    Raises:
        UsageError: a setting means nothing, the file cannot be read (all its mistakes at once), or there are
            too few questions to fit on.
    """
    bootstrap = bootstrap or Bootstrap()
    bootstrap.check()
    if held_out:
        held_out.check()
    from synth.metrics.reading import read_predictions, warn

    predictions, question = read_predictions(file, columns, scale)
    warn(predictions)
    return _measured(predictions, str(file), question, bootstrap, held_out)


def run_evaluate_model(
    flags: Values | None = None,
    config_file: str | None = None,
    assignments: Sequence[str] = (),
    n: int = N,
    confidence_from: ConfidenceFrom = "agreement",
    scale: str = "0-1",
    bootstrap: Bootstrap | None = None,
    held_out: HeldOut | None = None,
    quiet: bool = False,
) -> Evaluation:
    """`synth eval` without a file: ask a model, grade, and measure each of its answers.

    Args:
        flags: settings of `GROUPS` given by name.
        config_file: YAML file of settings.
        assignments: settings as NAME=VALUE.
        n: samples a question.
        confidence_from: "agreement" or "verbal"; see `synth.metrics.sampled`.
        scale: of a verbal confidence.
        bootstrap: how to measure.
        held_out: what to fit on one half of the questions and to tell of the other.
        quiet: show no progress.

    Raises:
        UsageError: a setting means nothing, or questions, model or store cannot be opened.
    """
    bootstrap = bootstrap or Bootstrap()
    bootstrap.check()
    if held_out:
        held_out.check()
    from synth.metrics.sampled import SOURCES, predictions_of
    from synth.pipeline import Request
    from synth.scales import scale_of

    if confidence_from not in SOURCES:
        raise UsageError(f"--confidence-from {confidence_from}: it is {quoted(SOURCES)}")
    if n < (least := 2 if confidence_from == "agreement" else 1):
        raise UsageError(f"--n {n}: {confidence_from} needs {least} samples a question")
    said_on = scale_of(scale)
    values = config.resolve(config.group_settings(GROUPS), flags or {}, config_file, assignments)
    machine = open_machine(values, open_questions(values, needs_answers=True), quiet=quiet)
    try:
        machine.answer(Request(n))
        state = machine.state(asked=1)
        predictions = predictions_of(state.samples, state.questions, confidence_from, said_on)
        subject = str(values["recorded"] if values["engine"] == "replay" else values["model"])
        groups = state.questions.select(question="question_id", group="group").collect()
        return _measured(
            predictions, subject, "question", bootstrap, held_out, machine.drawn.failures, groups
        )
    finally:
        machine.close()


def _measured(
    predictions: pl.DataFrame,
    subject: str,
    by: str,
    bootstrap: Bootstrap,
    held_out: HeldOut | None = None,
    failures: Mapping[str, str] | None = None,
    groups: pl.DataFrame | None = None,
) -> Evaluation:
    from synth.metrics.panel import measure

    how = (bootstrap.bins, bootstrap.repeats, bootstrap.seed, bootstrap.level)
    told = None
    if held_out:
        from synth.calibrating.held_out import fit_and_tell

        named = None if groups is None else predictions.join(groups, on="question", maintain_order="left")
        told = fit_and_tell(predictions, held_out, None if named is None else named["group"], *how)
    return Evaluation(
        subject=subject,
        rows=predictions.height,
        questions=predictions["question"].n_unique(),
        by=by,
        bootstrap=bootstrap,
        metrics=measure(predictions, *how),
        failures=failures or {},
        held_out=told,
    )
