"""DART: exactly as many right solutions as a question is to have, for as few samples as that takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from benchmarks.dart import measure, published, read_shares, run, told
from synth.almanac import questions
from synth.cli.telling import plan_report
from synth.errors import UsageError
from synth.verbs.build import run_build
from synth.verbs.plan import run_plan
from synth.verbs.verify import run_verify

Build = Callable[..., dict[str, Any]]
Flags = dict[str, Any]


def solution(number: int, said: str = "Paris") -> str:
    return f"Way {number}: {' '.join(f'{number}w{i}' for i in range(12))}. So it is {said}."


def right(count: int, start: int = 0) -> list[str]:
    return [solution(i) for i in range(start, start + count)]


def wrong(count: int) -> list[str]:
    return [solution(i, "Rome") for i in range(count)]


@pytest.fixture
def dart(build: Build) -> Build:
    def built(file: Path, **settings: Any) -> dict[str, Any]:
        return build(file, pipeline="dart", **{"filters": ["none"], "n": 4, "cap": 40} | settings)

    return built


def rows_of(built: dict[str, Any]) -> dict[str, int]:
    """Training rows of each question."""
    return dict(built["rows"]["sft"].group_by("question_id").len().sort("question_id").iter_rows())


EASY, HALF, HARD, NEVER = right(40), [t for pair in zip(right(20), wrong(20), strict=True) for t in pair], [
    *wrong(7), *right(1), *wrong(7), *right(1, 1), *wrong(8), *right(16, 2),
], wrong(40)  # fmt: skip


@pytest.fixture
def file(recorded: Callable[..., Path]) -> Path:
    return recorded({"Easy?": EASY, "Half?": HALF, "Hard?": HARD, "Never?": NEVER})


def test_the_harder_a_question_the_more_solutions_of_it(file: Path, dart: Build) -> None:
    built = dart(file, k=8)
    # Fail rates of the first four: (0.5, 2.5, 4.5, 4.5) / 5 after Jeffreys' prior.
    assert rows_of(built) == {"q0": 1, "q1": 5, "q2": 8}
    assert built["dropped"] == {"over_quota": 3}
    assert built["kept"] + sum(built["dropped"].values()) == built["built"]
    assert built["rows"]["unsolved"]["id"].to_list() == ["q3"]


def test_no_sample_is_drawn_beyond_the_last_solution(file: Path, dart: Build) -> None:
    built = dart(file, k=8)
    used = built["rows"]["samples"].group_by("question_id").len().sort("question_id")["len"].to_list()
    assert used == [4, 9, 30, 40]
    samples = built["rows"]["samples"].sort("question_id", "index")
    last = samples.group_by("question_id", maintain_order=True).last()
    assert last["outcome"].to_list() == ["correct", "correct", "correct", "wrong"]


def test_a_row_is_a_reply_of_the_model_and_says_what_it_rests_on(file: Path, dart: Build) -> None:
    built = dart(file, k=8)
    row = built["rows"]["sft"].row(by_predicate=pl.col("id") == "q2#3", named=True)
    assert row["completion"] == [{"role": "assistant", "content": solution(2)}]
    samples = built["rows"]["samples"]
    names = samples.with_columns(name=pl.format("{}/{}", "key", "index"))
    rests_on = names.filter(pl.col("name").is_in(row["sample_keys"]))
    assert rests_on["index"].to_list() == [0, 1, 2, 3, 24]
    assert (row["n"], row["n_correct"], row["p_hat"], row["difficulty"]) == (4, 0, 0, 1)
    assert json.loads(row["meta"])["dart"] == {
        "quota": 8, "found": 8, "drawn": 30, "fail_rate": 0.9, "later_share": 7 / 25,
    }  # fmt: skip


def test_a_second_build_draws_nothing_and_a_larger_one_the_rest(file: Path, dart: Build) -> None:
    first, again = dart(file, k=8), dart(file, k=8, name="again")
    assert again["samples"] == {"new": 0, "reused": first["samples"]["used"], "failed": 0, "used": 83}
    assert again["rows"]["sft"].equals(first["rows"]["sft"])
    more = dart(file, k=12, name="more")
    assert more["samples"]["new"] == more["samples"]["used"] - 83 > 0


def test_the_order_of_the_questions_changes_no_row(
    recorded: Callable[..., Path], file: Path, dart: Build
) -> None:
    before = dart(file, k=8)["rows"]["sft"]
    lines = file.read_text().splitlines()
    file.write_text("\n".join(reversed(lines)) + "\n")
    after = dart(file, k=8, name="reversed", store=str(file.parent / "other"))["rows"]["sft"]
    columns = ["id", "completion", "p_hat", "meta"]
    assert after.sort("id").select(columns).equals(before.sort("id").select(columns))


def test_uniform_power_histogram_and_vrt(file: Path, dart: Build) -> None:
    assert rows_of(dart(file, k=3, strategy="uniform", name="uniform")) == {"q0": 3, "q1": 3, "q2": 3}
    assert rows_of(dart(file, k=8, power=0, name="power")) == {"q0": 8, "q1": 8, "q2": 8}
    assert rows_of(dart(file, k=8, power=3, name="steep")) == {"q0": 1, "q1": 2, "q2": 8}
    vrt = dart(file, strategy="vrt", name="vrt")
    assert rows_of(vrt) == {"q0": 4, "q1": 2}
    assert vrt["samples"]["used"] == 16
    assert vrt["rows"]["unsolved"]["id"].to_list() == ["q2", "q3"]
    spread = dart(file, k=5, strategy="histogram", target=[1, 0, 1, 0], name="spread")
    assert rows_of(spread) == {"q0": 10, "q1": 10, "q2": 1}


def test_uniform_needs_no_difficulty_and_asks_no_more_at_first_than_it_wants(file: Path, dart: Build) -> None:
    built = dart(file, k=2, strategy="uniform", n=None, cap=20)
    used = built["rows"]["samples"].group_by("question_id").len().sort("question_id")["len"].to_list()
    assert used == [2, 3, 16, 20]


def test_repeats_count_once_and_the_question_goes_on(recorded: Callable[..., Path], dart: Build) -> None:
    same = [solution(0), solution(0).upper(), solution(0) + " Yes, so it is."]
    file = recorded({"One?": [*same, *wrong(2), *same, *right(9, 1)]})
    found = {}
    for level in ("none", "exact", "normal", "ngrams"):
        built = dart(file, k=4, strategy="uniform", dedupe=level, name=level)
        assert rows_of(built) == {"q0": 4}
        found[level] = (built["samples"]["used"], built["dropped"])
    assert found == {
        "none": (6, {}),
        "exact": (9, {"exact_duplicate": 3}),
        "normal": (10, {"exact_duplicate": 4}),
        # After so many repeats it asks for several at once, and these are all new.
        "ngrams": (13, {"exact_duplicate": 4, "near_duplicate": 1, "over_quota": 2}),
    }


def test_one_answer_over_and_over_is_given_up(recorded: Callable[..., Path], dart: Build) -> None:
    built = dart(recorded({"One?": [solution(0)] * 40}), k=8, strategy="uniform", patience=5)
    assert rows_of(built) == {"q0": 1}
    assert built["samples"]["used"] < 40
    assert set(built["dropped"]) == {"exact_duplicate"}
    assert json.loads(built["rows"]["sft"]["meta"][0])["dart"]["found"] == 1


def test_a_question_given_up_ended_at_a_right_answer_too(recorded: Callable[..., Path], dart: Build) -> None:
    file = recorded({"One?": [solution(0), *wrong(2), *[solution(0), *wrong(1)] * 20]})
    built = dart(file, k=8, strategy="uniform", patience=5)
    told = json.loads(built["rows"]["sft"]["meta"][0])["dart"]
    later = told["drawn"] - 4  # wrong and right by turns
    assert told["found"] == 1
    assert told["later_share"] == pytest.approx((later / 2 - 1) / (later - 1))


def test_right_answers_that_prove_little_do_not_count(recorded: Callable[..., Path], dart: Build) -> None:
    broken = solution(90).replace("90w3", "\ufffd\ufffd")
    switched = solution(91).replace("91w3", "所以它是")
    file = recorded({"One?": [broken, switched, *right(1), *wrong(1), *right(3, 1)]})
    built = dart(file, k=3, strategy="uniform")
    assert rows_of(built) == {"q0": 3}
    assert built["dropped"] == {"gibberish": 1, "language_switch": 1}
    assert built["samples"]["used"] == 6
    assert dart(file, k=3, strategy="uniform", checks=["none"], name="unchecked")["dropped"] == {}


def test_unsolved_questions_are_read_and_nothing_is_relabelled(
    recorded: Callable[..., Path], tmp_path: Path, dart: Build
) -> None:
    guess = ["Rome", "Oslo", "Bonn", "Kiev", "Bern"] * 2
    sure = dict.fromkeys(("Sure?", "Alone?", "Against?"), ["Rome"] * 10)
    file = recorded({"Solved?": right(9) + wrong(1), **sure, "Guess?": guess})
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    for row, other in zip(rows, (None, "It is Rome.", None, "Oslo", "Rome"), strict=True):
        row["other"] = other
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    built = dart(file, second="other", cap=10, k=4)
    told = built["rows"]["unsolved"]
    assert told["reading"].to_list() == ["gold_doubtful", "gold_unconfirmed", "refusal", "refusal"]
    assert told["agrees"].to_list() == [True, None, False, told["agrees"][3]]
    assert told["majority"].to_list()[:3] == ["Rome"] * 3
    assert told["accepted"].to_list() == [["Paris"]] * 4
    assert told["share"].to_list() == [1, 1, 1, pytest.approx(0.2)]
    assert told["drawn"].to_list() == [10] * 4
    assert told["sample_keys"].list.len().to_list() == [10] * 4
    assert not told["known"].any()


def test_what_nobody_could_judge_is_not_called_unsolved(recorded: Callable[..., Path], dart: Build) -> None:
    built = dart(recorded({"Silent?": ["I don't know."] * 8, "Solved?": right(8)}), k=2, cap=8)
    assert "unsolved" not in built["rows"]
    assert built["rows"]["undecided"]["id"].to_list() == ["q0"]
    assert rows_of(built) == {"q1": 1}


def test_no_success_anywhere_loses_nothing(recorded: Callable[..., Path], dart: Build) -> None:
    built = dart(recorded({"A?": wrong(12), "B?": wrong(12)}), k=3)
    assert built["rows"]["unsolved"]["id"].to_list() == ["q0", "q1"]
    assert built["samples"]["used"] == built["rows"]["samples"].height == 24
    assert "sft" not in built["rows"]


def test_a_single_question(recorded: Callable[..., Path], dart: Build) -> None:
    assert rows_of(dart(recorded({"Half?": HALF}), k=5)) == {"q0": 5}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"k": 64, "cap": 32}, "--k 64 right answers cannot be had in --cap 32 samples"),
        ({"n": 64, "cap": 32, "k": 2}, "--n 64 first samples are more than --cap 32"),
        ({"target": [0, 0]}, "--target needs a share above 0"),
        ({"checks": ["gibberisch"]}, "--checks gibberisch is none of"),
        ({"checks": ["none", "gibberish"]}, "--checks none goes with no other check"),
        ({"second": "other[0"}, "--second 'other.0' is no key"),
    ],
)
def test_settings_that_cannot_be_met_are_refused(
    file: Path, dart: Build, settings: Flags, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        dart(file, **settings)


def test_a_budget_ends_it_and_the_same_budget_draws_nothing_more(file: Path, dart: Build) -> None:
    built = dart(file, k=8, max_samples=40)
    assert built["samples"]["used"] == 40
    again = dart(file, k=8, max_samples=40, name="again")
    assert again["samples"]["new"] == 0
    assert again["rows"]["sft"].equals(built["rows"]["sft"])


def test_a_schedule_of_temperatures_asks_apart_and_counts_together(tmp_path: Path) -> None:
    flags = {"questions": str(sums(tmp_path, 1, (3, 7, 8))), "store": str(tmp_path / "store"), "n": 4,
             "k": 6, "cap": 20, "temperatures": [0.7, 1.1], "dedupe": "none", "max_tokens": 64}  # fmt: skip
    counts = run_build("dart", flags | {"output_dir": str(tmp_path / "out")}, quiet=True)
    samples = pl.read_parquet(tmp_path / "out/samples/*.parquet")
    by_question = samples.group_by("question_id").agg(
        pl.len(), hot=(pl.col("temperature") == 1.1).sum(), first=(pl.col("temperature") == 0.7).sum()
    )
    assert by_question["len"].max() == 20
    hot = by_question.filter(pl.col("hot") > 0)
    assert hot.height
    assert (hot["first"] == 4).all()
    rows = pl.read_parquet(tmp_path / "out/sft/*.parquet")
    told_of = rows.select("question_id", pl.col("meta").str.json_path_match("$.dart.found").cast(pl.Int64()))
    assert rows["id"].is_unique().all()
    assert told_of.height <= told_of.unique()["meta"].sum()
    again = run_build("dart", flags | {"output_dir": str(tmp_path / "out")}, quiet=True)
    assert again["samples"]["new"] == 0
    assert counts["kept"] == again["kept"]


def sums(folder: Path, each: int, digits: Sequence[int]) -> Path:
    """The almanac's sums as a file: so many of each number of digits."""
    found = questions("train").filter(pl.col("id").str.starts_with("sum-"))
    found = found.with_columns(digits=pl.col("meta").str.json_path_match("$.digits").cast(pl.Int32()))
    some = found.filter(pl.col("digits").is_in(digits), pl.int_range(pl.len()).over("digits") % 3 == 0)
    some = some.filter(pl.int_range(pl.len()).over("digits") < each)  # one wording of each
    path = folder / "sums.jsonl"
    some.select("id", "question", "answers", "kind", "group", "digits").write_ndjson(path)
    return path


@pytest.fixture(scope="module")
def on_sums(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Flags, dict[str, Any]]:
    """Built by the paper's rules, with smaller numbers, on a few of the almanac's sums."""
    folder = tmp_path_factory.mktemp("sums")
    flags = {"questions": str(sums(folder, 2, (3, 5, 6, 8))), "store": str(folder / "store"), "k": 12,
             "n": 16, "cap": 128, "max_tokens": 64, "method": "dart-prop2diff",
             "output_dir": str(folder / "out")}  # fmt: skip
    return folder / "out", flags, run_build("dart", flags, quiet=True)


def test_by_the_papers_rules_hard_sums_have_many_times_the_rows_of_easy_ones(
    on_sums: tuple[Path, Flags, dict[str, Any]],
) -> None:
    out, _, counts = on_sums
    rows = pl.read_parquet(out / "sft/*.parquet")
    labels = pl.read_parquet(out / "questions/*.parquet")
    fail = 1 - pl.col("p_hat").fill_null(0.0)
    wanted = labels.select(
        "id",
        digits=pl.col("meta").str.json_path_match("$.digits").cast(pl.Int32()),
        quota=(12 * fail / fail.max() - 1e-9).ceil().clip(1).cast(pl.Int64()),
    )
    has = rows.group_by(id="question_id").agg(rows=pl.len().cast(pl.Int64()))
    per = wanted.join(has, on="id", how="left").with_columns(pl.col("rows").fill_null(0))
    met = per.filter(pl.col("rows") == pl.col("quota"))
    short = per.filter(pl.col("rows") < pl.col("quota"))
    assert per.filter(pl.col("rows") > pl.col("quota")).is_empty()
    samples = pl.read_parquet(out / "samples/*.parquet")
    drawn = dict(samples.group_by("question_id").len().iter_rows())
    assert all(drawn[i] == 128 for i in short["id"])  # only the cap keeps a question from its quota
    assert rows.height == int(met["quota"].sum()) + int(short["rows"].sum())
    levels = met.group_by("digits").agg(pl.col("rows").mean()).sort("digits")
    easiest, hardest = levels["rows"].min(), levels["rows"][-1]
    assert hardest >= 5 * easiest  # type: ignore[operator]
    unsolved = pl.read_parquet(out / "unsolved/*.parquet")
    never = set(per.filter(pl.col("rows") == 0)["id"])
    assert set(unsolved["question_id"]) == never
    assert counts["kept"] == rows.height + unsolved.height
    card = (out / "README.md").read_text()
    assert f"| Training rows | sft {rows.height}, messages {rows.height} |" in card
    assert f"| unsolved | train {unsolved.height} |" in card


def test_a_plan_says_what_all_rounds_will_take(on_sums: tuple[Path, Flags, dict[str, Any]]) -> None:
    _, flags, counts = on_sums
    plan = run_plan("dart", flags)
    assert plan["samples"]["to_draw"] == 0
    assert plan["all_rounds"]["samples"] == pytest.approx(counts["samples"]["used"], rel=0.15)
    assert plan_report(plan)[-1].startswith("All rounds: about ")


def test_the_set_is_rebuilt_row_by_row(on_sums: tuple[Path, Flags, dict[str, Any]]) -> None:
    out, flags, _ = on_sums
    for embedded in (False, True):
        assert run_verify(out, Path(flags["store"]), from_embedded=embedded)["same"]


def test_the_build_says_what_it_expects_after_the_first_round(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = {"engine": "replay", "recorded": str(file), "store": str(tmp_path / "s"), "n": 4, "cap": 40}
    run_build("dart", flags | {"output_dir": str(tmp_path / "o")})
    said = capsys.readouterr().err
    assert "samples in all" in said
    assert "the first round was 16" in said


@pytest.mark.parametrize("strategy", ["uniform", "prop2diff"])
def test_shares_from_runs_that_stopped_are_unbiased(tmp_path: Path, strategy: str) -> None:
    """A thousand repeats of one question; the quota of `prop2diff` depends on its own first draws."""
    p = 0.4
    _, rows = run(np.full(1000, p), tmp_path, k=5, strategy=strategy, n=4, cap=64)
    counts = told(rows).with_columns(naive=pl.col("found") / pl.col("drawn"))
    error = {
        name: counts[name].std() / np.sqrt(counts[name].count()) for name in ("p_hat", "later_share", "naive")
    }
    for name in ("p_hat", "later_share"):
        assert counts[name].mean() == pytest.approx(p, abs=2.6 * error[name])
    if strategy == "uniform":
        assert counts["naive"].mean() > p + 2.6 * error["naive"]


@pytest.mark.parametrize("strategy", ["uniform", "prop2diff"])
def test_little_is_drawn_beyond_need_and_less_than_by_the_published_loop(
    tmp_path: Path, strategy: str
) -> None:
    """The benchmark, on a few shares; `benchmarks/dart.py` has the real ones."""
    shares = np.array([0.0] + [0.1, 0.5, 0.9, 1.0] * 30)
    row = measure(shares, tmp_path, k=8, strategy=strategy, repeats=2)
    assert row["of_needed"] <= 1.05
    assert row["samples_unsolved"] == 1024
    assert row["times"] > row["timesx32"] > 1


def test_the_published_loop_draws_whole_batches_and_one_too_many() -> None:
    def loop(quota: list[int], p: list[float], cap: int = 10**6, right: int = 0) -> int:
        there = np.full(len(p), right), np.full(len(p), right)
        return published(np.array(quota), np.array(p), cap, np.random.default_rng(0), *there)

    assert loop([1] * 3, [1.0] * 3) == 2**14
    assert loop([1] * 2**14, [1.0] * 2**14) == 2 * 2**14
    assert loop([1, 1, 1], [1.0, 0, 0], cap=4) == 4
    assert loop([3], [1.0], right=4) == 4
    assert loop([4], [1.0], right=4) == 4 + 2**14


@pytest.mark.slow
@pytest.mark.parametrize("pool", ["zeroeval_math_l5_pool", "zeroeval_gsm_pool"])
def test_the_bars_on_recorded_pass_rates(test_data: Path, tmp_path: Path, pool: str) -> None:
    shares = read_shares(test_data / "recorded" / f"{pool}.jsonl")
    for strategy in ("uniform", "prop2diff"):
        row = measure(shares, tmp_path, k=64, strategy=strategy)
        assert row["of_needed"] <= 1.05
        assert row["of_k_over_p"] <= 1.10
        assert min(row[f"times{size}"] for size in ("/4", "", "x8", "x32")) > 1
