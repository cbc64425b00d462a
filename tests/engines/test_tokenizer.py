"""What renders is light where the files allow it, and says the same as the tokenizer that writes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from synth.engines.chat import layout, render
from synth.engines.tokenizer import open_renderer, open_tokenizer
from synth.errors import UsageError
from synth.prompts import Message

TALKS = [
    [Message(role="user", content="who lives in the town?")],
    [Message(role="system", content="Be brief."), Message(role="user", content="who?")],
]


def changed(model: str, folder: Path, **keys: object) -> str:
    """A copy of a model's folder whose `tokenizer_config.json` has other keys."""
    copy = Path(shutil.copytree(model, folder / "model"))
    file = copy / "tokenizer_config.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | keys), "utf-8")
    return str(copy)


@pytest.mark.parametrize(
    "tokenizer_class", ["TokenizersBackend", "PreTrainedTokenizerFast", "LlamaTokenizer"]
)
def test_it_renders_as_the_whole_tokenizer(
    tiny_model: Callable[..., str], tmp_path: Path, tokenizer_class: str
) -> None:
    for at, folder in enumerate((tiny_model(), tiny_model(template=None))):
        model = changed(folder, tmp_path / str(at), tokenizer_class=tokenizer_class)
        light, whole = open_renderer(model, None), open_tokenizer(model, None)
        assert [render(light, talk) for talk in TALKS] == [render(whole, talk) for talk in TALKS]
        assert [layout(light, system) for system in (False, True)] == [
            layout(whole, system) for system in (False, True)
        ]


def test_a_class_of_its_own_is_left_to_transformers(
    tiny_model: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("synth.engines.tokenizer.open_tokenizer", lambda model, *_: asked.append(model))
    own_class = changed(tiny_model(), tmp_path / "class", tokenizer_class="LlamaTokenizer")
    own_code = changed(tiny_model(), tmp_path / "code", auto_map={"AutoTokenizer": ["a.A", None]})
    without = Path(shutil.copytree(tiny_model(), tmp_path / "without"))
    (without / "tokenizer_config.json").unlink()
    for model in (own_class, own_code, str(without)):
        open_renderer(model, None)
    open_renderer(tiny_model(), None, trust_remote_code=True)
    open_renderer(tiny_model(), None)
    assert asked == [own_class, own_code, str(without), tiny_model()]


def test_a_broken_tokenizer_is_a_sentence(tiny_model: Callable[..., str], tmp_path: Path) -> None:
    for name, text in (
        ("tokenizer_config.json", "["),
        ("tokenizer_config.json", "[]"),
        ("tokenizer.json", "{"),
    ):
        broken = Path(shutil.copytree(tiny_model(), tmp_path / "broken", dirs_exist_ok=True))
        (broken / name).write_text(text, "utf-8")
        with pytest.raises(UsageError, match="cannot be loaded"):
            open_renderer(str(broken), None)
