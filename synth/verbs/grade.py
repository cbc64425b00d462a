"""`grade`: verdicts on recorded answers, and how they agree with given ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from synth.errors import UsageError
from synth.graders import grade
from synth.questions import load_questions
from synth.schema import OUTCOMES
from synth.verbs.opening import Values

FORCED: Final = 0.5
"""Score from which an undecided answer counts as correct where all must be decided."""


def run_grade(file: Path, output: Path | None, truth: str | None) -> Values:
    """`synth grade`: the object that its `--json` prints.

    Args:
        file: JSON Lines, one a pair (`question, gold|answers, prediction`) or one a question with its
            recorded `samples`.
        output: where to write one JSON line a verdict.
        truth: the column of given verdicts, true, false or null.

    Raises:
        UsageError: the file cannot be read, or has neither predictions nor samples.
    """
    if output is not None and not output.absolute().parent.is_dir():
        raise UsageError(f"{output} cannot be written: there is no such folder")
    rows = _rows(file, truth)
    verdicts = rows.hstack(grade(rows))
    if output is not None:
        columns = [name for name in verdicts.columns if name not in ("choices", "finish")]
        lines = verdicts.select(columns).iter_rows(named=True)
        try:
            output.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
        except OSError as error:
            raise UsageError(f"{output} cannot be written: {error.strerror}") from None
    outcomes = Counter(verdicts["outcome"].cast(pl.String()).to_list())
    result: Values = {"rows": rows.height, "outcomes": {name: outcomes[name] for name in OUTCOMES}}
    return result | ({"truth": agreement(verdicts, "truth")} if truth else {})


def agreement(verdicts: pl.DataFrame, truth: str) -> Values:
    """How verdicts agree with given ones, on the rows where one is given.

    `coverage` is the share that was decided; `agreement`, `kappa`, `precision` and `recall` (of
    "correct") are over those, `…_forced` over all, with the score deciding the rest.
    """
    from sklearn.metrics import cohen_kappa_score, precision_score, recall_score

    def kappa(one: Any, other: Any) -> float | None:
        """None where only one label occurs, of which kappa says nothing."""
        varied = len({*one.tolist(), *other.tolist()}) > 1
        return float(cohen_kappa_score(one, other)) if varied else None

    given = verdicts.filter(pl.col(truth).is_not_null())
    outcome = pl.col("outcome").cast(pl.String())
    correct = outcome == "correct"
    is_decided = outcome.is_in(["correct", "wrong", "refused"])  # a refusal is not a correct answer
    decided = given.filter(is_decided)
    forced = pl.when(is_decided).then(correct).otherwise(pl.col("score").fill_null(0.0) >= FORCED)

    def numbers(frame: pl.DataFrame, verdict: pl.Expr) -> tuple[Any, Any]:
        return frame[truth].to_numpy(), frame.select(verdict).to_series().to_numpy()

    if decided.is_empty():
        return {"rows": given.height, "coverage": 0.0}
    right, said = numbers(decided, correct)
    all_right, all_said = numbers(given, forced)
    return {
        "rows": given.height,
        "coverage": decided.height / given.height,
        "agreement": float((right == said).mean()),
        "agreement_forced": float((all_right == all_said).mean()),
        "kappa": kappa(right, said),
        "kappa_forced": kappa(all_right, all_said),
        "precision": float(precision_score(right, said, zero_division=0)),
        "recall": float(recall_score(right, said, zero_division=0)),
    }


def _rows(file: Path, truth: str | None) -> pl.DataFrame:
    """One row an answer: what `synth.graders.grade` needs, the question's id, and `truth`."""
    first = _first(file)
    if "samples" in first:
        return _recorded(file, truth)
    if "prediction" not in first:
        raise UsageError(f"{file}: rows have neither 'prediction' nor 'samples', but {', '.join(first)}")
    questions = load_questions(str(file), need_answers=False).frame
    given = pl.read_ndjson(file, infer_schema_length=None)
    if truth and truth not in given.columns:
        raise UsageError(f"{file}: no column '{truth}'; there are {', '.join(given.columns)}")
    if questions.height != given.height:
        raise UsageError(f"{file}: {given.height - questions.height} pairs have an id that stands twice")
    return questions.select(
        "id", pl.col("kind").cast(pl.String()), "question", "answers", "choices"
    ).with_columns(
        text=given["prediction"].cast(pl.String()),
        finish=pl.lit("stop"),
        truth=given[truth].cast(pl.Boolean()) if truth else pl.lit(None, pl.Boolean()),
    )


def _recorded(file: Path, truth: str | None) -> pl.DataFrame:
    questions = load_questions(str(file), need_answers=False).frame
    asked = questions.select("id", pl.col("kind").cast(pl.String()), "question", "answers", "choices")
    samples = []
    with file.open("rb") as lines:
        for line in lines:
            if not line.strip():
                continue
            row = orjson.loads(line)
            for sample in row["samples"]:
                finish = sample.get("finish") or "stop"
                samples.append(
                    (str(row["id"]), sample.get("text"), finish, sample.get(truth) if truth else None)
                )
    schema = {"id": pl.String(), "text": pl.String(), "finish": pl.String(), "truth": pl.Boolean()}
    frame = pl.DataFrame(samples, schema=schema, orient="row")
    return frame.join(asked, on="id", how="left", maintain_order="left")


def _first(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as lines:
            row = orjson.loads(next((line for line in lines if line.strip()), b"null"))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise UsageError(f"{file}: line 1: not JSON ({error})") from None
    if not isinstance(row, dict):
        raise UsageError(f"{file}: expected JSON Lines, one object a line")
    return row
