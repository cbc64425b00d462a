"""Splits keep together what is one question."""

from __future__ import annotations

import polars as pl

from synth.splits import SPLITS, with_split

ROWS = pl.DataFrame(
    {
        "question_id": [f"q{at}" for at in range(300)],
        # Two in a row share a group; of three in a row the last of one group asks what the next group asks.
        "group": [f"g{at // 2}" for at in range(300)],
        "question": [
            f"Who is number {(at + 1) // 2 if at % 6 else f'{at}, a first one'}?" for at in range(300)
        ],
        "choices": pl.Series([None] * 300, dtype=pl.List(pl.String())),
    }
)


def split(rows: pl.DataFrame, seed: int = 0, validation: float = 0.2, test: float = 0.3) -> pl.DataFrame:
    return with_split(rows.lazy(), validation, test, seed).collect()


def test_neither_a_group_nor_a_text_is_divided() -> None:
    found = split(ROWS)
    for of in ("group", "question"):
        assert found.group_by(of).agg(pl.col("split").n_unique())["split"].max() == 1
    assert set(found["split"]) == set(SPLITS)


def test_the_same_text_with_other_options_is_another_question_and_in_another_order_is_not() -> None:
    choices = [["a", "b"], ["b", "a"], ["a", "c"]] * 100
    rows = ROWS.with_columns(
        group="question_id", question=pl.lit("Which?"), choices=pl.Series(choices, dtype=pl.List(pl.String()))
    )
    found = split(rows).group_by(pl.col("choices").list.sort()).agg(pl.col("split").n_unique())
    assert found["split"].to_list() == [1, 1]


def test_how_a_question_ends_makes_it_no_other() -> None:
    asked = [f"Who is {at // 5}{mark}" for at, mark in enumerate(["", "?", "??", "?!", " ?..."] * 60)]
    found = split(ROWS.with_columns(group="question_id", question=pl.Series(asked)))
    parts = found.group_by(pl.int_range(pl.len()) // 5).agg(pl.col("split").n_unique())
    assert parts["split"].max() == 1


def test_it_depends_on_the_seed_and_not_on_the_order() -> None:
    found = split(ROWS)
    backwards = split(ROWS[::-1]).sort(pl.col("question_id").str.slice(1).cast(pl.Int64()))
    assert backwards["split"].equals(found["split"])
    assert not split(ROWS, seed=1)["split"].equals(found["split"])


def test_shares_and_edges() -> None:
    many = pl.DataFrame(
        {
            "question_id": [str(at) for at in range(4000)],
            "group": None,
            "question": [f"{at}?" for at in range(4000)],
        }
    ).with_columns(group=pl.lit(None, pl.String()), choices=pl.lit(None, pl.List(pl.String())))
    shares = dict(split(many)["split"].value_counts(normalize=True).iter_rows())
    for name, share in zip(SPLITS, (0.5, 0.2, 0.3), strict=True):
        assert abs(shares[name] - share) < 0.03
    assert set(split(many, validation=0, test=0)["split"]) == {"train"}
    assert split(many.clear()).columns[-1] == "split"
