"""Entailment with a tiny classifier of random weights: real loading, labels by name, no effect of order."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from synth.errors import UsageError
from synth.voting import entailment
from synth.voting.cases import Case
from synth.voting.entailment import Entailment, relations

CASES = [
    Case(f"q{i}", f"Who leads {town}?", golds, answer)
    for i, (town, golds, answer) in enumerate(
        itertools.product(
            ("Oakthorpe", "Linford"),
            (("Corka Kastden",), ("Ada", "A long name of a leader, as long as it gets")),
            ("Corka", "It is said to be the leader of the town, whoever that may be " * 3, "Nobody"),
        )
    )
]


def test_labels_are_known_by_their_names() -> None:
    assert relations("m", {0: "CONTRADICTION", 1: "Neutral", 2: "entailment"}) == (2, 0)
    assert relations("m", {0: "entailment", 1: "not_entailment"}) == (0, None)
    for labels in ({0: "LABEL_0", 1: "LABEL_1"}, {0: "positive", 1: "negative"}):
        with pytest.raises(UsageError, match="is no model of inference: its labels are"):
            relations("m", labels)


def test_a_vote_does_not_depend_on_the_other_cases(
    classifier: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entailment, "SURE", 0.5)  # random weights are seldom sure of anything
    voter = Entailment(classifier("contradiction", "entailment"))
    together = voter.votes(CASES)
    assert {*together} >= {"correct", None}, "a test of one outcome would show little"
    assert voter.votes(CASES[::-1]) == together[::-1]
    assert [voter.votes([case])[0] for case in CASES] == together
    monkeypatch.setattr(entailment, "_BATCH", 3)
    assert voter.votes(CASES) == together


def test_the_same_weights_under_swapped_labels_vote_the_other_way(
    classifier: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entailment, "SURE", 0.5)
    one = Entailment(classifier("contradiction", "entailment"))
    other = Entailment(classifier("entailment", "contradiction"))
    pairs = [("one thing", "another"), ("it rains", "it is wet")]
    assert (one._probabilities(pairs) == other._probabilities(pairs)[:, ::-1]).all()
    assert one.version != other.version


def test_entailed_is_right_and_contradicted_by_all_is_wrong() -> None:
    yes, no, nothing = (True, False), (False, True), (False, False)
    vote = entailment._vote
    assert vote([(yes, nothing)]) == "correct"
    assert vote([(no, no), (yes, yes)]) == "correct"
    assert vote([(yes, no)]) is None, "the accepted answer contradicts it"
    assert vote([(no, no), (no, no)]) == "wrong"
    assert vote([(no, no), (nothing, nothing)]) is None
    assert vote([(no, nothing)]) is None
    assert vote([(nothing, yes)]) is None, "the accepted answer says more than it"


def test_what_is_no_classifier_is_refused_in_words(tmp_path: Path, classifier: Callable[..., str]) -> None:
    with pytest.raises(UsageError, match="is not a model"):
        Entailment(str(tmp_path))
    with pytest.raises(UsageError, match="LABEL_0"):
        Entailment(classifier("LABEL_0", "LABEL_1"))
