"""`synth eval [FILE]`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from synth.cli.parameters import CONFIG, JSON, QUIET, SET, VERBOSE
from synth.cli.telling import finish, say, tell_logs
from synth.errors import UsageError

Values = dict[str, Any]

_COLUMNS = "Columns of FILE, where they are called something else"


def _column(what: str) -> Any:
    return typer.Option(metavar="COLUMN", help=what, rich_help_panel=_COLUMNS)


def evaluate(
    flags: Values,
    file: Annotated[
        Path | None,
        typer.Argument(help="predictions: JSON Lines, CSV or Parquet; left out, a model is asked"),
    ] = None,
    correct: Annotated[str | None, _column("whether the answer is right")] = None,
    confidence: Annotated[str | None, _column("how sure the model is")] = None,
    refused: Annotated[str | None, _column("whether it refused")] = None,
    answerable: Annotated[str | None, _column("whether the question has an answer")] = None,
    question: Annotated[str | None, _column("the question's id: its rows are drawn together")] = None,
    sure_prob: Annotated[str | None, _column("R-Tuning's P(sure) against P(unsure)")] = None,
    predict_conf: Annotated[str | None, _column("R-Tuning's probability of the answer")] = None,
    n: Annotated[int | None, typer.Option(help="of a model: samples a question; 20 where left out")] = None,
    confidence_from: Annotated[
        Literal["agreement", "verbal"] | None,
        typer.Option(
            help="of a model: the share of a question's other samples that say the same (the default), or "
            "what each says after 'Confidence:'"
        ),
    ] = None,
    scale: Annotated[
        str, typer.Option(metavar="NAME", help="of the confidence: 0-1, 0-10, 1-10, 0-9, 0-100 or words")
    ] = "0-1",
    bins: Annotated[int, typer.Option(help="of the errors of calibration")] = 10,
    repeats: Annotated[int, typer.Option(help="resamples of the questions, for the intervals")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="of the resamples")] = 0,
    level: Annotated[float, typer.Option(help="of the intervals")] = 0.95,
    uncertainty: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="of a model: compare estimates of its uncertainty instead, all or some by name "
            "(docs/uncertainty.md)",
        ),
    ] = None,
    similarity: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="with --uncertainty: a cross-encoder or sentence-transformers model that says how alike "
            "texts are; n-grams where left out",
        ),
    ] = None,
    map: Annotated[
        Literal["isotonic", "platt", "temperature"] | None,
        typer.Option(help="fit a map to probabilities on one half of the questions, and tell of the other"),
    ] = None,
    risk: Annotated[
        float | None,
        typer.Option(
            help="find a threshold on one half, from which at most this share of answers is wrong, and tell "
            "of the other"
        ),
    ] = None,
    delta: Annotated[
        float | None, typer.Option(help="with --risk: how often more may be wrong; 0.05 where left out")
    ] = None,
    config: CONFIG = None,
    set: SET = None,
    json: JSON = False,
    verbose: VERBOSE = False,
    quiet: QUIET = False,
) -> None:
    """Metrics of confidence and refusal, with intervals: of a file of predictions, or of a model."""
    from synth.calibrating.held_out import DELTA, HeldOut
    from synth.cli.measured import panel_lines, report_lines
    from synth.verbs.evaluate import Bootstrap, N, run_evaluate, run_evaluate_model
    from synth.verbs.uncertainty import run_uncertainty

    tell_logs(verbose)
    columns = {
        "correct": correct,
        "confidence": confidence,
        "refused": refused,
        "answerable": answerable,
        "question": question,
        "sure_prob": sure_prob,
        "predict_conf": predict_conf,
    }
    named = {field: column for field, column in columns.items() if column is not None}
    of_model = {"n": n, "confidence_from": confidence_from, "uncertainty": uncertainty}
    asking = flags | of_model | {"similarity": similarity, "config": config, "set": set}
    _check_one_of_two(file, named, [name for name, value in asking.items() if value is not None])
    _check_comparison(
        uncertainty,
        {"confidence_from": confidence_from, "map": map, "risk": risk, "delta": delta},
        similarity,
    )
    bootstrap = Bootstrap(bins, repeats, seed, level)
    many = N if n is None else n
    silent = quiet or json
    if uncertainty is not None:
        names = uncertainty.split(",")
        compared = run_uncertainty(
            *(names, flags, config, set or []),
            n=many,
            scale=scale,
            similarity=similarity or "",
            bootstrap=bootstrap,
            quiet=silent,
        )
        say({"uncertainty": compared.panel.as_dict()}, panel_lines(compared), json)
        finish(compared.failures)
        return
    if delta is not None and risk is None:
        raise UsageError("--delta: this is for --risk")
    held_out = HeldOut(map or "", risk, DELTA if delta is None else delta)
    if file is not None:
        found = run_evaluate(file, named, scale, bootstrap, held_out)
    else:
        found = run_evaluate_model(
            *(flags, config, set or []),
            n=many,
            confidence_from=confidence_from or "agreement",
            scale=scale,
            bootstrap=bootstrap,
            held_out=held_out,
            quiet=silent,
        )
    say(found.as_dict(), report_lines(found), json)
    finish(found.failures)


def _check_one_of_two(file: Path | None, columns: Values, asking: list[str]) -> None:
    """Refuse options of a model beside a file, and those of a file without one."""
    if file is not None and asking:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in asking)
        raise UsageError(f"{options}: these ask a model, and {file} is read; leave out the one or the other")
    if file is None and columns:
        options = ", ".join(f"--{field.replace('_', '-')}" for field in columns)
        raise UsageError(f"{options}: these are columns of a file; name the file")


def _check_comparison(uncertainty: str | None, others: Values, similarity: str | None) -> None:
    """Refuse beside --uncertainty what it does not look at, and what only it looks at without it."""
    if uncertainty is None and similarity is not None:
        raise UsageError("--similarity: this is for --uncertainty")
    idle = [f"--{name.replace('_', '-')}" for name, value in others.items() if value is not None]
    if uncertainty is not None and idle:
        raise UsageError(f"{', '.join(idle)}: --uncertainty compares estimates and measures no single one")
