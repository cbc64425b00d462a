"""The transformers engine shows what its model holds of an answer, and where the answer's tokens are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from synth.almanac import MODEL_DIR
from synth.engines.base import HIDDEN_STATES
from synth.engines.chat import encode
from synth.engines.transformers import TransformersEngine


@pytest.fixture(scope="module")
def engine() -> Iterator[TransformersEngine]:
    opened = TransformersEngine(str(MODEL_DIR))
    yield opened
    opened.close()


def prompt(engine: TransformersEngine, question: str) -> str:
    return engine.render([{"role": "user", "content": question}])


def test_a_state_is_that_of_the_last_token_in_the_middle_layer(engine: TransformersEngine) -> None:
    assert HIDDEN_STATES in engine.can
    asked = [prompt(engine, "Who is the mayor of Kirkvale?"), prompt(engine, "What is 12 + 7?")]
    told = ["Aldo Ashward", "The sum of 12 and 7 is 19, since 12 + 7 = 19."]
    states = np.array(engine.states(asked, told))
    assert states.shape == (2, engine._loaded.model.config.hidden_size)
    for state, question, text in zip(states, asked, told, strict=True):
        ids = torch.tensor([encode(engine._loaded.tokenizer, question + text)])
        with torch.inference_mode():
            layers = engine._loaded.model(input_ids=ids, output_hidden_states=True).hidden_states
        # Alone or padded beside a longer one, it is the same up to rounding.
        assert state == pytest.approx(layers[len(layers) // 2][0, -1].numpy(), abs=1e-4)


def test_nothing_asked_is_nothing_shown(engine: TransformersEngine) -> None:
    assert engine.states([], []) == []


def test_spans_are_the_tokens_of_the_text(engine: TransformersEngine) -> None:
    text = "The mayor of Kirkvale is Aldo."
    spans = engine.spans(text)
    assert spans is not None
    assert "".join(text[start:end] for start, end in spans) == text
    assert len(spans) == len(engine._loaded.tokenizer(text, add_special_tokens=False)["input_ids"])
