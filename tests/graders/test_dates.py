"""Dates among words, and the stretches of years that hold them."""

from __future__ import annotations

import pytest

from synth.graders.normal import words
from synth.graders.short.dates import Date, Period, dates, only_date, only_period, periods


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2 May 1605", Date(1605, 5, 2)),
        ("May 2nd, 1605", Date(1605, 5, 2)),
        ("the 2nd of May, 1605", Date(1605, 5, 2)),
        ("1605-05-02", Date(1605, 5, 2)),
        ("5/2/1605", Date(1605, 5, 2)),
        ("25/2/1605", Date(1605, 2, 25)),
        ("in May 1605", Date(1605, 5, None)),
        ("May 2", Date(None, 5, 2)),
        ("about 1605", Date(1605, None, None)),
        ("May 2, 16051", Date(1605, 5, 2)),
        ("in 160512", Date(1605, None, None)),
    ],
)
def test_a_date_is_read(text: str, date: Date) -> None:
    assert only_date(words(text)) == date


@pytest.mark.parametrize("text", ["they may go", "160512", "march on", "42"])
def test_what_is_no_date(text: str) -> None:
    assert dates(words(text)) == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("the 1920s", Period(1920, 1929)),
        ("the late 1920s", Period(1920, 1929)),
        ("the 1700s", Period(1700, 1799)),
        ("the 16th century", Period(1501, 1600)),
        ("early twentieth century", Period(1901, 2000)),
    ],
)
def test_decades_and_centuries_hold_years(text: str, period: Period) -> None:
    assert periods(words(text)) == [period]
    assert only_period(words(text)) == period
    held = [period.holds(year) for year in (period.first, period.last, period.last + 1, None)]
    assert held == [True, True, False, False]


def test_a_century_before_christ_is_not_one_after() -> None:
    assert only_period(words("6th century BC")) is None


@pytest.mark.parametrize("text", ["1604-05", "1604/05", "1604-1605"])
def test_a_season_holds_both_its_years(text: str) -> None:
    assert only_period(words(text)) == Period(1604, 1605)
    assert only_period(words("1604-1609")) is None
