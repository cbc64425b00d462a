"""Rows about right and wrong answers: what they ask, that their targets are true, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from datasets import load_dataset

from synth.engines.base import Answer, ScoreCall
from synth.engines.transformers import TransformersEngine
from synth.errors import NothingBuilt, UsageError
from synth.verbs.build import run_build
from synth.verbs.verify import run_verify

Build = Callable[..., dict[str, Any]]
Recorded = Callable[..., Path]

HALF = ["Paris", "Rome"] * 6
SURE = ["Paris"] * 11 + ["Oslo"]


@pytest.fixture
def file(recorded: Recorded) -> Path:
    return recorded({f"Capital of {land}?": HALF if at % 2 else SURE for at, land in enumerate("abcdefghij")})


@pytest.fixture
def correctness(build: Build) -> Build:
    def run(file: Path, **settings: Any) -> dict[str, Any]:
        given = {"filters": ["none"], "n": 12, "stop_rule": "fixed", "test": 0.0, "validation": 0.0}
        return build(file, pipeline="correctness", **(given | settings))

    return run


ABOUT = pl.Struct({"correct": pl.Int32(), "by": pl.String(), "risk": pl.Float64(), "p_true": pl.Float64()})


def rows_of(built: dict[str, Any], task: str) -> pl.DataFrame:
    rows: pl.DataFrame = built["rows"]["classify"]
    return rows.filter(task=task).with_columns(
        asked=pl.col("prompt").list.last().struct.field("content"),
        about=pl.col("meta").str.json_decode(pl.Struct({"answer": ABOUT})).struct.field("answer"),
    )


def base_rate(rows: pl.DataFrame) -> float:
    """The share of right answers among the rows, each as often as it weighs."""
    weighed = rows.select((pl.col("target") * pl.col("weight")).sum() / pl.col("weight").sum())
    return float(weighed.item())


def test_p_true_shows_both_orders_and_its_target_is_the_verdict(file: Path, correctness: Build) -> None:
    built = correctness(file, rows=("p-true",))
    rows = rows_of(built, "p_true")
    assert rows.height == 10 * 2 * 2
    for row in rows.iter_rows(named=True):
        assert row["target"] == ("Proposed answer: Paris" in row["asked"])
        letter = row["replies"][1]
        assert f"\n{letter}. True\n" in row["asked"]
        assert row["asked"].endswith("Answer with the letter of one option.")
    per_letter = rows.group_by(pl.col("replies").list.last()).agg(
        pl.col("weight").sum(), pl.col("target").sum()
    )
    assert per_letter["weight"].n_unique() == per_letter["target"].n_unique() == 1, (
        "no letter is the likelier"
    )
    # Every row weighs what it stands for, so the rows have the base rate of the answers.
    assert base_rate(rows) == pytest.approx((5 * 6 + 5 * 11) / 120)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_answers_left_out_do_not_bend_the_base_rate(
    recorded: Recorded, correctness: Build, most: int
) -> None:
    """Right answers agree and wrong ones scatter, so of the different ones more are wrong than of all."""
    scattered = [*["Paris"] * 4, *["It is Paris."] * 2, "Oslo", "Rome", "Bern", "Riga", "Cork", "Nice"]
    lands = {f"Capital of land {at}?": scattered for at in range(40)}
    rows = rows_of(correctness(recorded(lands), rows=("p-true",), per_question=most), "p_true")
    assert rows["weight"].sum() == pytest.approx(40 * 12)
    assert rows.group_by("question_id").agg(pl.col("asked").len())["asked"].to_list() == [2 * most] * 40
    if most == 1:
        assert base_rate(rows) == pytest.approx(0.5, abs=0.2), "on average"
    else:
        each = rows.group_by("question_id").agg(
            right=(pl.col("target") * pl.col("weight")).sum(), all=pl.col("weight").sum()
        )
        assert each["right"].to_list() == pytest.approx([6.0] * 40)


def test_one_order_by_lot_and_words(file: Path, correctness: Build) -> None:
    lot = rows_of(correctness(file, rows=("p-true",), order="either"), "p_true")
    assert lot.height == 20
    assert set(lot["replies"].list.last()) == {"A", "B"}
    words = rows_of(correctness(file, rows=("p-true",), options="words"), "p_true")
    assert set(words["replies"].list.join(" ")) == {"False True"}
    assert words["asked"].str.contains(r"Answer (True or False|False or True)\.$").all()


def test_ideas_are_the_other_answers(file: Path, correctness: Build) -> None:
    for row in rows_of(correctness(file, rows=("ideas",)), "p_true_ideas").iter_rows(named=True):
        shown = [line for line in row["asked"].splitlines() if line.startswith("- ")]
        assert len(shown) == 5
        if "Proposed answer: Oslo" in row["asked"]:
            assert "- Oslo" not in shown, "it was said once: it is not an idea beside itself"


def test_pairs_are_even_and_weigh_what_the_answers_do(file: Path, correctness: Build) -> None:
    rows = rows_of(correctness(file, rows=("p-true",), proposed="pairs"), "p_true")
    assert rows["target"].mean() == 0.5
    assert base_rate(rows) == pytest.approx(85 / 120)


def test_p_ik_is_read_off_the_question_alone(file: Path, correctness: Build) -> None:
    rows = rows_of(correctness(file, rows=("p-ik",)), "p_ik")
    assert rows["target"].to_list() == pytest.approx([11 / 12, 0.5] * 5)
    assert rows["weight"].to_list() == [12.0] * 10
    assert not rows["asked"].str.contains("Paris|Oslo|Rome|Answer in a few words").any()
    counts = rows_of(correctness(file, rows=("p-ik",), p_ik="counts", name="counts"), "p_ik")
    assert counts["target"].to_list() == [1.0, 0.0] * 10
    assert counts["weight"].to_list() == [11.0, 1.0, 6.0, 6.0] * 5


def test_unanswerable_questions_are_never_known(recorded: Recorded, correctness: Build) -> None:
    file = recorded({"Who will win?": ["Paris"] * 11 + ["I don't know."]}, answerable=False, answers=[])
    built = correctness(file, rows=("p-ik", "p-true"))
    assert rows_of(built, "p_ik")["target"].to_list() == [0.0]
    assert set(rows_of(built, "p_true")["target"]) == {0.0}


def pool(tmp_path: Path) -> Path:
    """Two models on twelve questions: one mostly right and brief, one mostly wrong and wordy."""
    path = tmp_path / "pool.jsonl"
    said = ["It is Paris.", "The capital of land {} is Oslo."]
    rows = [
        {"id": f"q{at}", "question": f"What is the capital of land {at}?", "answers": ["Paris"],
         "model": "pool:x",
         "samples": [{"text": "Paris" if at % 4 else "Rome", "model": "good"},
                     {"text": said[at % 4 > 0].format(at), "model": "bad"}]}
        for at in range(12)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_pool_gives_rows_about_each_of_its_models(tmp_path: Path, correctness: Build) -> None:
    built = correctness(pool(tmp_path))
    assert set(built["rows"]["classify"]["task"]) == {
        "model_name", "model_anonymous", "model_bare", "model_answerless", "judge", "judge_with_reference",
    }  # fmt: skip
    named = rows_of(built, "model_name")
    assert named.height == 24
    assert (
        named["asked"].str.starts_with("good was asked") == (named["about"].struct.field("by") == "good")
    ).all()
    assert not rows_of(built, "model_anonymous")["asked"].str.contains("good|bad").any()
    bare = rows_of(built, "model_bare")["asked"].str.extract(r"Reply: (.*)$")
    assert set(bare) == {"paris", "rome", "oslo"}, "how it was said does not tell who said it"
    assert not rows_of(built, "model_answerless")["asked"].str.contains("Reply:").any()
    share = (
        rows_of(built, "model_answerless")
        .group_by(pl.col("about").struct.field("by"))
        .agg(pl.col("target").mean())
    )
    assert dict(share.iter_rows()) == {"good": 0.75, "bad": 0.25}


def test_who_is_not_told_is_nobody(tmp_path: Path, correctness: Build) -> None:
    file = pool(tmp_path)
    row = json.loads(file.read_text().splitlines()[0])
    row["samples"].append({"text": "Bern"})
    file.write_text(json.dumps(row) + "\n")
    built = correctness(file, rows=("model",))
    assert set(rows_of(built, "model_name")["about"].struct.field("by")) == {"good", "bad"}
    assert rows_of(built, "model_answerless").height == 2
    assert rows_of(built, "model_anonymous").height == 3


def test_a_kind_named_twice_is_made_once(tmp_path: Path, correctness: Build) -> None:
    named = {"rows": ("model", "model"), "variants": ("name", "name")}
    assert correctness(pool(tmp_path), **named)["rows"]["classify"].height == 24


def test_a_mark_is_the_verdict_drawn_towards_the_likeness(file: Path, correctness: Build) -> None:
    built = correctness(file, rows=("judge",))
    rows = rows_of(built, "judge_with_reference")
    assert rows["asked"].str.contains("\n\nReference answer: Paris\n\n").all()
    assert not rows_of(built, "judge")["asked"].str.contains("Reference").any()
    right = rows["asked"].str.ends_with("Reply: Paris")
    assert set(rows.filter(right)["target"]) == {1.0}
    assert (rows.filter(~right)["target"] < 0.1).all()
    assert rows["replies"].list.len().unique().to_list() == [10]


def test_no_question_is_in_two_splits(tmp_path: Path, correctness: Build) -> None:
    built = correctness(pool(tmp_path), test=0.4, validation=0.2)
    out = tmp_path / "out/classify"
    parts = {
        name: set(pl.read_parquet(out / f"{name}-*.parquet")["question_id"]) for name in ("train", "test")
    }
    assert parts["train"]
    assert parts["test"]
    assert not parts["train"] & parts["test"]
    assert sum(built["configs"]["classify"].values()) == built["rows"]["classify"].height


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"rows": ("ideas",), "n": 5}, "--n 5 leaves 4 answers beside one, fewer than --ideas 5"),
        ({"p_ik": "counts", "stop_rule": "curtail"}, "--p-ik counts needs --stop-rule fixed"),
        ({"rows": ("judge",), "context_twin": True}, "--context-twin makes p-ik rows"),
        ({"distill": 3}, "--calibrate needs a --validation split"),
        ({"rows": ("model",), "variants": ()}, "at least one of the --variants"),
        ({"rows": ("p-false",)}, "'p-false' is not"),
        ({"ask_p_true": True}, "needs 'score', which engine 'replay' cannot do"),
        ({"distill": 3, "calibrate": "none"}, "needs 'token distributions', which engine 'replay' cannot do"),
        ({"ideas": 12}, "no question has more than 12 answers, and --ideas 12 needs 13"),
    ],
)
def test_what_does_not_go_together_is_refused(
    file: Path, correctness: Build, tmp_path: Path, settings: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        correctness(file, **({"n": 20} | settings))
    assert not (tmp_path / "out").exists()


def test_rows_about_one_model_are_not_made_of_several(tmp_path: Path, correctness: Build) -> None:
    for rows in (("p-ik",), ("model", "ideas")):
        with pytest.raises(
            UsageError, match=f"--rows {rows[-1]} speaks of one model, and these are the answers of"
        ):
            correctness(pool(tmp_path), rows=rows)
    assert not (tmp_path / "out").exists()


def test_without_a_judged_answer_there_is_no_set(
    recorded: Recorded, correctness: Build, tmp_path: Path
) -> None:
    with pytest.raises(NothingBuilt, match="no row came out of 1 questions"):
        correctness(recorded({"Where?": ["I don't know."] * 12}))
    assert not (tmp_path / "out").exists()


def flags(tmp_path: Path, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "limit": 60,
        "filters": "none",
        "store": str(tmp_path / "store"),
        "max_tokens": 24,
    }
    return given | {"output_dir": str(tmp_path / "out")} | more


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store holds what `synth build refusal` drew."""
    folder = tmp_path_factory.mktemp("correctness")
    run_build("refusal", flags(folder, output_dir=str(folder / "refusal")), quiet=True)
    return folder


def test_a_refusal_builds_store_needs_no_new_sample(home: Path) -> None:
    counts = run_build("correctness", flags(home), quiet=True)
    assert counts["samples"]["new"] == 0
    assert counts["samples"]["used"] > 0
    tasks = set(pl.read_parquet(home / "out/classify/*.parquet")["task"])
    assert tasks == {"p_true", "p_true_ideas", "p_ik", "judge", "judge_with_reference"}


def test_the_model_itself_is_asked_once_and_the_set_verifies(home: Path, tmp_path: Path) -> None:
    asked = flags(home, output_dir=str(tmp_path / "out"), ask_p_true=True, distill=4, validation=0.5)
    first = run_build("correctness", asked, quiet=True)
    assert first["samples"]["new"] > 0
    assert first["tokens"] == 0
    assert run_build("correctness", asked, quiet=True)["samples"]["new"] == 0
    rows = rows_of({"rows": {"classify": pl.read_parquet(tmp_path / "out/classify/*.parquet")}}, "p_true")
    sure = rows["about"].struct.field("p_true")
    assert sure.null_count() == 0
    assert sure.is_between(0, 1).all()
    keys = rows.filter(pl.col("about").struct.field("p_true").is_not_null())["sample_keys"]
    scores = pl.read_parquet(tmp_path / "out/samples/*.parquet").filter(finish="score")
    named = set(scores.select(name=pl.format("{}/{}", "key", "index"))["name"])
    assert all(len(named & set(each)) >= 4 for each in keys.to_list()), (
        "the scores that p_true rests on are named"
    )
    taught = pl.read_parquet(tmp_path / "out/distill/*.parquet")
    assert (taught["topk_ids"].list.len() == taught["loss_mask"].list.sum()).all()
    assert taught["temperature"].n_unique() == 1
    for config in ("classify", "distill"):
        loaded = load_dataset(str(tmp_path / "out"), config, cache_dir=str(tmp_path / "cache"))
        assert {name: len(part) for name, part in loaded.items()} == first["configs"][config]
    for embedded in (False, True):
        assert run_verify(tmp_path / "out", home / "store", from_embedded=embedded)["same"]


def test_the_teachers_temperature_is_chosen_on_accepted_answers_only(home: Path, tmp_path: Path) -> None:
    common = flags(home, distill=2, validation=0.5, rows=("p-ik",))
    taught = {}
    for reply in ("gold", "own"):
        out = tmp_path / reply
        run_build("correctness", common | {"output_dir": str(out), "reply": reply}, quiet=True)
        taught[reply] = pl.concat(
            pl.read_parquet(file).with_columns(split=pl.lit(file.name.split("-")[0]))
            for file in sorted((out / "distill").glob("*.parquet"))
        )
    chosen = {reply: frame["temperature"].unique().to_list() for reply, frame in taught.items()}
    assert chosen["own"] == chosen["gold"]
    named = ("question_id", "input_ids")
    apart, others = (
        {reply: frame.filter((pl.col("split") == "validation") == held).select(named)
         for reply, frame in taught.items()}
        for held in (True, False)
    )  # fmt: skip
    assert apart["own"].equals(apart["gold"])
    assert not others["own"].equals(others["gold"]), "elsewhere its own replies are read"


def test_a_twin_without_its_context_has_a_share_of_its_own(tmp_path: Path) -> None:
    context = {"context": "The register says: Mirka lives in Rome.", "question": "Where does Mirka live?"}
    plain = {"context": None, "question": "What is 2 + 3?"}
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps({"answers": ["Rome"]} | row) + "\n" for row in (context, plain)))
    asked = flags(tmp_path, questions=str(questions), limit=None, n=4, rows=("p-ik",), context_twin=True)
    counts = run_build("correctness", asked | {"stop_rule": "fixed"}, quiet=True)
    assert counts["samples"]["new"] == 12
    rows = rows_of({"rows": {"classify": pl.read_parquet(tmp_path / "out/classify/*.parquet")}}, "p_ik")
    assert rows["asked"].str.contains("register").sum() == 1
    assert rows["asked"].str.contains("Mirka").sum() == 2


def test_a_judge_that_answers_nonsense_is_not_believed(home: Path, tmp_path: Path) -> None:
    """The built-in model hardly ever says a digit where a mark is wanted."""
    rated = flags(home, output_dir=str(tmp_path / "out"), mark="self", rows=("judge",))
    with pytest.raises(UsageError, match=r"gives no sensible rating: in \d+ of \d+ cases the replies"):
        run_build("correctness", rated, quiet=True)
    assert not (tmp_path / "out").exists()


def test_a_judges_own_marks_are_what_it_expects(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def likes_seven(self: TransformersEngine, calls: Sequence[ScoreCall]) -> list[Answer]:
        logs = {"7": -0.2, "8": -2.0}
        return [
            Answer(call.key, at, text, finish="score", logprob_sum=logs.get(text, -20.0))
            for call in calls
            for at, text in enumerate(call.continuations)
        ]

    monkeypatch.setattr(TransformersEngine, "score", likes_seven)
    store = str(tmp_path / "store")
    rated = flags(tmp_path, store=store, mark="self", rows=("judge",), likeness=0.0, limit=12, n=4)
    run_build("correctness", rated, quiet=True)
    marks = pl.read_parquet(tmp_path / "out/classify/*.parquet")["target"]
    assert marks.to_list() == pytest.approx([7.14185 / 9] * marks.len(), abs=1e-4)


@pytest.mark.parametrize("name", ["evouna_nq_human", "zeroeval_math_l5_pool", "mmlu_pro_pool"])
def test_real_answers_of_many_models(test_data: Path, correctness: Build, name: str) -> None:
    built = correctness(test_data / "recorded" / f"{name}.jsonl", n=42, limit=40, test=0.3)
    named, bare = rows_of(built, "model_name"), rows_of(built, "model_bare")
    models = named["about"].struct.field("by").n_unique()
    assert models >= 5
    assert named.height > 100
    assert set(named["target"]) == {0.0, 1.0}
    assert named.height >= bare.height > 0.9 * named.height
    assert built["built"] == built["kept"] + sum(built["dropped"].values())
