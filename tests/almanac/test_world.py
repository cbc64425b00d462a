"""The world: parts, levels, and that a name says nothing about whether its facts are known."""

from __future__ import annotations

import json
import random
from collections import Counter

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from synth.almanac import MODEL_DIR
from synth.almanac.asked import Asked
from synth.almanac.corpus import tellings
from synth.almanac.rows import rows
from synth.almanac.tokenizer import build
from synth.almanac.wordings import RELATIONS, Relation
from synth.almanac.world import (
    DEALS,
    SEED,
    SUBJECTS,
    dealt,
    facts,
    likeness,
    parts,
    says_nothing,
    subjects,
)

TOKENIZER = build()
FOLDINGS = 5
"""Ways to part the facts of a relation; one alone is off by several hundredths by chance."""


def probe(questions: list[Asked], known: list[bool]) -> float:
    """AUROC of a bag-of-tokens probe on facts that it has not seen."""
    bags = np.zeros((len(questions), len(TOKENIZER)), dtype=np.float32)
    for row, one in enumerate(questions):
        bags[row, TOKENIZER.encode(one.text, add_special_tokens=False)] = 1
    bags = bags[:, bags.any(axis=0)]
    groups = [one.group for one in questions]
    model = LogisticRegression(solver="liblinear")
    found = []
    for seed in range(FOLDINGS):
        folds = GroupKFold(8, shuffle=True, random_state=seed)
        score = cross_val_predict(model, bags, known, groups=groups, cv=folds, method="predict_proba")[:, 1]
        found.append(roc_auc_score(known, score))
    return float(np.mean(found))


@pytest.mark.parametrize("sort", ["person", "town"])
def test_every_part_is_in_as_many_names(sort: str) -> None:
    assert set(Counter(part for name in subjects(sort) for part in parts(name)).values()) == {4}


def test_facts_are_told_as_often_as_they_say() -> None:
    told = sum(1 for _ in tellings(random.Random(f"{SEED}:corpus")))
    assert told == sum(fact.level.shown for fact in facts())
    assert {0, 1, 2, 4, 8, 16} <= {fact.level.shown for fact in facts()}


def one_each(relation: str) -> list[Asked]:
    """One short question about each fact of a relation."""
    asked = [row for split in ("train", "test") for row in rows(split)]
    short = [row for row in asked if row.meta["relation"] == relation and row.kind == "short"]
    return list({row.group: row for row in reversed(short)}.values())


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_the_deal_is_one_that_says_nothing_the_one_before_not(relation: Relation) -> None:
    weights = likeness(subjects(relation.subject))
    assert says_nothing(dealt(relation, DEALS[relation.name]), weights)
    assert not says_nothing(dealt(relation, DEALS[relation.name] - 1), weights)


@pytest.mark.parametrize("relation", [relation.name for relation in RELATIONS])
def test_names_do_not_betray_what_was_shown(relation: str) -> None:
    asked = one_each(relation)
    assert len(asked) == SUBJECTS
    assert probe(asked, [row.meta["shown"] >= 16 for row in asked]) <= 0.6


def measured_probe(relation: str) -> float:
    """The probe of one relation against what the shipped model was measured to know."""
    measured = json.loads((MODEL_DIR / "almanac.json").read_text())["p"]
    p = {**measured["train"], **measured["test"]}
    asked = one_each(relation)
    known = [p[row.id] >= 0.5 for row in asked]
    assert 0.15 < np.mean(known) < 0.85
    return probe(asked, known)


def test_names_do_not_betray_what_is_known() -> None:
    found = {relation.name: measured_probe(relation.name) for relation in RELATIONS}
    assert max(found.values()) <= 0.6
    assert 0.4 <= np.mean(list(found.values())) <= 0.55
