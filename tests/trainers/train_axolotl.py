"""Runs where axolotl is, without synth: what `axolotl train CONFIG.yaml` runs, on a CPU.

python train_axolotl.py CONFIG.yaml OUT.json
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import yaml

if __name__ == "__main__":  # its workers import this file anew
    os.environ |= {"ACCELERATE_USE_CPU": "true", "CUDA_VISIBLE_DEVICES": "", "WANDB_MODE": "disabled"}
    from axolotl.cli.train import do_cli  # type: ignore[import-not-found]

    file, out = sys.argv[1:]
    do_cli(file)
    folder = Path(yaml.safe_load(Path(file).read_text(encoding="utf-8"))["output_dir"])
    written = [{"name": path.name} for path in sorted(folder.iterdir())]
    Path(out).write_text(json.dumps({"written": written}), encoding="utf-8")
