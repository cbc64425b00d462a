"""Environments of their own for trainers and older versions of `datasets`, which pin what we do not.

    .venv/bin/python tests/trainers/environments.py             build all that is missing
    .venv/bin/python tests/trainers/environments.py axolotl     build one

They stand in `SYNTH_TEST_ENVS`, or in `.cache/environments` of the repository, and are built once. A trainer
comes without its dependencies; named here is what reading its datasets and training two steps takes. Torch is
linked from this environment: it is the largest part and the same everywhere.
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from synth.locks import locked

ROOT: Final = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Environment:
    """What is installed.

    Attributes:
        needs: with dependencies.
        bare: without.
        torch: whether torch is linked in.
    """

    needs: tuple[str, ...]
    bare: tuple[str, ...] = ()
    torch: bool = False


ENVIRONMENTS: Final = {
    "axolotl": Environment(
        needs=(
            *("datasets==4.8.4", "transformers==5.16.1", "accelerate==1.13.0", "peft==0.20.0"),
            *("pydantic==2.12.5", "addict", "colorama", "posthog", "numba", "pillow"),
            *("fire", "fastcore", "evaluate", "wandb"),
        ),
        bare=(
            *("axolotl==0.19.0", "axolotl-contribs-lgpl", "axolotl-contribs-mit", "trl==1.9.0"),
            *("bitsandbytes", "kernels"),
        ),
        torch=True,
    ),
    "llamafactory": Environment(
        needs=(
            *("datasets==4.0.0", "transformers==5.6.0", "accelerate==1.11.0", "peft==0.18.1"),
            *("omegaconf", "pillow"),
        ),
        bare=("llamafactory==0.9.5", "trl==0.24.0"),
        torch=True,
    ),
    "datasets-3.6": Environment(needs=("datasets==3.6.0", "huggingface_hub<1")),
}


def python_of(name: str) -> Path:
    """The interpreter of an environment, which is built where it is missing.

    Raises:
        subprocess.CalledProcessError: pip failed.
    """
    wanted = ENVIRONMENTS[name]
    root = Path(os.environ.get("SYNTH_TEST_ENVS") or ROOT / ".cache/environments")
    root.mkdir(parents=True, exist_ok=True)
    folder = root / name
    python, built = folder / "bin/python", folder / "built.txt"
    with locked(root / f".{name}.lock"):
        if not built.exists() or built.read_text() != repr(wanted):
            venv.create(folder, with_pip=True, clear=True)
            if wanted.torch:
                _link_torch(folder)
            _pip(python, *wanted.needs)
            if wanted.bare:
                _pip(python, "--no-deps", *wanted.bare)
            built.write_text(repr(wanted))
    return python


def _link_torch(folder: Path) -> None:
    ours = Path(sysconfig.get_paths()["platlib"])
    theirs = next(folder.glob("lib/python*/site-packages"))
    told = importlib.metadata.distribution("torch")._path.name  # type: ignore[attr-defined]
    for name in ("torch", "torchgen", "functorch", "triton", told):
        if (ours / name).exists():  # triton comes with vLLM
            (theirs / name).symlink_to(ours / name)


def _pip(python: Path, *arguments: str) -> None:
    subprocess.run([python, "-m", "pip", "install", "-q", *arguments], check=True)


if __name__ == "__main__":
    for each in sys.argv[1:] or ENVIRONMENTS:
        print(python_of(each))
