"""The rule that turns a question's verdicts into a label: known, unknown or undecided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer[Any]]

UNKNOWN: Final = 1
KNOWN: Final = 2
UNDECIDED: Final = 4
"""Labels are bits, so that a set of labels that are still possible is one number."""


@dataclass(frozen=True)
class LabelRule:
    """Known if k ≥ τ(k+w); undecided inside the grey zone, or if fewer than half could be judged.

    k and w count correct and wrong answers among the used samples. All others (truncated, unparsed,
    undecided, failed, and refused unless `refused_is` says otherwise) speak for neither side.

    Attributes:
        threshold: τ, 0 to 1.
        grey: shares strictly between these are undecided; None for no grey zone.
        refused_is: "apart" leaves refusals out of k and w; "unknown" counts them as wrong.
    """

    threshold: float = 0.5
    grey: tuple[float, float] | None = (0.25, 0.75)
    refused_is: str = "apart"

    @property
    def counted_wrong(self) -> tuple[str, ...]:
        """The outcomes that count towards w."""
        return ("wrong", "refused") if self.refused_is == "unknown" else ("wrong",)

    def label(self, k: Integers, w: Integers, used: Integers) -> NDArray[np.uint8]:
        """The label of each (k, w, used): UNKNOWN, KNOWN or UNDECIDED. Arrays broadcast."""
        judged = k + w
        slack = 1e-9 * np.maximum(judged, 1)  # 0.3 · 10 must count as 3
        known = k >= self.threshold * judged - slack
        undecided = (2 * judged < used) | (judged == 0)
        if self.grey is not None:
            low, high = self.grey
            undecided |= (k > low * judged + slack) & (k < high * judged - slack)
        labels = np.where(undecided, UNDECIDED, np.where(known, KNOWN, UNKNOWN))
        return labels.astype(np.uint8)
