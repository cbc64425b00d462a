"""Second opinions on what the rules of a grader leave undecided: a semantic vote, then a judge.

Both are off unless asked for. They look only at undecided answers with something accepted to compare with,
and may leave them undecided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from synth.voting.cases import Case, Said, open_cases, with_votes

if TYPE_CHECKING:
    from synth.voting.judge import Judge

__all__ = ["Case", "Said", "Voter", "Votes"]


class Voter(Protocol):
    """Says of a case whether the answer is right.

    Attributes:
        name: added to the grader's name in a verdict.
        kinds: the kinds of question that it can vote on.
        version: another wherever a vote may differ.
    """

    name: str
    kinds: Sequence[str]
    version: str

    def votes(self, cases: Sequence[Case]) -> list[Said | None]:
        """One vote a case; None where it cannot say. A vote depends on its own case alone."""
        ...


@dataclass
class Votes:
    """The voters of a run.

    Attributes:
        semantic: votes first, or None.
        judge: votes on what is then open, or None.
    """

    semantic: Voter | None = None
    judge: Judge | None = None

    @property
    def mark(self) -> str:
        """Tells verdicts with this semantic vote from others; empty where there is none."""
        if self.semantic is None:
            return ""
        named = f"{self.semantic.name} {self.semantic.version}"
        return "+" + hashlib.blake2b(named.encode(), digest_size=8).hexdigest()

    def semantic_vote(self, rows: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
        """The verdicts, after the semantic vote.

        Args:
            rows: columns `question_id, kind, question, answers, text`.
            verdicts: on these rows, in their order: `synth.graders.COLUMNS`.
        """
        return voted(self.semantic, "semantic", rows, verdicts) if self.semantic else verdicts

    def judge_vote(self, rows: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
        """The verdicts, after what the judge has said before; it is asked nothing. As `semantic_vote`."""
        return voted(self.judge, "judge", rows, verdicts) if self.judge else verdicts

    def ask_judge(self, rows: pl.DataFrame, verdicts: pl.DataFrame) -> int:
        """Ask the judge about what is open; how many replies came in."""
        if self.judge is None:
            return 0
        cases = open_cases(rows, verdicts, self.judge.kinds).each
        return self.judge.ask(cases).new if cases else 0

    def facts(self) -> dict[str, Any]:
        """Who voted, for a manifest: the judge's name, and versions, which hold the models' identities."""
        voters = {"semantic": self.semantic, "judge": self.judge}
        named = {"judge": self.judge.model_name} if self.judge else {}
        return named | {f"{name}_version": voter.version for name, voter in voters.items() if voter}

    def counts(self) -> dict[str, Any]:
        """What the judge was asked in this run, under "judge"; nothing without one."""
        if self.judge is None:
            return {}
        drawn = self.judge.drawn
        return {"judge": {"new": drawn.new, "failed": drawn.failed, "tokens": drawn.tokens}}

    def close(self) -> None:
        """Free what the voters hold."""
        if self.judge is not None:
            self.judge.close()


def voted(voter: Voter, reason: str, rows: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """The verdicts, with a vote on those that are open."""
    cases = open_cases(rows, verdicts, voter.kinds)
    if not cases.each:
        return verdicts
    return with_votes(verdicts, cases, voter.votes(cases.each), voter.name, reason, voter.version)
