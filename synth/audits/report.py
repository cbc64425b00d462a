"""What the audits of a set come to: the label noise, over all and by grader and outcome."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from synth.audits.answers import STRATUM, in_random_order, seed_of
from synth.audits.noise import LEVEL, Noise, Stratum, noise_of
from synth.audits.words import SPEAKING

FILLED: Final = 0.5
"""Share of the answers, in random order, up to which a person must have been asked. Where audits were made
for another set, only what both sets share was asked about: that is no random sample of this one."""


def report(verdicts: pl.DataFrame) -> dict[str, Any]:
    """The label noise of a set, as `synth audit --json` prints it.

    Args:
        verdicts: from `synth.audits.answers.verdicts_of`.

    Returns:
        `verdicts`, how many say something of their answer; `answers`, how many different ones were graded;
        `audited` and `unsure`, how many of them a person has judged or could not; `replaced`, how many
        verdicts the audits have replaced; `noise` (`value`, `low`, `high` of the verdicts that say
        something, or None); and `strata`, one a grader and outcome: `grader, outcome, verdicts, audited,
        wrong, noise`.
    """
    strata = [(part.row(0, named=True), _counted(part), part) for part in _parts(verdicts)]
    speaking = verdicts.filter(pl.col("outcome").is_in(SPEAKING))
    asked = verdicts.unique("answer")
    return {
        "verdicts": speaking.height,
        "answers": asked.height,
        "audited": int(asked["right"].count()),
        "unsure": int((asked["asked"] & asked["right"].is_null()).sum()),
        "replaced": int((verdicts["now"] != verdicts["outcome"]).sum()),
        "level": LEVEL,
        "noise": _plain(noise_of([counted for first, counted, _ in strata if first["outcome"] in SPEAKING])),
        "strata": [
            {
                "grader": first["grader"],
                "outcome": first["outcome"],
                "verdicts": counted.verdicts,
                "audited": part.unique("answer")["right"].count(),
                "wrong": int((~part.unique("answer")["right"]).sum()),
                "noise": _plain(noise_of([counted])),
            }
            for first, counted, part in strata
        ],
    }


def _parts(verdicts: pl.DataFrame) -> list[pl.DataFrame]:
    """The strata in order, each with `drawn`: whether a verdict is of the random sample."""
    return [
        _with_drawn(part)
        for part in in_random_order(verdicts, seed_of(verdicts))
        .sort(*STRATUM, "first", "chance", "id")
        .partition_by(STRATUM, maintain_order=True)
    ]


def _with_drawn(part: pl.DataFrame) -> pl.DataFrame:
    """A stratum with the random sample marked: all verdicts up to the last answer asked about."""
    each = part.unique("answer", keep="first", maintain_order=True)
    filled = each["asked"].cum_sum() / pl.int_range(1, each.height + 1, eager=True)
    reached = each.filter(each["asked"] & (filled >= FILLED))["first"].max()
    drawn = (
        pl.lit(False) if reached is None else pl.col("right").is_not_null() & (pl.col("chance") <= reached)
    )
    return part.with_columns(drawn=drawn)


def _counted(part: pl.DataFrame) -> Stratum:
    wrong = (~pl.col("right")).fill_null(False)
    stands_wrong = wrong & (pl.col("now") == pl.col("outcome"))
    counts = part.select(
        verdicts=pl.len(),
        drawn=pl.col("drawn").sum(),
        errors=(pl.col("drawn") & wrong).sum(),
        known=pl.col("right").count(),
        known_errors=wrong.sum(),
        mended=(wrong & ~stands_wrong).sum(),
    )
    return Stratum(**counts.row(0, named=True))


def _plain(noise: Noise | None) -> dict[str, float] | None:
    return None if noise is None else {"value": noise.value, "low": noise.low, "high": noise.high}
