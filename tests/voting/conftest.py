"""A tiny classifier of random weights, saved and loaded as a real one is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Makes a BERT's folder, always of the same weights: `classifier("neutral", "entailment", …)`."""
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
