"""One small error in a right solution, and what follows from it (RISE).

The paper has a model edit a step. Here fixed rules do, which work out what the error leads to: sums in
columns are added up again, equations in prose reckoned again. Whether it is an error, `checking.py` decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from synth.choose import roll
from synth.steps import columns, prose
from synth.steps.checking import confesses, fault
from synth.steps.equations import like, numbers, value_of
from synth.steps.parting import ending, gone_on, parted
from synth.steps.solutions import Asked, Solution
from synth.steps.tokens import changes

KINDS: Final = ("value", "substitution", "swap", "operator", "deletion")
"""A result misreckoned, another number taken, terms exchanged, another operation, a term left out."""
_TRIES: Final = 40
"""Errors of one solution that are looked at: most of what fits is wrong."""


@dataclass(frozen=True)
class Edit:
    """A solution with one error.

    Attributes:
        kind: of the error, one of `KINDS`.
        at: the step that has it.
        steps: all of them, with what follows from it.
        size: tokens that differ in the step.
        spread: tokens that differ in all.
        names: `key/index` of the samples that show it to be wrong, where the model went on from it.
    """

    kind: str
    at: int
    steps: tuple[str, ...]
    size: int
    spread: int = 0
    names: tuple[str, ...] = ()

    def spans(self, solution: Solution) -> list[list[int]]:
        """From and to which character the step stands, in the right solution and in this one."""
        start = len("".join(self.steps[: self.at]))
        return [[start, start + len(steps[self.at])] for steps in (solution.steps, self.steps)]


def injected(asked: Asked, solution: Solution, kinds: tuple[str, ...], most: int) -> Edit | None:
    """The first error of a solution, in the order of the seed, that makes it wrong; None where none fits.

    Args:
        asked: the question.
        solution: a right one.
        kinds: of `KINDS`.
        most: tokens in which the step may differ.
    """
    about = asked.kind, asked.question, asked.answers, solution.steps
    fitting = islice(errors(asked.question, solution.steps, solution.name, asked.seed, kinds, most), _TRIES)
    return next((edit for edit in fitting if not fault(*about, edit.steps, most)), None)


def errors(
    question: str, steps: tuple[str, ...], name: str, seed: int, kinds: tuple[str, ...], most: int
) -> Iterator[Edit]:
    """Errors that a solution may have, in the order of the seed: the steps first, then the kinds that fit.

    Of the errors of one kind in one step, those that lead to few other changes come first.

    Args:
        question: as asked; its numbers may be mistaken for one another.
        steps: of a right solution.
        name: of the solution; the order depends on it and on the seed alone.
        seed: of the order.
        kinds: of `KINDS`.
        most: tokens in which the step may differ; in a sum in columns, all that changes counts.
    """
    given = [number[0] for number in numbers(question)]
    is_sum = columns.states(steps) is not None
    for at in sorted(range(len(steps)), key=lambda at: roll(f"{name}/{at}", seed, "step to edit")):
        found = []
        for kind, edited in (columns if is_sum else prose).edits(steps, at, given):
            sizes = [changes(*pair) for pair in zip(steps, edited, strict=True)]
            if kind in kinds and 0 < (sum(sizes) if is_sum else sizes[at]) <= most:
                found.append(Edit(kind, at, tuple(edited), sizes[at], sum(sizes)))
        order = {kind: roll(f"{name}/{at}/{kind}", seed, "kind of error") for kind in KINDS}
        found.sort(key=lambda e: (order[e.kind], e.spread, roll("".join(e.steps), seed, name)))
        yield from found


def guessed(solution: Solution, seed: int) -> Edit | None:
    """Another number in one step, whose consequences only a model that goes on from there can tell.

    The steps end with the edited one, which stands before the answer. None where no step has a number.
    """
    steps, name = solution.steps, solution.name
    said = list(dict.fromkeys(number[0] for step in steps for number in numbers(step)))
    last = next((at for at in range(len(steps)) if ending("".join(steps[: at + 1]))), len(steps))
    places = [(at, number) for at in range(last) for number in numbers(steps[at])]
    if not places:
        return None
    at, number = min(places, key=lambda place: roll(f"{name}/{place[0]}/{place[1].start()}", seed, "number"))
    value = value_of(number[0])
    near = [like(value + 1, number[0]), like(value - 1, number[0])]
    others = [("substitution", other) for other in said if value_of(other) != value]
    others += [("value", other) for other in near if other]
    kind, other = min(others, key=lambda each: roll(f"{name}/{each}", seed, "other number"))
    step = steps[at][: number.start()] + other + steps[at][number.end() :]
    return Edit(kind, at, (*steps[:at], step), changes(steps[at], step))


def failed(asked: Asked, solution: Solution, lucky: int) -> Edit | str:
    """What `guessed` changed, with all that the model wrote from there to a wrong answer.

    Args:
        asked: the question.
        solution: a right one.
        lucky: right answers that the model may still have come to.

    Returns:
        The edit; or a stable word for why it is none.
    """
    edit = guessed(solution, asked.seed)
    drawn = asked.went_on(solution, len(edit.steps)) if edit else None
    if edit is None:
        return "no_error_fits"
    if drawn is None or drawn.value is None:
        return "prefix_too_long" if drawn and drawn.too_long else "rollouts_not_judged"
    if len(drawn.right) > lucky:
        return "edit_not_wrong"
    for text in drawn.wrong:
        whole = gone_on(edit.steps, text)
        if ending(whole) == solution.ending and not confesses(whole):
            return replace(edit, steps=(*edit.steps, *parted(text.lstrip())), names=drawn.names)
    return "edit_in_another_format"
