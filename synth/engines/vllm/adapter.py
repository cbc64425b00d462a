"""LoRA adapters: where they lie, how they are named, and their rank."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final, NamedTuple

from synth.errors import UsageError, first_line

_CONFIG: Final = "adapter_config.json"
_WEIGHTS: Final = ("adapter_model.safetensors", "adapter_model.bin")


class Adapter(NamedTuple):
    """A LoRA adapter.

    Attributes:
        folder: where it lies.
        identity: "sha256:…" of a folder, "org/name@commit" of a Hub id.
        rank: its rank.
    """

    folder: str
    identity: str
    rank: int


def open_adapter(lora: str) -> Adapter:
    """The adapter in a folder or under a Hub id.

    Raises:
        UsageError: there is no adapter, or it cannot be reached.
    """
    folder = Path(lora).expanduser()
    if folder.is_dir():
        identity = None
    elif folder.exists() or folder.is_absolute() or lora.startswith((".", "~")) or lora.count("/") != 1:
        raise UsageError(f"--lora: '{lora}' is neither a folder with an adapter nor a Hub id.")
    else:
        folder = _from_the_hub(lora)
        identity = f"{lora}@{folder.name}"
    weights = next((folder / name for name in _WEIGHTS if (folder / name).is_file()), None)
    if weights is None or not (folder / _CONFIG).is_file():
        raise UsageError(f"--lora: '{lora}' is not an adapter: it needs {_CONFIG} and {_WEIGHTS[0]}.")
    try:
        rank = int(json.loads((folder / _CONFIG).read_text(encoding="utf-8"))["r"])
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"--lora: {folder / _CONFIG} names no rank 'r'.") from None
    return Adapter(str(folder.resolve()), identity or _hash(folder / _CONFIG, weights), rank)


def _from_the_hub(lora: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(lora, allow_patterns=[_CONFIG, *_WEIGHTS]))
    except (OSError, ValueError) as error:
        raise UsageError(f"--lora: '{lora}' cannot be fetched from the Hub: {first_line(error)}") from error


def _hash(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            digest.update(f"{file.name}:{file.stat().st_size}:".encode())
            while block := stream.read(1 << 20):
                digest.update(block)
    return f"sha256:{digest.hexdigest()[:32]}"
