"""Numbers that make no sense are refused in one sentence that names the option."""

from typing import Any

import pytest

from synth.errors import UsageError
from synth.sampling.stopping import StopName, StopSettings


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ({"band": (0.7, 0.3)}, "--band 0.7,0.3"),
        ({"band": (0.0, 0.5)}, "--band 0,0.5"),
        ({"alpha": 0.0}, "--alpha 0"),
        ({"beta": 0.5}, "--beta 0.5"),
        ({"max_doubt": 0.6}, "--max-doubt 0.6"),
        ({"width": 0.0}, "--width 0"),
        ({"width": float("nan")}, "--width nan"),
        ({"quota": 0}, "--quota 0"),
        ({"pilot_draws": 0}, "--pilot-draws 0"),
        ({"edges": (0.5, 0.5)}, "--edges 0.5,0.5"),
        ({"edges": ()}, "--edges"),
        ({"edges": (0.5, 1.0)}, "--edges 0.5,1"),
    ],
)
def test_what_makes_no_sense_is_refused(numbers: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError) as refused:
        StopSettings(**numbers)
    assert str(refused.value).startswith(named)


@pytest.mark.parametrize(
    ("numbers", "name", "n", "named"),
    [
        ({"band": (0.5, 0.5)}, "sprt", 16, "--stop-rule sprt"),
        ({"quota": 8}, "quota", 7, "--quota 8"),
        ({"quota": 8, "decide": "quota"}, "posterior", 7, "--quota 8"),
        ({}, "width", 5000, "--stop-rule width"),
    ],
)
def test_what_does_not_fit_the_rule_is_refused(
    numbers: dict[str, Any], name: StopName, n: int, named: str
) -> None:
    made = StopSettings(**numbers)
    made.check("fixed", n)
    with pytest.raises(UsageError) as refused:
        made.check(name, n)
    assert str(refused.value).startswith(named)
