"""What tests share: recorded answers made by hand, and builds of them."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

# Tests run beside one another: threads that wait for each other's cores would make all of them slow.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_OFFLINE"] = "1"  # a test that asks the Hub would only wait for it

Recorded = Callable[[Mapping[str, Sequence[str]]], Path]


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    """Writes a file of recorded answers: question → its sampled texts; the right answer is "Paris"."""

    def write(samples: Mapping[str, Sequence[str]], **more: Any) -> Path:
        path = tmp_path / "recorded.jsonl"
        rows = [
            {
                "id": f"q{i}",
                "question": question,
                "answers": ["Paris"],
                "kind": "short",
                "model": "m",
                "samples": [{"text": text} for text in texts],
                **more,
            }
            for i, (question, texts) in enumerate(samples.items())
        ]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return write


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Builds from a recorded file; gives the counts, and the kept rows of each config under "rows"."""

    def run(file: Path, pipeline: str = "refusal", name: str = "out", **settings: Any) -> dict[str, Any]:
        from synth.verbs.build import run_build

        out = tmp_path / name
        flags = {"engine": "replay", "recorded": str(file), "store": str(tmp_path / "store")}
        counts = run_build(pipeline, flags | {"output_dir": str(out)} | settings, quiet=True)
        rows = {config: pl.read_parquet(out / config / "*.parquet") for config in counts["configs"]}
        return counts | {"rows": rows}

    return run


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real questions and answers; tests that need it are skipped without it."""
    folder = os.environ.get("SYNTH_TEST_DATA")
    if not folder:
        pytest.skip("SYNTH_TEST_DATA names no folder of real questions and answers")
    return Path(folder)


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Makes a tiny BERT's folder, random but always of the same weights: `classifier("neutral", …)`."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    letters = {chr(code): code for code in range(1, 128)} | {"[PAD]": 0, "[SEP]": 128, "[UNK]": 129}
    inner = Tokenizer(models.WordLevel(letters, unk_token="[UNK]"))
    inner.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    inner.post_processor = processors.TemplateProcessing(
        single="$A [SEP]", pair="$A [SEP] $B [SEP]", special_tokens=[("[SEP]", 128)]
    )
    marks = {"pad_token": "[PAD]", "unk_token": "[UNK]"}
    tokenizer: Any = PreTrainedTokenizerFast(tokenizer_object=inner, **marks)  # type: ignore[no-untyped-call]

    def make(*labels: str) -> str:
        torch.manual_seed(1)
        config = BertConfig(
            vocab_size=130, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
            id2label=dict(enumerate(labels)), label2id={label: at for at, label in enumerate(labels)},
            initializer_range=1.5,
        )  # fmt: skip
        folder = tmp_path_factory.mktemp("classifier")
        model: Any = BertForSequenceClassification(config)  # type: ignore[no-untyped-call]
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return str(folder)

    return make
