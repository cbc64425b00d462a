"""`plan`: what a build would cost. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from synth import asking, config, drawers
from synth.machine import Machine
from synth.pipeline import Request
from synth.verbs.opening import SAMPLE_ONLY, Values, open_machine, open_questions


def run_plan(
    pipeline: str, flags: Values, config_file: str | None = None, assignments: Sequence[str] = ()
) -> Values:
    """`synth plan`: questions, samples to draw at most, expected tokens, and time where a rate is known.

    Tokens a sample are the mean of this model's stored samples, or `max_tokens` where there are none.
    The time comes from the rate of the store's last run with this model.
    """
    drawer = drawers.read("pipelines", pipeline)
    methods = getattr(drawers.load(drawer), "methods", {})
    values = config.resolve(config.build_settings(drawer), flags, config_file, assignments, methods)
    made = config.instance(drawer, values)
    questions = open_questions(values, getattr(made, "needs_answers", True))
    machine = open_machine(values, questions, getattr(made, "needs", SAMPLE_ONLY), quiet=True)
    try:
        requests: list[Request] = list(made.requests(machine.state(0)))
        wanted, stored = _samples(machine, requests)
        own = machine.store.samples().filter(
            pl.col("model") == machine.engine.identity, pl.col("n_tokens").is_not_null()
        )
        mean = own.select(pl.col("n_tokens").mean()).collect().item()
        rate = machine.store.last_rate(machine.engine.identity)
    finally:
        machine.close()
    to_draw = wanted - stored
    tokens = round(to_draw * (mean if mean is not None else values["max_tokens"]))
    return {
        "pipeline": drawer.name,
        "questions": machine.questions.height,
        "samples": {"wanted": wanted, "stored": stored, "to_draw": to_draw},
        "tokens_per_sample": mean,
        "tokens": tokens,
        "seconds": None if rate is None else round(tokens / rate, 1),
    }


def _samples(machine: Machine, requests: Sequence[Request]) -> tuple[int, int]:
    """How many samples the requests may use at most, and how many of them are stored."""
    available = getattr(machine.engine, "available", None)
    wanted = stored = 0
    for request in requests:
        asks = asking.asks(machine.questions, request)
        sampling = request.sampling or machine.sampling
        for block in asking.prompts(asks, machine.engine, sampling, request.n, available):
            limits = block.select("key", "n").lazy()
            have = machine.store.samples(block["key"]).filter(pl.col("error").is_null())
            useful = have.join(limits, on="key").filter(pl.col("index") < pl.col("n"))
            wanted += int(block["n"].sum())
            stored += useful.select(pl.len()).collect().item()
    return wanted, stored
