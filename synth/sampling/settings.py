"""What a user may set about stopping, with the checks that need no question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from synth.errors import UsageError

StopName = Literal["fixed", "curtail", "sprt", "width", "quota", "posterior"]
Decision = Literal["label", "bin", "quota"]

LARGEST_SEARCHED: Final = 1024
"""n at most for `width` and `posterior`: their tables can grow as n², and take seconds at this size."""


@dataclass(frozen=True)
class StopSettings:
    """The numbers behind the stop rules; each rule reads its own and ignores the rest.

    Attributes:
        band: `sprt`, `posterior`: a share at or below the first is unknown, at or above the second is known;
            in between either label will do.
        alpha: `sprt`: how often a question at or below the band may be labelled known.
        beta: `sprt`: how often a question at or above the band may be labelled unknown.
        width: `width`: the widest interval to stop at.
        quota: `quota`, and `posterior` deciding "quota": correct answers wanted.
        decide: `posterior`: what has to be sure: the label, the bin of a scale, or that a quota not yet met
            is out of reach.
        edges: `posterior` deciding "bin": where the scale's bins meet, ascending.
        max_doubt: `posterior`: stop once the decision is wrong with at most this probability.
        pilot_draws: `posterior`: draws a question from which the prior is learned.
    """

    band: tuple[float, float] = (0.3, 0.7)
    alpha: float = 0.05
    beta: float = 0.05
    width: float = 0.3
    quota: int = 4
    decide: Decision = "label"
    edges: tuple[float, ...] = (0.2, 0.4, 0.6, 0.8)
    max_doubt: float = 0.01
    pilot_draws: int = 3

    def __post_init__(self) -> None:
        low, high = self.band
        if not 0 < low <= high < 1:
            raise UsageError(f"--band {low:g},{high:g} is not two shares in order, both between 0 and 1")
        for name in ("alpha", "beta", "max_doubt"):
            if not 0 < getattr(self, name) < 0.5:
                option = name.replace("_", "-")
                raise UsageError(f"--{option} {getattr(self, name):g} is not between 0 and 0.5")
        if not 0 < self.width <= 1:
            raise UsageError(f"--width {self.width:g} is not above 0 and at most 1")
        for name in ("quota", "pilot_draws"):
            if getattr(self, name) < 1:
                raise UsageError(f"--{name.replace('_', '-')} {getattr(self, name)} is below 1")
        rising = all(a < b for a, b in zip(self.edges, self.edges[1:], strict=False))
        if not (self.edges and rising and all(0 < edge < 1 for edge in self.edges)):
            edges = ",".join(f"{edge:g}" for edge in self.edges)
            raise UsageError(f"--edges {edges} are not ascending shares between 0 and 1")

    def check(self, name: StopName, n: int) -> None:
        """What depends on the rule and on n.

        Raises:
            UsageError: the band leaves `sprt` nothing to tell apart, a quota cannot be met, or n is above
                what the rule can do.
        """
        if name == "sprt" and self.band[0] == self.band[1]:
            raise UsageError(
                f"--stop-rule sprt needs a --band with room, not {self.band[0]:g},{self.band[1]:g}"
            )
        if (name == "quota" or (name == "posterior" and self.decide == "quota")) and self.quota > n:
            raise UsageError(f"--quota {self.quota} cannot be met in --n {n} draws")
        if name in ("width", "posterior") and n > LARGEST_SEARCHED:
            raise UsageError(f"--stop-rule {name} works up to --n {LARGEST_SEARCHED}, not {n}")
