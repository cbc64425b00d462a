"""R-Tuning: what a row shows, why a row leaves, and the paper's own rules."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.errors import NothingBuilt, UsageError

Build = Callable[..., dict[str, Any]]

KNOWN = ["Paris"] * 15 + ["Rome"]
UNKNOWN = ["Rome"] * 9 + ["Oslo"] * 6 + ["Paris"]
HALF = ["Paris", "Rome"] * 8


@pytest.fixture
def file(recorded: Callable[..., Path]) -> Path:
    return recorded({"Capital of France?": KNOWN, "Where is it?": UNKNOWN, "Where was it?": HALF})


def reply(rows: pl.DataFrame, question_id: str) -> str:
    text: str = rows.row(by_predicate=pl.col("id") == question_id, named=True)["completion"][-1]["content"]
    return text


def test_own_answers_prove_the_label_and_get_their_suffix(file: Path, build: Build) -> None:
    built = build(file)
    rows = built["rows"]["sft"]
    ask = "Are you sure you accurately answered the question based on your internal knowledge?"
    assert reply(rows, "q0") == f"Paris. {ask} I am sure."
    assert reply(rows, "q1") in (f"Rome. {ask} I am unsure.", f"Oslo. {ask} I am unsure.")
    assert rows["id"].to_list() == ["q0", "q1"]
    assert built["rows"]["undecided"]["id"].to_list() == ["q2"]
    assert built["labels"] == {"known": 1, "unknown": 1, "undecided": 1}


def test_every_row_leads_back_to_its_samples(file: Path, build: Build) -> None:
    rows = build(file)["rows"]
    stored = set(rows["samples"].select(pl.format("{}/{}", "key", "index")).to_series())
    for config in ("sft", "dpo", "kto", "undecided"):
        assert set(rows[config]["sample_keys"].explode()) <= stored, config
        assert (rows[config]["sample_keys"].list.len() > 0).all()


def test_preferences_put_the_answer_first_where_known_and_the_refusal_where_not(
    file: Path, build: Build
) -> None:
    rows = build(file)["rows"]
    known, unknown = rows["dpo"].rows(named=True)
    assert known["chosen"][0]["content"] == "Paris."
    assert unknown["rejected"][0]["content"] in ("Rome.", "Oslo.")
    assert known["rejected"][0]["content"] not in ("Rome.", "Oslo.", "Paris.")
    assert rows["kto"]["label"].to_list() == [True, False, True, False]


def test_a_refusal_replaces_the_answer_of_an_unknown_question(file: Path, build: Build) -> None:
    rows = build(file, variant="replace", refusals=["No idea."])["rows"]["sft"]
    assert reply(rows, "q0") == "Paris."
    assert reply(rows, "q1") == "No idea."


def test_a_reason_names_the_competing_answers_and_not_the_gold(file: Path, build: Build) -> None:
    rows = build(file, variant="reason", refusals=["No idea."])["rows"]["sft"]
    assert reply(rows, "q1") == "No idea. My answers differ: “Rome”, “Oslo”."


def test_the_loss_can_cover_the_suffix_alone_or_everything(file: Path, build: Build) -> None:
    suffix = build(file, loss="suffix")["rows"]["sft"].row(0, named=True)
    assert [turn["role"] for turn in suffix["prompt"]] == ["user", "assistant", "user"]
    assert suffix["completion"] == [{"role": "assistant", "content": "I am sure."}]
    whole = build(file, loss="all")["rows"]["sft"]
    assert "messages" in whole.columns
    assert "completion" not in whole.columns


def test_several_rows_a_question_show_different_answers(file: Path, build: Build) -> None:
    rows = build(file, per_question=2, filters=["none"])["rows"]["sft"]
    assert rows["id"].to_list() == ["q0#1", "q1#1", "q1#2"]
    assert rows["completion"].n_unique() == 3


def test_classes_are_balanced_by_drops_that_are_counted(recorded: Callable[..., Path], build: Build) -> None:
    questions = {f"Known {i}?": KNOWN for i in range(9)} | {f"Unknown {i}?": UNKNOWN for i in range(3)}
    built = build(recorded(questions), balance=2, filters=["none"])
    assert built["dropped"] == {"balance": 3}
    assert built["kept"] + sum(built["dropped"].values()) == built["built"] == 12
    assert built["rows"]["sft"]["known"].sum() == 6


def test_topic_quotas_are_counted_for_each_topic(recorded: Callable[..., Path], build: Build) -> None:
    file = recorded({f"Unknown {i}?": UNKNOWN for i in range(4)} | {"Known?": KNOWN}, source="atlas")
    built = build(file, max_refusals=2, filters=["none"])
    assert built["dropped"] == {"topic_quota": 2}
    assert build(file, min_refusals=5, filters=["none"])["dropped"] == {"topic_too_small": 4}


def test_entropy_labels_leave_ties_undecided(recorded: Callable[..., Path], build: Build) -> None:
    same, other = ["Oslo"] * 16, ["Oslo", "Rome"] * 8
    file = recorded({"a?": same, "b?": other, "c?": other, "d?": [str(i) for i in range(16)]})
    rows = build(file, label_by="entropy", n=16, quantile=0.5)["rows"]
    assert rows["sft"].select("id", "known").rows() == [("q0", True), ("q3", False)]
    assert rows["undecided"]["id"].to_list() == ["q1", "q2"]
    by_order = build(file, label_by="entropy", n=16, quantile=0.5, ties="by-order")["rows"]["sft"]
    assert by_order["known"].to_list() == [True, True, False, False]


def test_entropy_of_clusters_ignores_how_an_answer_is_written(
    recorded: Callable[..., Path], build: Build
) -> None:
    file = recorded({"a?": ["Oslo", "oslo.", " Oslo,"] * 5, "b?": ["Rome", "Oslo", "Bonn"] * 5})
    with pytest.raises(NothingBuilt, match="undecided: 2"):  # to the letter, both waver alike
        build(file, label_by="entropy", n=15)
    clusters = build(file, label_by="cluster-entropy", n=15)
    assert clusters["rows"]["sft"].select("id", "known").rows() == [("q0", True), ("q1", False)]


def test_no_gold_is_needed_for_entropy(recorded: Callable[..., Path], build: Build) -> None:
    file = recorded({"a?": ["Oslo"] * 16, "b?": [str(i) for i in range(16)]}, answers=[])
    assert build(file, label_by="entropy")["labels"] == {"known": 1, "unknown": 1, "undecided": 0}
    with pytest.raises(UsageError, match="answer"):
        build(file)


def test_paper_rules_of_r_tuning(recorded: Callable[..., Path], build: Build) -> None:
    """Golden rows: one answer decides, the gold is shown in every row, the loss covers everything."""
    file = recorded({"Capital of France?": ["Paris"], "Where is it?": ["Rome"]})
    rows = build(file, method="r-tuning")["rows"]["sft"].rows(named=True)
    check = "Are you sure you accurately answered the question based on your internal knowledge?"
    asked = ["Capital of France?\nAnswer in a few words.", "Where is it?\nAnswer in a few words."]
    assert [row["messages"] for row in rows] == [
        [
            {"role": "user", "content": asked[0]},
            {"role": "assistant", "content": f"Paris. {check} I am sure."},
        ],
        [
            {"role": "user", "content": asked[1]},
            {"role": "assistant", "content": f"Paris. {check} I am unsure."},
        ],
    ]


def test_paper_rules_of_r_tuning_r(recorded: Callable[..., Path], build: Build) -> None:
    file = recorded({"Capital of France?": ["Paris"], "Where is it?": ["Rome"]})
    known, unknown = build(file, method="r-tuning-r")["rows"]["sft"].rows(named=True)
    assert known["messages"][-1]["content"] == "Paris."
    assert unknown["messages"][-1]["content"] in pipeline_constant("PAPER_REFUSALS")
    assert len(pipeline_constant("PAPER_REFUSALS")) == 16


def test_paper_rules_of_r_tuning_u(recorded: Callable[..., Path], build: Build) -> None:
    """The half of lower entropy is sure, ties by input order; every row survives (fault 3 kept the last)."""
    file = recorded({f"q {i}?": ["Rome"] * (5 - i % 5) + ["Oslo"] * (i % 5) for i in range(8)})
    rows = build(file, method="r-tuning-u", filters=["none"])["rows"]["sft"]
    assert rows.height == 8
    assert rows["known"].sum() == 4
    assert rows.filter("known")["id"].to_list() == ["q0", "q1", "q4", "q5"]


def test_explicit_settings_beat_the_method(recorded: Callable[..., Path], build: Build) -> None:
    rows = build(recorded({"a?": ["Paris"], "b?": ["Rome"]}), method="r-tuning", shown="own")["rows"]["sft"]
    assert rows["messages"][1][-1]["content"].startswith("Rome.")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"loss": "suffix", "variant": "replace"}, "--loss suffix needs --variant suffix"),
        ({"refusal_weights": [1.0]}, "1 --refusal-weights for 8 --refusals"),
        ({"grey": "0.8,0.2"}, "runs backwards"),
        ({"ask": []}, "at least one wording"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    file: Path, build: Build, tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        build(file, **settings)
    assert not (tmp_path / "store").exists()


def test_all_rows_dropped_is_an_error_of_its_own(file: Path, build: Build, tmp_path: Path) -> None:
    with pytest.raises(NothingBuilt):
        build(
            file, limit=1, min_refusals=1, balance=0, per_question=1, grey=None, threshold=1.0, max_refusals=0
        )
    assert not (tmp_path / "out").exists()


def test_an_answer_keeps_its_last_character_without_a_full_stop(
    recorded: Callable[..., Path], build: Build
) -> None:
    file = recorded({"a?": ["Paris, France"] * 16, "b?": ["Paris!"] * 16})
    rows = build(file)["rows"]["sft"]
    assert reply(rows, "q0").startswith("Paris, France. ")
    assert reply(rows, "q1").startswith("Paris! ")


def pipeline_constant(name: str) -> Any:
    import sys

    from synth import drawers

    loaded = drawers.load(drawers.read("pipelines", "refusal"))
    return getattr(sys.modules[loaded.__module__], name)


def test_what_nobody_can_answer_is_unknown_and_its_right_reply_is_a_refusal(
    recorded: Callable[..., Path], build: Build
) -> None:
    refused, answered = ["I don't know."] * 16, ["Rome"] * 16
    file = recorded(
        {"Who won in 3000?": refused, "What am I thinking?": answered}, answers=[], answerable=False
    )
    built = build(file, refusals=["No one knows."])
    assert built["labels"] == {"known": 0, "unknown": 2, "undecided": 0}
    rows = built["rows"]
    assert reply(rows["sft"], "q0") == "No one knows."
    assert reply(rows["sft"], "q1").startswith("Rome. ")
    assert reply(rows["sft"], "q1").endswith("I am unsure.")
    pairs = rows["dpo"].select("id", chosen=pl.col("chosen").list.first().struct.field("content")).rows()
    assert pairs == [("q1", "No one knows.")]
    replaced = build(file, variant="replace", refusals=["No one knows."])["rows"]["sft"]
    assert [reply(replaced, name) for name in ("q0", "q1")] == ["No one knows."] * 2
