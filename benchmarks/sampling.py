"""How much of an engine's speed is left when `synth` samples with it.

    python benchmarks/sampling.py [--model FOLDER] [--questions 1600] [--n 8] [--pairs 5] [--json FILE]

Against vLLM's own `LLM.generate`, with the same prompts, seeds and parameters, both loaded and warmed, in
alternating pairs: sampling alone, with grading, and adaptive. And against `transformers`: a call for each
sample, as the papers' scripts make them, and batches of 512 rows sorted by length. Rates are generated
tokens a second; what is told is the median of the pairs' ratios. The bars are those of a two-core machine
without a GPU. Needs vLLM.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from synth import asking
from synth.engines import BUILTIN, model_folder
from synth.engines.base import Sampling
from synth.engines.vllm import VllmEngine
from synth.engines.vllm.settings import Settings, engine_arguments
from synth.machine import Machine
from synth.pipeline import Request
from synth.questions import load_questions
from synth.sampling.rule import LabelRule
from synth.store import Store, base_seed

BARS: Final = {
    "sampling": 0.95,
    "with grading": 0.85,
    "adaptive": 0.85,
    "a call a sample": 30.0,
    "batches of 512": 2.5,
}


class Rate(NamedTuple):
    """What a run wrote, and how long it took."""

    tokens: int
    samples: int
    seconds: float

    @property
    def tokens_a_second(self) -> float:
        """The rate that runs are compared by."""
        return self.tokens / self.seconds


class Bench:
    """The questions, and the engines that answer them.

    Args:
        model: a folder, a Hub id, or the built-in model.
        questions: how many, evenly spaced over the set; all of it again under other ids where it has fewer.
        n: samples a question.
        max_tokens: of a sample.
    """

    def __init__(self, model: str, questions: int, n: int, max_tokens: int) -> None:
        from vllm import LLM

        self.n = n
        self.sampling = Sampling(temperature=0.7, max_tokens=max_tokens)
        self.questions = _questions(questions)
        self.engine = VllmEngine(model_folder(model))
        settings = Settings(model=model_folder(model), revision=None)
        self.llm = LLM(**engine_arguments(settings))
        self.folder = model_folder(model)

    def raw(self) -> Rate:
        """`LLM.generate` on the prompts that `synth` would send, with the seeds that it would give."""
        from vllm import SamplingParams

        prompts = self._prompts()
        parameters = [
            SamplingParams(
                n=self.n,
                temperature=self.sampling.temperature,
                max_tokens=self.sampling.max_tokens,
                seed=base_seed(key),
                logprobs=0,
            )
            for key in prompts["key"]
        ]
        started = time.monotonic()
        outputs = self.llm.generate(prompts["prompt"].to_list(), parameters, use_tqdm=False)
        seconds = time.monotonic() - started
        texts = [sample for output in outputs for sample in output.outputs]
        return Rate(sum(len(sample.token_ids) for sample in texts), len(texts), seconds)

    def ours(self, request: Request) -> Rate:
        """What `synth sample` does once the engine is loaded, into a store of its own."""
        with tempfile.TemporaryDirectory() as folder:
            started = time.monotonic()
            machine = Machine(
                self.questions, self.engine, Store(Path(folder) / "store"), self.sampling, quiet=True
            )
            machine.answer(request)
            machine.grading.close()
            seconds = time.monotonic() - started
            assert not machine.drawn.failures
            return Rate(machine.drawn.tokens, machine.drawn.new, seconds)

    def one_by_one(self, samples: int) -> Rate:
        """`transformers`, a call for each sample."""
        model, tokenizer = self._transformers()
        prompts = _spaced(self._prompts(), samples)["prompt"].to_list()
        started, tokens = time.monotonic(), 0
        for prompt in prompts:
            tokens += self._generate(model, tokenizer, [prompt])
        return Rate(tokens, len(prompts), time.monotonic() - started)

    def batches(self, rows: int) -> Rate:
        """`transformers`, batches of `rows` rows sorted by length."""
        model, tokenizer = self._transformers()
        prompts = sorted(self._prompts()["prompt"].to_list() * self.n, key=len)
        started, tokens = time.monotonic(), 0
        for at in range(0, len(prompts), rows):
            tokens += self._generate(model, tokenizer, prompts[at : at + rows])
        return Rate(tokens, len(prompts), time.monotonic() - started)

    def close(self) -> None:
        """End the engines."""
        self.engine.close()

    def _prompts(self) -> pl.DataFrame:
        conversations = asking.conversations(self.questions, None)
        asks = asking.asks(self.questions.with_columns(conversations), Request(self.n))
        return pl.concat(list(asking.prompts(asks, self.engine, self.sampling, self.n, None)))

    def _transformers(self) -> tuple[Any, Any]:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(self.folder, padding_side="left")
        return AutoModelForCausalLM.from_pretrained(self.folder, dtype="float32"), tokenizer

    def _generate(self, model: Any, tokenizer: Any, prompts: list[str]) -> int:
        import torch

        batch = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False)
        with torch.inference_mode():
            written = model.generate(
                input_ids=batch["input_ids"],
                attention_mask=batch["attention_mask"],
                do_sample=True,
                temperature=self.sampling.temperature,
                top_k=0,
                max_new_tokens=self.sampling.max_tokens,
                pad_token_id=tokenizer.pad_token_id,
            )[:, batch["input_ids"].shape[1] :]
        return int((written != tokenizer.pad_token_id).sum())


def _questions(count: int) -> pl.DataFrame:
    frame = load_questions(BUILTIN, split="train").frame
    copies = [
        frame.with_columns(id=pl.format("{}/{}", "id", pl.lit(copy)))
        for copy in range(-(-count // len(frame)))
    ]
    return _spaced(pl.concat(copies), count)


def _spaced(frame: pl.DataFrame, count: int) -> pl.DataFrame:
    """So many rows, evenly spaced: the set is in the order of its kinds, which differ in length."""
    return frame[[at * len(frame) // count for at in range(min(count, len(frame)))]]


def measure(bench: Bench, pairs: int, single: int) -> Iterator[tuple[str, float, list[float]]]:
    """For each comparison its name, our median rate, and the pairs' ratios."""
    rule = LabelRule()
    runs: dict[str, tuple[Callable[[], Rate], Callable[[], Rate]]] = {
        "sampling": (lambda: bench.ours(Request(bench.n, grade=False)), bench.raw),
        "with grading": (lambda: bench.ours(Request(bench.n, rule=rule)), bench.raw),
        "adaptive": (lambda: bench.ours(Request(2 * bench.n, stop_rule="curtail", rule=rule)), bench.raw),
    }
    bench.raw()
    bench.ours(Request(bench.n, rule=rule))
    for name, (ours, theirs) in runs.items():
        rates = [(ours(), theirs()) if pair % 2 else (theirs(), ours())[::-1] for pair in range(pairs)]
        ratios = [one.tokens_a_second / other.tokens_a_second for one, other in rates]
        yield name, statistics.median(one.tokens_a_second for one, _ in rates), ratios
    plain: dict[str, Callable[[], Rate]] = {
        "a call a sample": lambda: bench.one_by_one(single),
        "batches of 512": lambda: bench.batches(512),
    }
    for name, run in plain.items():
        rates = [(bench.ours(Request(bench.n, grade=False)), run()) for _ in range(max(1, pairs // 2))]
        ratios = [one.tokens_a_second / other.tokens_a_second for one, other in rates]
        yield name, statistics.median(one.tokens_a_second for one, _ in rates), ratios


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=BUILTIN)
    parser.add_argument("--questions", type=int, default=1600)
    parser.add_argument("--n", type=int, default=8)
    parser.add_argument("--max-tokens", type=int, default=128)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--single", type=int, default=64, help="samples drawn with a call for each")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    bench = Bench(given.model, given.questions, given.n, given.max_tokens)
    found = {}
    print(f"{'':<18}{'tokens/s':>10}{'ratio':>8}{'bar':>7}   pairs")
    try:
        for name, rate, ratios in measure(bench, given.pairs, given.single):
            ratio = statistics.median(ratios)
            found[name] = {"tokens_a_second": rate, "ratio": ratio, "bar": BARS[name], "pairs": ratios}
            pairs = " ".join(f"{each:.2f}" for each in ratios)
            print(f"{name:<18}{rate:>10,.0f}{ratio:>8.2f}{BARS[name]:>7.2f}   {pairs}", flush=True)
    finally:
        bench.close()
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
