"""`plan`: what a build would cost, and what it would cost under each stop rule. Draws nothing but a pilot."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, get_args

import numpy as np
import polars as pl

from synth import asking, choose, config, drawers
from synth.errors import UsageError
from synth.machine import Machine
from synth.pipeline import Pipeline, Request
from synth.sampling.posterior import SHARES, learn_prior
from synth.sampling.settings import StopName
from synth.sampling.stopping import StopRules
from synth.sampling.walk import Counts, Reals
from synth.verbs.opening import SAMPLE_ONLY, Values, open_machine, open_questions


def run_plan(
    pipeline: str,
    flags: Values,
    config_file: str | None = None,
    assignments: Sequence[str] = (),
    pilot: int | None = None,
) -> Values:
    """`synth plan`: the object that its `--json` prints.

    Samples to draw at most; and for each stop rule what it is expected to use, stored or not, judged by the
    shares of right answers of the questions that have samples. Tokens a sample are the mean of this model's
    stored samples, or `max_tokens` where there are none. The time comes from the rate of the store's last run
    with this model. Only a pipeline's first round can be foreseen, and all of them where it has a `foresee`.

    Args:
        pipeline: a name or a path.
        flags: settings given by name.
        config_file: a YAML file of settings.
        assignments: `name=value` texts.
        pilot: draw all n samples of so many questions first.
    """
    drawer = drawers.read("pipelines", pipeline)
    methods = getattr(drawers.load(drawer), "methods", {})
    values = config.resolve(config.build_settings(drawer), flags, config_file, assignments, methods)
    made = config.instance(drawer, values)
    questions = open_questions(values, getattr(made, "needs_answers", True))
    machine = open_machine(values, questions, getattr(made, "needs", SAMPLE_ONLY), quiet=True)
    try:
        requests: list[Request] = list(made.requests(machine.state(0)))
        if pilot:
            _draw_pilot(machine, requests, pilot)
        asked = [(request, asked_of(machine, request)) for request in requests]
        wanted = sum(int(frame["n"].sum()) for _, frame in asked)
        stored = sum(int(frame["stored"].sum()) for _, frame in asked)
        own = machine.store.samples().filter(
            pl.col("model") == machine.engine.identity, pl.col("n_tokens").is_not_null()
        )
        mean = own.select(pl.col("n_tokens").mean()).collect().item()
        rate = machine.store.last_rate(machine.engine.identity)
        basis, rules = _by_rule(machine, *asked[0]) if asked else ({"questions": 0, "samples": 0}, [])
        all_rounds = _all_rounds(machine, made, *asked[0]) if basis["questions"] else None
    finally:
        machine.close()

    def cost(samples: int) -> Values:
        tokens = round(samples * (mean if mean is not None else values["max_tokens"]))
        return {"tokens": tokens, "seconds": None if rate is None else round(tokens / rate, 1)}

    return {
        "pipeline": drawer.name,
        "questions": machine.questions.height,
        "samples": {"wanted": wanted, "stored": stored, "to_draw": wanted - stored},
        "tokens_per_sample": mean,
        **cost(wanted - stored),
        "stop_rule": requests[0].stop_rule if requests else None,
        "basis": basis,
        "rules": [rule | cost(rule["samples"]) for rule in rules],
        **({"all_rounds": all_rounds | cost(all_rounds["samples"])} if all_rounds else {}),
    } | ({"failures": machine.drawn.failures} if machine.drawn.failures else {})


def asked_of(machine: Machine, request: Request) -> pl.DataFrame:
    """What a request would ask: `synth.asking.ASKED`, and `stored`, how many of its samples there are."""
    available = getattr(machine.engine, "available", None)
    asks = asking.asks(machine.questions, request)
    sampling = request.sampling or machine.sampling
    parts = [pl.DataFrame(schema={**asking.ASKED, "stored": pl.Int64()})]
    for block in asking.prompts(asks, machine.engine, sampling, request.n, available, request.top):
        have = machine.store.samples(block["key"]).filter(pl.col("error").is_null()).select("key", "index")
        useful = have.join(block.lazy().select("key", "n"), on="key").filter(pl.col("index") < pl.col("n"))
        stored = useful.group_by("key").agg(stored=pl.len().cast(pl.Int64())).collect()
        found = block.join(stored, on="key", how="left", maintain_order="left")
        parts.append(found.with_columns(pl.col("stored").fill_null(0)).select(parts[0].columns))
    return pl.concat(parts)


def _draw_pilot(machine: Machine, requests: Sequence[Request], questions: int) -> None:
    """All samples of some questions, the same ones for the same seed."""
    if not requests or requests[0].asks is not None:
        raise UsageError("this pipeline does not begin with the questions themselves: leave --pilot out")
    whole = machine.questions
    lot = choose.chance(pl.col("id"), machine.seed, "pilot")
    machine.questions = whole.filter(lot.rank("ordinal") <= questions)
    machine.answer(dataclasses.replace(requests[0], stop_rule="fixed"))
    machine.questions = whole


def _by_rule(machine: Machine, request: Request, asked: pl.DataFrame) -> tuple[Values, list[Values]]:
    """What the estimates rest on, and for each stop rule the expected draws; nothing without any sample."""
    sampled = asked.filter(pl.col("stored") > 0)
    if sampled.is_empty() or not request.graded:
        return {"questions": 0, "samples": 0}, []
    labels = machine.label(request, sampled.drop("stored"))
    wrong = ["n_wrong", "n_refused"] if "refused" in request.rule.counted_wrong else ["n_wrong"]
    k, w = labels["n_correct"].to_numpy(), labels.select(pl.sum_horizontal(wrong)).to_series().to_numpy()
    drawn = int(labels["n"].sum())
    weights = learn_prior(k.astype(np.int64), w.astype(np.int64))
    unjudged = 1 - (int(k.sum()) + int(w.sum())) / max(drawn, 1)
    sizes = asked.filter(pl.col("n") > 0).group_by("n").len().sort("n").rows()
    found: list[Values] = []
    for name in get_args(StopName):
        rules = StopRules(name, request.rule, request.stopping or machine.stopping)
        try:
            rules.settings.check(name, request.n)
        except UsageError:
            continue  # a rule that these settings rule out
        rules.weights = weights
        if name == "posterior":
            draws = min(rules.settings.pilot_draws, request.n)
            rules.learn(*_pilot_counts(asked.height, draws, weights))
        used = sum(count * float(rules[n].expected_draws(SHARES, unjudged) @ weights) for n, count in sizes)
        per_question = round(used / max(asked.height, 1), 2)
        found.append({"stop_rule": name, "per_question": per_question, "samples": round(used)})
    basis: dict[str, Any] = {"questions": labels.filter(pl.col("n") > 0).height, "samples": drawn}
    return basis, found


def _all_rounds(machine: Machine, made: Pipeline, request: Request, asked: pl.DataFrame) -> Values | None:
    """What all rounds are expected to use, stored or not; None where the pipeline cannot tell."""
    if not hasattr(made, "foresee"):
        return None
    labels = machine.label(request, asked.filter(pl.col("stored") == pl.col("n")).drop("stored"))
    if labels.is_empty():
        return None
    per_question = made.foresee(labels)
    return {"per_question": round(per_question, 2), "samples": round(per_question * asked.height)}


def _pilot_counts(questions: int, draws: int, weights: Reals) -> tuple[Counts, Counts]:
    """The pilot counts k and w that so many questions are expected to have."""
    from scipy.stats import binom

    k = np.arange(draws + 1)
    share = binom.pmf(k[:, None], draws, SHARES) @ weights
    each = np.repeat(k, np.round(share * questions).astype(int))
    return each, draws - each
