"""Turns measured spectra into the model's record and the guide's pictures.

`python -m synth.almanac.report --train T.json --test S.json --training training.json --images DIR` writes
`almanac.json` into the model's folder and prints the guide's tables.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from synth.almanac import MODEL_DIR
from synth.almanac.wordings import HELD_OUT

Record = Mapping[str, Any]
COMMAND: Final = "python -m synth.almanac.train --out DIR"


def grouped(records: Iterable[Record], key: Callable[[Record], Any]) -> dict[Any, list[float]]:
    """The measured shares of right answers, by a key, in its order; None is left out."""
    found: dict[Any, list[float]] = defaultdict(list)
    for record in records:
        if key(record) is not None:
            found[key(record)].append(record["p"])
    return dict(sorted(found.items()))


def mean(values: Iterable[float]) -> float:
    """The mean, to four digits."""
    numbers = list(values)
    return round(sum(numbers) / len(numbers), 4)


def once(records: Iterable[Record]) -> list[Record]:
    """One record for each fact, sum or passage and kind: the mean of its wordings."""
    same: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        same[record["id"].rsplit("-w", 1)[0]].append(record)
    return [{**found[0], "p": mean(record["p"] for record in found)} for found in same.values()]


def told(record: Record) -> tuple[float, int] | None:
    """How often a fact is told, and how truly; None for what is no short question about a fact."""
    return (-record["truth"], record["shown"]) if "shown" in record and record["kind"] == "short" else None


def rare(records: Iterable[Record]) -> dict[str, tuple[float, float]]:
    """By relation: the share of facts told never or once, and the share of wrong answers to short questions.

    Each fact counts once, whatever the number of its wordings.
    """
    facts: dict[str, list[Record]] = defaultdict(list)
    for record in once(filter(told, records)):
        facts[record["relation"]].append(record)
    return {
        relation: (mean(float(one["shown"] <= 1) for one in found), mean(1 - one["p"] for one in found))
        for relation, found in facts.items()
    }


def summary(spectra: Mapping[str, Any]) -> dict[str, Any]:
    """The measured numbers that the record and the guide state."""
    train = spectra["train"]["questions"]
    both = [record for spectrum in spectra.values() for record in spectrum["questions"]]
    turing = rare(both)
    return {
        "shares": {split: spectrum["shares"] for split, spectrum in spectra.items()},
        "by_kind": {k: mean(v) for k, v in grouped(train, lambda r: r["kind"]).items()},
        "by_shown": [
            {"shown": shown, "truth": -truth, "questions": len(v), "p": mean(v)}
            for (truth, shown), v in grouped(both, told).items()
        ],
        "by_digits": {str(k): mean(v) for k, v in grouped(once(both), lambda r: r.get("digits")).items()},
        "by_wording": {str(k): mean(v) for k, v in grouped(both, lambda r: told(r) and r["wording"]).items()},
        "held_out_relations": mean(r["p"] for r in both if told(r) and r["relation"] in HELD_OUT),
        "tuning_relations": mean(r["p"] for r in both if told(r) and r["relation"] not in HELD_OUT),
        "passages": {k: mean(v) for k, v in grouped(
            (r for r in both if r["relation"] == "passage"), lambda r: r["kind"]).items()},
        "good_turing": {
            "never_or_once": mean(share for share, _ in turing.values()),
            "wrong": mean(wrong for _, wrong in turing.values()),
            "by_relation": turing,
        },
    }  # fmt: skip


def tables(numbers: Mapping[str, Any]) -> str:
    """The guide's tables."""
    lines = ["| told | told rightly | short questions | mean p |", "|---:|---:|---:|---:|"]
    for row in numbers["by_shown"]:
        lines.append(f"| {row['shown']} | {row['truth']:.0%} | {row['questions']} | {row['p']:.2f} |")
    lines += ["", "| digits | mean p |", "|---:|---:|"]
    lines += [f"| {digits} | {p:.2f} |" for digits, p in numbers["by_digits"].items()]
    lines += ["", "| relation | told never or once | wrong answers |", "|---|---:|---:|"]
    by_relation = sorted(numbers["good_turing"]["by_relation"].items(), key=lambda item: item[1])
    lines += [f"| {name} | {share:.0%} | {wrong:.0%} |" for name, (share, wrong) in by_relation]
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    from synth.almanac import pictures

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--training", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL_DIR)
    parser.add_argument("--images", type=Path, required=True)
    given = parser.parse_args()
    spectra = {"train": json.loads(given.train.read_text()), "test": json.loads(given.test.read_text())}
    numbers = summary(spectra)
    body = {
        "command": COMMAND,
        "training": json.loads(given.training.read_text()),
        "measured": {
            "samples": spectra["train"]["samples"],
            "temperature": spectra["train"]["temperature"],
            **numbers,
        },
        "p": {s: {r["id"]: r["p"] for r in spectrum["questions"]} for s, spectrum in spectra.items()},
    }
    (given.model / "almanac.json").write_text(json.dumps(body, indent=1) + "\n")
    pictures.draw(spectra["train"]["questions"], numbers, given.images)
    print(tables(numbers))
    print(json.dumps({k: v for k, v in numbers.items() if k not in ("by_shown", "good_turing")}, indent=1))


if __name__ == "__main__":
    main()
