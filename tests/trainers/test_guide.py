"""The commands of docs/train.md end in an adapter: two steps each, on the built-in model and a small set."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.trainers.reading import read

pytestmark = pytest.mark.slow

Folder = Callable[..., Path]
PAGE = Path(__file__).parent.parent.parent / "docs/train.md"


def block(heading: str, language: str) -> str:
    """The first block of a language below a heading."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.search(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.mark.skipif(not importlib.util.find_spec("trl"), reason="TRL is not installed")
def test_trl(folder: Folder, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import trl

    small: dict[str, Any] = {"max_steps": 2, "use_cpu": True, "bf16": False, "report_to": "none"}
    real = trl.SFTConfig
    monkeypatch.setattr(trl, "SFTConfig", lambda **options: real(**options, **small))
    code = block("TRL", "python").replace("Qwen/Qwen2.5-7B-Instruct", str(model))
    code = code.replace("out/refusal", str(folder())).replace("out/adapter", str(tmp_path / "adapter"))
    exec(compile(code, str(PAGE), "exec"), {})
    assert (tmp_path / "adapter/adapter_model.safetensors").is_file()


def test_llamafactory(folder: Folder, model: Path, tmp_path: Path) -> None:
    out = folder()
    config = yaml.safe_load(block("LLaMA-Factory", "yaml"))
    # The built-in model is of no family that LLaMA-Factory knows a template of: it takes the model's own.
    del config["template"]
    small = {"max_steps": 2, "use_cpu": True, "report_to": "none", "per_device_train_batch_size": 2}
    here = {
        "model_name_or_path": str(model),
        "dataset_dir": str(out),
        "output_dir": str(tmp_path / "adapter"),
    }
    (tmp_path / "train.yaml").write_text(yaml.safe_dump(config | small | here))
    read("llamafactory", "train_llamafactory.py", out, str(tmp_path / "train.yaml"))
    assert (tmp_path / "adapter/adapter_model.safetensors").is_file()


def test_axolotl_reads_what_the_page_tells_it_to(folder: Folder, model: Path, tmp_path: Path) -> None:
    out = folder()
    config = yaml.safe_load(block("axolotl", "yaml"))
    written = yaml.safe_load((out / "axolotl.yaml").read_text())
    assert config["datasets"] == written["messages"]["datasets"]
    (tmp_path / "guide.yaml").write_text(yaml.safe_dump({"guide": config}))
    found = read("axolotl", "read_axolotl.py", out, str(tmp_path / "guide.yaml"), str(model))
    assert {row["learned"][:5] for row in found["guide"]} == {"It is"}


@pytest.mark.skipif(not importlib.util.find_spec("triton"), reason="axolotl imports triton")
def test_axolotl(folder: Folder, model: Path, tmp_path: Path) -> None:
    config = yaml.safe_load(block("axolotl", "yaml"))
    # Its kernels and half precision are for GPUs.
    kernels = dict.fromkeys((f"lora_{part}_kernel" for part in ("mlp", "qkv", "o", "embedding")), False)
    small = {"max_steps": 2, "micro_batch_size": 2, "gradient_accumulation_steps": 1, "bf16": False}
    here = {
        "base_model": str(model),
        "output_dir": str(tmp_path / "adapter"),
        "dataset_prepared_path": str(tmp_path / "prepared"),
        "dataset_num_proc": 1,
        "sequence_len": 256,
        "optimizer": "adamw_torch",
    }
    (tmp_path / "train.yaml").write_text(yaml.safe_dump(config | kernels | small | here))
    read("axolotl", "train_axolotl.py", folder(), str(tmp_path / "train.yaml"))
    assert (tmp_path / "adapter/adapter_model.safetensors").is_file()
