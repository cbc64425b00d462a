"""Preferences: the better of two answers over the worse, from samples that are there already."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.errors import NothingBuilt, UsageError
from synth.exporting import read_manifest

Build = Callable[..., dict[str, Any]]
Recorded = Callable[..., Path]

MIXED = ["Paris", "Rome", "Paris", "It is Paris.", "It is Rome.", "Oslo, I think."]


@pytest.fixture
def prefer(build: Build) -> Build:
    def run(file: Path, **settings: Any) -> dict[str, Any]:
        return build(
            file, pipeline="preferences", **{"filters": ["none"], "n": 64, "stop_rule": "fixed", **settings}
        )

    return run


def said(rows: pl.DataFrame) -> list[tuple[str, str]]:
    return [
        (row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in rows.iter_rows(named=True)
    ]


def of_pair(rows: pl.DataFrame, name: str) -> list[Any]:
    return [json.loads(meta)["pair"][name] for meta in rows["meta"]]


def test_a_right_answer_is_set_over_the_wrong_one_that_looks_most_like_it(
    recorded: Recorded, prefer: Build
) -> None:
    texts = ["The capital there is Paris.", "paris", *["It is Rome!"] * 3, "Rome"]
    built = prefer(recorded({"Where?": texts}))
    assert said(built["rows"]["dpo"]) == [("The capital there is Paris.", "It is Rome!")]
    marked = built["rows"]["kto"]
    assert marked["label"].to_list() == [True, False]
    assert [row[0]["content"] for row in marked["completion"]] == list(said(built["rows"]["dpo"])[0])
    assert built["rows"]["reward"]["margin"].to_list() == [1.0]


def test_every_sample_that_a_row_rests_on_is_named(recorded: Recorded, prefer: Build) -> None:
    built = prefer(recorded({"Where?": MIXED}))
    samples = built["rows"]["samples"].with_columns(name=pl.format("{}/{}", "key", "index"))
    for row in built["rows"]["dpo"].iter_rows(named=True):
        pair = json.loads(row["meta"])["pair"]
        for side in ("chosen", "rejected"):
            of = samples.row(by_predicate=pl.col("name") == pair[f"{side}_name"], named=True)
            assert of["text"] == row[side][0]["content"]
            assert of["outcome"] == ("correct" if side == "chosen" else "wrong")
            assert pair[f"{side}_name"] in row["sample_keys"]


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["Paris", "paris."], "equal_scores"),
        (["Rome", "Oslo"], "equal_scores"),
        (["Paris"] * 4, "one_answer"),
        (["I don't know."] * 4, "no_score"),
        (["Paris", "I don't know."], "one_answer"),
    ],
)
def test_a_question_without_a_pair_leaves_with_the_reason(
    recorded: Recorded, prefer: Build, texts: list[str], reason: str
) -> None:
    built = prefer(recorded({"Where?": MIXED, "And where?": texts}))
    assert built["dropped"] == {reason: 1}
    assert built["built"] == built["kept"] + 1
    assert built["rows"]["dropped"]["id"].to_list() == ["q1"]


@pytest.mark.parametrize("texts", [["Paris", "It is Paris"], ["Rome", "It is Oslo"], ["Paris"] * 9])
def test_answers_all_alike_everywhere_are_no_set(
    recorded: Recorded, prefer: Build, texts: list[str], tmp_path: Path
) -> None:
    with pytest.raises(NothingBuilt, match=r"equal_scores|one_answer"):
        prefer(recorded({"Where?": texts, "And where?": texts}))
    assert not (tmp_path / "out").exists()
    with pytest.raises(NothingBuilt, match=r"one_label|one_sided"):
        prefer(recorded({"Where?": texts}), method="bco")


def scored(tmp_path: Path, *questions: list[tuple[str, Any]], **more: Any) -> Path:
    """A recording with a number beside each answer."""
    path = tmp_path / "scored.jsonl"
    rows = [
        {"id": f"q{i}", "question": f"Where {i}?", "answers": [], "kind": "free", "model": "m",
         "samples": [{"text": text, "score": score, **more} for text, score in each]}
        for i, each in enumerate(questions)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([("Well.", 1.0), ("Well.", 0.0)], "identical"),
        ([("Well, yes", 1.0), ("well  yes!", 0.0)], "only_format"),
        ([("Well.", 0.5), ("No.", 0.5)], "equal_scores"),
        ([("Well.", None), ("No.", "high")], "no_score"),
        ([("Well.", "inf"), ("No.", 0.5)], "one_answer"),
    ],
)
def test_pairs_that_teach_nothing_are_refused(
    prefer: Build, tmp_path: Path, answers: list[tuple[str, Any]], reason: str
) -> None:
    file = scored(tmp_path, [("Good.", 2), ("Bad.", 1)], answers)
    assert prefer(file, score_by="recorded")["dropped"] == {reason: 1}


def test_a_limit_on_likeness_leaves_other_pairs(prefer: Build, tmp_path: Path) -> None:
    near = "The tower stands in the old town by the river"
    file = scored(
        tmp_path, [(f"{near}.", 2), (f"{near} there.", 1), ("No idea.", 0)], [(near, 2), (f"{near}s", 1)]
    )
    assert said(prefer(file, score_by="recorded")["rows"]["dpo"])[0] == (f"{near}.", f"{near} there.")
    built = prefer(file, score_by="recorded", most_alike=0.7, name="apart")
    assert built["dropped"] == {"too_alike": 1}
    (pair,) = said(built["rows"]["dpo"])
    assert pair[1] == "No idea."


def test_only_the_models_own_answers_where_asked_for(prefer: Build, tmp_path: Path) -> None:
    own = scored(tmp_path, [("Good.", 2), ("Bad.", 1)], model="m")
    assert of_pair(prefer(own, score_by="recorded", on_policy=True)["rows"]["dpo"], "on_policy") == [True]
    pooled = tmp_path / "pooled.jsonl"
    pooled.write_text(own.read_text().replace('"score": 1, "model": "m"', '"score": 1, "model": "other"'))
    assert of_pair(prefer(pooled, score_by="recorded", name="a")["rows"]["dpo"], "on_policy") == [False]
    assert "not on-policy for any of them" in (tmp_path / "a" / "README.md").read_text()
    with pytest.raises(NothingBuilt, match="off_policy"):
        prefer(pooled, score_by="recorded", on_policy=True, name="b")


RANKED = [(f"Answer number {'n' * score}.", score) for score in range(7)]


def test_a_curriculum_goes_from_the_widest_gap_to_the_narrowest(prefer: Build, tmp_path: Path) -> None:
    rows = prefer(scored(tmp_path, RANKED), score_by="recorded", pairing="ranked", per_question=3)["rows"][
        "dpo"
    ]
    assert rows["id"].to_list() == ["q0", "q0#2", "q0#3"]
    assert of_pair(rows, "curriculum_rank") == [1, 2, 3]
    assert of_pair(rows, "chosen_score") == [6.0] * 3
    assert of_pair(rows, "rejected_score") == [0.0, 3.0, 5.0]
    every = prefer(
        scored(tmp_path, RANKED), score_by="recorded", pairing="ranked", per_question=9, name="all"
    )["rows"]["dpo"]
    assert of_pair(every, "rejected_score") == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_no_wrong_answer_is_preferred_for_being_frequent(recorded: Recorded, prefer: Build) -> None:
    file = recorded({"Where?": ["Paris", *["Rome"] * 5, "Oslo"], "And where?": ["Rome", "Rome", "Oslo"]})
    built = prefer(file, method="curry-dpo", n=16)
    assert [rejected for _, rejected in said(built["rows"]["dpo"])] == ["Oslo", "Rome"], "easy before hard"
    assert {chosen for chosen, _ in said(built["rows"]["dpo"])} == {"Paris"}
    assert built["dropped"] == {"equal_scores": 1}


def test_stages_by_difficulty_are_as_large_as_can_be(recorded: Recorded, prefer: Build) -> None:
    file = recorded({f"Where {n}?": ["Paris"] * (7 - n) + ["Rome"] * (n + 1) for n in range(6)})
    rows = prefer(file, curriculum="difficulty", stages=3)["rows"]["dpo"]
    assert of_pair(rows, "curriculum_rank") == [1, 1, 2, 2, 3, 3]


def test_a_first_round_uses_each_answer_once_and_a_tournament_lets_winners_go_on(
    prefer: Build, tmp_path: Path
) -> None:
    file = scored(tmp_path, [(f"Answer number {'n' * score}.", score) for score in range(8)])
    first = prefer(file, score_by="recorded", pairing="first-round", per_question=9)["rows"]["dpo"]
    used = Counter(text for pair in said(first) for text in pair)
    assert len(used) == 8
    assert set(used.values()) == {1}
    whole = prefer(file, score_by="recorded", pairing="tournament", per_question=9, name="b")["rows"]["dpo"]
    assert whole.height == 7
    assert said(whole)[:4] == said(first)
    losers = [rejected for _, rejected in said(whole)]
    assert len(set(losers)) == 7
    assert f"Answer number {'n' * 7}." not in losers


def test_a_question_whose_neighbours_make_no_pair_says_so(recorded: Recorded, prefer: Build) -> None:
    """Of two right and two wrong answers a first round pairs equals with equals one time in three."""
    texts = ["Paris", "It is Paris.", "Rome", "It is Rome."]
    file = recorded({f"Where {i}?": texts for i in range(40)})
    built = prefer(file, pairing="first-round", per_question=9)
    assert set(built["dropped"]) == {"never_met"}
    assert 3 < built["dropped"]["never_met"] < 25
    assert built["rows"]["dpo"]["question_id"].n_unique() == 40 - built["dropped"]["never_met"]


@pytest.mark.parametrize("place", ["system", "user"])
def test_the_twin_asks_for_the_worse_score_and_really_swaps_the_answers(
    recorded: Recorded, prefer: Build, place: str
) -> None:
    file = recorded({"Where?": ["Paris", "Rome"]})
    built = prefer(file, target=place, system="Be brief." if place == "system" else None)
    high, low = built["rows"]["dpo"].iter_rows(named=True)
    assert (high["chosen"], high["rejected"]) == (low["rejected"], low["chosen"])
    assert high["chosen"][0]["content"] == "Paris"
    turn = 0 if place == "system" else -1
    assert high["prompt"][turn]["content"].endswith("\nGive an answer whose score is 1.")
    assert low["prompt"][turn]["content"].endswith("\nGive an answer whose score is 0.")
    assert [turn["role"] for turn in high["prompt"]] == (
        ["system", "user"] if place == "system" else ["user"]
    )
    rows = built["rows"]["kto"].iter_rows(named=True)
    told = [(row["prompt"] == high["prompt"], row["completion"][0]["content"], row["label"]) for row in rows]
    assert told == [
        (True, "Paris", True), (True, "Rome", False), (False, "Rome", True), (False, "Paris", False),
    ]  # fmt: skip


def test_scores_that_are_told_alike_are_no_twins(prefer: Build, tmp_path: Path) -> None:
    file = scored(tmp_path, [("Good.", 2), ("Bad.", 1)], [("Good.", 1.001), ("Bad.", 1.002)])
    built = prefer(file, score_by="recorded", target="system")
    assert built["dropped"] == {"equal_scores": 1}
    first = built["rows"]["dpo"].row(0, named=True)
    assert first["prompt"][0] == {"role": "system", "content": "Give an answer whose score is 2."}


def test_marked_answers_stand_with_both_labels_to_each_prompt(recorded: Recorded, prefer: Build) -> None:
    file = recorded({"Where?": MIXED, "And where?": ["Paris", "It is Paris"], "Or where?": ["Oslo", "Rome"]})
    built = prefer(file, method="kto")
    rows = built["rows"]["kto"]
    assert rows["question_id"].unique().to_list() == ["q0"]
    assert Counter(rows["label"]) == {True: 2, False: 3}
    assert built["dropped"] == {"one_sided": 2}
    assert "dpo" not in built["rows"]
    one = prefer(file, method="kto", per_question=1, name="one")["rows"]["kto"]
    assert one["label"].to_list() == [True, False]


def test_one_sided_prompts_are_kept_with_weights_where_asked_for(recorded: Recorded, prefer: Build) -> None:
    easy = {f"What is the capital of land {n}?": ["Paris", "It is Paris"] for n in range(30)}
    hard = {f"Who wrote book {n} of the shelf?": ["Rome", "Oslo"] for n in range(30)}
    mixed = {f"What is the capital of isle {n}?": ["Paris", "Rome"] for n in range(30)}
    rows = prefer(recorded(easy | hard | mixed), method="bco")["rows"]["kto"]
    weight = rows.with_columns(
        good="label", hard=pl.col("id").str.extract(r"q(\d+)").cast(int).is_between(30, 59)
    )
    assert weight.filter("good")["weight"].unique().to_list() == [1.0]
    bad = weight.filter(~pl.col("good"))
    assert bad.filter("hard")["weight"].max() < 1 <= bad.filter(~pl.col("hard"))["weight"].mean()
    assert bad["weight"].is_between(0.5, 10).all()


def test_the_better_calibrated_statement_is_chosen(recorded: Recorded, prefer: Build) -> None:
    texts = [
        "Paris\nConfidence: 9",
        "Paris\nConfidence: 5",
        "Rome\nConfidence: 8",
        "Rome\nConfidence: 4",
        "Rome",
    ]
    built = prefer(recorded({"Where?": texts}), score_by="confidence", pairing="ranked", per_question=9)
    assert [chosen for chosen, _ in said(built["rows"]["dpo"])] == ["Rome\nConfidence: 4"] * 3, (
        "2 of 5 are right"
    )
    own = prefer(
        recorded({"Where?": texts}), score_by="confidence", true_to="outcome", pairing="ranked", name="own"
    )
    assert said(own["rows"]["dpo"]) == [("Paris\nConfidence: 9", "Rome\nConfidence: 8")]
    with pytest.raises(NothingBuilt, match="no_score"):
        prefer(recorded({"Where?": ["Paris", "Rome"]}), score_by="confidence", name="none")


def test_agreement_needs_no_gold(recorded: Recorded, prefer: Build) -> None:
    file = recorded({"Where?": ["Rome", "Rome", "It is Rome.", "Oslo"]}, answers=[])
    with pytest.raises(UsageError, match="answer"):
        prefer(file)
    built = prefer(file, score_by="agreement", pairing="random")
    ((chosen, rejected),) = said(built["rows"]["dpo"])
    assert "Rome" in chosen
    assert rejected == "Oslo"
    assert built["labels"] == {"known": 1, "unknown": 0, "undecided": 0}
    assert "undecided" not in built["rows"]


def test_a_refusal_is_the_right_reply_to_what_nobody_can_answer(recorded: Recorded, prefer: Build) -> None:
    file = recorded({"Where?": ["I don't know.", "Rome", "Oslo"]}, answers=[], answerable=False)
    ((chosen, _),) = said(prefer(file)["rows"]["dpo"])
    assert chosen == "I don't know."


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"target_text": "Good."}, "where the {score} stands"),
        ({"one_sided": "weigh"}, "goes with --rows answers"),
        ({"rows": "answers", "target": "user"}, "not --rows answers"),
        ({"rows": "answers", "most_alike": 0.5}, "not --rows answers"),
        ({"accept": 99}, "more than --n 64"),
        ({"score_key": 'a["'}, "is no key"),
        ({"score_key": "a..b"}, "is no key"),
        ({"min_gap": -1}, "min-gap"),
    ],
)
def test_settings_that_do_not_go_together_are_refused_before_anything_is_drawn(
    recorded: Recorded, prefer: Build, tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        prefer(recorded({"Where?": MIXED}), **settings)
    assert not (tmp_path / "store").exists()


def test_rejection_sampling_leaves_no_pair_out_of_the_answers_accepted(prefer: Build, tmp_path: Path) -> None:
    answers = [(f"Answer number {'n' * score}.", score) for score in range(16)]
    file = scored(tmp_path, answers, answers)
    built = prefer(file, method="rso", score_by="recorded", accept=4, rso_beta=0.2, stop_rule="fixed")
    rows = built["rows"]["dpo"]
    assert rows["id"].to_list() == ["q0", "q0#2", "q1", "q1#2"], "four accepted, in two pairs"
    assert min(of_pair(rows, "rejected_score")) > 6, "a low temperature keeps the best"
    again = prefer(file, method="rso", score_by="recorded", accept=4, rso_beta=0.2, name="again")
    assert again["rows"]["dpo"].equals(rows)
    other = prefer(file, method="rso", score_by="recorded", accept=4, rso_beta=0.2, seed=1, name="other")
    assert not other["rows"]["dpo"].equals(rows)


def test_odd_texts_break_nothing(recorded: Recorded, prefer: Build) -> None:
    odd = ["Paris", "\u200b", "  ", "巴黎是首都。", "🙂" * 9, "a\u0301\u0000b", '{score} "quoted" \\ back']
    built = prefer(recorded({"Where?": odd}, meta={"note": '"}{'}), target="user", per_question=50)
    assert built["kept"] > 1
    assert all(json.loads(meta)["pair"]["chosen_score"] == 1 for meta in built["rows"]["dpo"]["meta"])


@pytest.fixture(scope="module")
def almanac(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A store as `synth build refusal` leaves it."""
    from synth.verbs.build import run_build

    folder = tmp_path_factory.mktemp("almanac")
    flags = {"engine": "transformers", "store": str(folder / "store"), "limit": 100, "n": 8, "max_tokens": 24}
    run_build("refusal", flags | {"output_dir": str(folder / "refusal")}, quiet=True)
    return flags


def test_the_samples_of_a_refusal_build_are_enough(almanac: dict[str, Any], tmp_path: Path) -> None:
    from synth.verbs.build import run_build
    from synth.verbs.verify import run_verify

    out = tmp_path / "out"
    built = run_build("preferences", almanac | {"output_dir": str(out)}, quiet=True)
    assert built["samples"]["new"] == 0
    assert built["configs"]["dpo"]["train"] >= 20
    looks = read_manifest(out)["numbers"]["predictability"]
    assert set(looks["probes"]) == {"words", "length", "format", "first word"}
    assert "apart by their looks" in (out / "README.md").read_text()
    for embedded in (False, True):
        assert run_verify(out, Path(almanac["store"]), from_embedded=embedded)["same"]
    changed = json.loads((out / "manifest.json").read_text())
    changed["numbers"]["predictability"]["probes"]["words"]["value"] = 0.1
    (out / "manifest.json").write_text(json.dumps(changed))
    found = run_verify(out, Path(almanac["store"]))
    assert found["manifest"] == ["numbers.predictability.probes.words.value"]


@pytest.mark.parametrize(
    ("name", "n"), [("evouna_nq_human", 5), ("zeroeval_math_l5_pool", 40), ("mmlu_pro_pool", 29)]
)
def test_the_looks_of_real_answers_do_not_tell_the_label(
    test_data: Path, prefer: Build, tmp_path: Path, name: str, n: int
) -> None:
    file = test_data / "recorded" / f"{name}.jsonl"
    built = prefer(file, n=n, filters=["exact", "near_duplicates"], limit=60)
    assert built["configs"]["dpo"]["train"] >= 20
    looks = read_manifest(tmp_path / "out")["numbers"]["predictability"]
    assert looks["probes"]["words"]["value"] < 0.75
    assert not looks["warn"]


def test_an_embedder_that_is_not_there_is_refused_before_anything_is_drawn(
    recorded: Recorded, prefer: Build, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="no sentence-transformers model"):
        prefer(recorded({"Where?": MIXED}), most_alike=0.5, embedder=str(tmp_path / "nothing"))
    assert not list((tmp_path / "store" / "segments").glob("*.parquet"))
