"""What a label speaks about: the same string for the same weights, tokenizer and template, wherever they lie.

A Hub id is its commit. A folder is a hash of its small files in full and of its weights by name, size and
their first and last MiB: reading 100 GB to name a model would take longer than many runs.
"""

from __future__ import annotations

import hashlib
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from synth.errors import UsageError, first_line

_FULL: Final = (
    "config.json",
    "generation_config.json",
    "adapter_config.json",
    "*tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "spiece.model",
    "*.tiktoken",
    "chat_template*",
    "additional_chat_templates/*",
    "*.index.json",
    "*.py",
)
_WEIGHTS: Final = ("*.safetensors", "*.gguf", "pytorch_model*.bin", "adapter_model*.bin")
_MIB: Final = 1 << 20


def identity_of(model: str, revision: str | None = None, strict: bool = False) -> str:
    """The identity of a model's folder or Hub id.

    Args:
        model: a folder or a Hub id.
        revision: branch, tag or commit on the Hub.
        strict: hash all bytes of a folder's weights.

    Returns:
        "sha256:…" for a folder, "org/name@commit" for a Hub id.

    Raises:
        UsageError: no model there, or it cannot be reached.
    """
    folder = folder_of(model, revision)
    return _folder_identity(folder, strict) if folder else f"{model}@{commit_of(model, revision)}"


def place_of(model: str, identity: str) -> tuple[str, str | None]:
    """From where a library loads the model of an identity: its folder, or its Hub id and commit."""
    if folder := folder_of(model):
        return str(folder), None
    return model, identity.rpartition("@")[2]


def folder_of(model: str, revision: str | None = None) -> Path | None:
    """The model's folder, or None for what can only be a Hub id; refuses a folder without a model."""
    folder = Path(model).expanduser()
    if not folder.is_dir():
        if folder.exists() or folder.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
            raise UsageError(f"'{model}' is not a folder with a model.")
        return None
    if not (folder / "config.json").is_file():
        raise UsageError(f"'{model}' is not a model: it has no config.json.")
    if not _matching(folder, _WEIGHTS):
        raise UsageError(f"'{model}' is not a whole model: it has no weights ({', '.join(_WEIGHTS)}).")
    if revision:
        raise UsageError(f"'{model}' is a folder, and a folder has no revision '{revision}'.")
    return folder


def commit_of(model: str, revision: str | None = None) -> str:
    """The commit that a Hub id stands for, from the Hub or, offline, from the local cache."""
    from huggingface_hub import errors, hf_hub_download

    at = f" at revision '{revision}'" if revision else ""
    try:
        # The snapshot's folder is named after its commit, online and offline alike.
        return Path(hf_hub_download(model, "config.json", revision=revision)).parent.name
    except errors.HFValidationError:
        problem = "is neither a folder nor a Hub id"
    except errors.GatedRepoError:
        problem = "is gated: accept its terms on the Hub and set HF_TOKEN"
    except errors.RepositoryNotFoundError:
        problem = "is neither a folder nor on the Hub (a private one needs HF_TOKEN)"
    except errors.RevisionNotFoundError:
        problem = "is not on the Hub"
    except errors.LocalEntryNotFoundError:
        problem = "is not in the local cache, and the Hub cannot be reached"
    except errors.EntryNotFoundError:
        problem = "is on the Hub, but is not a model: it has no config.json"
    except (errors.HfHubHTTPError, OSError) as error:
        problem = f"could not be looked up on the Hub: {first_line(error)}"
    raise UsageError(f"'{model}'{at} {problem}.")


def _folder_identity(folder: Path, strict: bool) -> str:
    digest = hashlib.sha256()
    for file in _matching(folder, _FULL):
        _add(digest, "file", file.relative_to(folder).as_posix(), _sha256(file))
    for file in _matching(folder, _WEIGHTS):
        content = _sha256(file) if strict else _ends(file)
        _add(digest, "weights", file.relative_to(folder).as_posix(), str(file.stat().st_size), content)
    return f"sha256:{digest.hexdigest()[:32]}"


def _matching(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    files = (file for file in folder.rglob("*") if file.is_file())
    names = ((file.relative_to(folder).as_posix(), file) for file in files)
    return [file for name, file in sorted(names) if any(_is(name, pattern) for pattern in patterns)]


def _is(name: str, pattern: str) -> bool:
    # fnmatch's star crosses slashes: without the count a checkpoint inside the folder would be part of it.
    return fnmatch(name, pattern) and name.count("/") == pattern.count("/")


def _add(digest: hashlib._Hash, *parts: str) -> None:
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        digest = hashlib.sha256()
        while block := stream.read(_MIB):
            digest.update(block)
        return digest.hexdigest()


def _ends(file: Path) -> str:
    with file.open("rb") as stream:
        digest = hashlib.sha256(stream.read(_MIB))
        stream.seek(max(0, file.stat().st_size - _MIB))
        digest.update(stream.read(_MIB))
        return digest.hexdigest()
