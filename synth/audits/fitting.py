"""Fits a head on audited verdicts: logistic regression over the features of short answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.errors import UsageError
from synth.files import put
from synth.graders import short
from synth.graders.base import Item
from synth.graders.short.head import Head, is_weighed, meaning_of, names, unpacked, weighed
from synth.metrics.calibration import ece
from synth.metrics.levels import by_level

FILE: Final = "head.json"
"""The head's name beside a store."""
FEWEST: Final = 20
"""Verdicts of either sort that a head needs."""
STRENGTHS: Final = (0.1, 0.3, 1.0, 3.0)
"""Inverse strengths of the ridge penalty that cross-validation chooses from."""
_FOLDS: Final = 5


def fit(items: Sequence[Item], right: Sequence[bool], embedder: str = "") -> Head:
    """The head that agrees best with people's verdicts.

    The penalty is chosen by log loss in cross-validation that keeps a question's answers together.

    Args:
        items: short answers.
        right: whether people call them right.
        embedder: a sentence-transformers model that gives features of meaning besides; empty for none.

    Raises:
        UsageError: there are too few of either sort among those that the rules weigh, or no such model.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    from sklearn.model_selection import GroupKFold, cross_val_predict

    verdicts = short.grade(items)
    used = [place for place, verdict in enumerate(verdicts) if is_weighed(verdict)]
    truth = np.array([right[place] for place in used], dtype=bool)
    fewer = int(min(truth.sum(), (~truth).sum())) if used else 0
    questions = np.unique([items[place].question for place in used], return_inverse=True)[1]
    folds = min(_FOLDS, int(questions.max(initial=-1)) + 1)
    if fewer < FEWEST or folds < 2:
        raise UsageError(
            f"a head needs {FEWEST} right and {FEWEST} wrong short answers that are not plain cases; of the "
            f"{len(used)} there are, {fewer} are of the rarer sort"
        )
    scores = np.array([verdicts[place].score for place in used], dtype=np.float64)
    meaning = meaning_of(embedder)
    inputs = np.array(weighed([items[place] for place in used], [verdicts[place] for place in used], meaning))

    def model(strength: float) -> Any:
        return LogisticRegression(C=strength, max_iter=2000)

    def tried(strength: float) -> NDArray[np.float64]:
        parts = GroupKFold(folds, shuffle=True, random_state=0)
        chances = cross_val_predict(
            model(strength), inputs, truth, groups=questions, cv=parts, method="predict_proba"
        )
        return np.asarray(chances[:, 1], dtype=np.float64)

    foreseen = {strength: tried(strength) for strength in STRENGTHS}
    best = min(STRENGTHS, key=lambda strength: log_loss(truth, foreseen[strength]))
    fitted = model(best).fit(inputs, truth)
    return Head(
        weights=tuple(map(float, fitted.coef_[0])),
        start=float(fitted.intercept_[0]),
        verdicts=len(used),
        questions=int(questions.max()) + 1,
        error=calibration_error(foreseen[best], truth),
        agreement=float(((foreseen[best] >= 0.5) == truth).mean()),
        rules_agreement=float(((scores >= 0.5) == truth).mean()),
        names=names(embedder),
        embedder=embedder,
        embedder_identity=meaning.identity if meaning else "",
    )


def calibration_error(chances: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """How far the probabilities are from coming true (`synth.metrics.ece`, ten bins)."""
    return float(ece(by_level(truth, chances)))


def items_of(verdicts: pl.DataFrame) -> tuple[list[Item], list[bool]]:
    """The short answers that people have judged, and whether they call them right.

    Args:
        verdicts: columns `kind, question, answers, choices, text, outcome`, the outcome being a person's.
    """
    outcome = pl.col("outcome").cast(pl.String())
    short_ones = verdicts.filter(
        pl.col("kind").cast(pl.String()) == "short", outcome.is_in(["correct", "wrong"]), pl.col("text") != ""
    )
    rows = short_ones.select("text", "question", "answers", outcome == "correct").iter_rows()
    read = [
        (Item(text, question or "", tuple(answers or ())), right) for text, question, answers, right in rows
    ]
    return [item for item, _ in read], [right for _, right in read]


def keep(head: Head, folder: Path) -> None:
    """Put a head beside a store, in the place of any other."""
    put(folder / FILE, head.packed())


def kept(folder: Path) -> Head | None:
    """The head beside a store, where there is one.

    Raises:
        UsageError: it cannot be read, or was made for other rules than today's.
    """
    file = folder / FILE
    try:
        head = unpacked(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from None
    if not head.fits:
        raise UsageError(f"{file} was fitted over older rules: fit it again with `synth audit --fit`")
    return head
