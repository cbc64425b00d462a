"""`grade`: verdicts on recorded answers, and how they agree with given ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from synth import audits, config
from synth.audits.fitting import kept
from synth.audits.overriding import overridden
from synth.errors import UsageError
from synth.graders import grade
from synth.options import GradingOptions, StoreOptions
from synth.schema import OUTCOMES
from synth.store import Store
from synth.verbs.agreement import agreement, agreement_by
from synth.verbs.answers import read_answers
from synth.verbs.opening import Values
from synth.voting.opening import open_votes

GROUPS = (GradingOptions, StoreOptions)

_NOT_TOLD = ("choices", "finish")


def run_grade(
    file: Path,
    output: Path | None = None,
    truth: str | None = None,
    flags: Values | None = None,
    quiet: bool = False,
) -> Values:
    """`synth grade`: the object that its `--json` prints.

    Args:
        file: rows with a question and a `prediction`, or a question and its recorded `samples`.
        output: where to write one JSON line a verdict.
        truth: the column of given verdicts, true, false or null.
        flags: settings given by name.
        quiet: show no progress.

    Raises:
        UsageError: the file cannot be read, or has neither predictions nor samples.
    """
    values = config.resolve(config.group_settings(GROUPS), flags or {})
    if output is not None and not output.absolute().parent.is_dir():
        raise UsageError(f"{output} cannot be written: there is no such folder")
    answers = read_answers(file, truth)
    verdicts, judged = _graded(answers, values, quiet)
    if output is not None:
        _write(verdicts.drop(_NOT_TOLD), output)
    outcomes = Counter(verdicts["outcome"].cast(pl.String()).to_list())
    result: Values = {"rows": verdicts.height, "outcomes": {name: outcomes[name] for name in OUTCOMES}}
    compared = {"truth": agreement(verdicts), "by": agreement_by(verdicts)} if truth else {}
    return result | judged | compared


def _graded(answers: pl.DataFrame, values: Values, quiet: bool) -> tuple[pl.DataFrame, dict[str, Any]]:
    """The answers with their verdicts, and what a judge was asked for them."""
    store = Store(Path(values["store"]).expanduser())
    votes = open_votes(config.group(GradingOptions, values), store, quiet)
    rows = answers.with_columns(question_id="id")
    try:
        verdicts = votes.semantic_vote(rows, grade(rows, kept(store.folder)))
        votes.ask_judge(rows, verdicts)
        judged = overridden(rows, votes.judge_vote(rows, verdicts), audits.current(store.folder))
        return answers.hstack(judged), votes.counts()
    finally:
        votes.close()


def _write(verdicts: pl.DataFrame, output: Path) -> None:
    lines = (orjson.dumps(line) + b"\n" for line in verdicts.iter_rows(named=True))
    try:
        output.write_bytes(b"".join(lines))
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from None
