"""Confidence: teach a model to state how sure it is, as a number that comes true.

    synth build confidence --questions nq.jsonl --model Qwen/Qwen2.5-7B-Instruct
    synth build confidence --method conftuner      the paper's own rules; also rlcr, ppo-m, cdpo

One set of samples gives five kinds of rows: stated confidence (sft), ConfTuner's tokenised score
(value_tokens), prompts for RLCR (grpo), PPO-M's quads for a reward model (reward) and CDPO's pairs (dpo).

Sources: Li et al., "ConfTuner", 2025; Damani et al., "Beyond Binary Rewards: Training LMs to Reason About
Their Uncertainty" (RLCR), 2025; Leng et al., "Taming Overconfidence in LLMs: Reward Calibration in RLHF"
(PPO-M, CDPO), ICLR 2025. Where the defaults differ from them, and why: docs/confidence.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import polars as pl

from synth import LabelRule, Request, State, choose, formats, setting
from synth.errors import UsageError
from synth.passages import without_passages
from synth.scales import SLOT, Scale, scale_of
from synth.shrinking import shrunken
from synth.value_tokens import ValueTokens, open_tokenizer, tokenizer_of, value_tokens

ASK = "Then write 'Confidence:' and {scale}: how likely it is that your answer is right."
HOW_SURE = "How likely is it that your answer is right? Write 'Confidence:' and {scale}."
TAGS = (
    "Think first, inside <think> </think>. Then give the answer alone inside <answer> </answer>. Then say "
    "what speaks for and against it inside <analysis> </analysis>. End with {scale} inside "
    "<confidence> </confidence>: how likely it is that your answer is right."
)
UNANSWERABLE = pl.col("answerable").eq_missing(False)
APART = 0.3
"""How far, at least, the worse number of a pair lies from the better one."""


@dataclass(frozen=True)
class Confidence:
    """Rows that teach a model to state how sure it is: as text, as tokens, by reward and by preference."""

    method: Literal["default", "conftuner", "rlcr", "ppo-m", "cdpo"] = setting(
        "default", help="the defaults, or one paper's own rules and only its rows"
    )
    scale: Literal["0-10", "1-10", "0-9", "0-100", "0-1", "words"] = setting(
        "0-10", help="what the model states its confidence on"
    )
    n: int = setting(20, low=1, high=65536, help="samples a question")
    stop_rule: Literal["fixed", "curtail", "sprt", "width", "quota", "posterior"] = setting(
        "fixed", help="fixed draws all n; curtail stops as refusal does, and finds its samples in the store"
    )
    label: Literal["shrunken", "share", "outcome"] = setting(
        "shrunken",
        help="share of right answers, drawn towards the set's; the bare share; or 0 or 1 of the answer shown",
    )
    rounding: Literal["auto", "nearest", "fair"] = setting(
        "auto",
        help="to a statement of the scale: the nearest, or one of the two beside, right on average; "
        "auto is nearest for --stop-rule fixed, else fair",
    )
    per_question: int = setting(1, low=1, help="rows a question at most, each showing another answer")
    loss: Literal["reply", "confidence"] = setting(
        "reply", help="what sft teaches: answer and confidence, or the confidence alone, asked for afterwards"
    )
    ask: str = setting(ASK, help="how the confidence is asked for with the question; {scale} is the scale")
    how_sure: str = setting(HOW_SURE, help="how it is asked for afterwards, for --loss confidence")
    bins: Literal["kept", "flat", "weighted"] = setting(
        "kept", help="as they come; as many rows of each statement as of the rarest; or even by weight"
    )
    per_bin: int | None = setting(None, low=1, help="rows of each statement at most")
    tokenizer: str = setting(
        "auto",
        help="of value_tokens: folder or Hub id; auto is a Hub or built-in model's own; none for no rows",
    )
    value_scale: Literal["auto", "0-10", "1-10", "0-9", "0-100", "0-1", "words"] = setting(
        "auto", help="scale of value_tokens; auto is --scale, or 0-9 where its values are several tokens"
    )
    pairs: Literal["label", "outcome"] = setting(
        "label",
        help="the better number of a pair: the label, or high for a right answer and low for a wrong one",
    )
    high: tuple[float, float] = setting((0.7, 1.0), low=0, high=1, help="high numbers, for --pairs outcome")
    low: tuple[float, float] = setting((0.0, 0.3), low=0, high=1, help="low numbers, for --pairs outcome")
    quads: Literal["numbers", "combined", "variant"] = setting(
        "combined",
        help="reward: pairs of numbers, right over wrong too, or right and high over wrong and low too",
    )
    margin: bool = setting(True, help="reward: how far the numbers lie apart is the margin")
    layout: Literal["lines", "tags"] = setting(
        "lines", help="grpo: a last line 'Confidence:', or RLCR's tags think, answer, analysis, confidence"
    )
    window: tuple[float, float] | None = setting(
        None,
        low=0,
        high=1,
        help="grpo: the shares of right answers, in between, that make a prompt; none for all",
    )
    outside: float = setting(
        0.1,
        low=0,
        high=1,
        help="grpo: prompts kept above and below the window, each as a share of those inside",
    )
    remove: int = setting(
        0, low=0, help="grpo: passages taken out of a context that has more, the right ones too"
    )

    formats: ClassVar[tuple[str, ...]] = ("sft", "value_tokens", "grpo", "reward", "dpo")
    methods: ClassVar[dict[str, dict[str, Any]]] = {
        "conftuner": {
            "scale": "0-100", "n": 1, "temperature": 0.0, "label": "outcome", "pairs": "outcome",
        },
        "rlcr": {
            "scale": "0-1", "layout": "tags", "n": 8, "label": "share", "window": (0.0, 0.75), "outside": 0.0,
        },
        "ppo-m": {
            "n": 8, "label": "share", "pairs": "outcome", "quads": "numbers", "margin": False,
        },
        "cdpo": {"n": 8, "label": "share", "pairs": "outcome"},
    }  # fmt: skip

    def __post_init__(self) -> None:
        stated = scale_of(self.scale)
        if self.method == "default" and self.label != "outcome" and self.n < stated.least_n:
            raise ValueError(
                f"--n {self.n} is too few for --scale {self.scale}, which needs {stated.least_n} samples a "
                f"question: {self.n} samples know {self.n + 1} shares"
            )
        if self.pairs == "label" and self.makes("reward", "dpo") and self.label == "outcome":
            raise ValueError("--label outcome goes with --pairs outcome: it has no share to state")
        if self.pairs == "label" and self.quads == "variant":
            raise ValueError("--quads variant goes with --pairs outcome: it needs high and low numbers")
        for name, (lowest, highest) in {
            "high": self.high,
            "low": self.low,
            "window": self.window or (0, 1),
        }.items():
            if lowest > highest:
                raise ValueError(f"--{name} {lowest:g},{highest:g} runs backwards")
        if self.pairs == "outcome" and self.low[1] >= self.high[0]:
            raise ValueError(f"--low ends at {self.low[1]:g}, which is not below --high at {self.high[0]:g}")
        for name in ("ask", "how_sure"):
            if SLOT.rstrip(":").lower() not in getattr(self, name).lower():
                raise ValueError(f"--{name.replace('_', '-')} does not say to write '{SLOT}'")
        if self.method == "conftuner" and self.tokenizer == "none":
            raise ValueError("--method conftuner makes value_tokens alone, which need a --tokenizer")

    def makes(self, *names: str) -> bool:
        """Whether any of these formats has rows: a paper's method makes those of its paper alone."""
        return self.method == "default" or _ROWS_OF[self.method] in names

    @property
    def _scale(self) -> Scale:
        return scale_of(self.scale)

    def requests(self, state: State) -> Iterator[Request]:
        """One round: every question n times, asked as any pipeline asks, so their samples serve this one."""
        if state.asked:
            return
        if self.tokenizer not in ("auto", "none") and self.makes("value_tokens"):
            self._value_tokens(self.tokenizer)  # refused before anything is drawn
        yield Request(n=self.n, stop_rule=self.stop_rule, rule=LabelRule())

    def build(self, state: State) -> pl.LazyFrame:
        """One row for each answer shown; a question that too few samples speak of gets one without any."""
        self._check_samples(state)
        rows = self._labelled(state).join(self._shown(state), on="question_id", how="left")
        rows = rows.join(self._right_and_wrong(state), on="question_id", how="left")
        if self.remove:
            rows = without_passages(rows, self.remove, state.seed)
        rows = self._numbered(rows, state.seed).with_columns(reason=self._reason(state.seed))
        made = {
            "sft": self._sft,
            "value_tokens": lambda: self._token_row(state),
            "grpo": lambda: self._grpo(state.seed),
            "reward": self._reward,
            "dpo": self._dpo,
        }
        return rows.sort("order", "number").select(
            *state.spine(
                id=self._id(), confidence=pl.col("confidence"), weight=self._weight(), meta=self._meta()
            ),
            *(make() if self.makes(name) else formats.none(name) for name, make in made.items()),
            "reason",
        )

    @property
    def _least_n(self) -> int:
        """Samples that a question needs for its share to be stated."""
        states_shares = self.method == "default" and self.label != "outcome"
        return self._scale.least_n if states_shares else 1

    def _check_samples(self, state: State) -> None:
        """Refuse a recording in which no question has enough samples, whatever --n asks for.

        A stop rule may end a question early, but hardly all of them in half the samples.

        Raises:
            UsageError: there is none.
        """
        most = state.questions.select(pl.col("n").max()).collect().item()
        least = self._least_n if self.stop_rule == "fixed" else self._least_n // 2
        if most is not None and most < least:
            raise UsageError(
                f"no question has more than {most} samples, and --scale {self.scale} needs {self._least_n}; "
                "--label outcome --pairs outcome needs only one"
            )

    def _labelled(self, state: State) -> pl.LazyFrame:
        """The questions with `share`, how likely an answer is right, and whether that is likely: `known`.

        Undecided is here only what fewer than half of the samples speak of: a share near a half is no grey
        zone but a confidence like any other. What nobody can answer has a share of 0.
        """
        judged = pl.col("n_correct") + pl.col("n_wrong")
        speaks = (judged > 0) & (2 * judged >= pl.col("n"))
        questions = state.questions.with_row_index("order")
        if self.label == "shrunken":
            share = pl.col("shrunken")
            questions = questions.join(shrunken(state.questions), on="question_id", how="left")
        else:
            share = pl.col("p_hat")
        return questions.with_columns(
            share=pl.when(UNANSWERABLE).then(0.0).when(speaks).then(share.clip(0, 1))
        ).with_columns(known=pl.col("share") >= 0.5)

    def _shown(self, state: State) -> pl.LazyFrame:
        """The model's own answers, right or wrong, as often as said: so the share is true of the rows.

        Returns:
            `question_id, number, text, outcome`, with `outcome` 1 for a right answer and 0 for a wrong one.
        """
        # A recording may be in any order, the right ones first: only a drawn one is as often right as said.
        chosen = choose.first_of(_answered(state), "question_id", _NAME, state.seed, count=self.n)
        distinct = chosen.unique(["question_id", "text"], keep="first", maintain_order=True)
        number = pl.col("question_id").cum_count().over("question_id")
        return distinct.select("question_id", "text", "outcome", number=number).filter(
            pl.col("number") <= self.per_question
        )

    def _right_and_wrong(self, state: State) -> pl.LazyFrame:
        """Of each question one right and one wrong answer, for preferences: `question_id, right, wrong`."""
        judged = _answered(state).with_columns(side=pl.format("{}/{}", "question_id", "outcome"))
        one = choose.first_of(judged, "side", _NAME, state.seed)
        text = pl.col("text")
        return one.group_by("question_id", maintain_order=True).agg(
            right=text.filter(pl.col("outcome") == 1).first(),
            wrong=text.filter(pl.col("outcome") == 0).first(),
        )

    def _numbered(self, rows: pl.LazyFrame, seed: int) -> pl.LazyFrame:
        """What is stated: `confidence`, how that is said, and the numbers of pairs."""
        name = self._id()
        label = pl.when(pl.col("share").is_not_null()).then("outcome") if self.label == "outcome" else "share"
        rows = rows.with_columns(confidence=label)
        if self.pairs == "label":
            worse = _apart(pl.col("share"), choose.chance(name, seed, "worse number"))
            numbers = {"text_better": pl.col("share"), "text_worse": worse}
        else:
            drawn = {
                (which, side): low + (high - low) * choose.chance(name, seed, f"{which} {side}")
                for which, (low, high) in (("high", self.high), ("low", self.low))
                for side in ("right", "wrong")
            }
            numbers = {
                "right_better": drawn["high", "right"], "right_worse": drawn["low", "right"],
                "wrong_better": drawn["low", "wrong"], "wrong_worse": drawn["high", "wrong"],
            }  # fmt: skip
        # Early stops leave few different shares, and the nearest statement errs for all rows of one alike.
        fair = self.rounding == "fair" or (self.rounding == "auto" and self.stop_rule != "fixed")
        roll = choose.chance(name, seed, "rounding") if fair else None
        stated = {
            number: self._scale.rounded(value, roll if number == "text_better" else None)
            for number, value in numbers.items()
        }
        return rows.with_columns(said=self._scale.say(pl.col("confidence"), roll), **stated)

    def _sft(self) -> pl.Expr:
        """The answer and the confidence in it; of outcomes nothing, for no model knows them beforehand."""
        if self.label == "outcome":
            return formats.none("sft")
        if self.loss == "reply":
            return formats.sft(self._asked(), _says(_stated("text", pl.col("said"))))
        afterwards = formats.conversation(formats.user(pl.lit(self._worded(self.how_sure, self._scale))))
        return formats.sft(
            pl.concat_list("prompt", _says(pl.col("text")), afterwards),
            _says(pl.format("{} {}", pl.lit(SLOT), "said")),
        )

    def _token_row(self, state: State) -> pl.Expr:
        """The answer up to the slot, the tokens that may follow, and what is true."""
        found = self._tokens_of(state)
        if found is None:
            return formats.none("value_tokens")
        scale, tokens = found
        return formats.value_tokens(
            self._asked(scale),
            _says(pl.concat_str("text", pl.lit(tokens.slot))),
            pl.lit(list(tokens.values), pl.List(pl.String())),
            pl.lit(list(tokens.token_ids), pl.List(pl.Int32())),
            pl.lit(list(tokens.worths), pl.List(pl.Float64())),
            pl.col("confidence").cast(pl.Float64()),
        )

    def _grpo(self, seed: int) -> pl.Expr:
        """The question, once; where there is a window, its prompts and a few easier and harder ones."""
        content = pl.col("prompt").list.last().struct.field("content")
        if self.remove:
            cut = content.str.split(by=pl.col("context")).list.join(pl.col("cut_context"))
            content = pl.coalesce(cut, content)
        how = self._worded(TAGS if self.layout == "tags" else self.ask, self._scale)
        asked = formats.ending(pl.col("prompt"), pl.lit(how), content)
        row = formats.grpo(asked, pl.col("gold"), pl.col("answers"))
        stays = self._first() & pl.col("share").is_not_null()
        if self.window is not None:
            low, high = self.window
            p = pl.col("p_hat")
            roll = choose.chance(pl.col("question_id"), seed, "outside the window")
            inside = stays & (p > low) & (p < high)
            room = self.outside * inside.sum()
            easy, hard = stays & ~inside & (p >= high), stays & ~inside & (p <= low)
            place = [pl.when(side).then(roll).rank("ordinal").over(side) for side in (easy, hard)]
            stays = inside | (easy & (place[0] <= room)) | (hard & (place[1] <= room))
        return pl.when(stays).then(row).alias("grpo")

    def _reward(self) -> pl.Expr:
        """PPO-M: the same answer with the better and the worse number; then answers against one another."""
        rows = [
            formats.reward(*self._pair(side), self._asked(), self._margin(f"{side}_better", f"{side}_worse"))
            for side in self._sides
        ]
        right, wrong = _says(pl.col("right")), _says(pl.col("wrong"))
        if self.quads == "combined":
            plain = formats.reward(right, wrong, pl.col("prompt"), pl.lit(0.0) if self.margin else None)
            rows.append(pl.when(self._first()).then(plain))
        if self.quads == "variant":
            margin = self._margin("right_better", "wrong_better")
            sure, unsure = self._pair("right")[0], self._pair("wrong")[0]
            rows.append(formats.reward(sure, unsure, self._asked(), margin))
        return pl.when(self._paired()).then(formats.several(*rows)).alias("reward")

    def _dpo(self) -> pl.Expr:
        """CDPO: one answer with two numbers.

        DPO's loss is a difference of log-ratios, from which all that the two replies begin with alike falls
        out: only the numbers are contrasted, as if the answer stood in the prompt.
        """
        rows = [formats.dpo(self._asked(), *self._pair(side)) for side in self._sides]
        return pl.when(self._paired()).then(formats.several(*rows)).alias("dpo")

    @property
    def _sides(self) -> tuple[str, ...]:
        """Whose numbers are compared: the answer shown, or a right and a wrong one."""
        return ("text",) if self.pairs == "label" else ("right", "wrong")

    def _pair(self, side: str) -> tuple[pl.Expr, pl.Expr]:
        """The replies that state the better and the worse number; null where the scale has one for both."""
        better, worse = pl.col(f"{side}_better"), pl.col(f"{side}_worse")
        said = (pl.when(better != worse).then(self._scale.say(number)) for number in (better, worse))
        chosen, rejected = (_says(_stated(side, number)) for number in said)
        return chosen, rejected

    def _margin(self, one: str, other: str) -> pl.Expr | None:
        return (pl.col(one) - pl.col(other)).abs().round(9) if self.margin else None

    def _paired(self) -> pl.Expr:
        """A right and a wrong answer are the question's, so they are compared once."""
        decided = pl.col("share").is_not_null()
        return decided if self.pairs == "label" else decided & self._first()

    @staticmethod
    def _first() -> pl.Expr:
        return pl.col("number").fill_null(1) == 1

    def _reason(self, seed: int) -> pl.Expr:
        """Why a row leaves: too few samples, no answer to show, or enough rows of its statement."""
        few = pl.col("n") < (self._least_n if self.stop_rule == "fixed" else 1)
        bare = pl.col("share").is_not_null() & pl.col("text").is_null()
        stays = pl.col("confidence").is_not_null() & ~bare & ~few
        size = stays.sum().over("said")
        rarest = pl.when(stays).then(size).min()
        most = pl.lit(self.per_bin) if self.per_bin else rarest if self.bins == "flat" else None
        full = pl.lit(False)
        if most is not None:
            place = pl.when(stays).then(choose.chance(self._id(), seed, "bins")).rank("ordinal").over("said")
            full = stays & (place > most)
        return (
            pl.when(few).then(pl.lit("too_few_samples"))
            .when(bare).then(pl.lit("nothing_to_show"))
            .when(full).then(pl.lit("bin_full"))
        )  # fmt: skip

    def _weight(self) -> pl.Expr:
        """1; weighted by bins, what makes the rows of each statement weigh alike, 1 on average."""
        if self.bins != "weighted":
            return pl.lit(1.0)
        stays = pl.col("said").is_not_null() & pl.col("reason").is_null()
        even = stays.sum() / (stays.sum().over("said") * pl.col("said").filter(stays).n_unique())
        return pl.when(stays).then(even).otherwise(1.0)

    def _meta(self) -> pl.Expr:
        """The question's own; with passages taken out, which, and whether the answer's was among them."""
        if not self.remove:
            return pl.col("meta")
        cut = pl.struct("removed", "gold_removed", question=pl.col("meta")).struct.json_encode()
        return pl.when(pl.col("cut_context").is_not_null()).then(cut).otherwise("meta")

    def _tokens_of(self, state: State) -> tuple[Scale, ValueTokens] | None:
        if self.tokenizer == "none":
            return None
        if self.tokenizer != "auto":
            return self._value_tokens(self.tokenizer)
        identities = state.samples.select(pl.col("model").unique()).collect()["model"]
        own = tokenizer_of(identities[0]) if len(identities) else None
        if own is None and self.method == "conftuner":
            raise UsageError(
                "--method conftuner needs --tokenizer: which one the model reads by is not known"
            )
        return None if own is None else self._value_tokens(*own)

    def _value_tokens(self, name: str, revision: str | None = None) -> tuple[Scale, ValueTokens]:
        """The scale of value tokens that a tokenizer has, and its tokens.

        Raises:
            UsageError: it cannot be loaded, or has no token for each value.
        """
        tokenizer = open_tokenizer(name, revision)
        if self.value_scale != "auto":
            scale = scale_of(self.value_scale)
            return scale, value_tokens(tokenizer, scale, name)
        try:
            return self._scale, value_tokens(tokenizer, self._scale, name)
        except UsageError:
            return scale_of("0-9"), value_tokens(tokenizer, scale_of("0-9"), name)

    def _asked(self, scale: Scale | None = None) -> pl.Expr:
        """The question as it was asked, and how to state a confidence."""
        return formats.ending(pl.col("prompt"), pl.lit(self._worded(self.ask, scale or self._scale)))

    @staticmethod
    def _worded(text: str, scale: Scale) -> str:
        return text.replace("{scale}", scale.wording)

    def _id(self) -> pl.Expr:
        if self.per_question == 1:
            return pl.col("question_id")
        return pl.format("{}#{}", "question_id", pl.col("number").fill_null(1))


_ROWS_OF = {"conftuner": "value_tokens", "rlcr": "grpo", "ppo-m": "reward", "cdpo": "dpo"}
_NAME = pl.format("{}/{}", "key", "index")


def _answered(state: State) -> pl.LazyFrame:
    """The samples that are right or wrong, with `outcome` as 1 or 0 and the answer bare.

    To what nobody can answer every answer is wrong, also one that has no gold to be judged by.
    """
    outcome, text = pl.col("outcome").cast(pl.String()), pl.col("text").str.strip_chars()
    wrong = (outcome == "wrong") | (UNANSWERABLE & (outcome == "undecided"))
    answerable = state.questions.select("question_id", "answerable")
    return (
        state.samples.join(answerable, on="question_id", how="left", maintain_order="left")
        .filter((outcome == "correct") & ~UNANSWERABLE | wrong)
        .with_columns(text=text, outcome=(outcome == "correct").cast(pl.Int32()))
        .filter(pl.col("text") != "")
    )


def _apart(share: pl.Expr, roll: pl.Expr) -> pl.Expr:
    """A number at least `APART` from a share, evenly from all of these."""
    below, above = (share - APART).clip(0), (1 - share - APART).clip(0)
    at = roll * (below + above)
    return pl.when(at < below).then(at).otherwise(share + APART + at - below).clip(0, 1)


def _stated(answer: str, said: pl.Expr) -> pl.Expr:
    """An answer and the confidence in it."""
    return pl.concat_str(pl.col(answer), pl.lit(f"\n{SLOT} "), said)


def _says(text: pl.Expr) -> pl.Expr:
    """A reply of the model; null where it has no text."""
    return formats.conversation(formats.assistant(text))
