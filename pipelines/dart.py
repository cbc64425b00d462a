"""DART-Math: spend the samples on the hard questions, and keep more right solutions of these.

    synth build dart --questions math.jsonl --model deepseek-ai/deepseek-math-7b-rl
    synth build dart --method dart-prop2diff       the paper's own rules

Source: Tong et al., "DART-Math: Difficulty-Aware Rejection Tuning for Mathematical Problem-Solving", NeurIPS
2024. Where the defaults differ from the paper, and why: docs/dart.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import polars as pl

from synth import LabelRule, Request, State, formats, ngrams, setting
from synth.meta import check_key, with_entry
from synth.sampling.settings import StopSettings
from synth.solutions import allocation, weak_evidence
from synth.solutions.unsolved import confident_share, readings

CORRECT = pl.col("outcome").cast(pl.String()) == "correct"
FIRST = 8
"""Samples that a difficulty is learned from."""
ROUND = "round {}: "
"""What the asks of a round are called before the question's id."""


@dataclass(frozen=True)
class Dart:
    """Rows with the model's own right solutions, more of them for harder questions (DART-Math)."""

    method: Literal["default", "dart-uniform", "dart-prop2diff"] = setting(
        "default", help="the defaults, or the paper's own rules for one of its two sets"
    )
    strategy: Literal["prop2diff", "uniform", "vrt", "histogram"] = setting(
        "prop2diff",
        help="solutions of a question: by its difficulty, k each, whatever --n draws give (vanilla rejection "
        "tuning), or such that rows spread over difficulty as --target says",
    )
    k: int = setting(
        16, low=1, help="solutions of the hardest question; of each with uniform; on average with histogram"
    )
    power: float = setting(1.0, low=0, help="prop2diff: of the difficulty, relative to the hardest")
    target: tuple[float, ...] = setting(
        (1.0, 1.0, 1.0, 1.0),
        low=0,
        help="histogram: shares of the rows by difficulty, bands of one width, easiest first",
    )
    n: int | None = setting(
        None,
        low=1,
        high=65536,
        help="samples of every question at first, for its difficulty; 8 if left out, fewer where uniform "
        "wants fewer; vrt draws no others",
    )
    prior: tuple[float, float] = setting(
        (0.5, 0.5),
        low=0,
        help="a,b of the Beta prior of the share of right answers; 0,0 for the raw fail rate",
    )
    cap: int = setting(256, low=1, high=65536, help="samples a question at most")
    temperatures: tuple[float, ...] = setting(
        (),
        low=0,
        help="for the samples after the first: one for each band of difficulty, easiest first; the same for "
        "all if left out",
    )
    dedupe: Literal["none", "exact", "normal", "ngrams"] = setting(
        "ngrams",
        help="solutions that count once: equal to the letter, in normal form, or nearly, by word n-grams",
    )
    gram: int = setting(3, low=1, help="words of an n-gram")
    alike: float = setting(
        0.8, low=0, high=1, help="Jaccard index of n-grams from which two solutions count once"
    )
    patience: int = setting(
        16,
        low=1,
        help="right answers in a row that repeat others, after which a question gets no more samples",
    )
    checks: tuple[str, ...] = setting(
        ("gibberish", "language_switch", "no_reasoning", "too_long"),
        help="right answers that fail one of these do not count; none for no check",
    )
    second: str = setting(
        "", help="key of the questions' meta with an unrelated model's answer, to tell doubtful gold"
    )
    confident: float | None = setting(
        None,
        low=0,
        high=1,
        help="share of one wrong answer from which gold is doubted; learned from the set if left out",
    )

    formats: ClassVar[tuple[str, ...]] = ("sft", "unsolved")
    methods: ClassVar[dict[str, dict[str, Any]]] = {
        name: {
            "strategy": strategy, "k": k, "n": n, "cap": 2048, "prior": (0.0, 0.0), "dedupe": "none",
            "checks": ("none",), "filters": ("none",), "temperature": 1.6, "top_p": 0.95, "max_tokens": 2048,
        }
        for name, strategy, k, n in (
            ("dart-uniform", "uniform", 40, None), ("dart-prop2diff", "prop2diff", 192, 64)
        )
    }  # fmt: skip

    def __post_init__(self) -> None:
        if self._first > self.cap:
            raise ValueError(f"--n {self._first} first samples are more than --cap {self.cap}")
        if self.k > self.cap and self.strategy != "vrt":
            raise ValueError(f"--k {self.k} right answers cannot be had in --cap {self.cap} samples")
        if not self.target or sum(self.target) <= 0:
            raise ValueError("--target needs a share above 0")
        if self.second:
            check_key("second", self.second)
        known = (*weak_evidence.CHECKS, "none")
        if strange := [name for name in self.checks if name not in known]:
            raise ValueError(f"--checks {strange[0]} is none of {', '.join(known)}")
        if "none" in self.checks and len(self.checks) > 1:
            raise ValueError("--checks none goes with no other check")

    @property
    def _first(self) -> int:
        """Samples of every question before its quota is known; what is the same for all needs no more."""
        return self.n or (min(FIRST, self.k) if self.strategy == "uniform" else FIRST)

    def requests(self, state: State) -> Iterator[Request]:
        """First every question a few times; then what is missing, until each has enough or is at the cap."""
        if state.asked == 0:
            yield Request(n=self._first, rule=LabelRule(0.5, None))
        elif self.strategy != "vrt":
            for (temperature,), asks in self._asks(state).group_by("temperature", maintain_order=True):
                sampling = replace(state.sampling, temperature=temperature)
                stopping = StopSettings(quota=1)
                yield Request(self.cap, stop_rule="quota", stopping=stopping, asks=asks, sampling=sampling)

    def foresee(self, labels: pl.DataFrame) -> float:
        """Draws that a question is expected to take in all, on average; repeats are not foreseen."""
        if self.strategy == "vrt":
            return self._first
        counts = labels.with_columns(quota=self._quota(self._fail_rate()))
        columns = counts["n_correct"], counts["n"], counts["quota"]
        return float(allocation.foreseen(*columns, cap=self.cap).mean())

    def build(self, state: State) -> pl.LazyFrame:
        """One row for each right answer, and one for each question without any."""
        questions = self._questions(state)
        solutions = self._solutions(state, questions)
        counts = self._counts(state, questions, solutions)
        rows = counts.join(solutions, on="question_id", how="left", maintain_order="left")
        place = pl.when(pl.col("reason").is_null()).then(1).cum_sum().over("question_id")
        surplus = pl.when(place > pl.col("quota")).then(pl.lit("over_quota"))
        return (
            rows.join(self._unsolved(state, counts), on="question_id", how="left", maintain_order="left")
            .lazy()
            .select(
                *state.spine(id=self._id(), sample_keys=self._sample_keys(), meta=self._meta()),
                formats.sft(pl.col("prompt"), formats.conversation(formats.assistant(pl.col("text")))),
                "unsolved",
                reason=pl.coalesce("reason", surplus),
            )
        )

    def _questions(self, state: State) -> pl.DataFrame:
        """The questions with `fail_rate` in their first draws and `quota`, the solutions each is to have."""
        rated = state.questions.with_columns(fail_rate=self._fail_rate())
        return rated.with_columns(quota=self._quota(pl.col("fail_rate"))).with_row_index("order").collect()

    def _fail_rate(self) -> pl.Expr:
        return allocation.fail_rate(pl.col("n_correct"), pl.col("n_wrong"), self.prior)

    def _quota(self, difficulty: pl.Expr) -> pl.Expr:
        if self.strategy == "vrt":
            return pl.lit(None, pl.Int64())
        if self.strategy == "histogram":
            return allocation.by_histogram(difficulty, self.k, self.target).clip(upper_bound=self.cap)
        return allocation.by_difficulty(difficulty, self.k, 0 if self.strategy == "uniform" else self.power)

    def _temperature(self, state: State) -> pl.Expr:
        """What a question is sampled at after its first draws."""
        return allocation.by_band(pl.col("fail_rate"), self.temperatures or (state.sampling.temperature,))

    def _solutions(self, state: State, questions: pl.DataFrame) -> pl.DataFrame:
        """Every right answer in the order drawn, with the `reason` for which it does not count."""
        asked = pl.concat_str("context", "question", separator="\n", ignore_nulls=True)
        about = questions.lazy().select("question_id", "order", "kind", asked=asked)
        right = (
            once(state.samples)
            .filter(CORRECT & pl.col("text").is_not_null())
            .select("question_id", "key", "index", "text", "answer")
            .join(about, on="question_id", how="left", maintain_order="left")
            .sort("order", maintain_order=True)
            .with_columns(number=pl.int_range(1, pl.len() + 1).over("question_id"))
            .with_columns(reason=weak_evidence.fault(self.checks))
            .collect()
        )
        strong = right.filter(pl.col("reason").is_null())
        repeats = ngrams.repeats(strong, "question_id", self.dedupe, self.gram, self.alike)
        repeated = strong.select("question_id", "number", repeats=repeats)
        marked = right.join(repeated, on=["question_id", "number"], how="left", maintain_order="left")
        return marked.select(
            "question_id", "number", "key", "index", "text", reason=pl.coalesce("reason", "repeats")
        )

    def _counts(self, state: State, questions: pl.DataFrame, solutions: pl.DataFrame) -> pl.DataFrame:
        """The questions with what `_draws` and `_found` say of them."""
        questions = questions.with_columns(temperature=self._temperature(state))
        parts = self._draws(state, questions), self._found(solutions)
        for part in parts:
            questions = questions.join(part, on="question_id", how="left", maintain_order="left")
        numbers = ("drawn", "right", "drawn_here", "right_here", "found", "dry")
        return questions.with_columns(
            *(pl.col(name).fill_null(0).cast(pl.Int64()) for name in numbers),
            pl.col("fresh").fill_null(1.0),
            pl.col("moved").fill_null(False),
        )

    @staticmethod
    def _draws(state: State, questions: pl.DataFrame) -> pl.DataFrame:
        """`drawn, right`: samples of each question and right ones; `…_here`: those at its `temperature`.

        `moved`: the last round drew some of it.
        """
        own = questions.lazy().select("question_id", own="temperature")
        here = pl.col("temperature") == pl.col("own")
        last = (pl.col("request") > 0) & pl.col("ask").str.starts_with(ROUND.format(state.asked - 1))
        samples = once(state.samples).join(own, on="question_id")
        return (
            samples.group_by("question_id")
            .agg(
                drawn=pl.len(), right=CORRECT.sum(),
                drawn_here=here.sum(), right_here=(here & CORRECT).sum(), moved=last.any(),
            )
            .collect()
        )  # fmt: skip

    def _found(self, solutions: pl.DataFrame) -> pl.DataFrame:
        """`found` right answers of each question count, `dry` came since the last that does.

        `fresh` is the share of the latest right answers that count, a little too high.
        """
        good = pl.col("reason").is_null()
        latest = good.tail(self.patience)
        place = pl.int_range(1, pl.len() + 1)
        return solutions.group_by("question_id").agg(
            found=good.sum(),
            dry=pl.len() - place.filter(good).max().fill_null(0),
            fresh=(latest.sum() + 1) / (latest.len() + 1),
        )

    def _asks(self, state: State) -> pl.DataFrame:
        """The questions that go on, each with the right answers it waits for next.

        No fewer could do; where many do not count, half as many as should bring enough of those that do.
        """
        questions = self._questions(state)
        counts = self._counts(state, questions, self._solutions(state, questions))
        missing = pl.col("quota") - pl.col("found")
        going = (missing > 0) & (pl.col("drawn") < self.cap) & (pl.col("dry") < self.patience)
        if state.asked > 1:
            going &= pl.col("moved")  # else the budget or the recording is at its end
        halfway = (missing / pl.col("fresh") / 2).floor().cast(pl.Int64())
        step = pl.max_horizontal(missing, pl.min_horizontal(halfway, self.patience))
        return counts.filter(going).select(
            "question_id",
            "temperature",
            ask=pl.format(ROUND + "{}", pl.lit(state.asked), "question_id"),
            messages="prompt",
            n=self.cap - pl.col("drawn") + pl.col("drawn_here"),
            quota=pl.col("right_here") + step,
        )

    def _unsolved(self, state: State, counts: pl.DataFrame) -> pl.DataFrame:
        """`question_id, unsolved, keys` of each question that was answered and never rightly."""
        samples = once(state.samples)
        never = (
            samples.group_by("question_id")
            .agg(wrong=(pl.col("outcome").cast(pl.String()) == "wrong").any(), right=CORRECT.any(),
                 keys=pl.format("{}/{}", "key", "index"))
            .filter(pl.col("wrong") & ~pl.col("right"))
            .select("question_id", "keys")
            .collect()
        )  # fmt: skip
        second = (
            pl.col("meta").str.json_path_match(f"$.{self.second}")
            if self.second
            else pl.lit(None, pl.String())
        )
        asked = counts.join(never, on="question_id", maintain_order="left").with_columns(second=second)
        theirs = samples.join(never.lazy().select("question_id"), on="question_id", how="semi").collect()
        sure = confident_share(counts["p_hat"]) if self.confident is None else self.confident
        read = asked.join(readings(asked, theirs, sure), on="question_id", maintain_order="left")
        told = {name: pl.col(name) for name in ("drawn", "majority", "share", "second", "agrees", "reading")}
        row = formats.unsolved(pl.col("question"), pl.col("answers"), **told)
        return read.select("question_id", "keys", row)

    @staticmethod
    def _id() -> pl.Expr:
        number = pl.col("number").fill_null(1)
        return pl.when(number == 1).then("question_id").otherwise(pl.format("{}#{}", "question_id", number))

    @staticmethod
    def _sample_keys() -> pl.Expr:
        """A solution rests on its own sample and on those that say how hard its question is."""
        own = pl.concat_list(pl.format("{}/{}", "key", "index"))
        with_own = pl.concat_list(own, "sample_keys").list.unique(maintain_order=True)
        return pl.coalesce("keys", pl.when(pl.col("key").is_not_null()).then(with_own), "sample_keys")

    def _meta(self) -> pl.Expr:
        """The question's meta with `dart`: what it was to have, what it has, and what its draws say."""
        given_up = (pl.col("dry") >= self.patience) & (pl.col("drawn") < self.cap)
        later = allocation.stopped_share(
            pl.col("right") - pl.col("n_correct"),
            pl.col("drawn") - pl.col("n"),
            (pl.col("found") >= pl.col("quota")).fill_null(False) | given_up,
        )
        told = pl.struct("quota", "found", "drawn", "fail_rate", later_share=later)
        return with_entry(pl.col("meta"), "dart", told.struct.json_encode())


def once(samples: pl.LazyFrame) -> pl.LazyFrame:
    """Each sample once, in the order drawn: a later round holds those of the earlier ones again."""
    return samples.unique(["key", "index"], keep="first", maintain_order=True)
