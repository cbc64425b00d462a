"""`axolotl.yaml`: what to write into axolotl's configuration for each config that it can read.

Each config has a stanza of its own, to be copied: one run of axolotl trains one kind of rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

FILE: Final = "axolotl.yaml"

_HEAD: Final = """\
# Copy one stanza into your axolotl configuration.
"""
_BESIDE: Final = "# `path` is a folder beside this file: run axolotl here.\n"
_HERE: Final = re.compile(r"^( *- )path: \./(\S+)\r?\n( +)split: (\S+)\r?\n", re.MULTILINE)
"""A source as `_source` has it for the folder."""
_NO_TEMPLATE: Final = """\
# kto_text: `prompt_format` is the bare question, since a server applied the chat template. Write your model's
# template around {prompt}, or the model is trained without it.
"""

_CHAT: Final[dict[str, dict[str, Any]]] = {
    "messages": {
        "type": "chat_template",
        "field_messages": "messages",
        "message_property_mappings": {"role": "role", "content": "content"},
        "message_field_training": "train",
    },
    "text": {"type": "completion", "field": "text"},
    "dpo": {"type": "chat_template.default", "field_messages": "prompt"},
    "process": {"type": "stepwise_supervised", "step_separator": "\n"},
}
_PLAIN: Final[dict[str, dict[str, Any]]] = {
    "sft": {
        "type": {
            "field_instruction": "prompt",
            "field_output": "completion",
            "format": "{instruction}",
            "no_input_format": "{instruction}",
        }
    },
    "text": {"type": "completion", "field": "text"},
    "dpo": {"type": {"field_prompt": "prompt", "field_chosen": "chosen", "field_rejected": "rejected"}},
    "kto": {"type": {"field_prompt": "prompt", "field_completion": "completion", "field_label": "label"}},
    "process": {"type": "stepwise_supervised", "step_separator": "\n"},
}
_RUN: Final[dict[str, dict[str, Any]]] = {
    "dpo": {"rl": "dpo"},
    "kto": {"rl": "kto", "remove_unused_columns": False},
    "kto_text": {"rl": "kto", "remove_unused_columns": False},
    "process": {"process_reward_model": True},
}
"""What a run has to say besides."""


def axolotl_yaml(
    configs: Mapping[str, Mapping[str, int]],
    repo_id: str | None = None,
    chat: bool = True,
    whole: bool = False,
    turn: str | None = None,
) -> str:
    """The stanzas of all configs that axolotl can read.

    Args:
        configs: rows of every config and split.
        repo_id: the repository on the Hub; None for the folder itself.
        chat: whether the rows are messages; text for a base model.
        whole: whether the loss of `sft` is on everything, not on the completion.
        turn: what the model's chat template makes of a question, with `{prompt}` in its place, and
            `{system}` where rows have a system message; None where that is not known.
    """
    known = dict(_CHAT if chat else _PLAIN)
    if not chat and whole:
        known["sft"] = {"type": "completion", "field": "text"}
    if chat:
        known["kto_text"] = {"type": {"field_prompt": "prompt", "prompt_format": turn or "{prompt}"}}
    stanzas = {}
    for config, splits in configs.items():
        if config in known:
            parts = {split: _source(config, split, repo_id) | known[config] for split in splits}
            rest = [part for split, part in parts.items() if split != "train"]
            stanzas[config] = {
                **_RUN.get(config, {}),
                "datasets": [parts[split] for split in ("train",) if split in parts],
                **({"test_datasets": rest[:1]} if rest else {}),
            }
    note = _NO_TEMPLATE if "kto_text" in stanzas and not turn else ""
    beside = "" if repo_id else _BESIDE
    return f"{_HEAD}{beside}{note}{_dumped(stanzas)}"


def _source(config: str, split: str, repo_id: str | None) -> dict[str, Any]:
    """Where the rows are: not by the config's name, which axolotl ignores where `rl` is set."""
    if repo_id is None:
        return {"path": f"./{config}", "split": split}  # a bare `text` would name a reader of `datasets`
    return {"path": repo_id, "data_files": [f"{config}/{split}-*.parquet"], "split": "train"}


def _dumped(stanzas: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(stanzas, sort_keys=False, allow_unicode=True, width=110)


def on_hub(text: str, repo_id: str, configs: Collection[str]) -> str:
    """The file of a folder as it has to read in a repository; what a person wrote into it stays.

    Args:
        text: of the folder's file, whatever a person has made of it.
        repo_id: the repository on the Hub.
        configs: the folder's.
    """

    def source(found: re.Match[str]) -> str:
        dash, config, margin, split = found.groups()
        if config not in configs:
            return found.group()
        lines = _dumped(_source(config, split, repo_id)).splitlines()
        return dash + f"\n{margin}".join(lines) + "\n"

    return _HERE.sub(source, text.replace(_BESIDE, ""))
