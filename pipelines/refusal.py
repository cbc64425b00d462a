"""R-Tuning: teach a model to answer what it knows and to say so when it does not.

    synth build refusal --questions nq.jsonl --model Qwen/Qwen2.5-7B-Instruct
    synth build refusal --method r-tuning          the paper's own rules

Source: Zhang et al., "R-Tuning: Instructing Large Language Models to Say 'I Don't Know'", NAACL 2024.
Where the defaults differ from the paper, and why: docs/refusal.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import polars as pl

from synth import LabelRule, Request, State, choose, evidence, formats, setting
from synth.meta import check_key, named

REFUSALS = (
    "I don't know.",
    "I don't know the answer to that.",
    "I'm not sure about this one.",
    "I can't say with any confidence.",
    "That is beyond what I know.",
    "I have no reliable answer to this.",
    "I'm afraid I don't know this.",
    "I would only be guessing.",
)
PAPER_REFUSALS = (
    "The answer is unknown.",
    "The answer is uncertain.",
    "The answer is unclear.",
    "It is not known.",
    "I don't know the answer.",
    "I'm not sure.",
    "There is no definitive answer.",
    "The answer is debated.",
    "There is no concrete answer to this question.",
    "It is impossible to answer.",
    "There is no known case.",
    "There is no public information about this.",
    "There is no scientific evidence for it.",
    "There is no right answer.",
    "It is impossible to know.",
    "It is hard to predict.",
)
NAMEABLE = 60
"""Characters of an answer that a reason still names."""
UNANSWERABLE = pl.col("answerable").eq_missing(False)
ASK = ("Are you sure you accurately answered the question based on your internal knowledge?",)


@dataclass(frozen=True)
class Refusal:
    """Rows that answer known questions and say of unknown ones that they are unknown (R-Tuning)."""

    method: Literal["default", "r-tuning", "r-tuning-r", "r-tuning-u"] = setting(
        "default", help="the defaults, or the paper's own rules for one of its three variants"
    )
    variant: Literal["suffix", "replace", "reason"] = setting(
        "suffix", help="append 'I am sure.', replace the answer by a refusal, or by a refusal with its reason"
    )
    label_by: Literal["correctness", "entropy", "cluster-entropy"] = setting(
        "correctness",
        help="share of correct answers, or (no gold needed) entropy of the texts or of equal answers",
    )
    n: int = setting(16, low=1, high=65536, help="samples a question")
    stop_rule: Literal["fixed", "curtail", "sprt", "width", "quota", "posterior"] = setting(
        "curtail", help="curtail stops where the label can no longer change, fixed draws all n"
    )
    threshold: float = setting(
        0.5, low=0, high=1, help="share of correct answers from which a question is known"
    )
    grey: tuple[float, float] | None = setting(
        (0.25, 0.75), low=0, high=1, help="shares strictly in between are undecided"
    )
    refused_is: Literal["apart", "unknown"] = setting(
        "apart", help="whether the model's own refusals count as not knowing"
    )
    quantile: float = setting(
        0.5, low=0, high=1, help="share of questions, those of least entropy, labelled known"
    )
    ties: Literal["undecided", "by-order"] = setting(
        "undecided", help="what becomes of questions whose entropy equals the cut"
    )
    shown: Literal["own", "gold", "none"] = setting("own", help="whose answer a row shows")
    per_question: int = setting(1, low=1, help="rows a question at most, each showing another answer")
    loss: Literal["completion", "suffix", "all"] = setting(
        "completion", help="what the loss covers: the whole reply, only the sure/unsure part, or everything"
    )
    ask: tuple[str, ...] = setting(ASK, help="wordings of the self-check, chosen evenly")
    sure: str = setting("I am sure.", help="the suffix of a known answer")
    unsure: str = setting("I am unsure.", help="the suffix of an unknown one")
    refusals: tuple[str, ...] = setting(REFUSALS, help="wordings of a refusal")
    refusal_weights: tuple[float, ...] = setting((), low=0, help="their weights; even if left out")
    balance: float | None = setting(
        None, low=0, help="rows of the larger class at most for each row of the smaller one"
    )
    topic: str = setting("source", help="column (or key of meta) that names a question's topic")
    min_refusals: int = setting(0, low=0, help="a topic with fewer unknown rows gives none")
    max_refusals: int | None = setting(None, low=0, help="unknown rows a topic at most")

    formats: ClassVar[tuple[str, ...]] = ("sft", "dpo", "kto")
    methods: ClassVar[dict[str, dict[str, Any]]] = {
        "r-tuning": {
            "variant": "suffix", "n": 1, "temperature": 0.0, "grey": None, "shown": "gold", "loss": "all"
        },
        "r-tuning-r": {
            "variant": "replace", "n": 1, "temperature": 0.0, "grey": None, "shown": "gold", "loss": "all",
            "refusals": PAPER_REFUSALS,
        },
        "r-tuning-u": {
            "variant": "suffix", "label_by": "entropy", "n": 5, "temperature": 0.7, "shown": "gold",
            "loss": "all", "quantile": 0.5, "ties": "by-order",
        },
    }  # fmt: skip

    def __post_init__(self) -> None:
        check_key("topic", self.topic)
        if self.refusal_weights and len(self.refusal_weights) != len(self.refusals):
            raise ValueError(
                f"{len(self.refusal_weights)} --refusal-weights for {len(self.refusals)} --refusals"
            )
        if self.refusal_weights and sum(self.refusal_weights) <= 0:
            raise ValueError("--refusal-weights are all 0")
        if not (self.ask and self.refusals):
            raise ValueError("--ask and --refusals need at least one wording")
        if self.loss == "suffix" and self.variant != "suffix":
            raise ValueError(f"--loss suffix needs --variant suffix, not {self.variant}")
        if self.grey is not None and self.grey[0] > self.grey[1]:
            raise ValueError(f"--grey {self.grey[0]},{self.grey[1]} runs backwards")

    @property
    def needs_answers(self) -> bool:
        """Entropy labels need no gold."""
        return self.label_by == "correctness" or self.shown == "gold"

    def requests(self, state: State) -> Iterator[Request]:
        """One round: every question n times, fewer where its label is settled before."""
        if state.asked:
            return
        rule = LabelRule(self.threshold, self.grey, self.refused_is)
        settled_early = self.label_by == "correctness"
        yield Request(n=self.n, stop_rule=self.stop_rule if settled_early else "fixed", rule=rule)

    def build(self, state: State) -> pl.LazyFrame:
        """One row for each answer shown; undecided questions keep a row without a format."""
        questions = self._labelled(state)
        rows = questions.join(self._answers(state, questions), on="question_id", how="left")
        rows = self._with_replies(rows, state)
        rows = rows.with_columns(reason=self._reason(state.seed))
        return rows.sort("order", "number").select(
            *state.spine(id=self._id(), weight=pl.lit(1.0)),
            self._sft().alias("sft"),
            formats.dpo(pl.col("prompt"), self._say("preferred"), self._say("other")),
            formats.several(
                formats.kto(pl.col("prompt"), self._say("preferred"), pl.lit(True)),
                formats.kto(pl.col("prompt"), self._say("other"), pl.lit(False)),
            ).alias("kto"),
            "reason",
        )

    def _labelled(self, state: State) -> pl.LazyFrame:
        """The questions with their label; by entropy the `quantile` of least entropy is known.

        What nobody can answer is unknown, whatever the model said.
        """
        questions = state.questions.with_row_index("order")
        if self.label_by == "correctness":
            return questions.with_columns(known=pl.when(UNANSWERABLE).then(False).otherwise("known"))
        of: Literal["text", "cluster"] = "text" if self.label_by == "entropy" else "cluster"
        entropy = pl.col("entropy").round(9)  # sums in another order must tie
        rank = entropy.rank("ordinal" if self.ties == "by-order" else "max")
        lowest = entropy.rank("ordinal" if self.ties == "by-order" else "min")
        cut = (self.quantile * entropy.count()).floor()
        known = pl.when(rank <= cut).then(pl.lit(True)).when(lowest > cut).then(pl.lit(False))
        ranked = questions.join(evidence.entropy(state.samples, of), on="question_id", how="left")
        return ranked.sort("order").with_columns(known=pl.when(entropy.is_not_null()).then(known))

    def _answers(self, state: State, questions: pl.LazyFrame) -> pl.LazyFrame:
        """The model's own answers that prove a label: right if known, wrong if not, as often as said.

        Labelled by entropy, where nothing is right or wrong, any answer will do.
        """
        decided = questions.filter(pl.col("known").is_not_null()).select("question_id", "known", "answerable")
        said = state.samples.join(decided, on="question_id")
        outcome = pl.col("outcome").cast(pl.String())
        proof = outcome == pl.when("known").then(pl.lit("correct")).otherwise(pl.lit("wrong"))
        answered = outcome.is_in(["correct", "wrong", "undecided"])
        any_answer = UNANSWERABLE if self.label_by == "correctness" else pl.lit(True)
        proofs = said.filter(pl.when(any_answer).then(answered).otherwise(proof))
        name = pl.format("{}/{}", "key", "index")
        shuffled = choose.first_of(proofs, "question_id", name, state.seed, count=self.n)
        distinct = shuffled.unique(["question_id", "text"], keep="first", maintain_order=True)
        chosen = distinct.filter(pl.col("text").cum_count().over("question_id") <= self.per_question)
        number = pl.col("question_id").cum_count().over("question_id")
        return chosen.select("question_id", "text", number=number)

    def _with_replies(self, rows: pl.LazyFrame, state: State) -> pl.LazyFrame:
        """The texts that a row is made of: the answer shown, the refusal, and which is to be preferred."""
        own, gold = _sentence(pl.col("text")), _sentence(pl.col("gold"))
        answer = gold if self.shown == "gold" else own
        if self.variant == "reason":
            rows = rows.join(self._doubts(state.samples), on="question_id", how="left")
        else:
            rows = rows.with_columns(doubt=pl.lit(None, pl.String()))
        refusal = choose.among(self.refusals, self._id(), state.seed, self.refusal_weights)
        return rows.with_columns(
            answer=answer,
            check=choose.among(self.ask, self._id(), state.seed),
            said=pl.when("known").then(pl.lit(self.sure)).otherwise(pl.lit(self.unsure)),
            refusal=pl.concat_str(
                refusal, pl.when(~pl.col("known")).then("doubt"), separator=" ", ignore_nulls=True
            ),
        ).with_columns(
            preferred=pl.when("known").then(answer).otherwise("refusal"),
            other=pl.when("known").then("refusal").otherwise(own),
        )

    def _doubts(self, samples: pl.LazyFrame) -> pl.LazyFrame:
        """Why a question is unknown, in the first person: the wrong answers between which the model wavers.

        Only short ones are named; a whole paragraph is no name.
        """
        named = pl.format("“{}”", pl.col("answer").str.strip_chars(" ."))
        wavers = pl.format("My answers differ: {}.", named.head(3).str.join(", "))
        guess = pl.format("My best guess would be {}, but I cannot back it up.", named.first())
        wrong = samples.filter(pl.col("outcome").cast(pl.String()) == "wrong")
        return (
            evidence.shares(wrong)
            .filter(pl.col("answer").str.len_chars() <= NAMEABLE)
            .group_by("question_id", maintain_order=True)
            .agg(doubt=pl.when(pl.len() > 1).then(wavers).otherwise(guess))
        )

    def _sft(self) -> pl.Expr:
        """The supervised row: the reply, with its loss where `loss` wants it."""
        decided = pl.col("known").is_not_null()
        if self.variant != "suffix":
            reply = self._say("preferred")
        elif self.shown == "none":
            reply = formats.conversation(formats.assistant(pl.concat_str("check", "said", separator=" ")))
        else:
            whole = pl.concat_str("answer", "check", "said", separator=" ")
            refused = pl.when(UNANSWERABLE).then("refusal")  # the model gave no answer to be unsure of
            reply = formats.conversation(formats.assistant(pl.coalesce(whole, refused)))
        if self.loss == "all":
            row = formats.sft_messages(pl.concat_list("prompt", reply))
        elif self.loss == "suffix":
            row = formats.sft(self._self_check(), formats.conversation(formats.assistant(pl.col("said"))))
        else:
            row = formats.sft(pl.col("prompt"), reply)
        return pl.when(decided).then(row)

    def _self_check(self) -> pl.Expr:
        """The talk up to the self-check, asked as a turn of its own, so that only its answer is learned."""
        ask = formats.conversation(formats.user(pl.col("check")))
        if self.shown == "none":
            return pl.concat_list("prompt", ask)
        return pl.concat_list("prompt", formats.conversation(formats.assistant(pl.col("answer"))), ask)

    def _reason(self, seed: int) -> pl.Expr:
        """Why a row leaves: nothing to show for its label, its topic's quota, or the balance of classes."""
        shows = pl.lit(self.shown == "none" and self.variant == "suffix")
        refusal_alone = ~pl.col("known") & (
            pl.lit(self.variant != "suffix") | (UNANSWERABLE & pl.lit(self.loss != "suffix"))
        )
        bare = pl.col("known").is_not_null() & pl.col("answer").is_null() & ~shows & ~refusal_alone
        left = pl.col("known").is_not_null() & ~bare
        roll = choose.chance(self._id(), seed, "balance")

        topic = pl.coalesce(named(self.topic), pl.lit(""))
        unknown = left & ~pl.col("known")
        too_small = unknown & (unknown.sum().over(topic) < self.min_refusals)
        place_in_topic = pl.when(unknown).then(roll).rank("ordinal").over(topic)
        quota = self.max_refusals
        over_quota = pl.lit(False) if quota is None else unknown & (place_in_topic > quota)

        stays = left & ~too_small & ~over_quota
        size = stays.sum().over("known")
        smaller = pl.min_horizontal((stays & pl.col("known")).sum(), (stays & ~pl.col("known")).sum())
        place_in_class = pl.when(stays).then(roll).rank("ordinal").over("known")
        most = self.balance
        larger = stays & (size > smaller) & (smaller > 0)
        surplus = pl.lit(False) if most is None else larger & (place_in_class > most * smaller)
        return (
            pl.when(bare).then(pl.lit("nothing_to_show"))
            .when(too_small).then(pl.lit("topic_too_small"))
            .when(over_quota).then(pl.lit("topic_quota"))
            .when(surplus).then(pl.lit("balance"))
        )  # fmt: skip

    def _id(self) -> pl.Expr:
        if self.per_question == 1:
            return pl.col("question_id")
        return pl.format("{}#{}", "question_id", pl.col("number").fill_null(1))

    @staticmethod
    def _say(column: str) -> pl.Expr:
        """A reply of the model; null for an undecided question, which teaches nothing."""
        text = pl.when(pl.col("known").is_not_null()).then(pl.col(column))
        return formats.conversation(formats.assistant(text))


def _sentence(text: pl.Expr) -> pl.Expr:
    """The text with a full stop, unless it ends in a mark of its own."""
    bare = text.str.strip_chars().str.strip_chars_end(",;: ")
    ended = bare.str.contains(r"[.!?…。][\"'”’)\]}$]*$")
    return pl.when(bare == "").then(None).when(ended).then(bare).otherwise(bare + ".")
