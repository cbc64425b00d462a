"""One entry more in a JSON object."""

import json

import polars as pl
import pytest

from synth.meta import check_key, named, with_entry


def test_an_entry_joins_what_is_there() -> None:
    frame = pl.DataFrame({"meta": ['{"a":1}', "{}", None, ' {"a": {"b": "}"}} ']})
    made = frame.select(with_entry(pl.col("meta"), "x", pl.lit("[1,2]"))).to_series()
    assert [json.loads(text) for text in made] == [
        {"a": 1, "x": [1, 2]},
        {"x": [1, 2]},
        {"x": [1, 2]},
        {"a": {"b": "}"}, "x": [1, 2]},
    ]


def test_a_name_means_a_column_or_a_key_of_meta() -> None:
    frame = pl.DataFrame({"source": ["nq"], "meta": ['{"sub-topic": {"a_1": "x"}, "source": "no"}']})
    for name, said in {"source": "nq", "sub-topic.a_1": "x", "other": None}.items():
        check_key("topic", name)
        assert frame.select(named(name)).item() == said


@pytest.mark.parametrize("name", ["", "a b", "a[0", "a..b", ".a", "$", "*"])
def test_what_is_no_key_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"--topic .* is no key"):
        check_key("topic", name)
