"""Opens the voters that options name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synth.errors import UsageError
from synth.options import GradingOptions, ModelOptions
from synth.store import Store
from synth.voting import Voter, Votes

if TYPE_CHECKING:
    from synth.voting.judge import Judge


def open_votes(options: GradingOptions, store: Store, quiet: bool = False) -> Votes:
    """The voters that the options name, with their models loaded.

    Args:
        options: which voters, which models.
        store: takes a judge's replies.
        quiet: show no progress.

    Raises:
        UsageError: a model cannot be opened, or an option goes with no voter.
    """
    return Votes(_semantic(options), _judge(options, store, quiet))


def _semantic(options: GradingOptions) -> Voter | None:
    if options.semantic is None:
        if options.semantic_model is not None:
            raise UsageError("--semantic-model goes with --semantic embedding or --semantic nli")
        return None
    if options.semantic == "embedding":
        from synth.voting import embedding

        return embedding.Embedding(options.semantic_model or embedding.MODEL)
    from synth.voting import entailment

    return entailment.Entailment(options.semantic_model or entailment.MODEL)


def _judge(options: GradingOptions, store: Store, quiet: bool) -> Judge | None:
    if options.judge is None:
        for name in ("judge_engine", "judge_base_url", "judge_max_tokens"):
            if getattr(options, name) != getattr(GradingOptions, name):
                raise UsageError(f"--{name.replace('_', '-')} goes with --judge")
        return None
    from synth.engines import open_engine
    from synth.voting.judge import Judge

    model = ModelOptions(model=options.judge, engine=options.judge_engine, base_url=options.judge_base_url)
    return Judge(open_engine(model), store, options.judge_max_tokens, quiet)
