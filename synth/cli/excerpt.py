"""Ten lines of what is in a dataset folder, for the end of a build."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

ROWS: Final = 10
_MARKS: Final = {True: "known", False: "unknown", None: "undecided"}


def excerpt(out: str, config: str) -> list[str]:
    """Rows of a config, evenly spread over it, one a line: label, right answers, question, reply.

    Args:
        out: the dataset folder.
        config: a config whose rows hold messages; any other gives no lines.
    """
    import polars as pl

    rows = pl.read_parquet(Path(out) / config / "*.parquet")
    spread = rows.gather_every(max(1, rows.height // ROWS)).head(ROWS)
    width = max(60, shutil.get_terminal_size((110, 24)).columns)
    lines = []
    for row in spread.iter_rows(named=True):
        reply = row.get("completion") or row.get("chosen") or []
        talk = row.get("messages") or [*(row.get("prompt") or []), *reply]
        if not talk or not isinstance(talk[0], dict):
            return []
        asked = next((turn["content"] for turn in talk if turn["role"] == "user"), "")
        counted = f"{row['n_correct']}/{row['n']}"
        if talk[-1]["role"] == "assistant":
            question = _shortened(asked.split("\n")[0], (width - 20) // 2, end=0)
            said = _shortened(talk[-1]["content"], width - 21 - len(question), end=16)
        else:  # a text to be judged: what it says comes last, and its worth is a number
            question = _shortened(asked, width - 29, end=(width - 29) // 2)
            said = "" if row.get("target") is None else f"{row['target']:.3g}"
        lines.append(f"{_MARKS[row['known']]:<10}{counted:>6}  {question} → {said}".removesuffix(" → "))
    return lines


def _shortened(text: Any, width: int, end: int) -> str:
    """The text on one line, cut in the middle so that its last `end` characters stay."""
    line = " ".join(str(text).split())
    return line if len(line) <= width else f"{line[: width - end - 1]}…{line[len(line) - end :]}"
