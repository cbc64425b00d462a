"""`synth eval`: any form of file, strict about what it holds, and one object for programs."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth.calibrating.held_out import HeldOut
from synth.cli import run
from synth.cli.evaluate import evaluate
from synth.errors import UsageError
from synth.metrics.panel import BETTER
from synth.scales import SCALES
from synth.verbs.evaluate import Bootstrap, Evaluation, run_evaluate, run_evaluate_model

GUIDE = Path(__file__).parent.parent.parent / "docs" / "eval.md"
FEW = Bootstrap(repeats=20)
ROWS: list[dict[str, Any]] = [
    {"question_id": "a", "correct": True, "confidence": 0.9, "refused": False},
    {"question_id": "a", "correct": False, "confidence": 0.7, "refused": False},
    {"question_id": "b", "correct": False, "confidence": 0.2, "refused": False},
    {"question_id": "c", "correct": True, "confidence": 1.0, "refused": False},
    {"question_id": "d", "correct": None, "confidence": None, "refused": True},
    {"question_id": "e", "correct": False, "confidence": None, "refused": True},
]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(rows: list[dict[str, Any]], name: str = "predictions.jsonl") -> Path:
    path = Path(name)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_every_form_of_a_file_gives_the_same() -> None:
    frame = pl.DataFrame(ROWS)
    frame.write_csv("p.csv")
    frame.write_parquet("p.parquet")
    Path("p.json").write_text(json.dumps(ROWS))
    expected = run_evaluate(written(ROWS), bootstrap=FEW).metrics
    for file in ("p.csv", "p.parquet", "p.json"):
        assert run_evaluate(Path(file), bootstrap=FEW).metrics == expected, file


def test_json_is_one_object_of_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    written(ROWS)
    assert run(["eval", "predictions.jsonl", "--repeats", "20", "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    found = json.loads(out)
    assert {"ece", "auroc", "average_precision", "refusal_precision", "missing_confidence"} <= found.keys()
    for number in found.values():
        assert number.keys() >= {"value", "low", "high", "n"}
    assert found["brier"]["value"] == pytest.approx((0.01 + 0.49 + 0.04 + 0) / 4)


def test_columns_may_be_called_something_else() -> None:
    renamed = {"correct": "is_right", "confidence": "sure", "refused": "idk", "question_id": "qid"}
    other = [{renamed[name]: value for name, value in row.items()} for row in ROWS]
    columns = {"correct": "is_right", "confidence": "sure", "refused": "idk", "question": "qid"}
    found = run_evaluate(written(other), columns, bootstrap=FEW)
    assert found.metrics == run_evaluate(written(ROWS, "own.jsonl"), bootstrap=FEW).metrics
    assert (found.questions, found.by) == (5, "qid")


def test_the_text_of_the_question_is_not_looked_at_beside_its_id() -> None:
    rows = [row | {"question": [{"role": "user", "content": "Who?"}]} for row in ROWS]
    assert run_evaluate(written(rows), bootstrap=FEW).by == "question_id"


def test_rows_without_a_question_are_each_their_own() -> None:
    rows = [{name: value for name, value in row.items() if name != "question_id"} for row in ROWS]
    found = run_evaluate(written(rows), bootstrap=FEW)
    assert (found.rows, found.questions, found.by) == (6, 6, "")


@pytest.mark.parametrize(
    ("scale", "said"),
    [("0-10", [9, 7, 2, 10]), ("0-100", [90, 70, 20, 100]), ("0-1", [0.9, 0.7, 0.2, 1])],
)
def test_a_scale_says_what_a_number_is_worth(scale: str, said: list[float]) -> None:
    rows = [row | {"confidence": value} for row, value in zip(ROWS, said, strict=False)]
    found = run_evaluate(written(rows), scale=scale, bootstrap=FEW).metrics
    assert found["mean_confidence"]["value"] == pytest.approx(0.7)
    assert found["ece"]["bins"][0]["confidence"] == pytest.approx(0.2)


def test_words_are_a_scale_too() -> None:
    words = ["very high", "High", "low", "very high"]
    rows = [row | {"confidence": word} for row, word in zip(ROWS, words, strict=False)]
    assert run_evaluate(written(rows), scale="words", bootstrap=FEW).metrics["mean_confidence"]["value"] == (
        pytest.approx((0.9 + 0.7 + 0.3 + 0.9) / 4)
    )


def test_all_mistakes_are_told_at_once_with_their_lines() -> None:
    rows: list[dict[str, Any]] = [
        {"question_id": "a", "correct": 0.7, "confidence": 85},
        {"question_id": "a", "correct": "yes", "confidence": "0.6"},
        {"question_id": "b", "correct": 1, "confidence": -1},
        {"question_id": ["b"], "correct": 0, "confidence": True},
    ]
    with pytest.raises(UsageError) as error:
        run_evaluate(written(rows))
    assert str(error.value).splitlines() == [
        "predictions.jsonl: 7 problems",
        "  line 1: correct is not true or false: 0.7",
        "  line 1: confidence is not on the scale 0-1: 85; name its own with --scale (0-100)",
        "  line 2: correct is not true or false: 'yes'",
        "  line 2: confidence is not a number: '0.6'",
        "  line 3: confidence is not on the scale 0-1: -1",
        "  line 4: confidence is not a number: True",
        "  line 4: question_id is a list: ['b']",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("correct,confidence\n1,high\n", "line 2: confidence is not a number: 'high'"),
        ("correct,confidence\n1,nan\n", "line 2: confidence is not a number: 'nan'"),
        ("correct,confidence\n2,0.5\n", "line 2: correct is not true or false: '2'"),
        ("right,confidence\n1,0.5\n", "neither 'correct' nor 'refused' is a column.*there are: right"),
        ("question,correct\n,1\nb,0\n", "1 of 2 rows have no 'question', the first is row 1"),
        ("correct,sure_prob,predict_conf\n1,1.5,0\n", "sure_prob is not between 0 and 1: '1.5'"),
        ("correct\n", "there are no rows in it"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(text: str, said: str) -> None:
    Path("p.csv").write_text(text)
    with pytest.raises(UsageError, match=said):
        run_evaluate(Path("p.csv"))


def test_a_scale_is_strict_too() -> None:
    with pytest.raises(UsageError, match=r"confidence is not on the scale 1-10: 0; name its own with"):
        run_evaluate(written([{"correct": True, "confidence": 0}]), scale="1-10")
    with pytest.raises(UsageError, match=r"is none of very low, .*: 'sure'"):
        run_evaluate(written([{"correct": True, "confidence": "sure"}]), scale="words")
    with pytest.raises(UsageError, match="no scale is called 'ten'"):
        run_evaluate(written(ROWS), scale="ten")


def test_settings_that_mean_nothing_are_refused() -> None:
    with pytest.raises(UsageError, match=r"(?s)3 problems.*--bins 0.*--repeats 0.*--level 95"):
        run_evaluate(written(ROWS), bootstrap=Bootstrap(bins=0, repeats=0, level=95))
    with pytest.raises(UsageError, match="no column 'confidense', did you mean 'confidence'"):
        run_evaluate(written(ROWS), {"confidence": "confidense"})
    with pytest.raises(UsageError, match="no file or folder"):
        run_evaluate(Path("nowhere.jsonl"))
    with pytest.raises(UsageError, match="is a folder: name one file of predictions"):
        run_evaluate(Path())


def test_refusals_that_may_only_be_called_wrong_are_told(caplog: pytest.LogCaptureFixture) -> None:
    run_evaluate(written([row | {"correct": bool(row["correct"])} for row in ROWS]), bootstrap=FEW)
    assert "every refused row has 'correct' false" in caplog.text
    caplog.clear()
    run_evaluate(written(ROWS), bootstrap=FEW)
    assert not caplog.text


def test_the_command_s_defaults_are_those_of_the_function() -> None:
    defaults = {name: p.default for name, p in inspect.signature(evaluate).parameters.items()}
    assert {name: defaults[name] for name in vars(Bootstrap())} == vars(Bootstrap())
    assert defaults["scale"] == inspect.signature(run_evaluate).parameters["scale"].default


def test_every_scale_is_in_the_help() -> None:
    hint = str(evaluate.__annotations__["scale"])
    assert all(name in hint for name in SCALES)


def recorded(samples: dict[str, list[str]], **more: Any) -> dict[str, Any]:
    rows = [
        {"id": f"q{i}", "question": question, "answers": ["Paris"], "kind": "short", "model": "m"}
        | {"samples": [{"text": text} for text in texts]}
        | more
        for i, (question, texts) in enumerate(samples.items())
    ]
    return {"engine": "replay", "recorded": str(written(rows, "recorded.jsonl")), "store": "store"}


def test_the_confidence_of_a_sample_is_how_many_others_say_the_same() -> None:
    flags = recorded(
        {"a?": ["Paris", "Paris", "It is Paris.", "Rome"], "b?": ["Rome", "Rome", "Oslo", "Rome"]}
    )
    found = run_evaluate_model(flags, n=4, bootstrap=FEW)
    assert (found.rows, found.questions) == (8, 2)
    assert found.metrics["accuracy"]["value"] == 3 / 8
    # Three of four say Paris: each sees two of three others agree; the fourth sees none. So in b.
    assert [b["confidence"] for b in found.metrics["ece"]["bins"]] == pytest.approx([0, 2 / 3])
    assert [b["accuracy"] for b in found.metrics["ece"]["bins"]] == pytest.approx([0, 0.5])


def test_a_confidence_may_be_what_a_sample_says() -> None:
    said = ["Paris\nConfidence: 9", "Rome\nConfidence: 4", "Paris\nConfidence: 11", "I don't know."]
    found = run_evaluate_model(
        recorded({"a?": said}), n=4, confidence_from="verbal", scale="0-10", bootstrap=FEW
    ).metrics
    assert found["mean_confidence"]["n"] == 2
    assert found["mean_confidence"]["value"] == pytest.approx(0.65)
    assert (found["missing_confidence"]["n"], found["missing_confidence"]["value"]) == (
        3,
        pytest.approx(1 / 3),
    )
    assert found["refusal_rate"]["value"] == 0.25


def test_what_is_due_for_refusal_by_a_model_is_what_has_no_answer() -> None:
    flags = recorded({"a?": ["I don't know."] * 2, "b?": ["Rome"] * 2}, answerable=False, answers=[])
    found = run_evaluate_model(flags, n=2, bootstrap=FEW).metrics
    assert found["refusal_recall"]["value"] == 0.5
    assert found["refusal_precision"]["value"] == 1.0


def test_the_built_in_model_is_asked_where_no_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    few = ["eval", "--limit", "6", "--n", "4", "--repeats", "20"]
    assert run([*few, "--json"]) == 0
    first = capsys.readouterr().out
    assert json.loads(first)["accuracy"]["n"] > 0
    assert run(few) == 0
    assert "of         builtin:almanac\nrows       24 of 6 questions" in capsys.readouterr().out
    assert run([*few, "--json", "--quiet"]) == 0  # now from the store
    assert capsys.readouterr().out == first


def test_a_file_and_a_model_do_not_go_together(capsys: pytest.CaptureFixture[str]) -> None:
    written(ROWS)
    assert run(["eval", "predictions.jsonl", "--limit", "3", "--n", "4"]) == 2
    assert "--limit, --n: these ask a model, and predictions.jsonl is read" in capsys.readouterr().err
    assert run(["eval", "--correct", "right"]) == 2
    assert "--correct: these are columns of a file" in capsys.readouterr().err
    assert run(["eval", "--n", "1"]) == 2
    assert "--n 1: agreement needs 2 samples a question" in capsys.readouterr().err


def test_the_guide_shows_what_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    page = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL)
    for name, body in blocks:
        Path(name).write_text(body, encoding="utf-8")
    shown = re.findall(r"```sh\n(synth eval [^\n]*)\n```\n\n```text\n(.*?)```", page, re.DOTALL)
    assert blocks
    assert shown
    for command, expected in shown:
        assert run(command.split()[1:]) == 0
        assert capsys.readouterr().out == expected, command


def test_the_guide_names_every_metric_and_its_direction() -> None:
    page = GUIDE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z0-9_…]+)` \|.*\| (higher|lower)? ?\|$", page, re.MULTILINE))
    refused = [row | {"answerable": True, "sure_prob": 0.5, "predict_conf": 0.5} for row in ROWS]
    found: Evaluation = run_evaluate(written(refused), bootstrap=FEW)
    named = {re.sub(r"_\d+$|(?<=^missing)_.*", "_…", name) for name in found.metrics}
    assert {re.sub(r"_\d+$", "_…", name) for name in named} == rows.keys()
    assert {name: better or None for name, better in rows.items()} == {
        name: BETTER.get(name, BETTER.get(name.removesuffix("_…"))) for name in rows
    }


def many(questions: int = 200) -> list[dict[str, Any]]:
    """Answers of which one in five is wrong below a confidence of 0.5, and none above."""
    return [
        {"question": f"q{at}", "correct": at % 100 >= 50 or at % 5 > 0, "confidence": (at % 100) / 100}
        for at in range(questions)
    ]


def test_a_map_and_a_threshold_are_told_of_the_other_half(capsys: pytest.CaptureFixture[str]) -> None:
    written(many())
    words = ["eval", "predictions.jsonl", "--repeats", "20", "--map", "isotonic", "--risk", "0.1"]
    assert run([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["held_out"]
    assert found["fit"] == found["report"] == {"rows": 100, "questions": 100}
    assert found["map"]["ece"]["after"]["value"] < found["map"]["ece"]["before"]["value"]
    assert 0 < found["abstain"]["threshold"] <= 0.5
    assert found["abstain"]["wrong"]["value"] <= 0.1
    assert run(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "fitted on 100 questions, told of 100 others" in lines
    assert any(line.startswith("map isotonic") for line in lines)
    assert any(
        line.startswith("at most 10 % of the answers given wrong, at level 0.95: answer") for line in lines
    )


def test_where_no_threshold_will_do_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    written([row | {"correct": at % 2 == 0} for at, row in enumerate(many())])
    assert run(["eval", "predictions.jsonl", "--repeats", "20", "--risk", "0.1"]) == 0
    assert "no threshold is shown to keep that, so abstain on everything" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("held_out", "said"),
    [
        (HeldOut(risk=0.1), "30 questions to find a threshold on: .* takes at least 44"),
        (HeldOut(risk=1.5), "risk 1.5 is not between 0 and 1"),
        (HeldOut(risk=0.1, delta=0), "delta 0 is not between 0 and 1"),
        (HeldOut("beta"), "--map beta: it is 'isotonic', 'platt' or 'temperature'"),
    ],
)
def test_what_cannot_be_fitted_is_refused(held_out: HeldOut, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run_evaluate(written(many(60)), bootstrap=FEW, held_out=held_out)


def test_a_model_s_paraphrases_are_in_one_half(tmp_path: Path) -> None:
    rows = [
        {
            "id": f"q{at}",
            "question": f"Who leads town {at}?",
            "answers": ["Ann"],
            "kind": "short",
            "group": f"g{at // 2}",
            "model": "m",
            "samples": [{"text": "Ann" if (at + place) % 3 else "Bob"} for place in range(4)],
        }
        for at in range(40)
    ]
    flags = {
        "engine": "replay",
        "recorded": str(written(rows, "recorded.jsonl")),
        "store": str(tmp_path / "s"),
    }
    found = run_evaluate_model(flags, n=4, bootstrap=FEW, held_out=HeldOut(risk=0.7, delta=0.3), quiet=True)
    assert found.held_out is not None
    assert found.held_out["fit"]["questions"] == 20
    assert found.held_out["abstain"]["tested"] == 10


def test_delta_is_for_risk(capsys: pytest.CaptureFixture[str]) -> None:
    written(ROWS)
    assert run(["eval", "predictions.jsonl", "--delta", "0.1"]) == 2
    assert "--delta: this is for --risk" in capsys.readouterr().err
