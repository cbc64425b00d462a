"""The expressions build exactly what the schemas say, and null where a part is missing."""

from __future__ import annotations

import polars as pl
import pytest

from synth.formats import (
    SCHEMAS,
    SUMMARIES,
    assistant,
    classify,
    conversation,
    distill,
    dpo,
    grpo,
    kto,
    process,
    reward,
    several,
    sft,
    sft_messages,
    system,
    unsolved,
    user,
    value_tokens,
)

FRAME = pl.DataFrame(
    {
        "question": ["Who?", "When?", None],
        "good": ["Ann.", None, "Here."],
        "bad": ["Bob.", "Never.", "There."],
    }
)
PROMPT = conversation(user(pl.col("question")))
GOOD = conversation(assistant(pl.col("good")))
BAD = conversation(assistant(pl.col("bad")))
STEPS = pl.concat_list("bad", "good")

BUILT = {
    "sft": sft(PROMPT, GOOD),
    "dpo": dpo(PROMPT, GOOD, BAD),
    "kto": kto(PROMPT, GOOD, pl.lit(True)),
    "grpo": grpo(PROMPT, pl.col("good"), pl.concat_list("good", "bad")),
    "reward": reward(GOOD, BAD, prompt=PROMPT, margin=pl.lit(0.5)),
    "value_tokens": value_tokens(
        PROMPT,
        GOOD,
        pl.lit(["0"], pl.List(pl.String())),
        pl.lit([7], pl.List(pl.Int32())),
        pl.lit([0.0], pl.List(pl.Float64())),
        pl.lit(1.0),
    ),
    "unsolved": unsolved(
        pl.col("question"),
        pl.when(pl.col("good").is_not_null()).then(pl.concat_list("good")),
        majority=pl.col("bad"),
    ),
    "classify": classify(
        "p_ik", PROMPT, pl.lit(["no", "yes"]), pl.when(pl.col("good").is_not_null()).then(1), pl.lit(2)
    ),
    "distill": distill(
        PROMPT,
        GOOD,
        pl.lit([1, 2], pl.List(pl.Int32())),
        pl.lit([0, 1], pl.List(pl.Int8())),
        pl.lit([[7]], pl.List(pl.List(pl.Int32()))),
        pl.lit([[-0.1]], pl.List(pl.List(pl.Float32()))),
        pl.lit([-2.0], pl.List(pl.Float32())),
        pl.lit(1.0),
    ),
    "process": process(
        pl.col("question"), pl.when(pl.col("good").is_not_null()).then(STEPS), pl.lit([True, False])
    ),
}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_row_has_its_schema_and_is_null_where_a_part_is(name: str) -> None:
    column = FRAME.select(BUILT[name])[name]
    assert column.dtype == pl.Struct(SCHEMAS[name])
    assert column.is_null().to_list() == [False, True, True]


def test_sft_on_messages_has_the_same_type() -> None:
    talk = conversation(system(pl.lit("Be brief.")), user(pl.col("question")), assistant(pl.col("good")))
    column = FRAME.select(sft_messages(talk))["sft"]
    assert column.dtype == pl.Struct(SCHEMAS["sft"])
    assert column.is_null().to_list() == [False, True, True]
    assert [turn["role"] for turn in column[0]["messages"]] == ["system", "user", "assistant"]
    assert column[0]["prompt"] is None


def test_several_rows_of_an_example_leave_out_the_missing_ones() -> None:
    rows = several(kto(PROMPT, GOOD, pl.lit(True)), kto(PROMPT, BAD, pl.lit(False))).alias("kto")
    column = FRAME.select(rows)["kto"]
    assert column.dtype == pl.List(pl.Struct(SCHEMAS["kto"]))
    assert [[row["label"] for row in rows] for rows in column.to_list()] == [[True, False], [False], []]


def test_the_expressions_work_on_lazy_frames() -> None:
    lazy = FRAME.lazy().select(**BUILT)
    assert lazy.collect_schema() == FRAME.select(**BUILT).schema


def test_a_reward_pair_may_be_two_whole_talks() -> None:
    good, bad = (pl.concat_list(PROMPT, reply) for reply in (GOOD, BAD))
    column = FRAME.select(reward(good, bad))["reward"]
    assert column.dtype == pl.Struct(SCHEMAS["reward"])
    assert column.is_null().to_list() == [False, True, True]
    assert column[0]["prompt"] is None
    assert column[0]["margin"] is None
    assert [turn["role"] for turn in column[0]["chosen"]] == ["user", "assistant"]


def test_each_format_says_what_it_is_for_and_who_takes_it() -> None:
    assert set(SUMMARIES) == set(SCHEMAS)
    assert all("Taken by " in line and line.endswith(".") for line in SUMMARIES.values())
