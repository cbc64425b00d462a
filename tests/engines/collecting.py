"""What an engine makes of calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from synth.engines.base import Answer, Call, Engine, ScoreCall, ScoringEngine


def answers(engine: Engine, calls: Iterable[Call]) -> dict[tuple[str, int], Answer]:
    for asked in calls:
        engine.submit(asked)
    done: dict[tuple[str, int], Answer] = {}
    while some := engine.collect():
        for answer in some:
            assert (answer.key, answer.index) not in done
            done[answer.key, answer.index] = answer
    return done


def scores(engine: ScoringEngine, prompt: str, continuations: Sequence[str], top: int = 0) -> list[Answer]:
    """The answers about a prompt's continuations, in their order.

    Raises:
        ValueError: one failed, with its error.
    """
    found = sorted(engine.score([ScoreCall("key", prompt, tuple(continuations), top)]), key=lambda a: a.index)
    assert [answer.index for answer in found] == list(range(len(continuations)))
    for answer in found:
        if answer.error is not None:
            raise ValueError(answer.error)
    assert [answer.text for answer in found] == list(continuations)
    return found


def logprobs(engine: ScoringEngine, prompt: str, continuations: Sequence[str]) -> list[float]:
    return [float(answer.logprob_sum or 0) for answer in scores(engine, prompt, continuations)]


def texts(found: dict[tuple[str, int], Answer]) -> dict[tuple[str, int], tuple[str | None, str, int | None]]:
    return {key: (answer.text, answer.finish, answer.n_tokens) for key, answer in found.items()}
