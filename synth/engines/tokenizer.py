"""A model's tokenizer: whole, for tokens; or as much of it as rendering a conversation takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from synth.errors import UsageError, first_line

_CONFIG: Final = "tokenizer_config.json"
_GENERAL: Final = frozenset({"TokenizersBackend", "PreTrainedTokenizerFast"})
"""The class of a tokenizer that is all in its files, by its name in transformers 5 and before."""


def open_tokenizer(model: str, commit: str | None, trust_remote_code: bool = False) -> Any:
    """The tokenizer, of the class that transformers chooses for the model.

    Args:
        model: a folder or a Hub id.
        commit: of a Hub id.
        trust_remote_code: run code that comes with the model.

    Raises:
        UsageError: it cannot be loaded.
    """
    from transformers import AutoTokenizer

    return _opened(AutoTokenizer, model, commit, trust_remote_code=trust_remote_code)


def open_renderer(model: str, commit: str | None, trust_remote_code: bool = False) -> Any:
    """A tokenizer to render conversations with: its template and special tokens are the model's.

    To choose a class, transformers imports torch and much else, which takes seconds. Where the files name
    the general class, it is asked for by name, and that imports little.

    Args:
        model: a folder or a Hub id.
        commit: of a Hub id.
        trust_remote_code: run code that comes with the model.

    Raises:
        UsageError: it cannot be loaded.
    """
    if trust_remote_code or not _is_general(model, commit):
        return open_tokenizer(model, commit, trust_remote_code)
    from transformers import PreTrainedTokenizerFast

    return _opened(PreTrainedTokenizerFast, model, commit)


def _is_general(model: str, commit: str | None) -> bool:
    from huggingface_hub import hf_hub_download

    try:
        file = Path(hf_hub_download(model, _CONFIG, revision=commit)) if commit else Path(model, _CONFIG)
        config = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return False  # transformers says what is amiss, or knows this kind of model
    if not isinstance(config, dict):
        return False
    return config.get("tokenizer_class") in _GENERAL and "auto_map" not in config


def _opened(kind: Any, model: str, commit: str | None, **options: Any) -> Any:
    try:
        return kind.from_pretrained(model, revision=commit, **options)
    except Exception as error:  # whatever the libraries have against these files
        raise UsageError(f"'{model}' cannot be loaded: {first_line(error)}") from error
