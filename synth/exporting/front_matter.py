"""The YAML at the head of a card: plain data by the Hub's specification, dumped and never templated."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from synth.built import Built
from synth.exporting.licences import licence_keys
from synth.exporting.scrub import scrub

FrontMatter = dict[str, Any]

_LICENCE: Final = ("license", "license_name", "license_details", "license_link")
_TAGS: Final = ("synthetic", "synth", "calibration", "refusal", "uncertainty")
_SIZES: Final = {
    1_000: "n<1K",
    10_000: "1K<n<10K",
    100_000: "10K<n<100K",
    1_000_000: "100K<n<1M",
    10_000_000: "1M<n<10M",
}


def front_matter(built: Built, configs: dict[str, dict[str, int]], folder: Path) -> FrontMatter:
    """What we would write at the head of the card of `folder`, had nobody touched it."""
    licences = [
        *built.questions["license"].drop_nulls().unique().sort(),
        *(i.get("license") for i in built.inputs),
    ]
    return {
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "language": [str(built.settings.get("language") or "en")],
        **licence_keys(licences),
        "pretty_name": _pretty_name(built),
        "size_categories": [_size(built.kept.height)],
        "task_categories": ["text-generation", "question-answering"],
        "tags": list(dict.fromkeys([*_TAGS, built.pipeline])),
        "configs": [
            {
                "config_name": config,
                **({"default": True} if number == 0 else {}),
                "data_files": [{"split": split, "path": _files(folder, config, split)} for split in splits],
            }
            for number, (config, splits) in enumerate(configs.items())
        ],
    }


def merge(ours: FrontMatter, last: FrontMatter, found: FrontMatter) -> FrontMatter:
    """Our new front matter, with what a person changed in the old one.

    A key that a person changed, added or removed since we last wrote it stays as they left it. The
    licence's keys count as one. `configs` and `size_categories` are always ours, since they say what the
    files are; configs that a person added are kept behind them.

    Args:
        ours: what we would write now.
        last: what we would have written last time.
        found: what stands in the card.
    """
    edited = {name for name in {*last, *found} if last.get(name) != found.get(name)}
    if edited & set(_LICENCE):
        edited |= set(_LICENCE)
    edited -= {"configs", "size_categories"}
    merged = {name: value for name, value in found.items() if name in edited or name in ours}
    merged |= {name: value for name, value in ours.items() if name not in edited}
    return merged | {"configs": [*ours["configs"], *_added(ours, last, found)]}


def dump(data: FrontMatter) -> str:
    """The data as YAML between fences."""
    from huggingface_hub import DatasetCardData

    return f"---\n{DatasetCardData(**data).to_yaml(original_order=list(data))}\n---\n"


def _added(ours: FrontMatter, last: FrontMatter, found: FrontMatter) -> Iterable[Any]:
    known = {config["config_name"] for side in (ours, last) for config in side.get("configs", ())}
    configs = found.get("configs")
    for config in configs if isinstance(configs, list) else ():
        if isinstance(config, dict) and config.get("config_name") not in known:
            yield {name: value for name, value in config.items() if name != "default"}


def _files(folder: Path, config: str, split: str) -> str | list[str]:
    shards = (folder / config).glob(f"{split}-*.parquet")
    names = sorted(path.relative_to(folder).as_posix() for path in shards)
    return names[0] if len(names) == 1 else names


def _pretty_name(built: Built) -> str:
    model = scrub(built.model.get("name") or built.model.get("identity") or "a model")
    # A local model is a path, and only its last part means something to others.
    model = Path(model).name if model.startswith(("/", "~", ".")) else model
    return " ".join(f"{built.pipeline.capitalize()} data for {model}".split())


def _size(rows: int) -> str:
    return next((name for limit, name in _SIZES.items() if rows < limit), "n>10M")
