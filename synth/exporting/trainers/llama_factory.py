"""`dataset_info.json`: what LLaMA-Factory needs to know of the folder, one entry a config and split.

    dataset_dir: out/refusal            # or REMOTE:you/refusal, once it is on the Hub
    dataset: messages

An entry for the folder names `.` as a "script": so it is read through its card, with configs and splits. A
bare folder of files would mix the splits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

FILE: Final = "dataset_info.json"

_HERE: Final = {"script_url": "."}

LAST_TURN: Final = "Train with mask_history: true, or earlier answers of a talk are learned too."
ALL_TURNS: Final = "Train with train_on_prompt: true, for these rows want the questions learned as well."
UNENDED: Final = "Train with template: empty, which adds no end mark: the model is not taught where to stop."
"""What an entry cannot say for itself: the loss and the template are options of the training."""

_TALK: Final[dict[str, Any]] = {
    "formatting": "sharegpt",
    "tags": {
        "role_tag": "role",
        "content_tag": "content",
        "user_tag": "user",
        "assistant_tag": "assistant",
        "system_tag": "system",
    },
}
_PAIR: Final = {"chosen": "chosen", "rejected": "rejected"}
_CHAT: Final[dict[str, dict[str, Any]]] = {
    "messages": _TALK | {"columns": {"messages": "messages"}},
    "text": {"columns": {"prompt": "text"}},
    "dpo_messages": _TALK | {"ranking": True, "columns": {"messages": "messages", **_PAIR}},
    "kto_messages": _TALK | {"columns": {"messages": "messages", "kto_tag": "label"}},
}
"""What each config is, for a model with a chat template."""

_PLAIN: Final[dict[str, dict[str, Any]]] = {
    "sft": {"columns": {"prompt": "prompt", "response": "completion"}},
    "text": {"columns": {"prompt": "text"}},
    "dpo": {"ranking": True, "columns": {"prompt": "prompt", **_PAIR}},
    "kto": {"columns": {"prompt": "prompt", "response": "completion", "kto_tag": "label"}},
}
"""What each config is, for a base model: text."""


def dataset_info(
    configs: Mapping[str, Mapping[str, int]],
    repo_id: str | None = None,
    chat: bool = True,
    whole: bool = False,
) -> dict[str, dict[str, Any]]:
    """The entries of all configs that LLaMA-Factory can read; `train` has the config's name alone.

    Args:
        configs: rows of every config and split.
        repo_id: the repository on the Hub; None for the folder itself.
        chat: whether the rows are messages; text for a base model.
        whole: whether the loss of `sft` is on everything, not on the completion.
    """
    where = {"hf_hub_url": repo_id} if repo_id else _HERE
    known, notes = dict(_PLAIN), dict.fromkeys(("sft", "dpo", "kto"), UNENDED)
    if chat:
        known, notes = dict(_CHAT), {"messages": ALL_TURNS if whole else LAST_TURN}
    elif whole:
        known["sft"] = known["text"]
        del notes["sft"]
    return {
        config if split == "train" else f"{config}_{split}": {
            **where,
            "subset": config,
            "split": split,
            **known[config],
            **({"note": notes[config]} if config in notes else {}),
        }
        for config, splits in configs.items()
        if config in known
        for split in splits
    }


def as_text(entries: Mapping[str, Any]) -> str:
    """The file's text."""
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def on_hub(text: str, repo_id: str) -> str:
    """The file of a folder as it has to read in a repository; what a person wrote into it stays.

    Args:
        text: of the folder's file, whatever a person has made of it.
        repo_id: the repository on the Hub.
    """
    try:
        entries = json.loads(text)
    except ValueError:
        return text
    if not isinstance(entries, dict):
        return text
    return as_text({name: _on_hub(entry, repo_id) for name, entry in entries.items()})


def _on_hub(entry: Any, repo_id: str) -> Any:
    if not (isinstance(entry, dict) and entry.items() >= _HERE.items()):
        return entry
    return {"hf_hub_url": repo_id} | {key: value for key, value in entry.items() if key not in _HERE}
