"""Steps: training rows from worked solutions, step by step, the wrong ones too.

    synth build steps --questions gsm8k.jsonl --model Qwen/Qwen2.5-7B-Instruct
    synth build steps --kind per-step        also ovm, partial, mistakes, contrast, length

One set of samples, seven kinds of rows:

    rise       a right solution, and the same with one error                          dpo, kto, process
    per-step   a wrong solution, and one that leaves it before its first wrong step   dpo, kto, process
    ovm        solutions with each step marked by how they ended                      process
    partial    wrong solutions, as far as right ones come through the same states     process, sft
    mistakes   right and wrong solutions, each under a tag                            sft, kto
    contrast   right solutions, and the most frequent wrong answers                   dpo, kto
    length     the shortest solution of easy questions, the longest of hard ones      sft, dpo, kto

Sources, and where the defaults differ from them: docs/steps.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, Literal

import polars as pl

from synth import LabelRule, Request, State, formats, setting
from synth.meta import with_entry
from synth.steps import Asked, Mark, Row, Solution, by_question, editing, frame, like_ended
from synth.steps.parting import ending, gone_on, parted
from synth.steps.rollouts import Search, first_wrong
from synth.steps.states import furthest, states
from synth.steps.values import shared

ERRORS = ("value", "substitution", "swap", "operator", "deletion")
"""A result misreckoned, another number taken, terms exchanged, another operation, a term left out."""
Prompt = tuple[str, str, str]
"""Of a model that is to go on from a step: question_id, ask, prefix."""


@dataclass(frozen=True)
class Steps:
    """Rows from worked solutions, step by step: injected errors, first wrong steps, values, contrasts."""

    kind: Literal["rise", "per-step", "ovm", "partial", "mistakes", "contrast", "length"] = setting(
        "rise", help="what the rows are: see docs/steps.md"
    )
    n: int = setting(16, low=1, high=65536, help="samples a question")
    stop_rule: Literal["fixed", "curtail", "sprt", "width", "quota", "posterior"] = setting(
        "curtail", help="curtail stops as refusal does, and finds its samples in the store"
    )
    per_question: int | None = setting(
        None, low=1, help="solutions or pairs a question at most; none: one, and for ovm all"
    )
    errors: tuple[str, ...] = setting(ERRORS, help="rise: kinds of error; the seed chooses one that fits")
    most_tokens: int = setting(
        3, low=1, help="rise: numbers, words and signs in which a step may differ from the right one"
    )
    verify: Literal["executed", "rollouts"] = setting(
        "executed",
        help="rise: errors whose consequences can be worked out; or others too, from which the model itself "
        "has to go on and fail",
    )
    full_pairs: bool = setting(True, help="rise: also a right against a wrong solution, one a question")
    rollouts: int = setting(8, low=1, high=65536, help="times the model goes on from a step")
    lucky: int = setting(0, low=0, help="rise: right answers in spite of the error that it may still have")
    drop: float = setting(
        0.5, low=0, high=1, help="per-step: how far the first wrong step lowers the share of right answers"
    )
    span: Literal["solution", "step"] = setting(
        "solution", help="rise, per-step: whole solutions, or cut after the step, for losses on it alone"
    )
    target: Literal["outcome", "value"] = setting(
        "outcome", help="ovm: a step is marked right where its solution is, or where most that share it are"
    )
    complete: bool = setting(
        False, help="partial: the model goes on from each beginning; what comes right is taught"
    )
    tags: tuple[str, str] = setting(
        ("[right]", "[wrong]"), help="mistakes: what the prompt of a right and of a wrong solution ends with"
    )
    easy_from: float = setting(
        0.75, low=0, high=1, help="length: share of right answers from which a question is easy"
    )

    formats: ClassVar[tuple[str, ...]] = ("sft", "dpo", "kto", "process")

    def __post_init__(self) -> None:
        if unknown := set(self.errors) - set(ERRORS):
            raise ValueError(f"--errors knows no {sorted(unknown)[0]}, only {', '.join(ERRORS)}")
        if not self.errors:
            raise ValueError("--errors names none")
        if self.tags[0] == self.tags[1]:
            raise ValueError("--tags are the same for right and wrong solutions")
        if self.lucky >= self.rollouts:
            raise ValueError(f"--lucky {self.lucky} of --rollouts {self.rollouts} calls anything an error")

    @property
    def asks_again(self) -> bool:
        """Whether the model has to go on from steps."""
        by_rollouts = self.kind == "rise" and self.verify == "rollouts"
        return by_rollouts or self.kind == "per-step" or (self.kind == "partial" and self.complete)

    def requests(self, state: State) -> Iterator[Request]:
        """The questions; then, where the model has to go on from steps, round after round what is open."""
        if state.asked == 0:
            yield Request(n=self.n, stop_rule=self.stop_rule, rule=LabelRule())
        elif self.asks_again:
            go_on = {"rise": self._guessed, "per-step": self._halved, "partial": self._begun}[self.kind]
            found = [prompt for asked in by_question(state) if asked.right for prompt in go_on(asked)]
            if found:
                asks = pl.LazyFrame(found, schema=["question_id", "ask", "prefix"], orient="row")
                asked_as = state.questions.select("question_id", messages="prompt")
                asks = asks.join(asked_as, on="question_id", how="left", maintain_order="left")
                yield Request(n=self.rollouts, asks=asks)

    def build(self, state: State) -> pl.LazyFrame:
        """The rows of the kind; a question without one leaves with the reason."""
        found = frame(row for asked in by_question(state) for row in self._rows(asked))
        rows = state.questions.join(found.lazy(), on="question_id", how="left", maintain_order="left_right")
        number = pl.col("number").fill_null(1)
        name = pl.when(number > 1).then(pl.format("{}#{}", "question_id", number)).otherwise("question_id")
        return rows.select(
            *state.spine(
                id=name,
                known=pl.col("p_hat") >= 0.5,
                weight=pl.col("weight").fill_null(1.0),
                sample_keys=pl.coalesce("row_keys", "sample_keys"),
                meta=with_entry(pl.col("meta"), "steps", pl.col("note")),
            ),
            formats.sft(_tagged(), _reply("says")),
            formats.dpo(pl.col("prompt"), _reply("good"), _reply("bad")),
            formats.several(
                formats.kto(pl.col("prompt"), _reply("good"), pl.lit(True)),
                formats.kto(pl.col("prompt"), _reply("bad"), pl.lit(False)),
            ).alias("kto"),
            formats.several(_process(0), _process(1)).alias("process"),
            "reason",
        )

    def _rows(self, asked: Asked) -> Iterator[Row]:
        """The rows of one question, or why it has none."""
        make = {
            "rise": self._rise, "per-step": self._per_step, "ovm": self._ovm, "partial": self._partial,
            "mistakes": self._mistakes, "contrast": self._contrast, "length": self._length,
        }[self.kind]  # fmt: skip
        if not asked.right:
            yield Row(asked.question_id, reason="none_right")
        elif not asked.wrong and self.kind not in ("rise", "length"):
            yield Row(asked.question_id, reason="none_wrong")
        else:
            yield from make(asked)

    @property
    def _most(self) -> int | None:
        return self.per_question or (None if self.kind == "ovm" else 1)

    # RISE: a right solution with one error, and nothing else, changed.

    def _rise(self, asked: Asked) -> Iterator[Row]:
        for right in asked.right[: self._most]:
            yield self._edited(asked, right)
        if self.full_pairs and (pair := like_ended(asked.right[: self._most], asked.wrong)):
            right, wrong = pair
            names = right.name, wrong.name
            yield Row(asked.question_id, names, right.text, wrong.text, note={"error": "own"})

    def _edited(self, asked: Asked, right: Solution) -> Row:
        """A right solution against itself with an error; or why there is none."""
        edit: editing.Edit | str | None = self._injected(asked, right)
        if edit is None and self.verify == "rollouts":
            edit = editing.failed(asked, right, self.lucky)
        if not isinstance(edit, editing.Edit):
            none_fits = "no_error_fits" if len(right.steps) > 1 else "one_step"
            return Row(asked.question_id, (right.name,), reason=edit or none_fits)
        shown = edit.at + 1 if self.span == "step" else None
        return Row(
            asked.question_id,
            (right.name, *edit.names),
            good="".join(right.steps[:shown]).rstrip(),
            bad="".join(edit.steps[:shown]).rstrip(),
            marked=(Mark.until(right.steps, len(right.steps)), Mark.until(edit.steps, edit.at)),
            note={"error": edit.kind, "step": edit.at + 1, "spans": edit.spans(right)},
        )

    def _injected(self, asked: Asked, right: Solution) -> editing.Edit | None:
        return editing.injected(asked, right, self.errors, self.most_tokens)

    def _guessed(self, asked: Asked) -> Iterator[Prompt]:
        """Beginnings with another number, where the consequences cannot be worked out."""
        for right in asked.right[: self._most] if asked.rounds == 1 else ():
            edit = None if self._injected(asked, right) else editing.guessed(right, asked.seed)
            if edit:
                yield asked.go_on(right, edit.steps)

    # Per-step negatives: a wrong solution, and one that leaves it before its first wrong step.

    def _per_step(self, asked: Asked) -> Iterator[Row]:
        for wrong in asked.wrong[: self._most]:
            search = self._search(asked, wrong)
            begun = asked.went_on(wrong, search.low) if search.low else None
            after = [right.text for right in asked.right]
            if begun:
                after = [gone_on(wrong.steps[: search.low], text) for text in begun.right]
            good = next((text for text in after if ending(text) == wrong.ending), None)
            low, high = search.values
            why_not = "no_drop" if low - high < self.drop else None if good else "in_another_format"
            shown = search.high if self.span == "step" else None
            yield Row(
                asked.question_id,
                (wrong.name, *search.names),
                good="".join(parted(good)[:shown]).rstrip() if good else None,
                bad="".join(wrong.steps[:shown]).rstrip(),
                marked=(Mark.until(wrong.steps, search.low),),
                note={"step": search.high, "before": low, "after": high},
                reason="one_step" if len(wrong.steps) < 2 else search.why_not or why_not,
            )

    def _halved(self, asked: Asked) -> Iterator[Prompt]:
        """The beginnings of wrong solutions whose values are wanted next."""
        for solution in asked.wrong[: self._most]:
            wanted = self._search(asked, solution).next
            if wanted is not None:
                yield asked.go_on(solution, solution.steps[:wanted])

    @staticmethod
    def _search(asked: Asked, solution: Solution) -> Search:
        """How far the halving has come; by one value in each round."""
        drawn = {n: asked.went_on(solution, n) for n in range(1, len(solution.steps))}
        found = {n: each for n, each in drawn.items() if each}
        return first_wrong(len(solution.steps), asked.p_hat or 0.0, found, asked.rounds - 1)

    # OVM: every step has the outcome of its solution, or the value of its beginning.

    def _ovm(self, asked: Asked) -> Iterator[Row]:
        valued = zip(asked.solutions, shared(asked.solutions), strict=True)
        for solution, values in islice(valued, self._most):
            likely = tuple(2 * value.right >= value.n for value in values)
            labels = likely if self.target == "value" else (solution.right,) * len(values)
            note = {"outcome": solution.right, "values": [list(value) for value in values]}
            yield Row(asked.question_id, (solution.name,), marked=(Mark(solution.steps, labels),), note=note)

    # Partially correct prefixes: wrong solutions, as far as right ones come through the same states.

    def _partial(self, asked: Asked) -> Iterator[Row]:
        taught = {right.text.strip() for right in asked.right[: self._most]}
        for right in asked.right[: self._most]:
            marked = (Mark.until(right.steps, len(right.steps)),)
            yield Row(asked.question_id, (right.name,), says=right.text, marked=marked, note={"of": "right"})
        for wrong, reached in self._cut(asked):
            drawn = asked.went_on(wrong, reached)
            whole = [gone_on(wrong.steps[:reached], text) for text in drawn.right] if drawn else []
            like = (text for text in whole if ending(text) == wrong.ending)
            says = next((text for text in like if text.strip() not in taught), None)
            taught.add((says or "").strip())
            yield Row(
                asked.question_id,
                (wrong.name, *(drawn.names if drawn else ())),
                says=says,
                marked=(Mark.until(wrong.steps, reached),),
                note={"of": "wrong", "steps": reached},
                reason=None if reached else "nothing_known",
            )

    def _cut(self, asked: Asked) -> Iterator[tuple[Solution, int]]:
        """Wrong solutions, and how many of their steps come through states of right ones."""
        known = {state for right in asked.right for state in states(right.steps) if state}
        for wrong in asked.wrong[: self._most]:
            yield wrong, furthest(wrong.steps, known)

    def _begun(self, asked: Asked) -> Iterator[Prompt]:
        """Partially correct beginnings, from which the model is to go on."""
        for wrong, reached in self._cut(asked) if asked.rounds == 1 else ():
            if reached:
                yield asked.go_on(wrong, wrong.steps[:reached])

    # Mistake tuning: right and wrong solutions in pairs, each under its tag.

    def _mistakes(self, asked: Asked) -> Iterator[Row]:
        for pair in islice(zip(asked.right, asked.wrong, strict=False), self._most):
            for solution, tag in zip(pair, self.tags, strict=True):
                good, bad = (solution.text, None) if solution.right else (None, solution.text)
                yield Row(asked.question_id, (solution.name,), good, bad, says=solution.text, tag=tag)

    # Contrast: right solutions against one of each wrong answer, weighted by how often that is given.

    def _contrast(self, asked: Asked) -> Iterator[Row]:
        counts = Counter({wrong.answer: 0 for wrong in asked.wrong})
        for wrong in asked.wrong:
            counts[wrong.answer] += wrong.copies
        common = counts.most_common(self._most)
        for answer, count in common:
            pair = like_ended(asked.right, [wrong for wrong in asked.wrong if wrong.answer == answer])
            if pair is None:
                yield Row(asked.question_id, reason="in_another_format")
                continue
            right, wrong = pair
            yield Row(
                asked.question_id,
                (right.name, wrong.name),
                good=right.text,
                bad=wrong.text,
                weight=count * len(common) / sum(each for _, each in common),
                note={"given": count, "of": counts.total()},
            )

    # Length: short where it is easy, long where it is hard; and the opposite to avoid.

    def _length(self, asked: Asked) -> Iterator[Row]:
        easy = (asked.p_hat or 0.0) >= self.easy_from
        right = sorted(asked.right, key=lambda solution: (solution.length, solution.name))
        wrong = sorted(asked.wrong, key=lambda solution: (solution.length, solution.name))
        kept = right[0] if easy else right[-1]
        others = reversed(right) if easy else wrong
        apart = (
            s for s in others if s.ending == kept.ending and (s.length - kept.length) * (2 * easy - 1) > 0
        )
        other = next(apart, None)
        yield Row(
            asked.question_id,
            (kept.name, *([other.name] if other else [])),
            good=kept.text if other else None,
            bad=other.text if other else None,
            says=kept.text,
            note={"bin": "easy" if easy else "hard", "target": kept.length},
        )


def _reply(column: str) -> pl.Expr:
    return formats.conversation(formats.assistant(pl.col(column)))


def _tagged() -> pl.Expr:
    """The prompt; with a tag in a line of its own, where the row has one."""
    prompt = pl.col("prompt")
    return pl.when(pl.col("tag").is_null()).then(prompt).otherwise(formats.ending(prompt, pl.col("tag")))


def _process(place: int) -> pl.Expr:
    """One of the marked solutions of a row."""
    marked = pl.col("marked").list.get(place, null_on_oob=True)
    asked = pl.col("prompt").list.last().struct.field("content")
    return formats.process(asked, marked.struct.field("steps"), marked.struct.field("labels"))
