"""Preferences: of a model's own answers to a question, the better over the worse.

    synth build preferences --questions nq.jsonl --model Qwen/Qwen2.5-7B-Instruct
    synth build preferences --method rso           statistical rejection sampling
    synth build preferences --method curry-dpo     several pairs a question, easy before hard

Sources: Rafailov et al., "Direct Preference Optimization", NeurIPS 2023; Liu et al., "Statistical Rejection
Sampling Improves Preference Optimization", ICLR 2024; Pattnaik et al., "Curry-DPO", 2024; Zhang et al.,
"Reward-Augmented Data Enhances Direct Preference Alignment of LLMs", 2024; Ethayarajh et al., "KTO", ICML
2024; Jung et al., "Binary Classifier Optimization", 2024. What each option does: docs/preferences.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import polars as pl

from synth import LabelRule, Request, State, embedders, evidence, formats, setting
from synth.meta import check_key, with_entry
from synth.pairs import density, marking, pairing, rejection, scores
from synth.scales import scale_of

TARGET = "Give an answer whose score is {score}."


@dataclass(frozen=True)
class Preferences:
    """Pairs of a model's answers, the better one over the worse one, and answers marked good or bad."""

    method: Literal["default", "rso", "curry-dpo", "reward-augmented", "kto", "bco"] = setting(
        "default", help="the defaults, or the rules of one paper"
    )
    rows: Literal["pairs", "answers"] = setting(
        "pairs", help="pairs, whose halves are kto's rows too; or kto rows of single answers"
    )
    score_by: Literal["correctness", "correctness-agreement", "agreement", "confidence", "recorded"] = (
        setting(
            "correctness",
            help="right over wrong; also by how often an answer is given; by that alone (no gold needed); by "
            "how true its stated confidence is; or by a number in the recording",
        )
    )
    n: int = setting(16, low=1, high=65536, help="samples a question")
    stop_rule: Literal["fixed", "curtail", "sprt", "width", "quota", "posterior"] = setting(
        "curtail", help="curtail stops as refusal does, and finds its samples in the store; fixed draws all n"
    )
    per_question: int = setting(
        1, low=1, help="pairs a question at most; for --rows answers good and bad ones each"
    )
    pairing: Literal["matched", "random", "ranked", "first-round", "tournament"] = setting(
        "matched",
        help="the pairs most alike in length and format; any; the best answer against worse ones, widest gap "
        "first; neighbours of a drawn order; or the same with the better ones going on",
    )
    min_gap: float = setting(0.0, low=0, help="scores of a pair differ by more than this")
    accept: int | None = setting(
        None, low=2, help="answers a question kept by statistical rejection sampling; none for all"
    )
    rso_beta: float = setting(
        0.5, low=0.001, help="its temperature, in standard deviations of a question's scores"
    )
    curriculum: Literal["gap", "difficulty"] = setting(
        "gap", help="ranks by the score gap within a question, or in stages by the share of wrong answers"
    )
    stages: int = setting(3, low=1, help="stages, for --curriculum difficulty")
    target: Literal["none", "system", "user"] = setting(
        "none",
        help="each pair twice, asked for the score of the better and of the worse answer: where that stands",
    )
    target_text: str = setting(TARGET, help="how a score is asked for; {score} is the score")
    one_sided: Literal["drop", "weigh"] = setting(
        "drop", help="--rows answers: questions with good or with bad answers alone; weigh keeps them (BCO)"
    )
    on_policy: bool = setting(False, help="only answers that the model itself gave")
    most_alike: float | None = setting(
        None, low=-1, high=1, help="cosine above which the replies of a pair are too alike; none for any"
    )
    embedder: str = setting(
        "",
        help="reads replies (--most-alike) or prompts (--one-sided weigh): a sentence-transformers model; "
        "built-in n-grams if left out",
    )
    scale: Literal["0-10", "1-10", "0-9", "0-100", "0-1", "words"] = setting(
        "0-10", help="--score-by confidence: what replies state it on"
    )
    true_to: Literal["share", "outcome"] = setting(
        "share",
        help="--score-by confidence: the question's share of right answers, or the answer's own rightness",
    )
    score_key: str = setting("score", help="--score-by recorded: the number's name in the recording")

    formats: ClassVar[tuple[str, ...]] = ("dpo", "kto", "reward")
    methods: ClassVar[dict[str, dict[str, Any]]] = {
        "rso": {
            "n": 64, "stop_rule": "fixed", "temperature": 0.7, "accept": 8, "rso_beta": 0.5,
            "pairing": "first-round", "per_question": 4,
        },
        "curry-dpo": {"score_by": "correctness-agreement", "pairing": "ranked", "per_question": 3},
        "reward-augmented": {"score_by": "correctness-agreement", "pairing": "random", "target": "system"},
        "kto": {"rows": "answers", "per_question": 8},
        "bco": {"rows": "answers", "per_question": 8, "one_sided": "weigh"},
    }  # fmt: skip

    def __post_init__(self) -> None:
        if "{score}" not in self.target_text:
            raise ValueError("--target-text does not say where the {score} stands")
        check_key("score-key", self.score_key)
        if self.one_sided == "weigh" and (self.rows, self.score_by) != ("answers", "correctness"):
            raise ValueError("--one-sided weigh goes with --rows answers and --score-by correctness alone")
        if self.target != "none" and self.rows == "answers":
            raise ValueError("--target needs the two scores of a pair, not --rows answers")
        if self.rows == "answers" and self.most_alike is not None:
            raise ValueError("--most-alike compares the replies of a pair, not --rows answers")
        if self.accept is not None and self.accept > self.n:
            raise ValueError(f"--accept {self.accept} is more than --n {self.n}")

    @property
    def needs_answers(self) -> bool:
        """Agreement, or a number in the recording, needs no gold."""
        return self.score_by in scores.NEED_GOLD

    def requests(self, state: State) -> Iterator[Request]:
        """One round: every question n times, asked as any pipeline asks, so their samples serve this one."""
        if not state.asked:
            if self.embedder and (self.most_alike is not None or self.one_sided == "weigh"):
                embedders.load(self.embedder)  # refused before anything is drawn
            yield Request(
                n=self.n, stop_rule=self.stop_rule if self.needs_answers else "fixed", rule=LabelRule()
            )

    def build(self, state: State) -> pl.LazyFrame:
        """One row for each pair, or each marked answer; a question without any leaves with the reason."""
        answers = self._scored(state)
        if self.accept is not None:
            answers = rejection.accepted(answers, self.accept, self.rso_beta, state.seed)
        answers = pairing.distinct(answers, state.seed).collect().lazy()
        made = self._pairs(answers, state.seed) if self.rows == "pairs" else self._marked(answers, state.seed)
        rows = self._questions(state).join(made, on="question_id", how="left", maintain_order="left")
        rows = self._ranked(self._weighed(rows, state.seed)) if self.rows == "answers" else self._ranked(rows)
        number = pl.col("number").fill_null(1)
        row_id = pl.when(number == 1).then("question_id").otherwise(pl.format("{}#{}", "question_id", number))
        dpo, kto, reward = self._formats()
        return rows.sort("order", "number").select(
            *state.spine(id=row_id, known=pl.col("known"), weight=pl.col("weight"), meta=self._meta()),
            dpo.alias("dpo"),
            kto.alias("kto"),
            reward.alias("reward"),
            "reason",
        )

    def _scored(self, state: State) -> pl.LazyFrame:
        """The answers that have a score: `question_id, name, text, score, right, on_policy`."""
        answers = scores.answers(state.samples, state.questions)
        if self.score_by == "correctness":
            scored = scores.correctness(answers)
        elif self.score_by == "agreement":
            scored = scores.agreement(answers, state.questions)
        elif self.score_by == "correctness-agreement":
            scored = scores.correctness_agreement(answers)
        elif self.score_by == "confidence":
            scored = scores.confidence(answers, state.questions, scale_of(self.scale), self.true_to)
        else:
            scored = scores.recorded(answers, self.score_key)
        columns = ("question_id", "name", "text", "score", "right", "on_policy")
        kept = scored.filter(pl.col("score").is_not_null()).select(columns)
        # Two scores that are told alike would ask for one thing and its contrary.
        return kept if self.target == "none" else kept.with_columns(pl.col("score").round(2))

    def _questions(self, state: State) -> pl.LazyFrame:
        """The questions in their order; known where at least half of the answers are right.

        Where scores need no gold and there is none, what the model mostly says the same counts as known.
        """
        judged = pl.col("n_correct") + pl.col("n_wrong")
        speaks = (judged > 0) & (2 * judged >= pl.col("n"))
        nobody_can = pl.col("answerable").eq_missing(False)
        likely: pl.Expr = pl.when(speaks).then(pl.col("p_hat") >= 0.5)
        known: pl.Expr = pl.when(nobody_can).then(False).otherwise(likely)
        questions = state.questions.with_row_index("order")
        if not self.needs_answers:
            shares = evidence.shares(state.samples, state.questions)
            top = shares.group_by("question_id").agg(top=pl.col("share").max())
            questions = questions.join(top, on="question_id", how="left", maintain_order="left")
            known = pl.coalesce(known, pl.col("top") >= 0.5)
        return questions.with_columns(known=known)

    def _pairs(self, answers: pl.LazyFrame, seed: int) -> pl.LazyFrame:
        """The pairs taken, and of each question without one the reason."""
        found = pairing.pairs(answers, self.min_gap)
        if self.score_by == "correctness-agreement":  # no wrong answer is preferred for being frequent
            found = found.filter(pl.col("chosen_right") > pl.col("rejected_right"))
        found = pairing.faulted(found, self.on_policy, self.most_alike, self.embedder).collect().lazy()
        good = found.filter(pl.col("fault").is_null()).drop("fault")
        taken = pairing.taken(good, self.pairing, self.per_question, seed)
        never_met = pl.when(pl.col("fault").is_null().any()).then(pl.lit("never_met"))
        fault = pl.coalesce(never_met, _last(pl.col("fault"), pairing.FAULTS))
        faults = found.group_by("question_id").agg(fault=fault)
        alone = pl.when(pl.len() == 1).then(pl.lit("one_answer")).otherwise(pl.lit("equal_scores"))
        reasons = (
            answers.group_by("question_id").agg(alone=alone)
            .join(faults, on="question_id", how="left")
            .select("question_id", reason=pl.coalesce("fault", "alone"))
            .join(taken, on="question_id", how="anti")
        )  # fmt: skip
        both = pl.col("chosen_on_policy") & pl.col("rejected_on_policy")
        told = taken.drop("chosen_right", "rejected_right").with_columns(
            weight=pl.lit(1.0), on_policy=both, good=pl.lit(None, pl.Boolean())
        )
        return pl.concat([told, reasons], how="diagonal")

    def _marked(self, answers: pl.LazyFrame, seed: int) -> pl.LazyFrame:
        """Single answers, good or bad, and of each question without any the reason."""
        middle = pl.lit(0.5) if self.score_by == "correctness" else pl.col("score").mean().over("question_id")
        found = marking.marked(answers, middle, self.on_policy)
        clean = found.filter(pl.col("fault").is_null())
        taken = marking.taken(clean, self.per_question, self.one_sided == "drop", seed)
        one_sided = pl.when(pl.col("fault").is_null().any()).then(pl.lit("one_sided"))
        reason = pl.coalesce(one_sided, _last(pl.col("fault"), marking.FAULTS))
        reasons = found.group_by("question_id").agg(reason=reason).join(taken, on="question_id", how="anti")
        told = taken.with_columns(weight=pl.lit(1.0)).drop("fault", "right")
        return pl.concat([told, reasons], how="diagonal")

    def _weighed(self, rows: pl.LazyFrame, seed: int) -> pl.LazyFrame:
        """The bad answers weighed by how much likelier their prompt is among good ones (BCO)."""
        if self.one_sided == "drop":
            return rows
        frame = rows.collect()
        marked = frame.filter(pl.col("good").is_not_null())
        if marked["good"].n_unique() < 2:
            reason = pl.when(pl.col("good").is_not_null()).then(pl.lit("one_label")).otherwise("reason")
            return frame.lazy().with_columns(reason=reason)
        asked = pl.col("prompt").list.last().struct.field("content")
        ratio = density.ratios(marked.select("group", "good", asked=asked), self.embedder, seed)
        weight = marked.select("name", weight=pl.when("good").then(1.0).otherwise(ratio))
        return frame.drop("weight").join(weight, on="name", how="left", maintain_order="left").lazy()

    def _ranked(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The rows with `curriculum_rank`, 1 for the easiest, and `reason`."""
        there = pl.col("number").is_not_null()
        if self.curriculum == "difficulty":
            difficulty = pl.when(there).then(1 - pl.col("p_hat"))
            below = (difficulty.rank("min") - 1) / there.sum()
            rank = (below * self.stages).floor() + 1
        elif self.rows == "pairs":
            rank = pl.col("gap").rank("dense", descending=True).over("question_id")
        else:
            rank = pl.lit(None)
        missing = pl.when(~there).then(pl.coalesce("reason", pl.lit("no_score"))).otherwise("reason")
        return rows.with_columns(curriculum_rank=rank.cast(pl.Int32()), reason=missing)

    def _formats(self) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
        """The columns dpo, kto and reward."""
        prompt = pl.col("prompt")
        if self.rows == "answers":
            marked = formats.kto(prompt, _says("text"), pl.col("good"))
            return formats.none("dpo"), marked, formats.none("reward")
        better, worse = _says("chosen_text"), _says("rejected_text")
        ways = [(prompt, better, worse)]
        if self.target != "none":
            # Asked for the worse answer's score, the worse answer is the better one.
            ways = [
                (self._asked_for("chosen_score"), better, worse),
                (self._asked_for("rejected_score"), worse, better),
            ]
        dpo = [formats.dpo(*way) for way in ways]
        reward = [formats.reward(one, other, asked, pl.col("gap")) for asked, one, other in ways]
        kto = [
            formats.kto(asked, says, pl.lit(says is one))
            for asked, one, other in ways
            for says in (one, other)
        ]
        if self.target == "none":
            return dpo[0], formats.several(*kto), reward[0]
        return formats.several(*dpo), formats.several(*kto), formats.several(*reward)

    def _asked_for(self, score: str) -> pl.Expr:
        """The prompt with the score that the answer is to have."""
        before, _, after = self.target_text.partition("{score}")
        number = pl.col(score).cast(pl.String()).str.strip_suffix(".0")
        text = pl.concat_str(pl.lit(before), number, pl.lit(after))
        place = formats.instructed if self.target == "system" else formats.ending
        return place(pl.col("prompt"), text)

    def _meta(self) -> pl.Expr:
        """The question's meta with `pair`, or `answer`: which samples, their scores, and the rank."""
        more = ("curriculum_rank", "on_policy")
        if self.rows == "pairs":
            sides = (f"{side}_{what}" for side in ("chosen", "rejected") for what in ("name", "score"))
            name, told = "pair", pl.struct(*sides, *more)
        else:
            name, told = "answer", pl.struct("name", "score", *more)
        there = pl.col("number").is_not_null()
        return with_entry(pl.col("meta"), name, pl.when(there).then(told.struct.json_encode()))


def _last(fault: pl.Expr, order: Sequence[str]) -> pl.Expr:
    """Of the faults of a group the one that is looked at last: what it got through to."""
    places = dict(enumerate(order))
    at = fault.replace_strict({name: place for place, name in places.items()}, return_dtype=pl.Int64())
    return at.max().replace_strict(places, return_dtype=pl.String())


def _says(column: str) -> pl.Expr:
    """A reply of the model."""
    return formats.conversation(formats.assistant(pl.col(column)))
