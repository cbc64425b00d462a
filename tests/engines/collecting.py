"""What an engine makes of calls."""

from __future__ import annotations

from collections.abc import Iterable

from synth.engines.base import Answer, Call, Engine


def answers(engine: Engine, calls: Iterable[Call]) -> dict[tuple[str, int], Answer]:
    for asked in calls:
        engine.submit(asked)
    done: dict[tuple[str, int], Answer] = {}
    while some := engine.collect():
        for answer in some:
            assert (answer.key, answer.index) not in done
            done[answer.key, answer.index] = answer
    return done


def texts(found: dict[tuple[str, int], Answer]) -> dict[tuple[str, int], tuple[str | None, str, int | None]]:
    return {key: (answer.text, answer.finish, answer.n_tokens) for key, answer in found.items()}
