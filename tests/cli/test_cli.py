"""The command line: help is quick and complete, every verb speaks JSON, values win in their order."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from synth.cli import run

Recorded = Callable[..., Path]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def synth(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """Runs a command with --json; its object."""
    assert run([*arguments, "--json"]) == code, capsys.readouterr().err
    told = capsys.readouterr().out
    assert told.count("\n") == 1
    result: dict[str, Any] = json.loads(told)
    return result


def loaded(arguments: list[str], heavy: str) -> str:
    """Which of these modules a command loads in a process of its own."""
    code = f"import sys\nfrom synth.cli import run\nrun({arguments!r})\n"
    code += f"print([m for m in {heavy.split()!r} if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stderr.strip().splitlines()[-1]


def test_help_loads_nothing_heavy() -> None:
    heavy = (
        "torch transformers datasets polars scipy sklearn matplotlib faiss yaml openai jinja2 pyarrow numpy"
    )
    for arguments in (["--help"], ["build", "--help"], ["build", "refusal", "--help"], ["sample", "--help"]):
        assert loaded(arguments, heavy) == "[]", arguments


def test_what_draws_nothing_loads_no_model(tmp_path: Path) -> None:
    store, out = str(tmp_path / "store"), str(tmp_path / "out")
    few = ["--store", store, "--limit", "3", "--n", "2"]
    assert run(["build", "refusal", *few, "-o", out, "--quiet"]) == 0
    heavy = "torch peft accelerate sklearn scipy.stats pandas sympy sentence_transformers datasets"
    for arguments in (
        ["build", "refusal", *few, "-o", out, "--quiet"],
        ["export", "refusal", *few, "-o", out],
        ["verify", out, "--store", store],
    ):
        assert loaded(arguments, heavy) == "[]", arguments


def test_help_is_quick() -> None:
    def seconds() -> float:
        """Processor time, which other programs on the machine do not stretch."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "synth", "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(3)) < 0.5


def test_every_setting_of_a_pipeline_is_an_option(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from synth import config, drawers

    monkeypatch.setenv("COLUMNS", "200")
    assert run(["build", "refusal", "--help"]) == 0
    page = capsys.readouterr().out
    for setting in config.build_settings(drawers.read("pipelines", "refusal")):
        assert setting.option in page, setting.name


def test_build_counts_add_up(recorded: Recorded, capsys: pytest.CaptureFixture[str]) -> None:
    file = recorded({"a?": ["Paris"] * 16, "b?": ["Rome"] * 16, "c?": ["Paris", "Rome"] * 8})
    flags = ["--engine", "replay", "--recorded", str(file)]
    first = synth(capsys, "build", "refusal", *flags)
    assert first["out"] == "out/refusal"
    assert first["built"] == first["kept"] + sum(first["dropped"].values()) == 3
    assert sum(first["outcomes"].values()) == first["samples"]["used"]
    assert first["labels"] == {"known": 1, "unknown": 1, "undecided": 1}
    again = synth(capsys, "build", "refusal", *flags)
    assert again["samples"]["new"] == 0
    assert again["samples"]["reused"] == again["samples"]["used"] == first["samples"]["new"]
    offline = synth(capsys, "export", "refusal", *flags, "-o", "out/again")
    assert offline["configs"] == first["configs"]


def test_sample_then_build_draws_nothing(recorded: Recorded, capsys: pytest.CaptureFixture[str]) -> None:
    file = recorded({"a?": ["Paris"] * 16, "b?": ["Rome"] * 16})
    flags = ["--engine", "replay", "--recorded", str(file)]
    plan = synth(capsys, "plan", "refusal", *flags)
    assert plan["samples"] == {"wanted": 32, "stored": 0, "to_draw": 32}
    drawn = synth(capsys, "sample", *flags, "--n", "16", "--labels-out", "labels.jsonl")
    assert drawn["samples"] == {"new": 32, "reused": 0, "failed": 0, "used": 32}
    labels = [json.loads(line) for line in Path("labels.jsonl").read_text().splitlines()]
    assert labels == [
        {"question_id": "q0", "known": True, "used": 16},
        {"question_id": "q1", "known": False, "used": 16},
    ]
    assert synth(capsys, "plan", "refusal", *flags)["samples"]["to_draw"] == 0
    assert synth(capsys, "build", "refusal", *flags)["samples"]["new"] == 0
    assert synth(capsys, "store", "info")["samples"] == 32
    assert synth(capsys, "store", "export", "all.parquet")["samples"] == 32
    assert synth(capsys, "store", "import", "all.parquet", "--store", "other")["samples"] == 32
    assert synth(capsys, "store", "merge", "other")["samples"] == 32
    assert synth(capsys, "store", "compact")["samples"] == 32


def test_flags_beat_yaml_beats_environment_beats_defaults(
    recorded: Recorded, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = recorded({"a?": ["Paris"] * 16})

    def n(*arguments: str) -> int:
        flags = ["--engine", "replay", "--recorded", str(file)]
        wanted: int = synth(capsys, "plan", "refusal", *flags, *arguments)["samples"]["wanted"]
        return wanted

    assert n() == 16
    monkeypatch.setenv("SYNTH_N", "8")
    assert n() == 8
    Path("conf.yaml").write_text("n: 6\n")
    assert n("-c", "conf.yaml") == 6
    assert n("-c", "conf.yaml", "--set", "n=5") == 5
    assert n("-c", "conf.yaml", "--set", "n=5", "--n", "4") == 4


def test_underscores_are_accepted(recorded: Recorded, capsys: pytest.CaptureFixture[str]) -> None:
    file = recorded({"a?": ["Paris"] * 16})
    flags = ["--engine", "replay", "--recorded", str(file), "--output_dir", "here", "--stop_rule", "fixed"]
    assert synth(capsys, "build", "refusal", *flags)["out"] == "here"


def test_a_pipeline_of_ones_own_is_copied_and_built(
    recorded: Recorded, capsys: pytest.CaptureFixture[str]
) -> None:
    assert synth(capsys, "copy", "refusal", "mine.py")["files"] == ["mine.py", "mine.md.j2"]
    assert run(["copy", "refusal", "mine.py"]) == 2
    capsys.readouterr()
    Path("mine.py").write_text(Path("mine.py").read_text().replace('"I am sure."', '"Certain."'))
    file = recorded({"a?": ["Paris"] * 16})
    built = synth(capsys, "build", "./mine.py", "--engine", "replay", "--recorded", str(file))
    assert built["out"] == "out/mine"
    import polars as pl

    assert "Certain." in pl.read_parquet("out/mine/sft/*.parquet")["completion"][0][0]["content"]


def test_failed_questions_exit_3_and_are_named(
    recorded: Recorded, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recorded({"a?": ["Paris"] * 16, "b?": ["Paris"] * 16})
    broken = file.read_text().replace('{"text": "Paris"}]', '{"text": null}]', 1)
    file.write_text(broken)
    code = run(
        ["build", "refusal", "--engine", "replay", "--recorded", str(file), "--stop-rule", "fixed", "-q"]
    )
    assert code == 3
    assert "question q0 failed" in capsys.readouterr().err


def test_no_row_at_all_exits_4(recorded: Recorded, capsys: pytest.CaptureFixture[str]) -> None:
    file = recorded({"a?": ["Rome"] * 16})
    flags = ["--engine", "replay", "--recorded", str(file), "--max-refusals", "0"]
    assert run(["build", "refusal", *flags, "-q"]) == 4
    assert "topic_quota" in capsys.readouterr().err


def test_list_names_every_drawer(capsys: pytest.CaptureFixture[str]) -> None:
    found = synth(capsys, "list")
    assert [entry["name"] for entry in found["pipelines"]] == [
        "confidence",
        "correctness",
        "dart",
        "preferences",
        "rationale",
        "refusal",
        "steps",
    ]
    assert [entry["name"] for entry in found["filters"]] == ["exact", "near_duplicates"]


def test_filter_parts_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": i, "question": q} for i, q in enumerate(["Who is it?", "who is it", "Where are we now?"])]
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert synth(capsys, "filter", "rows.jsonl", "-o", "parted") == {
        "input": 3,
        "kept": 2,
        "dropped": {"exact_duplicate": 1},
    }
    dropped = json.loads(Path("parted/dropped.jsonl").read_text())
    assert dropped == {
        "id": 1,
        "question": "who is it",
        "reason": "exact_duplicate",
        "twin": "0",
        "score": 1.0,
    }


def test_grade_compares_with_given_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [
        {"question": f"q{i}?", "gold": ["Paris"], "prediction": text, "equal": equal}
        for i, (text, equal) in enumerate(
            [("Paris", True), ("Rome", False), ("paris.", True), ("Oslo", None)]
        )
    ]
    Path("pairs.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    result = synth(capsys, "grade", "pairs.jsonl", "-o", "verdicts.jsonl", "--truth", "equal")
    assert result["outcomes"]["correct"] == 2
    assert result["truth"] | {} == {
        "rows": 3, "nulls": 1, "coverage": 1.0, "agreement": 1.0, "agreement_forced": 1.0,
        "kappa": 1.0, "kappa_forced": 1.0, "precision": 1.0, "recall": 1.0,
    }  # fmt: skip
    assert len(Path("verdicts.jsonl").read_text().splitlines()) == 4
    assert run(["grade", "pairs.jsonl", "--truth", "correct"]) == 2
    assert "no column 'correct'" in capsys.readouterr().err


def test_an_unexpected_error_leaves_its_traceback_in_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("synth.verbs.drawing.run_list", broken)
    assert run(["list", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert "unexpected ZeroDivisionError: oh" in told["error"]
    assert "Traceback" in Path(told["error"].split("traceback is in ")[1]).read_text()


def test_a_build_ends_with_rows_to_read(
    recorded: Recorded, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    file = recorded({f"Is this a question {'that is long ' * 20}{i}?": ["Paris"] * 16 for i in range(25)})
    assert run(["build", "refusal", "--engine", "replay", "--recorded", str(file), "--filters", "none"]) == 0
    rows = capsys.readouterr().out.split("\n\n")[1].splitlines()
    assert len(rows) == 10
    assert all(len(row) <= 80 and row.startswith("known      12/12  Is this") for row in rows)
    assert all(row.endswith("I am sure.") for row in rows)


def test_a_build_of_texts_to_be_judged_ends_with_their_worth(
    recorded: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recorded({"Capital of France?": ["Paris", "Rome", "Paris", "Rome"]})
    where = ["--store", str(tmp_path / "store"), "-o", str(tmp_path / "out")]
    asked = ["--engine", "replay", "--recorded", str(file), "--n", "4", "--rows", "p-ik"]
    assert run(["build", "correctness", *asked, *where]) == 0
    assert "Answer yes or no. → 0.5" in capsys.readouterr().out
