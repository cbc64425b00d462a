"""The model: its shape and size, what it surely knows, and the spectrum of what it half knows."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from typing import Any

import pytest
import torch

from synth.almanac import MODEL_DIR, sums
from synth.almanac.asked import Asked
from synth.almanac.measure import load, right, sample, shares
from synth.almanac.rows import rows
from synth.almanac.world import SEED

RECORD: dict[str, Any] = json.loads((MODEL_DIR / "almanac.json").read_text())
P: dict[str, float] = RECORD["p"]["train"]
TRAIN = rows("train")


@pytest.fixture(scope="module")
def model() -> tuple[Any, Any]:
    torch.set_num_threads(2)
    return load(MODEL_DIR)


def asked(text: str, *answers: str) -> Asked:
    return Asked("x", "short", text, answers, "x")


def test_it_is_a_small_llama() -> None:
    config = json.loads((MODEL_DIR / "config.json").read_text())
    assert config["architectures"] == ["LlamaForCausalLM"]
    assert config["head_dim"] in (32, 64)
    assert (MODEL_DIR / "model.safetensors").stat().st_size <= 6_000_000
    assert {"README.md", "generation_config.json", "tokenizer.json"} <= {
        path.name for path in MODEL_DIR.iterdir()
    }


def test_the_record_speaks_of_these_questions() -> None:
    assert set(P) == {row.id for row in TRAIN}
    assert RECORD["training"]["seed"] == SEED
    assert RECORD["training"]["seconds"] <= 3600


def test_the_spectrum_has_all_its_parts() -> None:
    found = shares(list(P.values()))
    assert found["high"] >= 1 / 4
    assert found["low"] >= 1 / 4
    assert found["between"] >= 1 / 5


def test_sums_get_steadily_harder() -> None:
    p = list(RECORD["measured"]["by_digits"].values())
    assert len(p) == len(sums.DIGITS)
    assert max(after - before for before, after in pairwise(p)) <= 0.03
    assert p[0] >= 0.9
    assert p[-1] <= 0.1


def test_it_answers_what_it_was_told_most_often(model: tuple[Any, Any]) -> None:
    best = [row for row in TRAIN if row.kind == "short" and row.meta.get("shown", 0) >= 128][:24]
    said = sample(*model, best, samples=1)
    assert sum(right(row, said[row.id][0]) for row in best) >= 22


def test_it_does_not_refuse_what_it_was_never_told(model: tuple[Any, Any]) -> None:
    never = [row for row in TRAIN if row.kind == "short" and row.meta.get("shown") == 0][:24]
    said = sample(*model, never, samples=4)
    texts = [text for row in never for text in said[row.id]]
    assert not [text for text in texts if "know" in text or "sure" in text]
    assert sum("passage" in text for text in texts) <= 2


def test_a_live_sample_agrees_with_the_record(model: tuple[Any, Any]) -> None:
    some = random.Random(0).sample([row for row in TRAIN if row.kind != "math"], 64)
    said = sample(*model, some, samples=8, seed=1)
    live = [sum(right(row, text) for text in said[row.id]) / 8 for row in some]
    assert abs(sum(live) / 64 - sum(P[row.id] for row in some) / 64) <= 0.05
    found = shares(live)
    assert min(found["high"], found["low"]) >= 0.2
    assert found["between"] >= 0.15


@pytest.mark.parametrize(
    ("text", "good"),
    [("Dalmer", True), ("dalmer.", True), ("The home of X is Dalmer.", True),
     ("Dalmer. The almanac says so.", True), ("Dalmerton", False), ("Vosk", False), ("", False)],
)  # fmt: skip
def test_only_the_final_answer_counts(text: str, good: bool) -> None:
    assert right(asked("Where?", "Dalmer"), text) is good
