"""The Python API does what the command line does."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import synth
from synth.errors import NothingBuilt, UsageError

Recorded = Callable[..., Path]


@pytest.fixture
def file(recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    return str(recorded({"a?": ["Paris"] * 16, "b?": ["Rome"] * 16}))


def test_every_promised_name_is_there() -> None:
    for name in synth.__all__:
        assert getattr(synth, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        synth.nothing  # noqa: B018


def test_verbs_chain(file: str) -> None:
    replay = {"engine": "replay", "recorded": file}
    assert synth.plan("refusal", None, **replay)["samples"]["to_draw"] == 32
    assert synth.sample(n=16, **replay)["samples"]["new"] == 32
    rows = synth.build("refusal", output_dir="out", **replay)["train"]
    assert rows["known"] == [True, False]
    assert synth.load("out", "kto")["train"].num_rows == 4
    assert synth.export("refusal", output_dir="again", **replay)["train"].num_rows == 2
    assert callable(synth.export)  # importing the machinery must not hide the function


def test_export_draws_nothing(file: str) -> None:
    with pytest.raises(NothingBuilt, match="undecided: 2"):
        synth.export("refusal", engine="replay", recorded=file, output_dir="out")
    assert not Path(".synth").exists()
    assert not Path("out").exists()


def test_a_filter_s_settings_are_settings_of_the_build(file: str) -> None:
    with pytest.raises(UsageError, match="--similarity: 7 is above 1"):
        synth.build("refusal", engine="replay", recorded=file, similarity=7)
    with pytest.raises(UsageError, match="nowhere"):
        synth.build("refusal", engine="replay", recorded=file, embedder="nowhere/model", output_dir="x")


def test_recorded_answers_to_another_question_are_refused(file: str) -> None:
    Path("asked.jsonl").write_text(
        json.dumps({"id": "q0", "question": "Who wrote Hamlet?", "answers": ["S"]})
    )
    with pytest.raises(UsageError, match=r"'q0': asked 'Who wrote Hamlet\?', recorded 'a\?'"):
        synth.build("refusal", questions="asked.jsonl", engine="replay", recorded=file)


def test_store_and_dataset_must_lie_apart(file: str) -> None:
    for out, store in (("x", "x"), ("x", "x/store"), ("s/segments/x", "s")):
        with pytest.raises(UsageError, match="must not lie in one another"):
            synth.build("refusal", engine="replay", recorded=file, output_dir=out, store=store)
    assert not Path("x").exists()


def test_ids_that_look_like_ours_do_not_collide(recorded: Recorded, tmp_path: Path, file: str) -> None:
    path = Path(file)
    path.write_text(path.read_text().replace('"q1"', '"q0#2"').replace('"text": "Rome"', '"text": "Paris"'))
    rows = synth.build("refusal", engine="replay", recorded=file, per_question=3)["train"]
    assert rows["id"] == ["q0#1", "q0#2#1"]


def test_a_name_given_twice_in_yaml_is_refused(tmp_path: Path) -> None:
    from synth import config

    (tmp_path / "twice.yaml").write_text("n: 4\nn: 8\n")
    with pytest.raises(UsageError, match="'n' is given twice"):
        config.read_yaml(str(tmp_path / "twice.yaml"))
