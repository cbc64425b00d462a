"""SaySelf: teach a model to answer, to say what it is unsure about, and how sure it is.

    synth build rationale --questions nq.jsonl --model Qwen/Qwen2.5-7B-Instruct
    synth build rationale --method sayself         the paper's own rules

Source: Xu et al., "SaySelf: Teaching LLMs to Express Confidence with Self-Reflective Rationales", EMNLP 2024.
Where the defaults differ from the paper, and why: docs/rationale.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import polars as pl

from synth import LabelRule, Request, State, evidence, formats, setting
from synth.engines.base import Sampling
from synth.meta import check_key, named, with_entry
from synth.rationales import Case, Stated, cases, checking, confidences, prompting, writing
from synth.scales import SLOT, Scale, scale_of

ASK = "Are you sure you accurately answered the question based on your internal knowledge?"
ASK_CONFIDENCE = "How confident are you in this answer? Give {}."
ANSWERED = pl.col("outcome").cast(pl.String()).is_in(["correct", "wrong", "undecided"])
WRITER = Sampling(temperature=0.7, max_tokens=256)


@dataclass(frozen=True)
class Rationale:
    """Rows that answer, say what the model is unsure about, and state a confidence (SaySelf)."""

    method: Literal["default", "sayself"] = setting("default", help="the defaults, or the paper's own rules")
    row: Literal["rationale", "confidence", "answer", "suffix", "group"] = setting(
        "rationale",
        help="all of it; or a baseline from the same samples: confidence without a rationale, the answer "
        "alone, R-Tuning's suffix, or the confidence of the question's topic",
    )
    n: int = setting(20, low=1, high=65536, help="samples a question")
    stop_rule: Literal["fixed", "curtail", "width", "posterior"] = setting(
        "fixed", help="fixed draws all n; the others stop where enough is known (docs/stopping.md)"
    )
    min_answers: int | None = setting(
        None, low=1, help="answers that a confidence may rest on; none: as many as the scale can tell apart"
    )
    cluster_by: Literal["answer", "embedding"] = setting(
        "answer", help="equal answers by the question's grader, or alike replies by embedding"
    )
    cluster_embedder: str = setting("", help="a sentence-transformers model; empty for built-in n-grams")
    cluster_alike: float = setting(0.9, low=0, high=1, help="cosine above which two replies are alike")
    singletons: Literal["keep", "drop"] = setting("keep", help="what becomes of answers given only once")
    keep: Literal["majority", "each"] = setting(
        "majority", help="one row a question with its most frequent answer, or a row for each answer"
    )
    confidence_from: Literal["correctness", "share", "mix"] = setting(
        "correctness",
        help="the question's share of right answers, shrunken; the answer's own share of the samples (no "
        "gold needed); or the first drawn towards what the second predicts",
    )
    prior: tuple[float, float] | None = setting(
        None, low=0, help="a,b of (k+a)/(N+a+b); none: learned from the set"
    )
    scale: Literal["0-10", "1-10", "0-100", "0-1", "words"] = setting(
        "0-10", help="how a confidence is stated"
    )
    writer: Literal["built-in", "model"] = setting(
        "built-in", help="who writes the rationales: our own rules, or the model itself in a second round"
    )
    tries: int = setting(3, low=1, high=64, help="rationales drawn from the model; the first good one stays")
    name_above: float = setting(0.1, low=0, high=1, help="share from which an answer has to be named")
    most_words: int = setting(120, low=10, help="words of a rationale at most")
    steps: Literal["own", "none"] = setting("own", help="whether a row shows the reply's own steps first")
    loss: Literal["completion", "confidence", "all"] = setting(
        "completion", help="what the loss covers: the reply, only the confidence, or everything"
    )
    sure: str = setting("I am sure.", help="the suffix of an answer with a confidence of one half or more")
    unsure: str = setting("I am unsure.", help="the suffix of any other")
    topic: str = setting("source", help="column (or key of meta) that names a question's topic")

    formats: ClassVar[tuple[str, ...]] = ("sft", "grpo")
    methods: ClassVar[dict[str, dict[str, Any]]] = {
        "sayself": {
            "n": 50, "temperature": 1.0, "top_p": 0.95, "top_k": 50, "max_tokens": 512,
            "cluster_by": "embedding", "singletons": "drop", "keep": "each", "confidence_from": "share",
            "scale": "1-10", "writer": "model",
        },
    }  # fmt: skip

    def __post_init__(self) -> None:
        check_key("topic", self.topic)
        scale = self._scale
        if self.min_answers is None and self.n < scale.least_n:
            raise ValueError(
                f"--n {self.n} is too few to tell the values of --scale {self.scale} apart: it needs "
                f"{scale.least_n}; draw more, take a coarser scale, or say with --min-answers how few will do"
            )
        if self.min_answers is not None and self.min_answers > self.n:
            raise ValueError(f"--min-answers {self.min_answers} is more than --n {self.n}")
        if self.keep == "each" and self.confidence_from != "share":
            raise ValueError(
                "--keep each needs --confidence-from share: only a share differs from answer to answer"
            )
        if self.loss == "confidence" and self.row in ("answer", "suffix"):
            raise ValueError(f"--loss confidence needs a row with a confidence, not --row {self.row}")

    @property
    def needs_answers(self) -> bool:
        """A share needs no gold; a baseline that speaks of rightness does."""
        return self.confidence_from != "share" or self.row in ("suffix", "group")

    @property
    def asks_again(self) -> bool:
        """Whether the model is asked to reflect on its answers."""
        return self.writer == "model" and self.row == "rationale"

    @property
    def _scale(self) -> Scale:
        return scale_of(self.scale)

    @property
    def _by_share(self) -> bool:
        return self.confidence_from == "share" and self.row != "group"

    def requests(self, state: State) -> Iterator[Request]:
        """The questions; then, where the model writes, a rationale for each question that gives rows."""
        if state.asked == 0:
            yield Request(n=self.n, stop_rule=self.stop_rule, rule=LabelRule(0.5, None))
        elif state.asked == 1 and self.asks_again:
            yield Request(n=self.tries, role="writer", asks=self._asks(state), sampling=WRITER)

    def build(self, state: State) -> pl.LazyFrame:
        """One row for each answer kept, with what the model would say of it."""
        rows = self._rows(state)
        if self.row == "rationale":
            said = self._rationales(rows, state)
            rows = rows.join(said.lazy(), on="row_id", how="left", maintain_order="left")
        else:
            rows = rows.with_columns(rationale=pl.lit(None, pl.String()), fault=pl.lit(None, pl.String()))
        rows = self._with_replies(rows)
        return rows.sort("order", "number").select(
            *state.spine(
                id=pl.col("row_id"),
                known=self._known(),
                confidence=self._taught(),
                meta=self._spans(),
            ),
            self._sft().alias("sft"),
            pl.when(self._stays() & (pl.col("number") == 0))
            .then(formats.grpo(pl.col("prompt"), pl.col("gold"), pl.col("answers")))
            .alias("grpo"),
            reason=pl.coalesce(self._too_few(), "fault"),
        )

    def _stated(self, state: State) -> pl.LazyFrame:
        """One row for each answer to each question, most frequent first: how often, in which words."""
        asked = state.samples.filter(pl.col("request") == 0)
        if self.cluster_by == "answer":
            clustered = evidence.cluster(asked, state.questions)
        else:
            clustered = evidence.leaders(asked, self.cluster_embedder, self.cluster_alike)
        said = pl.coalesce("answer", "text").str.strip_chars()
        counted = (
            clustered.filter(ANSWERED & pl.col("cluster").is_not_null() & (said != ""))
            .sort("question_id", "key", "index")
            .group_by("question_id", "cluster", maintain_order=True)
            .agg(
                count=pl.len(),
                right=(pl.col("outcome").cast(pl.String()) == "correct").any(),
                wrong=(pl.col("outcome").cast(pl.String()) == "wrong").any(),
                wordings=said,
                texts=pl.col("text"),
                reasonings=pl.col("reasoning"),
            )
            .with_columns(answered=pl.col("count").sum().over("question_id"))
            .with_columns(share=pl.col("count") / pl.col("answered"))
        )
        if self.singletons == "drop":
            counted = counted.filter(pl.col("count") > 1)
        ordered = counted.sort("question_id", "count", "cluster", descending=[False, True, False])
        return ordered.with_columns(number=pl.int_range(pl.len()).over("question_id"))

    def _rows(self, state: State) -> pl.LazyFrame:
        """The answers kept, one row each; a question without one has a row that teaches nothing."""
        stated = self._stated(state).collect().lazy()
        questions = state.questions.with_row_index("order")
        kept = stated if self.keep == "each" else stated.filter(pl.col("number") == 0)
        rows = questions.join(kept, on="question_id", how="left", maintain_order="left")
        rows = rows.join(
            self._confidences(state, stated), on="question_id", how="left", maintain_order="left"
        )
        sure = pl.col("share") if self._by_share else pl.col("confidence")
        number = pl.col("number").fill_null(0)
        row_id = (
            pl.when(number == 0).then("question_id").otherwise(pl.format("{}#{}", "question_id", number + 1))
        )
        of_question = stated.group_by("question_id", maintain_order=True).agg(
            stated=pl.struct("wordings", "texts", "reasonings", "share")
        )
        return rows.with_columns(p=sure, label=self._scale.say(sure), number=number, row_id=row_id).join(
            of_question, on="question_id", how="left", maintain_order="left"
        )

    def _confidences(self, state: State, stated: pl.LazyFrame) -> pl.LazyFrame:
        """`question_id, confidence`: what the share of right answers says of each question."""
        if self.row == "group":
            return confidences.groups(state.questions, named(self.topic))
        if self.confidence_from == "mix":
            top = stated.filter(pl.col("number") == 0).select("question_id", "share")
            return confidences.mix(state.questions, top)
        return confidences.correctness(state.questions, self.prior)

    def _rationales(self, rows: pl.LazyFrame, state: State) -> pl.DataFrame:
        """`row_id, rationale, fault` of each row that shows an answer."""
        found = rows.filter(self._stays()).collect()
        drafts = self._drafts(state) if self.writer == "model" else {}
        said: list[tuple[str, str | None, str | None]] = []
        for row in found.iter_rows(named=True):
            case = self._case(row)
            if case is None:
                said.append((row["row_id"], None, "answer_without_name"))
                continue
            if self.writer == "model":
                written = drafts.get(row["question_id"], [])
            else:
                written = [writing.write(case, row["row_id"], state.seed)]
            faults = [checking.fault(text, case, self.most_words) for text in written] or ["rationale_empty"]
            good = next((text for text, fault in zip(written, faults, strict=False) if not fault), None)
            said.append((row["row_id"], good, None if good else faults[0]))
        columns = {"row_id": pl.String(), "rationale": pl.String(), "fault": pl.String()}
        return pl.DataFrame(said, schema=columns, orient="row")

    def _asks(self, state: State) -> pl.LazyFrame:
        """What the model is asked to reflect on: one prompt a question, the same for all its rows."""
        rows = self._rows(state).filter(self._stays() & (pl.col("number") == 0)).collect()
        found = [self._case(row) for row in rows.iter_rows(named=True)]
        above = 0.0 if self.keep == "each" else self.name_above  # each shown answer has to be named
        content = [case and prompting.request(replace(case, above=above)) for case in found]
        turn = pl.struct(role=pl.lit("user"), content=pl.col("content"))
        return (
            rows.select("question_id", content=pl.Series(content, dtype=pl.String()))
            .lazy()
            .filter(pl.col("content").is_not_null())
            .select(
                "question_id",
                ask=pl.format(f"rationale {prompting.VERSION} {{}}", "question_id"),
                messages=pl.concat_list(turn),
            )
        )

    def _drafts(self, state: State) -> dict[str, list[str | None]]:
        """What the model wrote about each question, in the order drawn; None where it is not as asked."""
        replies = state.samples.filter(pl.col("request") == 1).sort("question_id", "index").collect()
        found: dict[str, list[str | None]] = {}
        for question_id, text in replies.select("question_id", "text").iter_rows():
            found.setdefault(question_id, []).append(prompting.reading(text))
        return found

    def _case(self, row: dict[str, Any]) -> Case | None:
        """A row as what its rationale is about; None where an answer to be named has no name of its own."""
        asked = row["kind"], row["question"], row["choices"]
        stated = [_answer(*asked, **each) for each in row["stated"]]
        right = True if row["right"] else False if row["wrong"] else None
        case = Case(
            question=row["question"], kind=row["kind"], answers=tuple(stated), shown=row["number"],
            confidence=row["p"], label=row["label"], gold=tuple(row["answers"] or ()), right=right,
            above=self.name_above,
        )  # fmt: skip
        names = [answer.name.casefold() for answer in case.named]
        return case if all(names) and len(set(names)) == len(names) else None

    def _with_replies(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The lines of a reply: steps, answer, rationale, and the suffix or the confidence."""
        shown = rows.collect()
        parts = [_shown(row) for row in shown.select("kind", "question", "choices", "wordings", "texts",
                                                     "reasonings").iter_rows()]  # fmt: skip
        steps, answers = zip(*parts, strict=True) if parts else ((), ())
        none = pl.lit(None, pl.String())
        own = pl.Series("steps", steps if self.steps == "own" else [None] * len(parts), dtype=pl.String())
        return shown.with_columns(own, shown=pl.Series(answers, dtype=pl.String())).lazy().with_columns(
            answer_line=pl.format("Answer: {}", "shown"),
            rationale_line=pl.format("Self-reflection: {}", "rationale"),
            confidence_line=none if self.row in ("answer", "suffix") else pl.format(SLOT + " {}", "label"),
            suffix_line=pl.format(ASK + " {}", pl.when(pl.col("p") >= 0.5).then(pl.lit(self.sure))
                                  .otherwise(pl.lit(self.unsure))) if self.row == "suffix" else none,
        )  # fmt: skip

    def _lines(self, *names: str) -> pl.Expr:
        text = pl.concat_str(*names, separator="\n", ignore_nulls=True)
        return pl.when(self._stays() & pl.col("fault").is_null()).then(text)

    def _sft(self) -> pl.Expr:
        """Stage 1: the reply in SaySelf's form, with its loss where `loss` wants it."""
        before = self._lines("steps", "answer_line", "rationale_line", "suffix_line")
        whole = self._lines("steps", "answer_line", "rationale_line", "suffix_line", "confidence_line")
        if self.loss == "confidence":
            ask = pl.lit(ASK_CONFIDENCE.format(self._scale.wording))
            talk = formats.conversation(formats.assistant(before), formats.user(ask))
            said = formats.conversation(formats.assistant(pl.col("confidence_line")))
            return formats.sft(pl.concat_list("prompt", talk), said)
        reply = formats.conversation(formats.assistant(whole))
        if self.loss == "all":
            return formats.sft_messages(pl.concat_list("prompt", reply))
        return formats.sft(pl.col("prompt"), reply)

    def _spans(self) -> pl.Expr:
        """The question's meta with `spans`: from and to which character of the reply each part stands."""
        names = {"steps": "steps", "answer": "answer_line", "reflection": "rationale_line",
                 "suffix": "suffix_line", "confidence": "confidence_line"}  # fmt: skip
        start, parts = pl.lit(0), []
        for name, column in names.items():
            length = pl.col(column).str.len_chars().cast(pl.Int64())
            span = pl.format('"{}":[{},{}]', pl.lit(name), start, start + length)
            parts.append(pl.when(pl.col(column).is_not_null()).then(span))
            start = start + pl.when(pl.col(column).is_not_null()).then(length + 1).otherwise(0)
        inside = pl.concat_str(*parts, separator=",", ignore_nulls=True)
        spans = pl.concat_str(pl.lit("{"), inside, pl.lit("}"))
        written = self._stays() & pl.col("fault").is_null()
        return with_entry(pl.col("meta"), "spans", pl.when(written).then(spans))

    def _known(self) -> pl.Expr:
        """By share, where no gold is asked for, what the model mostly says the same to counts as known."""
        return pl.when(self._stays()).then(pl.col("p") >= 0.5) if self._by_share else pl.col("known")

    def _taught(self) -> pl.Expr:
        """The confidence before it is rounded to the scale."""
        return pl.when(self._stays()).then("p")

    def _stays(self) -> pl.Expr:
        """Whether a row has an answer to show and a confidence to state, from enough answers."""
        enough = 2 * pl.col("answered") >= pl.col("n")
        judged = pl.lit(True) if self._by_share else pl.col("known").is_not_null()
        return (pl.col("p").is_not_null() & enough & judged & self._too_few().is_null()).fill_null(False)

    def _too_few(self) -> pl.Expr:
        """Drops what has too few samples, as in a recording; a rule that stops early knows why it does."""
        least = self._scale.least_n if self.min_answers is None else self.min_answers
        short = (pl.col("n") < least) if self.stop_rule == "fixed" else pl.lit(False)
        return pl.when(short).then(pl.lit("too_few_answers"))


def _answer(
    kind: str, question: str, choices: list[str] | None, wordings: list[str], texts: list[str],
    reasonings: list[str | None], share: float,
) -> Stated:  # fmt: skip
    """What the samples of one cluster say, as one answer."""
    name = cases.name_of(kind, question, wordings, choices) or ""
    said = wordings[0] if kind == "choice" else name
    chains = [cases.steps(kind, text, why, said) for text, why in zip(texts, reasonings, strict=True)]
    return Stated(name, tuple(wordings), tuple(texts), tuple(chain for chain in chains if chain), share)


def _shown(row: tuple[Any, ...]) -> tuple[str | None, str | None]:
    """The steps of a reply that gives the shown answer, the first one that has any, and the answer's name."""
    kind, question, choices, wordings, texts, reasonings = row
    if not wordings:
        return None, None
    name = cases.name_of(kind, question, wordings, choices)
    said = wordings[0] if kind == "choice" else name or ""
    chains = [cases.steps(kind, text, why, said) for text, why in zip(texts, reasonings, strict=True)]
    answer = wordings[0] if name is None else cases.in_full(kind, wordings[0], choices) or name
    return next((" ".join(chain) for chain in chains if chain), None), answer
