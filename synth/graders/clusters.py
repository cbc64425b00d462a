"""Which answers to one question say the same: clusters by the verdicts of the question's own grader.

Two answers are equal if the grader, given either as the accepted answer, calls the other correct; they
differ if it calls one wrong and none correct. What it leaves open may be settled by a similarity from
outside, and is unequal without one. Equality so found is not transitive. A cluster is a connected component
of it; only where a chain ties answers together that differ is the component taken apart, into groups whose
members are equal each to each, and an answer that fits several goes with the most samples.

Everything is done on the sorted distinct answers, so the clusters do not depend on the order of the samples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from synth.graders import Item, Verdict, grader
from synth.graders.normal import clip, stem, words
from synth.graders.refusals import is_refusal
from synth.graders.vocabulary import vocabulary

Similarity: TypeAlias = Callable[[Sequence[str]], NDArray[np.floating]]
_Form: TypeAlias = tuple[str, ...]
_Flags: TypeAlias = NDArray[np.bool_]

_REFUSED: Final[_Form] = ("", "refused")
_LABELS: Final = frozenset({"choice", "boolean", "claim"})
# What frames an answer without being part of it. Negations, "and" and "or" stay: they are.
_FRAME: Final = vocabulary(
    "i think believe guess say would answer probably likely maybe perhaps my best it its is was are were be "
    "been this that he she they his her their of in on at to for by with from who which as"
)


def clusters(
    kind: str,
    question: str,
    answers: Sequence[str],
    choices: Sequence[str] | None = None,
    similarity: Similarity | None = None,
    alike: float = 0.85,
) -> list[int | None]:
    """The cluster of each answer to a question.

    Args:
        kind: the question's kind; one without a grader is compared by normal form and similarity.
        question: as asked.
        answers: the samples' texts, complete ones.
        choices: the options, where the kind has them.
        similarity: given texts, a square matrix of how alike they are, each row seen from its text (as
            entailment is). A pair counts by the lower of its two numbers. It is asked once at most.
        alike: from where on a similarity makes two answers equal.

    Returns:
        For each answer the number of its cluster, counted in the sorted order of the distinct answers; None
        where a text states no answer. All refusals are one cluster.
    """
    distinct = sorted(set(answers))
    forms: dict[_Form, str] = {}
    form_of: dict[str, _Form] = {}
    for text, stated in zip(distinct, _stated(kind, question, distinct, choices), strict=True):
        if stated is None:
            continue
        form = _REFUSED if stated.outcome == "refused" else _form(kind, question, stated.answer or text)
        form_of[text] = form
        said = stated.answer or text
        forms[form] = min(forms.get(form, said), said, key=lambda one: (len(one), one))
    ordered = sorted(forms.keys() - {_REFUSED})
    samples = Counter(form_of.get(answer) for answer in answers)
    relations = _relations(
        kind, question, ordered, [forms[form] for form in ordered], choices, similarity, alike
    )
    groups = _groups(*relations, [samples[form] for form in ordered])
    group_of = {
        form: group for group, members in enumerate(groups) for form in (ordered[place] for place in members)
    }
    group_of[_REFUSED] = len(groups)
    numbers: dict[int, int] = {}
    for text in distinct:
        if text in form_of:
            numbers.setdefault(group_of[form_of[text]], len(numbers))
    return [numbers[group_of[form_of[text]]] if text in form_of else None for text in answers]


def _stated(
    kind: str, question: str, texts: Sequence[str], choices: Sequence[str] | None
) -> list[Verdict | None]:
    """What each text states, or that it refuses; None where it states nothing."""
    module = grader(kind)
    if module is None:
        refusal = Verdict("refused", None, 0.0, "refusal")
        return [
            (refusal if is_refusal(text) else Verdict("undecided", text, None, "no_gold"))
            if text.strip()
            else None
            for text in texts
        ]
    options = None if choices is None else tuple(choices)
    verdicts = module.grade([Item(clip(text), question, (), options) for text in texts])
    return [
        verdict if verdict.outcome == "refused" or verdict.answer is not None else None
        for verdict in verdicts
    ]


def _form(kind: str, question: str, stated: str) -> _Form:
    """What makes two answers the same without asking a grader."""
    if kind in _LABELS:
        return (stated,)
    if kind == "math":
        return ("".join(stated.split()),)
    return tuple(_core(question, stated))


def _core(question: str, stated: str) -> list[str]:
    """The words of an answer without its frame and without what the question says; all where none is left."""
    said = words(stated)
    asked = {stem(word) for word in words(clip(question))}
    core = [word for word in said if word not in _FRAME and stem(word) not in asked]
    return core or said or [stated]


def _relations(
    kind: str,
    question: str,
    forms: Sequence[_Form],
    texts: Sequence[str],
    choices: Sequence[str] | None,
    similarity: Similarity | None,
    alike: float,
) -> tuple[_Flags, _Flags]:
    """Which of the forms are equal and which differ: two symmetric matrices."""
    size = len(forms)
    equal, differ = np.eye(size, dtype=bool), np.zeros((size, size), dtype=bool)
    pairs = list(combinations(range(size), 2))
    module = grader(kind)
    if kind in _LABELS or not pairs:
        return equal, ~equal
    if module is not None:
        golds = [text if kind == "math" else " ".join(form) for form, text in zip(forms, texts, strict=True)]
        options = None if choices is None else tuple(choices)
        directed = [pair for left, right in pairs for pair in ((left, right), (right, left))]
        verdicts = module.grade(
            [Item(clip(texts[said]), question, (golds[gold],), options) for said, gold in directed]
        )
        for (left, right), one, other in zip(pairs, verdicts[::2], verdicts[1::2], strict=True):
            outcomes = {one.outcome, other.outcome}
            equal[left, right] = outcomes == {"correct"}
            differ[left, right] = "wrong" in outcomes and "correct" not in outcomes
        equal |= equal.T
        differ |= differ.T
    undecided = ~(equal | differ)
    if similarity is not None and undecided.any():
        open_places = np.flatnonzero(undecided.any(axis=0))
        scores = np.asarray(similarity([texts[place] for place in open_places]))
        near = np.minimum(scores, scores.T) >= alike
        equal[np.ix_(open_places, open_places)] |= near & undecided[np.ix_(open_places, open_places)]
    return equal, differ


def _groups(equal: _Flags, differ: _Flags, samples: Sequence[int]) -> list[list[int]]:
    """The connected components of `equal`, without any that hold two who differ."""
    if not len(equal):
        return []
    count, labels = connected_components(equal, directed=False)
    groups = []
    for label in range(count):
        members = [int(place) for place in np.flatnonzero(labels == label)]
        chained = differ[np.ix_(members, members)].any()
        groups += _complete_linkage(members, equal, samples) if chained else [members]
    return groups


def _complete_linkage(members: Sequence[int], equal: _Flags, samples: Sequence[int]) -> list[list[int]]:
    """Groups whose members are all equal to each other: the largest two that fit are joined first."""
    groups = [[member] for member in members]
    while True:
        fitting = [
            (sum(samples[member] for member in one + other), -first, -second)
            for (first, one), (second, other) in combinations(enumerate(groups), 2)
            if equal[np.ix_(one, other)].all()
        ]
        if not fitting:
            return groups
        _, first, second = max(fitting)
        groups[-first] += groups.pop(-second)
