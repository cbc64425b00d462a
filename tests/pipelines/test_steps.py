"""Steps: seven kinds of rows from worked solutions, most of them without another sample."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth import almanac
from synth.almanac import sums
from synth.errors import NothingBuilt, UsageError
from synth.verbs.build import run_build
from synth.verbs.verify import run_verify

Build = Callable[..., dict[str, Any]]
Flags = dict[str, Any]

FREE = ["rise", "ovm", "partial", "mistakes", "contrast", "length"]
"""The kinds that need no rollouts."""
RIGHT = "Each row has 4 seats.\n3 * 4 = 12 seats.\n12 - 2 = 10 seats.\nAnswer: 10"
WRONG = "Each row has 4 seats.\n3 * 4 = 12 seats.\n12 - 8 = 4 seats.\nAnswer: 4"


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps({"kind": "math", "model": "m"} | row) + "\n" for row in rows))
    return path


@pytest.fixture
def seats(tmp_path: Path) -> Callable[..., Path]:
    """Writes recorded answers to one question, whose answer is 10."""

    def answers(*texts: str, **more: Any) -> Path:
        question = "A bus has 3 rows of 4 seats. 2 are broken. How many can be used?"
        samples = [{"text": text} for text in texts]
        row = {"id": "seats", "question": question, "answers": ["10"], "samples": samples}
        return write(tmp_path / "seats.jsonl", [row | more])

    return answers


@pytest.fixture
def steps(build: Build) -> Build:
    def run(file: Path, kind: str = "rise", **settings: Any) -> dict[str, Any]:
        flags = {"kind": kind, "stop_rule": "fixed", "filters": ["none"]}
        return build(file, pipeline="steps", **flags | settings)

    return run


@pytest.fixture(scope="module")
def sums_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """216 sums of the almanac, each with its worked solution and two by a clerk who tires."""
    rows = []
    for digits, number, (a, b) in (
        (d, i, pair) for d in sums.DIGITS[:-1] for i, pair in enumerate(sums.pairs(d, 36, "train"))
    ):
        rng = random.Random(f"{digits} {number}")
        texts = [sums.steps(a, b), sums.steps(a, b, rng), sums.steps(a, b, rng)]
        asked = sums.asked(digits, number, a, b, number % 4)
        samples = [{"text": text} for text in texts]
        rows.append({"id": asked.id, "question": asked.question, "answers": [str(a + b)], "samples": samples})
    return write(tmp_path_factory.mktemp("sums") / "sums.jsonl", rows)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Flags:
    """A few sums for the built-in model, and a store that `synth build refusal` has filled."""
    folder = tmp_path_factory.mktemp("asked")
    worded = almanac.questions().filter(pl.col("id").str.contains(r"^sum-[567]-.*-w1$"))
    rows = worded.filter(pl.int_range(pl.len()).over(pl.col("id").str.slice(0, 5)) < 4)
    rows = rows.select("id", "question", "answers").sort("id")
    file = write(folder / "questions.jsonl", rows.to_dicts())
    flags = {"questions": str(file), "store": str(folder / "store"), "filters": ["none"]}
    run_build("refusal", flags | {"output_dir": str(folder / "refusal")}, quiet=True)
    return flags


def contents(rows: pl.DataFrame) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Chosen, rejected, what meta says of the steps, and the id of the question."""
    for row in rows.iter_rows(named=True):
        note = json.loads(row["meta"])["steps"]
        yield row["chosen"][0]["content"], row["rejected"][0]["content"], note, row["question_id"]


def slips(text: str, a: int, b: int) -> list[int]:
    """The lines of a worked sum that are wrong: false, of other digits, or not carried on."""
    *lines, answer = text.split("\n")
    carry, wrong, digits = 0, [], ""
    for place, line in enumerate(lines):
        x, y = (int(str(number)[-1 - place]) for number in (a, b))
        left, result = line.split(" = ")
        if left != f"{x} + {y}" + " + 1" * carry or int(result) != x + y + carry:
            wrong.append(place)
        carry, digits = int(result) // 10, f"{int(result) % 10}{digits}"
    assert answer == f"Answer: {int(f'{carry}{digits}')}", "the answer is that of the lines"
    return wrong


def test_200_injected_errors_are_wrong_small_and_alike_in_form(sums_file: Path, steps: Build) -> None:
    rows = steps(sums_file, full_pairs=False)["rows"]["dpo"]
    questions = pl.read_ndjson(sums_file).select(question_id="id", question="question")
    asked = dict(questions.iter_rows())
    kinds = set()
    assert rows.height >= 200
    for right, wrong, note, question_id in contents(rows):
        a, b = map(int, re.findall(r"\d+", asked[question_id]))
        assert slips(right, a, b) == []
        assert slips(wrong, a, b) == [note["step"] - 1]
        assert right.split("\n")[-1] == f"Answer: {a + b}"
        assert wrong.split("\n")[-1] != f"Answer: {a + b}"
        before, after = right.split(), wrong.split()
        assert len(before) == len(after)
        assert 1 <= sum(one != other for one, other in zip(before, after, strict=True)) <= 3
        kinds.add(note["error"])
    assert kinds == {"value", "substitution", "operator"}


def test_an_error_in_prose_is_carried_to_the_answer(seats: Callable[..., Path], steps: Build) -> None:
    rows = steps(seats(RIGHT), errors=["value"], seed=3)["rows"]
    right, wrong, note, _ = next(contents(rows["dpo"]))
    assert right == RIGHT
    assert note["error"] == "value"
    lines = [line for line in wrong.split("\n") if line not in RIGHT.split("\n")]
    assert lines[-1].startswith("Answer: ")
    (start, end), (since, to) = note["spans"]
    assert right[:start] == wrong[:since]
    assert right[start:end] != wrong[since:to]
    good, bad = rows["process"].sort("labels").select("completions", "labels").rows()[::-1]
    assert good == (RIGHT.split("\n"), [True] * 4)
    assert bad[1] == [True] * (note["step"] - 1) + [False]


def test_the_other_pair_of_a_question_is_a_wrong_solution_of_its_own(
    seats: Callable[..., Path], steps: Build
) -> None:
    boxed = r"Each row has 4 seats. It is \boxed{4}."
    built = steps(seats(RIGHT, boxed, WRONG))
    pairs = {note["error"]: wrong for _, wrong, note, _ in contents(built["rows"]["dpo"])}
    assert pairs["own"] == WRONG, "the other one states its answer in another way"
    assert len(pairs) == 2
    assert steps(seats(RIGHT, WRONG), name="alone", full_pairs=False)["kept"] == 1


def test_a_pair_can_be_cut_after_the_step(seats: Callable[..., Path], steps: Build) -> None:
    right, wrong, note, _ = next(contents(steps(seats(RIGHT), span="step")["rows"]["dpo"]))
    assert len(right.split("\n")) == len(wrong.split("\n")) == note["step"]


@pytest.mark.parametrize("kind", FREE)
def test_kinds_without_rollouts_need_no_samples_beyond_those_of_refusal(
    asked: Flags, kind: str, tmp_path: Path
) -> None:
    out = tmp_path / kind
    built = run_build("steps", asked | {"kind": kind, "output_dir": str(out)}, quiet=True)
    assert built["samples"]["new"] == 0
    assert built["kept"] + sum(built["dropped"].values()) == built["built"]
    assert run_verify(out, Path(asked["store"]))["same"]


@pytest.mark.parametrize(
    "flags",
    [{"kind": "per-step", "drop": 0.25}, {"kind": "partial", "complete": True}, {"verify": "rollouts"}],
    ids=lambda flags: flags.get("kind", "rise"),
)
def test_rollouts_are_stored_resumed_and_verified(asked: Flags, flags: Flags, tmp_path: Path) -> None:
    def build(name: str) -> dict[str, Any]:
        more = flags | {"rollouts": 4, "output_dir": str(tmp_path / name)}
        return run_build("steps", asked | more, quiet=True)

    build("first")
    again = build("again")
    assert again["samples"]["new"] == 0
    for folder in ("first", "again"):
        assert run_verify(tmp_path / folder, Path(asked["store"]))["same"]
    for config in set(again["configs"]) & {"sft", "dpo", "kto", "process"}:
        first, second = (
            pl.read_parquet(tmp_path / name / config / "*.parquet") for name in ("first", "again")
        )
        assert first.equals(second)


def test_a_completion_that_is_taught_already_costs_no_marked_beginning(asked: Flags, tmp_path: Path) -> None:
    flags = {"kind": "partial", "complete": True, "rollouts": 4, "output_dir": str(tmp_path / "out")}
    built = run_build("steps", asked | flags, quiet=True)
    assert "exact_duplicate" not in built["dropped"]
    marked = pl.read_parquet(tmp_path / "out" / "process" / "*.parquet")
    assert marked["labels"].list.all().not_().any()
    taught = pl.read_parquet(tmp_path / "out" / "sft" / "*.parquet")
    assert taught.select("question_id", "completion").is_unique().all()


def test_the_first_wrong_step_is_found_by_halving(asked: Flags, tmp_path: Path) -> None:
    flags = {"kind": "per-step", "drop": 0.25, "rollouts": 4, "output_dir": str(tmp_path / "out")}
    built = run_build("steps", asked | flags, quiet=True)
    texts = dict(pl.read_ndjson(asked["questions"]).select("id", "question").iter_rows())
    rows = pl.read_parquet(tmp_path / "out/dpo/*.parquet")
    hit = 0
    for right, wrong, note, question_id in contents(rows):
        a, b = map(int, re.findall(r"\d+", texts[question_id]))
        before = note["step"] - 1
        assert right.split("\n")[:before] == wrong.split("\n")[:before]
        assert right.endswith(f"Answer: {a + b}")
        assert not wrong.endswith(f"Answer: {a + b}")
        assert note["before"] - note["after"] >= 0.25
        first = next((i for i, line in enumerate(wrong.split("\n")) if line not in sums.steps(a, b)), None)
        hit += first == before
    assert hit >= 0.6 * rows.height > 0, "mostly the line that is wrong"
    prompts = pl.read_parquet(tmp_path / "out/prompts/*.parquet").filter(pl.col("request") > 0)
    cases = rows.height + built["dropped"].get("no_drop", 0)
    assert prompts.height <= 3 * cases, "of up to seven steps, three are looked at"


def test_values_are_the_shares_of_all_that_begin_alike(seats: Callable[..., Path], steps: Build) -> None:
    rows = steps(seats(RIGHT, RIGHT, WRONG), "ovm")["rows"]["process"]
    values = {row["labels"][0]: json.loads(row["meta"])["steps"]["values"] for row in rows.to_dicts()}
    assert values == {
        True: [[2, 3], [2, 3], [2, 2], [2, 2]],
        False: [[2, 3], [2, 3], [0, 1], [0, 1]],
    }
    soft = steps(seats(RIGHT, RIGHT, WRONG), "ovm", name="soft", target="value")["rows"]["process"]
    assert sorted(soft["labels"].to_list()) == [[True, True, False, False], [True] * 4]


@pytest.mark.parametrize(
    ("right", "wrong", "reached"),
    [
        (RIGHT, WRONG, 2),
        (
            "```python\nrows = 3\nseats = 4 * rows\nleft = seats - 2\n```\nAnswer: 10",
            "```python\na = 3\nb = a * 4\nc = b - 8\n```\nAnswer: 4",
            2,
        ),
        ("5 + 8 = 13\n1 + 2 + 1 = 4\nAnswer: 43", "5 + 8 = 13\n1 + 2 + 1 = 3\nAnswer: 33", 1),
    ],
    ids=["prose", "code", "sum"],
)
def test_a_wrong_solution_is_cut_where_no_right_one_knows_its_state(
    seats: Callable[..., Path], steps: Build, right: str, wrong: str, reached: int
) -> None:
    answers = [right.rpartition(" ")[2]]
    rows = steps(seats(right, wrong, answers=answers), "partial")["rows"]
    notes = {
        json.loads(meta)["steps"]["of"]: labels
        for meta, labels in rows["process"].select("meta", "labels").rows()
    }
    assert notes["wrong"] == [True] * reached + [False]
    assert rows["sft"]["completion"].to_list() == [[{"role": "assistant", "content": right}]], (
        "no partial one"
    )


def test_rows_of_one_question_are_no_duplicates_of_each_other(
    seats: Callable[..., Path], steps: Build
) -> None:
    for kind in ("ovm", "contrast"):
        built = steps(seats(RIGHT, WRONG, WRONG.replace("Answer: 4", "Answer: 5")), kind, name=kind,
                      per_question=3, filters=["exact"])  # fmt: skip
        assert built["dropped"] == {}
        assert built["kept"] == built["built"] > 1


def test_mistakes_stand_under_their_tags(seats: Callable[..., Path], steps: Build) -> None:
    rows = steps(seats(RIGHT, WRONG), "mistakes", tags=["<good>", "<bad>"])["rows"]
    said = {
        row["prompt"][-1]["content"].split("\n")[-1]: row["completion"][0]["content"]
        for row in rows["sft"].to_dicts()
    }
    assert said == {"<good>": RIGHT, "<bad>": WRONG}
    assert all("<" not in row["prompt"][-1]["content"] for row in rows["kto"].to_dicts())
    assert dict(rows["kto"].select(pl.col("completion").list[0].struct["content"], "label").rows()) == {
        RIGHT: True,
        WRONG: False,
    }


def test_a_wrong_answer_weighs_what_its_frequency_says(seats: Callable[..., Path], steps: Build) -> None:
    other = WRONG.replace("8 = 4", "9 = 3").replace("Answer: 4", "Answer: 3")
    rows = steps(seats(RIGHT, WRONG, WRONG, WRONG, other), "contrast", per_question=5)["rows"]
    weights = dict(rows["dpo"].select(pl.col("rejected").list[0].struct["content"], "weight").rows())
    assert weights == {WRONG: 1.5, other: 0.5}
    assert rows["kto"].height == 4


@pytest.mark.parametrize(
    ("texts", "kept", "avoided"),
    [
        ([RIGHT, RIGHT + " ", f"Well.\n{RIGHT}"], RIGHT, f"Well.\n{RIGHT}"),
        ([RIGHT, f"Well.\n{RIGHT}", WRONG, "Answer: 4"], f"Well.\n{RIGHT}", "Answer: 4"),
    ],
    ids=["easy", "hard"],
)
def test_length_is_short_where_it_is_easy_and_long_where_it_is_hard(
    seats: Callable[..., Path], steps: Build, texts: list[str], kept: str, avoided: str
) -> None:
    rows = steps(seats(*texts), "length")["rows"]
    assert rows["sft"]["completion"][0][0]["content"] == kept
    pair = rows["dpo"].row(0, named=True)
    assert (pair["chosen"][0]["content"], pair["rejected"][0]["content"]) == (kept, avoided)


@pytest.mark.parametrize(
    ("texts", "reasons"),
    [
        ([RIGHT] * 3, {"ovm": "none_wrong", "contrast": "none_wrong", "partial": "none_wrong"}),
        ([WRONG] * 3, dict.fromkeys(FREE, "none_right")),
        (["10", "4"], {"rise": "one_step", "partial": "nothing_known"}),
        ([r"It is \boxed{10}.", "Answer: 4"], {"contrast": "in_another_format"}),
    ],
    ids=["all right and equal", "all wrong", "one step", "other formats"],
)
def test_a_question_that_gives_no_row_leaves_with_the_reason(
    seats: Callable[..., Path], steps: Build, texts: list[str], reasons: dict[str, str]
) -> None:
    for kind, reason in reasons.items():
        more: Flags = {"full_pairs": False} if kind == "rise" else {}
        if kind == "partial" and reason == "nothing_known":
            built = steps(seats(*texts), kind, name=kind)
            assert built["dropped"] == {reason: 1}
            continue
        with pytest.raises(NothingBuilt, match=f"1 {reason}"):
            steps(seats(*texts), kind, name=kind, **more)


def test_equal_lengths_make_no_pair_but_something_to_learn(seats: Callable[..., Path], steps: Build) -> None:
    built = steps(seats(RIGHT, RIGHT), "length")
    assert "dpo" not in built["rows"]
    assert built["rows"]["sft"].height == 1


def test_a_beginning_that_leaves_no_room_is_said_and_nothing_is_lost(asked: Flags, tmp_path: Path) -> None:
    flags: Flags = asked | {"store": str(tmp_path / "store"), "output_dir": str(tmp_path / "out")}
    run_build("refusal", flags, quiet=True)
    flags |= {"kind": "per-step", "rollouts": 2, "drop": 0.0}
    with pytest.raises(NothingBuilt, match=r"\d prefix_too_long"):
        run_build("steps", flags | {"max_model_len": 30}, quiet=True)
    whole = run_build("steps", flags, quiet=True)
    assert "prefix_too_long" not in whole["dropped"], "what failed is drawn again"
    assert whole["samples"]["failed"] == 0


@pytest.mark.parametrize(
    "settings", [{"kind": "per-step"}, {"verify": "rollouts"}, {"kind": "partial", "complete": True}]
)
def test_recorded_answers_cannot_go_on_and_this_is_said_before_any_work(
    seats: Callable[..., Path], steps: Build, tmp_path: Path, settings: Flags
) -> None:
    with pytest.raises(UsageError, match="recorded answers answer the questions themselves"):
        steps(seats(RIGHT, WRONG), **settings)
    assert not (tmp_path / "out").exists()
    assert not list((tmp_path / "store").rglob("*.parquet"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"errors": ["spelling"]}, "--errors knows no spelling, only value, substitution"),
        ({"errors": []}, "--errors names none"),
        ({"tags": ["[x]", "[x]"]}, "--tags are the same"),
        ({"lucky": 8}, "--lucky 8 of --rollouts 8"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    seats: Callable[..., Path], steps: Build, settings: Flags, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        steps(seats(RIGHT), **settings)


def test_the_seed_decides_and_nothing_else(sums_file: Path, steps: Build) -> None:
    one, same, other = (
        steps(sums_file, name=name, seed=seed, limit=40)["rows"]["dpo"].drop("split", strict=False)
        for name, seed in (("one", 0), ("same", 0), ("other", 1))
    )
    assert one.equals(same)
    assert not one.equals(other)
