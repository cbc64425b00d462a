"""Correctness: teach a classifier or a judge whether an answer is right, and a student its teacher's doubts.

    synth build correctness --questions nq.jsonl --model Qwen/Qwen2.5-7B-Instruct
    synth build correctness --engine replay --recorded pool.jsonl      answers of many models
    synth build correctness --distill 5 --rows p-ik                    a teacher's likeliest tokens too

One set of samples gives rows that ask: is this answer true (P(True)), would the model know this (P(IK)), is
this model's reply correct (correctness models), how good is this reply (Self-J).

Sources: Kadavath et al., "Language Models (Mostly) Know What They Know", 2022; Xiao et al., "Generalized
Correctness Models", 2025; Ye and Ng, "Self-J", 2024; Zhao et al., "Pareto Optimal Self-Supervision" (POLAR),
2023; Shum et al., "FIRST", 2024. Where the defaults differ from them, and why: docs/correctness.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Literal

import polars as pl

from synth import LabelRule, Request, State, choose, formats, setting
from synth.correctness import answers, marks, p_true, reading, risk, rules, teacher, twins, wording
from synth.correctness.answers import UNANSWERABLE
from synth.engines.base import DISTRIBUTIONS, SAMPLE, SCORE
from synth.errors import UsageError
from synth.meta import with_entry
from synth.splits import with_split

OF_ONE_MODEL = ("p-true", "ideas", "p-ik", "judge")
OF_A_POOL = ("model", "judge")
SPEAK_OF_ONE = ("ideas", "p-ik")
NOBODY = pl.lit("A language model")
FIRST = pl.col("number") == 1
SHARE = pl.col("p_hat").clip(0, 1)
YES_NO = pl.lit(list(wording.YES_NO))


@dataclass(frozen=True)
class Correctness:
    """Rows that teach to tell right answers from wrong ones: P(True), P(IK), correctness models, judges."""

    rows: tuple[Literal["p-true", "ideas", "p-ik", "model", "judge", "risk"], ...] = setting(
        (), help="kinds of rows; left out: p-true, ideas, p-ik and judge; of a pool of models model and judge"
    )
    n: int = setting(16, low=1, high=65536, help="samples a question")
    stop_rule: Literal["fixed", "curtail", "sprt", "width", "quota", "posterior"] = setting(
        "curtail", help="curtail stops as refusal does, and finds its samples in the store"
    )
    proposed: Literal["as-said", "pairs"] = setting(
        "as-said", help="answers as often as they were given, or a right and a wrong one of each question"
    )
    per_question: int = setting(4, low=1, help="different answers of a model to a question at most")
    options: Literal["letters", "words"] = setting(
        "letters", help="p-true: the reply is a letter, or True or False itself"
    )
    order: Literal["both", "either"] = setting(
        "both",
        help="p-true: a row for each order of its options, of half the weight; or one of the two by lot",
    )
    ideas: int = setting(5, low=1, help="ideas: other answers of the model that are shown before")
    p_ik: Literal["share", "counts"] = setting(
        "share",
        help="p-ik: one row with the share of right answers; or one for right, one for wrong by count",
    )
    context_twin: bool = setting(
        False, help="p-ik: ask questions that have a context without it too (n new samples each)"
    )
    variants: tuple[Literal["name", "anonymous", "bare", "answerless"], ...] = setting(
        ("name", "anonymous", "bare", "answerless"),
        help="model: who answered is named, or not; the answer alone, without its phrasing; no answer",
    )
    mark: Literal["verdict", "self"] = setting(
        "verdict", help="judge: marks from verdicts, or from the model's own rating beside the reference"
    )
    likeness: float = setting(
        0.25, low=0, high=1, help="judge: weight of the likeness to the reference in a mark"
    )
    ask_p_true: bool = setting(
        False, help="ask the model itself whether its answers are true: p_true in meta"
    )
    distill: int = setting(0, low=0, high=20, help="likeliest tokens of a teacher at each place; 0 for none")
    reply: Literal["gold", "own"] = setting(
        "gold", help="distill: along the accepted answer, or a right one of the model's own"
    )
    calibrate: Literal["nll", "ece", "none"] = setting(
        "nll", help="distill: what the teacher's temperature makes least on the validation split"
    )
    validation: float = setting(0.05, low=0, high=0.5, help="share of the questions in the split validation")
    test: float = setting(0.2, low=0, high=0.5, help="share of the questions in the split test")

    formats: ClassVar[tuple[str, ...]] = ("classify", "distill")

    def __post_init__(self) -> None:
        if "ideas" in self.rows and self.n <= self.ideas:
            raise ValueError(
                f"--n {self.n} leaves {self.n - 1} answers beside one, fewer than --ideas {self.ideas}"
            )
        if self.p_ik == "counts" and self.stop_rule != "fixed":
            raise ValueError(
                "--p-ik counts needs --stop-rule fixed: counts are bent where answers decide when to stop"
            )
        if self.context_twin and self.rows and "p-ik" not in self.rows:
            raise ValueError("--context-twin makes p-ik rows, which --rows leaves out")
        if self.distill and self.calibrate != "none" and not self.validation:
            raise ValueError("--calibrate needs a --validation split to choose the temperature on")
        if not self.variants and "model" in self.rows:
            raise ValueError("--rows model needs at least one of the --variants")

    @property
    def needs(self) -> frozenset[str]:
        """Most rows rest on samples alone."""
        scores = {SCORE} if self.ask_p_true or self.mark == "self" else set()
        return frozenset({SAMPLE, *scores, *([DISTRIBUTIONS] if self.distill else [])})

    def requests(self, state: State) -> Iterator[Request]:
        """The questions; then what the settings have the model say of its answers."""
        if state.asked == 0:
            yield Request(n=self.n, stop_rule=self.stop_rule, rule=LabelRule())
            return
        if state.asked > 1:
            return
        rows = self._answers(state)
        if self.context_twin:
            yield Request(n=self.n, asks=twins.asks(state.questions))
        for asks in p_true.asks(rows) if self.ask_p_true else ():
            yield Request(role="judge", asks=asks)
        if self.mark == "self" and "judge" in self._kinds(state):
            rate = reading.asks(rows, "rating", wording.mark(reference=True), wording.DIGITS)
            yield Request(role="judge", asks=rate)
        if self.distill:
            yield Request(asks=teacher.asks(rows), top=self.distill)

    def build(self, state: State) -> pl.LazyFrame:
        """One example for each answer, with all rows about it; the first has those of the question too."""
        make: dict[str, Callable[[], list[pl.Expr]]] = {
            "p-true": partial(self._true_rows, state.seed),
            "ideas": partial(self._true_rows, state.seed, ideas=True),
            "p-ik": self._knows_rows,
            "model": self._model_rows,
            "judge": self._judge_rows,
            "risk": self._risk_rows,
        }
        made = formats.several(*(row for kind in self._kinds(state) for row in make[kind]()))
        rows = self._with_numbers(self._answers(state), state)
        rows = rows.with_columns(classify=pl.when(made.list.len() > 0).then(made), distill=self._distilled())
        later = pl.format("{}#{}", "question_id", "number")
        about = pl.struct("sample", "by", "correct", "risk", "p_true").struct.json_encode()
        return rows.filter(FIRST | pl.col("classify").is_not_null()).sort("order", "number").select(
            *state.spine(
                id=pl.when(FIRST).then("question_id").otherwise(later),
                known=self._known(),
                split=pl.col("split"),
                sample_keys=pl.concat_list("sample_keys", "keys"),
                meta=with_entry(pl.col("meta"), "answer", about),
            ),
            *self.formats,
        )  # fmt: skip

    def _kinds(self, state: State) -> tuple[str, ...]:
        """The kinds of rows; a pool of several models has its own.

        Raises:
            UsageError: a kind that speaks of one model is asked of several, or of too few answers.
        """
        pool = answers.is_pool(_own(state))
        kinds = tuple(dict.fromkeys(self.rows)) or (OF_A_POOL if pool else OF_ONE_MODEL)
        strange = [kind for kind in kinds if kind in SPEAK_OF_ONE]
        if pool and strange:
            raise UsageError(
                f"--rows {','.join(strange)} speaks of one model, and these are the answers of several: "
                "leave it out, or take one model's answers alone"
            )
        most = state.questions.select(pl.col("n").max()).collect().item() or 0
        if "ideas" in kinds and 0 < most <= self.ideas:
            raise UsageError(
                f"no question has more than {most} answers, and --ideas {self.ideas} needs {self.ideas + 1}: "
                "take fewer, or name the --rows without ideas"
            )
        return kinds

    def _answers(self, state: State) -> pl.LazyFrame:
        """The answers that are judged, one a row, beside their question, which has a row without any too."""
        judged = answers.judged(_own(state), state.questions)
        if self.proposed == "pairs":
            chosen = answers.in_pairs(judged, state.seed)
        else:
            chosen = answers.as_said(judged, self.per_question, state.seed)
        of_model = pl.col("question_id").cum_count().over("question_id", "by") == 1
        numbered = chosen.sort("question_id", "by", "sample").select(
            "question_id", "sample", "text", "answer", "correct", "by", "by_share", "by_judged", "said",
            number=pl.col("question_id").cum_count().over("question_id"), first_of_model=of_model,
        )  # fmt: skip
        split = with_split(state.questions, self.validation, self.test, state.seed)
        questions = split.with_row_index("order").collect()
        asked = questions.hstack(wording.about(questions)).lazy()
        rows = asked.join(numbered, on="question_id", how="left", maintain_order="left").collect()
        return rows.lazy().with_columns(
            pl.col("number").fill_null(1), answers.bare(rows), reply=self._reply()
        )

    def _reply(self) -> pl.Expr:
        """What a teacher reads: an accepted answer wherever its temperature is chosen."""
        if self.reply == "gold":
            return pl.col("gold")
        own = pl.col("text").filter(pl.col("correct") == 1).first().over("question_id")
        # It chose its own replies, so on them it seems surer than it is right to be.
        calibrates = pl.lit(self.calibrate != "none") & (pl.col("split") == "validation")
        return pl.when(calibrates).then("gold").otherwise(own)

    def _with_numbers(self, rows: pl.LazyFrame, state: State) -> pl.LazyFrame:
        """What rows are made of besides: other answers, risk, marks, and what the model says of it all."""
        votes = rules.votes(_own(state), state.questions).collect()
        of_answers = (
            answers.beside(rows, _own(state), self.ideas, state.seed),
            risk.risks(votes).lazy(),
            p_true.read(state.samples),
            reading.worth(state.samples, "rating").rename({"worth": "rating", "keys": "rating_keys"}),
        )
        for more in of_answers:
            rows = rows.join(more, on="sample", how="left", maintain_order="left")
        apart = rows.filter(pl.col("split") == "validation")
        taught = teacher.distributions(state.samples, apart, self.calibrate if self.distill else "none")
        for more in (twins.shares(state.samples, state.questions), taught):
            rows = rows.join(more, on="question_id", how="left", maintain_order="left")
        base = pl.col("rating" if self.mark == "self" else "correct").cast(pl.Float64())
        keys = [pl.col(f"{of}_keys").fill_null([]) for of in ("true", "rating", "twin", "reply")]
        return marks.with_marks(rows, base, self.likeness).with_columns(keys=pl.concat_list(keys))

    def _true_rows(self, seed: int, ideas: bool = False) -> list[pl.Expr]:
        """P(True): the options in both orders, so that neither place nor letter tells anything."""
        words = self.options == "words"
        first = choose.chance(pl.col("sample"), seed, f"order {ideas}") < 0.5
        rows = []
        for order in wording.ORDERS:
            chosen = first if order == wording.ORDERS[0] else ~first
            weight = pl.col("said") / 2 if self.order == "both" else pl.when(chosen).then("said")
            prompt, replies = wording.is_true(order, words, ideas), wording.true_replies(order, words)
            task = "p_true_ideas" if ideas else "p_true"
            rows.append(formats.classify(task, prompt, pl.lit(replies), pl.col("correct"), weight))
        return rows

    def _knows_rows(self) -> list[pl.Expr]:
        """P(IK): how often the model is right, told from the question alone; and from its twin."""
        right, wrong = pl.col("n_correct"), pl.col("n_wrong")
        share = pl.when(UNANSWERABLE).then(0.0).otherwise(SHARE)
        row = partial(formats.classify, "p_ik", wording.would_know(), YES_NO)
        if self.p_ik == "counts":
            rows = [
                row(pl.lit(worth), pl.when(many > 0).then(many)) for worth, many in ((1, right), (0, wrong))
            ]
        else:
            rows = [row(share, pl.when(UNANSWERABLE).then("n").otherwise(right + wrong))]
        bare = wording.would_know("about_bare")
        rows.append(formats.classify("p_ik", bare, YES_NO, pl.col("twin_share"), pl.col("twin_judged")))
        return [pl.when(FIRST & self._speaks()).then(each) for each in rows]

    def _model_rows(self) -> list[pl.Expr]:
        """Correctness models: who replied is named, or not; without the phrasing; before there is a reply."""
        prompts = {
            "name": wording.is_correct(pl.col("by"), pl.col("text")),
            "anonymous": wording.is_correct(NOBODY, pl.col("text")),
            "bare": wording.is_correct(NOBODY, pl.col("bare")),
        }
        rows = [
            formats.classify(f"model_{name}", prompts[name], YES_NO, pl.col("correct"), pl.col("said"))
            for name in dict.fromkeys(self.variants)
            if name in prompts
        ]
        if "answerless" in self.variants:
            alone = pl.col("by_judged") == pl.col("n_correct") + pl.col("n_wrong")
            share = pl.when(alone).then(SHARE).otherwise("by_share")
            beforehand = wording.is_correct(pl.col("by"), None)
            row = formats.classify("model_answerless", beforehand, YES_NO, share, pl.col("by_judged"))
            rows.append(pl.when("first_of_model").then(row))
        return rows

    def _judge_rows(self) -> list[pl.Expr]:
        """Self-J: the same mark with the reference in view and without it."""
        digits = pl.lit(list(wording.DIGITS))
        views = {"judge_with_reference": wording.mark(True), "judge": wording.mark(False)}
        return [
            formats.classify(task, prompt, digits, pl.col("marks"), pl.col("said"))
            for task, prompt in views.items()
        ]

    def _risk_rows(self) -> list[pl.Expr]:
        """POLAR: what weak rules make of an answer, with no verdict in it."""
        asked = wording.is_correct(NOBODY, pl.col("text"))
        return [formats.classify("risk", asked, YES_NO, 1 - pl.col("risk"), pl.col("said"))]

    def _distilled(self) -> pl.Expr:
        """FIRST: the teacher's likeliest tokens along one reply to the question."""
        reply = formats.conversation(formats.assistant(pl.col("reply")))
        told = {
            name: pl.col(name) for name in formats.SCHEMAS["distill"] if name not in ("prompt", "completion")
        }
        return pl.when(FIRST).then(formats.distill(pl.col("prompt"), reply, **told))

    @staticmethod
    def _speaks() -> pl.Expr:
        """Whether half of the samples could be judged; none need be where nobody can answer."""
        judged = pl.col("n_correct") + pl.col("n_wrong")
        return ((judged > 0) & (2 * judged >= pl.col("n"))) | (UNANSWERABLE & (pl.col("n") > 0))

    def _known(self) -> pl.Expr:
        """A question is known where at least half of its answers are right: here is no grey zone."""
        return pl.when(self._speaks()).then((pl.col("p_hat") >= 0.5) & ~UNANSWERABLE)


def _own(state: State) -> pl.LazyFrame:
    """The samples that answer the questions themselves."""
    return state.samples.filter(pl.col("request") == 0)
