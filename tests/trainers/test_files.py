"""What an export writes for each trainer, and what it refuses to write."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from synth.almanac import MODEL_DIR
from synth.engines.chat import layout
from synth.errors import SynthError, UsageError
from synth.exporting import read_manifest
from synth.exporting.configs import training_rows
from synth.exporting.trainers import (
    axolotl,
    axolotl_yaml,
    chosen,
    dataset_info,
    llama_factory,
    trainer_files_on_hub,
)
from synth.exporting.trainers.openai import lines
from synth.exporting.trainers.plain import plain_rows, prompt_text
from synth.exporting.trainers.views import VIEWS
from synth.formats import MESSAGES, SCHEMAS
from synth.prompts import plain_text
from synth.schema import SPINE
from tests.trainers.conftest import ROWS

Folder = Callable[..., Path]
CONFIGS = {"sft": {"train": 5, "test": 2}, "dpo": {"train": 5}, "messages": {"train": 5, "test": 2}}


def talk(*contents: str, system: str | None = None) -> list[dict[str, str]]:
    """Person and model in turn."""
    roles = ["user", "assistant"] * len(contents)
    before = [{"role": "system", "content": system}] if system else []
    return before + [{"role": role, "content": text} for role, text in zip(roles, contents, strict=False)]


def rows_of(**columns: Any) -> pl.LazyFrame:
    """One row of a config."""
    schema = {name: MESSAGES for name, value in columns.items() if isinstance(value, list)}
    return pl.LazyFrame(
        {name: [value] for name, value in columns.items()} | {"id": ["a"]}, schema_overrides=schema
    )


def test_left_out_it_writes_the_pipelines_formats_and_messages() -> None:
    assert chosen((), ("sft", "dpo")) == ("sft", "dpo", "messages")
    assert chosen((), ("kto",)) == ("kto",), "messages are a view of sft"


def test_named_formats_come_in_their_order() -> None:
    assert chosen(("kto_text", "sft"), ("sft", "kto")) == ("sft", "kto_text")
    everything = ("sft", "kto", "messages", "text", "kto_messages", "kto_text", "openai")
    assert chosen(("all",), ("sft", "kto")) == everything


@pytest.mark.parametrize("name", ["grpo", "messagse", "dpo_messages"])
def test_a_format_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' is none of 'sft', 'kto', 'messages'"):
        chosen((name,), ("sft", "kto"))


def test_messages_say_which_are_learned() -> None:
    rows = VIEWS["messages"].rows(rows_of(prompt=talk("a", "b", "c"), completion=talk("", "d")[1:])).collect()
    assert [(turn["content"], turn["train"]) for turn in rows["messages"][0]] == [
        *(("a", False), ("b", False), ("c", False), ("d", True))
    ]
    rows = VIEWS["messages"].rows(rows_of(messages=talk("a", "b"))).collect()
    assert [turn["train"] for turn in rows["messages"][0]] == [True, True]


def test_text_for_kto_keeps_a_talk_of_several_turns_whole() -> None:
    rows = rows_of(prompt=talk("a", "b", "c", system="s"), completion=talk("", "d")[1:], label=True)
    row = VIEWS["kto_text"].rows(rows).collect().row(0, named=True)
    said = {"system": "s", "prompt": "Question: a\n\nAnswer: b\n\nQuestion: c", "completion": "d"}
    assert row == {**said, "label": True, "id": "a"}


@pytest.mark.parametrize("messages", [talk("a"), talk("a\n{b}", "c", "Answer: d", system="s")])
def test_a_base_model_gets_what_it_was_asked(messages: Any) -> None:
    asked = rows_of(prompt=messages).select(prompt_text(pl.col("prompt"))).collect().item()
    assert asked == plain_text(messages)


def test_a_base_model_gets_text_alone() -> None:
    rows = plain_rows(rows_of(prompt=talk("a"), chosen=talk("", "b")[1:], rejected=talk("", "c")[1:]))
    assert rows.collect().row(0) == ("Question: a\n\nAnswer:", " b", " c", "a")
    rows = plain_rows(rows_of(chosen=talk("a", "b"), rejected=talk("a", "c")))
    assert rows.collect().row(0)[:2] == ("Question: a\n\nAnswer: b", "Question: a\n\nAnswer: c")
    assert plain_rows(rows_of(messages=talk("a", "b"))).collect().columns == ["text", "id"]


def test_openai_learns_the_completion_alone() -> None:
    rows = rows_of(prompt=talk("a", 'b"\n', "c", system="s"), completion=talk("", "d")[1:])
    line = lines(rows).collect().item()
    assert "\n" not in line
    system, *rest = json.loads(line)["messages"]
    assert system == {"role": "system", "content": "s"}
    assert rest == [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": 'b"\n', "weight": 0},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": "d"},
    ]


def test_llama_factory_reads_the_folder_or_the_hub() -> None:
    entries = dataset_info(CONFIGS)
    assert list(entries) == ["messages", "messages_test"], "it cannot read TRL's sft and dpo"
    assert entries["messages"]["script_url"] == "."
    assert "mask_history: true" in entries["messages"]["note"]
    assert dataset_info(CONFIGS, "me/set")["messages_test"]["hf_hub_url"] == "me/set"
    assert list(dataset_info(CONFIGS, chat=False)) == ["sft", "sft_test", "dpo"]


def test_axolotl_trains_on_train_and_tests_on_test() -> None:
    stanzas = yaml.safe_load(axolotl_yaml(CONFIGS))
    assert list(stanzas) == ["dpo", "messages"]
    assert stanzas["dpo"]["rl"] == "dpo"
    (source,) = stanzas["messages"]["test_datasets"]
    assert (source["path"], source["split"]) == ("./messages", "test")
    assert source["message_field_training"] == "train"


def test_an_unknown_chat_template_is_said() -> None:
    text = axolotl_yaml({"kto_text": {"train": 1}})
    assert "Write your model's" in text
    assert "Write" not in axolotl_yaml({"kto_text": {"train": 1}}, turn="<u>{prompt}<a>")


@pytest.mark.parametrize("system", [False, True])
def test_the_template_around_a_question_is_the_models_own(system: bool) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(MODEL_DIR)
    messages = talk("Who {is} it?", system="Be brief." if system else None)
    asked = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    facts = layout(tokenizer, system)
    assert facts["layout"] == "chat"
    assert facts["turn"].format(prompt="Who {is} it?", system="Be brief.") == asked
    tokenizer.chat_template = None
    assert layout(tokenizer, system) == {"layout": "plain"}


def test_on_the_hub_the_files_name_the_repository(folder: Folder) -> None:
    out = folder()
    owned = read_manifest(out)["files"]
    files = trainer_files_on_hub(out, "me/set", owned)
    configs = {config: {"train": ROWS} for config in (path.partition("/")[0] for path in owned)}
    assert json.loads(files["dataset_info.json"]) == dataset_info(configs, "me/set")
    stanzas = yaml.safe_load(files["axolotl.yaml"])
    for config, stanza in stanzas.items():
        (source,) = stanza["datasets"]
        assert source["path"] == "me/set"
        assert source["data_files"] == [f"{config}/train-*.parquet"]
    here = yaml.safe_load((out / "axolotl.yaml").read_text())
    assert [{**s, "datasets": 0} for s in here.values()] == [{**s, "datasets": 0} for s in stanzas.values()]
    assert trainer_files_on_hub(out, "me/set", ["sft/train-00000-of-00001.parquet"]) == {}


@pytest.mark.parametrize("chat", [True, False])
def test_the_repositorys_stanzas_are_those_of_the_folder(chat: bool) -> None:
    here = axolotl_yaml(CONFIGS | {"kto_text": {"train": 1}}, chat=chat)
    there = axolotl_yaml(CONFIGS | {"kto_text": {"train": 1}}, "me/set", chat=chat)
    assert axolotl.on_hub(here, "me/set", CONFIGS.keys() | {"kto_text"}) == there
    entries = llama_factory.as_text(dataset_info(CONFIGS, chat=chat))
    there = llama_factory.as_text(dataset_info(CONFIGS, "me/set", chat=chat))
    assert llama_factory.on_hub(entries, "me/set") == there


def test_what_a_person_made_of_a_trainers_file_stays() -> None:
    own = "# mine\nmessages:\n  datasets:\n  - path: ./messages  # here\n  - path: ./own\n    split: train\n"
    assert axolotl.on_hub(own, "me/set", CONFIGS) == own
    mixed = own + "  - path: ./sft\r\n    split: test\r\n    type: {mine: 1}\n"
    there = axolotl.on_hub(mixed, "me/set", CONFIGS)
    assert there.startswith(own)
    assert yaml.safe_load(there)["messages"]["datasets"][2] == {
        "path": "me/set",
        "data_files": ["sft/test-*.parquet"],
        "split": "train",
        "type": {"mine": 1},
    }
    for broken in ("", "a: [", "- 1", "{", "[1]", '{"a": 1, "b": {"script_url": "./own.py"}}'):
        assert axolotl.on_hub(broken, "me/set", CONFIGS) == broken
        there = llama_factory.on_hub(broken, "me/set")
        assert there == broken or json.loads(there) == json.loads(broken)


def test_a_base_models_rows_are_text_throughout(folder: Folder, base_model: Path) -> None:
    out = folder(model=str(base_model))
    for config in ("sft", "dpo", "kto", "grpo", "reward"):
        row = pl.read_parquet(out / config / "*.parquet").row(0, named=True)
        replies = [row[name] for name in ("completion", "chosen", "rejected") if name in row]
        assert row["prompt"].startswith("Question: ")
        assert row["prompt"].endswith("\n\nAnswer:")
        assert all(reply.startswith(" It is ") for reply in replies)
    assert not (out / "messages").exists(), "it has no chat template"


def test_rows_of_two_kinds_are_refused() -> None:
    """A trainer would read one kind and take the other for something else."""
    replies = talk("a", "b")
    pair = {"chosen": replies, "rejected": replies, "margin": None}
    mixed: dict[str, list[dict[str, Any]]] = {
        "reward": [{"prompt": replies, **pair}, {"prompt": None, **pair}],
        "process": [{"prompt": "a", "completions": ["b", "c"], "labels": [True]}] * 2,
    }
    for name, rows in mixed.items():
        column = pl.Series(name, rows, dtype=pl.Struct(SCHEMAS[name]))
        examples = pl.DataFrame({"id": ["r1", "r2"], name: column})
        examples = examples.with_columns(pl.lit(None).alias(n) for n in SPINE if n not in examples.columns)
        with pytest.raises(SynthError, match=f"the column '{name}'"):
            training_rows(examples, name)


def test_files_are_written_and_owned(folder: Folder) -> None:
    out = folder()
    owned = read_manifest(out)["files"]
    assert {"axolotl.yaml", "dataset_info.json", "openai/train.jsonl"} <= set(owned)
    lines = (out / "openai/train.jsonl").read_text().splitlines()
    assert len(lines) == pl.read_parquet(out / "sft/*.parquet").height
