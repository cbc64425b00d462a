"""What other trainers take: views of the formats, and files that tell a trainer how to read the folder.

chosen((), ("sft", "dpo", "kto"))           # ("sft", "dpo", "kto", "messages"): what an export writes
trainer_files(built, configs, whole=False)         # {"dataset_info.json": …, "axolotl.yaml": …}
trainer_files_on_hub(folder, "you/refusal", owned) # the same, for the repository
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from synth.built import Built
from synth.errors import UsageError, quoted
from synth.exporting.trainers import axolotl, llama_factory, openai
from synth.exporting.trainers.axolotl import axolotl_yaml
from synth.exporting.trainers.llama_factory import dataset_info
from synth.exporting.trainers.views import VIEWS
from synth.formats import SUMMARIES

__all__ = [
    "ALWAYS",
    "OPENAI",
    "VIEWS",
    "axolotl_yaml",
    "chosen",
    "dataset_info",
    "trainer_files",
    "trainer_files_on_hub",
]

OPENAI: Final = "openai"
"""Not a config: JSON Lines in a folder of their own."""

ALWAYS: Final = ("messages",)
"""Views that are written unless formats are named."""

ABOUT: Final = SUMMARIES | {name: view.summary for name, view in VIEWS.items()} | {OPENAI: openai.SUMMARY}
"""Every format and view in one line."""


def chosen(names: Sequence[str], declared: Sequence[str]) -> tuple[str, ...]:
    """What an export writes, in its order.

    Args:
        names: of `--formats`; empty for the pipeline's own formats and `ALWAYS`, "all" for everything.
        declared: the formats of the pipeline.

    Raises:
        UsageError: a name is neither a format of the pipeline nor a view of one.
    """
    views = [name for name, view in VIEWS.items() if view.of in declared]
    offered = (*declared, *views, *([OPENAI] if "sft" in declared else []))
    if "all" in names:
        return offered
    if strange := [name for name in names if name not in offered]:
        raise UsageError(f"--formats: {quoted(strange)} is none of {quoted(offered)}, and not 'all'")
    wanted = names or (*declared, *ALWAYS)
    return tuple(name for name in offered if name in wanted)


def trainer_files(built: Built, configs: Mapping[str, Mapping[str, int]], whole: bool) -> dict[str, str]:
    """The files of a dataset folder that speak to one trainer, by name.

    Args:
        built: the set.
        configs: rows of every config and split.
        whole: whether the loss of `sft` is on everything, not on the completion.
    """
    chat = built.model.get("layout") != "plain"
    entries = dataset_info(configs, chat=chat, whole=whole)
    return {
        llama_factory.FILE: llama_factory.as_text(entries),
        axolotl.FILE: axolotl_yaml(configs, chat=chat, whole=whole, turn=built.model.get("turn")),
    }


def trainer_files_on_hub(folder: Path, repo_id: str, owned: Collection[str]) -> dict[str, str]:
    """What these files of a dataset folder have to say in a repository on the Hub, by name.

    Args:
        folder: the dataset folder.
        repo_id: the repository.
        owned: paths of the set's files; what a person has put in their place is left alone.
    """
    configs = {path.partition("/")[0] for path in owned if "/" in path}
    on_hub: dict[str, Callable[[str], str]] = {
        llama_factory.FILE: lambda text: llama_factory.on_hub(text, repo_id),
        axolotl.FILE: lambda text: axolotl.on_hub(text, repo_id, configs),
    }
    files = {}
    for name in on_hub.keys() & set(owned):
        with suppress(UnicodeDecodeError):  # no longer ours
            files[name] = on_hub[name]((folder / name).read_bytes().decode())
    return files
