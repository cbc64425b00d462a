"""One entry more in a JSON object."""

import json

import polars as pl

from synth.meta import with_entry


def test_an_entry_joins_what_is_there() -> None:
    frame = pl.DataFrame({"meta": ['{"a":1}', "{}", None, ' {"a": {"b": "}"}} ']})
    made = frame.select(with_entry(pl.col("meta"), "x", pl.lit("[1,2]"))).to_series()
    assert [json.loads(text) for text in made] == [
        {"a": 1, "x": [1, 2]},
        {"x": [1, 2]},
        {"x": [1, 2]},
        {"a": {"b": "}"}, "x": [1, 2]},
    ]
