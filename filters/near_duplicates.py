"""Drops questions that ask what an earlier question asks, in nearly the same words."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from synth import setting
from synth.embedders import Places, load
from synth.filtering import Filtered
from synth.neighbours import Allowed, Flags, equal, keep_first, overlapping
from synth.text import normal_form, numbers


@dataclass(frozen=True)
class NearDuplicates:
    """Keep the first of questions that are nearly the same; all rows of a question share its fate."""

    similarity: float = setting(0.9, help="least cosine similarity of two twins", low=0, high=1)
    same_answer: bool = setting(
        True, help="questions whose accepted answers are known and differ are no twins"
    )
    same_numbers: bool = setting(True, help="questions that name different numbers are no twins")
    within_groups: bool = setting(False, help="compare the questions of one group too")
    embedder: str = setting("", help="sentence-transformers id or folder; empty: built-in character n-grams")
    embedder_device: str = setting("", help="where the embedder runs; empty: a GPU if there is one")

    def apply(self, examples: pl.DataFrame) -> Filtered:
        """Drop every question that has a twin among the kept ones before it."""
        rows = examples.select(
            "id",
            "question_id",
            pl.coalesce("group", "question_id"),
            "question",
            answers=pl.col("answers").list.eval(normal_form(pl.element())),
            form=normal_form(pl.col("question")),
        ).filter(pl.col("form") != "")
        asked = rows.unique(["question_id", "form"], keep="first", maintain_order=True)
        wordings = asked.select(pl.col("question").first().over("form")).to_series().to_list()
        embedder = load(self.embedder, self.embedder_device)
        twins = keep_first(wordings, embedder, self.similarity, self._may_be_twins(asked))
        first = asked["id"]
        drops = asked[[twin.place for twin in twins]].select(
            "question_id",
            "form",
            reason=pl.lit("near_duplicate"),
            twin=pl.Series([first[twin.twin] for twin in twins], dtype=pl.String),
            score=pl.Series([twin.score for twin in twins], dtype=pl.Float64),
        )
        return Filtered.by(examples, rows.join(drops, on=["question_id", "form"]))

    def _may_be_twins(self, asked: pl.DataFrame) -> Allowed:
        """What the settings say of two questions, whatever their wording."""
        one_question = equal(asked["question_id"])
        one_group = equal(asked["group"])
        same_numbers = equal(asked.select(numbers(pl.col("form"))).to_series())
        same_answer = overlapping(asked["answers"])

        def allowed(left: Places, right: Places) -> Flags:
            pairs = ~one_question(left, right)
            if not self.within_groups:
                pairs &= ~one_group(left, right)
            if self.same_numbers:
                pairs &= same_numbers(left, right)
            if self.same_answer:  # the dearest rule sees what the others left
                pairs[pairs] = same_answer(left[pairs], right[pairs])
            return pairs

        return allowed
